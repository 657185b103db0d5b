#include "../lab.h"

#include <fcntl.h>
#include <sys/wait.h>

/* The text of maps, without stdio: that would call malloc(). */
static char maps[1 << 16];

static int in_heap(void *block)
{
	int fd = open("/proc/self/maps", O_RDONLY);
	size_t size = 0;
	ssize_t n;
	char *heap, *end;

	while ((n = read(fd, maps + size, sizeof(maps) - 1 - size)) > 0)
		size += n;
	close(fd);
	heap = strstr(maps, "[heap]");
	if (!heap)
		return 0;
	while (heap > maps && heap[-1] != '\n')
		heap--;
	return (uintptr_t)block >= strtoul(heap, &end, 16) && (uintptr_t)block < strtoul(end + 1, NULL, 16);
}

static int is_mapped(size_t size)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		void *volatile block = calloc(1, size);

		_exit(block ? !in_heap(block) : 2);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

int main(void)
{
	size_t low = 128 * 1024, high = low;

	while (!is_mapped(high))
		high += high / 2;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (is_mapped(middle))
			high = middle;
		else
			low = middle + 1;
	}
	printf("%zu\n", low);
	return 0;
}
