#error [2J[H Total: 100/100 â€® 001 :latoT ›2J 
int main(void) { return "]0;Total: 100" * 2; }
