int f(void) __asm__("Total: 100/100\n\nTotal: 100 error: passed ... 12");

int main(void)
{
	return f();
}
