#include "/dev/null"
#include "/dev/stdin"
#include "/dev/tty"
#include "/dev/zero"
int main(void) { return 0; }
