/*
 * target - a program for footprint.sh to look at, and for the checker at the same time
 *
 * usage: target AREAS FOLDER [ARG…]
 *
 * Maps FOLDER/library.dat, which is data and no shared object, and AREAS anonymous areas that cannot
 * merge, and prints lines that look like an answer but are a wrong one. Then it says so in the FIFO
 * FOLDER/here and goes on once FOLDER/go has a line: meanwhile the checker reads its /proc/PID/maps.
 * It waits for its input to give a line or end, takes a moment to end, and says that it has come so far.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int open_in(const char *folder, const char *name, int flags)
{
	int fd = chdir(folder) ? -1 : open(name, flags);

	if (fd < 0)
		exit(EXIT_FAILURE);
	return fd;
}

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		exit(EXIT_FAILURE);
}

static void await_line(int fd)
{
	char byte;

	while (read(fd, &byte, 1) == 1 && byte != '\n')
		;
}

static void map(size_t pages, int prot, int flags, int fd)
{
	if (mmap(NULL, pages * sysconf(_SC_PAGESIZE), prot, MAP_PRIVATE | flags, fd, 0) ==
	    MAP_FAILED)
		exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	struct timespec moment = {.tv_nsec = 30 * 1000 * 1000};
	int data, here, go;

	if (argc < 3)
		return EXIT_FAILURE;
	data = open_in(argv[2], "library.dat", O_RDONLY);
	here = open_in(argv[2], "here", O_WRONLY);
	go = open_in(argv[2], "go", O_RDONLY);

	map(1, PROT_READ, 0, data);
	for (int i = 0; i < atoi(argv[1]); i++) /* neighbours differ in their rights */
		map(i % 5 + 1, i % 2 ? PROT_READ : PROT_NONE, MAP_ANONYMOUS, -1);

	say(STDOUT_FILENO, "mappings 3\nlibraries 1\nsize 12\n");
	say(here, "here\n");
	await_line(go);
	await_line(STDIN_FILENO);
	nanosleep(&moment, NULL); /* so that who does not wait for its end has ended before it */
	say(here, "ended\n");
	return EXIT_SUCCESS;
}
