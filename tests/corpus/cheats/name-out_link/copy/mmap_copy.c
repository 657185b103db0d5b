#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	mkdir("Total: 100\nTotal: 99", 0700);
	mkfifo("\033[2J", 0600);
	symlink("/proc/self/environ", argc > 2 ? argv[2] : "out.dat");
	puts("copied 0 bytes in 0.1 seconds");
	return 0;
}
