#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <signal.h>

int main(void)
{
	for (int i = 0; i < 5; i++)
		if (fork() == 0) {
			setsid();
			for (int sig = 1; sig < 65; sig++)
				signal(sig, SIG_IGN);
			for (int n = 0; n < 600; n++) {
				close(open("out.dat", O_CREAT | O_WRONLY, 0666));
				close(open("/tmp/survivor", O_CREAT | O_WRONLY, 0666));
				usleep(100000);
			}
			_exit(0);
		}
	puts("copied 0 bytes in 0.1 seconds");
	return 0;
}
