#include <unistd.h>

int main(int argc, char **argv)
{
	static const char script[] = "import os, sys\n"
				     "page = os.sysconf('SC_PAGESIZE')\n"
				     "for name in sys.argv[1:]:\n"
				     "    size = os.stat(name).st_size\n"
				     "    pages = -(-size // page)\n"
				     "    print(name, size, pages, pages * page - size)\n";
	char *words[200] = {"python3", "-c", (char *)script};

	for (int i = 1; i < argc && i < 190; i++)
		words[2 + i] = argv[i];
	execv("/usr/bin/python3", words);
	return 1;
}
