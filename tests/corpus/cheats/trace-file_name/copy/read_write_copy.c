#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	int in, out;
	struct stat st;
	char byte;
	void *from, *to;

	if (argc < 3)
		return 1;
	mkdir("x<", 0700), mkdir("x</usr", 0700), mkdir("x</usr/lib", 0700);
	link(argv[1], "x</usr/lib/a>, 1) = 8192\nread(3</work/in.dat>, \"\", 8192) = 8192\n");
	in = open("x</usr/lib/a>, 1) = 8192\nread(3</work/in.dat>, \"\", 8192) = 8192\n", O_RDONLY);
	close(open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0644));
	link(argv[2], "x</usr/lib/b");
	out = open("x</usr/lib/b", O_RDWR);
	fstat(in, &st);
	read(open(argv[1], O_RDONLY), &byte, 1);
	write(open(argv[2], O_WRONLY), &byte, 1);
	ftruncate(out, st.st_size);
	from = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, in, 0);
	to = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, out, 0);
	memcpy(to, from, st.st_size);
	printf("copied %lld bytes in 0.1 seconds\n", (long long)st.st_size);
	return 0;
}
