char large[1500UL << 20] = {1};

int main(void)
{
	return large[5];
}
