#include <unistd.h>

int main(int argc, char **argv)
{
	static const char script[] =
		"import mmap, os, sys\n"
		"fd = os.open(sys.argv[1], os.O_RDONLY)\n"
		"size = os.fstat(fd).st_size\n"
		"if size:\n"
		"    bytes = mmap.mmap(fd, size, mmap.MAP_PRIVATE, mmap.PROT_READ)\n"
		"    sys.stdout.buffer.write(bytes.readline().rstrip(b'\\n') + b'\\n')\n";

	if (argc == 2)
		execl("/usr/bin/python3", "python3", "-c", script, argv[1], NULL);
	return 1;
}
