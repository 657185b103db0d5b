#include "../lab.h"
#include <sys/socket.h>
#include <sys/wait.h>
#include <signal.h>
static long avail(void) { FILE *f = fopen("/proc/meminfo", "r"); char l[200]; long n = -1; while (f && fgets(l, 200, f)) if (sscanf(l, "MemAvailable: %ld", &n) == 1) break; if (f) fclose(f); return n; }
int main(void)
{
	long before = avail(); static char b[65536]; int made = 0;
	for (int c = 0; c < 60; c++) {
		pid_t p = fork();
		if (p == 0) {
			int s[2];
			while (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s) == 0) for (int k = 0; k < 2; k++) while (write(s[k], b, sizeof b) > 0);
			pause(); _exit(0);
		}
		if (p > 0) made++;
	}
	sleep(2);
	fprintf(stderr, "%d children, %ld MB of kernel memory taken\n", made, (before - avail()) / 1024);
	return 1;
}
