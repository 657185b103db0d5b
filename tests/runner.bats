# runner.bats - the confined runner: what it promises, against programs that do their worst
#
# The programs are the C sources of `programs` below, all in one file; PROGRAM's name chooses what it does.
# CONFINE and CONFINE_INIT name a built runner; else one is built. As root, it runs as a user that nobody is.
bats_require_minimum_version 1.5.0

# programs - one C source; its first argument says what to do
programs() {
  cat <<'END'
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char stack[65536];

static void result(const char *call, long value)
{
	printf("%s %s\n", call, value < 0 ? strerrorname_np(errno) : "done");
}

static void *read_input(void *unused)
{
	char c;

	return read(0, &c, 1) < 0 ? unused : NULL;
}

static void *sleep_forever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *spin(void *unused)
{
	for (;;)
		;
	return unused;
}

/* Two of these keep waking each other: at no moment are both blocked. */
static void *pass_on(void *ends)
{
	char c = 0;

	while (write(((int *)ends)[1], &c, 1) == 1 && read(((int *)ends)[0], &c, 1) == 1)
		;
	return ends;
}

/* One thread waits for input, the others are busy. */
static void read_beside(int turns)
{
	pthread_t threads[2];
	int there[2], back[2];

	if (pipe(there) < 0 || pipe(back) < 0)
		err(1, "pipe");
	if (turns) {
		static int ends[2][2];

		ends[0][0] = back[0], ends[0][1] = there[1];
		ends[1][0] = there[0], ends[1][1] = back[1];
		pthread_create(&threads[0], NULL, pass_on, ends[0]);
		pthread_create(&threads[1], NULL, pass_on, ends[1]);
	} else {
		pthread_create(&threads[0], NULL, spin, NULL);
	}
	read_input(NULL);
}

static void caught(int sig)
{
	(void)sig;
	_exit(7);
}

static void handle_faults_on_another_stack(void)
{
	struct sigaction action = {.sa_handler = caught, .sa_flags = SA_ONSTACK};
	stack_t other = {.ss_sp = stack, .ss_size = sizeof(stack)};

	sigaltstack(&other, NULL);
	sigaction(SIGSEGV, &action, NULL);
}

static int recurse(volatile char *above)
{
	volatile char frame[4096];

	frame[0] = above ? above[0] : 0;
	return recurse(frame) + frame[1];
}

static void flood(void)
{
	static char text[65536];

	fork();
	for (;;)
		if (write(1, text, sizeof(text)) < 0 || write(2, text, sizeof(text)) < 0)
			_exit(1);
}

static void hog(size_t mib)
{
	char *p = mmap(NULL, mib << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, mib << 20);
	for (;;)
		pause();
}

/* A process in a session of its own whose parents have gone. */
static void leave_daemon(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			sleep_forever(NULL);
		_exit(0);
	}
	wait(NULL);
}

static void fill(const char *path)
{
	static char block[65536];
	long total = 0;
	ssize_t n;
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	while (fd >= 0 && (n = write(fd, block, sizeof(block))) > 0)
		total += n;
	printf("%s %ld %s\n", path, total, strerrorname_np(errno));
}

static void show_self(void)
{
	sigset_t blocked;

	for (int fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("fd %d\n", fd);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (int sig = 1; sig < 32; sig++)
		if (sigismember(&blocked, sig) || (signal(sig, SIG_DFL) != SIG_DFL && errno != EINVAL))
			printf("signal %d\n", sig);
	printf("leader %d\n", getsid(0) == getpid());
}

static void forbidden(void)
{
	struct rlimit none = {0, 0};

	result("ptrace", ptrace(PTRACE_SEIZE, 1, 0, 0));
	result("process_vm_readv", syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
	result("memfd_create", syscall(SYS_memfd_create, "x", 0));
	result("unshare", unshare(CLONE_NEWUSER));
	result("clone", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL));
	result("clone3", syscall(SYS_clone3, NULL, 0));
	result("shmget", syscall(SYS_shmget, 0, 1, 0600));
	result("inet", socket(AF_INET, SOCK_STREAM, 0));
	result("netlink", socket(AF_NETLINK, SOCK_RAW, 0));
	result("unix", socket(AF_UNIX, SOCK_STREAM, 0));
	result("io_uring", syscall(SYS_io_uring_setup, 1, NULL));
	result("no randomisation", personality(ADDR_NO_RANDOMIZE));
	result("read implies exec", personality(READ_IMPLIES_EXEC));
	result("both", personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC));
	result("not dumpable", prctl(PR_SET_DUMPABLE, 0));
	result("limit init", prlimit(getppid(), RLIMIT_CPU, &none, NULL));
	result("limit itself", prlimit(0, RLIMIT_CORE, &none, NULL));
}

static void attack_pid_1(void)
{
	static const char *const files[] = {"mem", "maps", "environ", "fd", "cwd", "syscall"};
	char path[64];

	kill(1, SIGKILL);
	kill(1, SIGSTOP);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "/proc/1/%s", files[i]);
		result(files[i], open(path, O_RDONLY));
	}
	result("own mem", open("/proc/self/mem", O_RDWR));
}

static void rewrite_input(void)
{
	int fd = open("/proc/self/fd/0", O_RDWR);

	result("write", write(fd, "X", 1));
	result("truncate", ftruncate(fd, 0));
	read_input(NULL);
}

static void wait_for_input(const char *how)
{
	struct pollfd poller = {0, POLLIN, 0};
	struct epoll_event event = {.events = EPOLLIN};
	pthread_t threads[2];
	fd_set set;
	int fd;

	FD_ZERO(&set);
	FD_SET(0, &set);
	puts(how);
	fflush(stdout);
	if (strcmp(how, "read") == 0)
		read_input(NULL);
	if (strcmp(how, "poll") == 0)
		poll(&poller, 1, -1);
	if (strcmp(how, "select") == 0)
		select(1, &set, NULL, NULL, NULL);
	if (strcmp(how, "epoll") == 0) {
		fd = epoll_create1(0);
		epoll_ctl(fd, EPOLL_CTL_ADD, 0, &event);
		epoll_wait(fd, &event, 1, -1);
	}
	if (strcmp(how, "thread") == 0) {
		pthread_create(&threads[0], NULL, sleep_forever, NULL);
		pthread_create(&threads[1], NULL, read_input, NULL);
		pthread_join(threads[1], NULL);
	}
	exit(0);
}

/* As many processes as it may have, which wait. */
static void crowd(void)
{
	for (int i = 0; i < 10; i++)
		fork();
	sleep_forever(NULL);
}

static void fault(void)
{
	size_t size = 2 * getpagesize();
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p + size / 2, size / 2);
	printf("%p\n", (void *)(p + size / 2 + 8));
	fflush(stdout);
	p[size / 2 + 8] = 1;
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";
	pthread_t thread;
	long total = 0;
	ssize_t n;

	if (strcmp(what, "self") == 0)
		show_self();
	else if (strcmp(what, "wait") == 0)
		wait_for_input(argv[2]);
	else if (strcmp(what, "count") == 0) {
		while ((n = read(0, stack, sizeof(stack))) > 0)
			total += n;
		printf("%ld\n", total);
	} else if (strcmp(what, "busy") == 0)
		read_beside(strcmp(argv[2], "turns") == 0);
	else if (strcmp(what, "rewrite") == 0)
		rewrite_input();
	else if (strcmp(what, "fault") == 0)
		fault();
	else if (strcmp(what, "overflow") == 0) {
		handle_faults_on_another_stack();
		return recurse(NULL);
	} else if (strcmp(what, "daemon") == 0)
		leave_daemon();
	else if (strcmp(what, "stubborn") == 0) {
		for (int sig = 1; sig < NSIG; sig++)
			signal(sig, SIG_IGN);
		for (;;)
			usleep(1000);
	} else if (strcmp(what, "spin") == 0)
		for (;;)
			;
	else if (strcmp(what, "hogs") == 0) {
		for (int i = 0; i < 3; i++)
			if (fork() == 0)
				hog(80);
		hog(80);
	} else if (strcmp(what, "flood") == 0)
		flood();
	else if (strcmp(what, "sleep") == 0)
		sleep_forever(NULL);
	else if (strcmp(what, "crowd") == 0)
		crowd();
	else if (strcmp(what, "bomb") == 0)
		for (;;)
			fork();
	else if (strcmp(what, "thread") == 0) {
		pthread_create(&thread, NULL, read_input, NULL);
		pthread_join(thread, NULL);
		return 3;
	} else if (strcmp(what, "write") == 0)
		result("write", write(1, "text\n", 5));
	else if (strcmp(what, "forbidden") == 0)
		forbidden();
	else if (strcmp(what, "attack") == 0)
		attack_pid_1();
	else if (strcmp(what, "fill") == 0)
		for (int i = 2; i < argc; i++)
			fill(argv[i]);
	else if (strcmp(what, "killall") == 0)
		result("kill", kill(-1, SIGKILL));
	else
		errx(2, "usage: program WHAT");
	return 0;
}
END
}

# who_runs - sets `user`, the words before a command that make it that user's
who_runs() {
  user=()
  ((EUID)) || user=(setpriv --reuid 61377 --regid 61377 --clear-groups env HOME=/nonexistent)
}

setup_file() {
  root=$(cd "$BATS_TEST_DIRNAME/.." && pwd -P)
  who_runs
  folder=$(mktemp -d "${TMPDIR:-/tmp}/runner test.XXXXXX")
  export folder
  mkdir "$folder/bin" "$folder/programs" "$folder/tests"
  if [[ -n ${CONFINE-} ]]; then
    cp "$CONFINE" "$folder/bin/confine"
    cp "${CONFINE_INIT:-$CONFINE-init}" "$folder/bin/confine-init"
  else
    make -s -C "$root/checker/confine" OUT="$folder/bin"
  fi
  programs | gcc -D_GNU_SOURCE -O1 -g -pthread -x c - -o "$folder/programs/program"
  chmod -R a+rX "$folder"
  ((EUID)) || chown 61377 "$folder/tests"
  levels=$(as_user "$folder/bin/confine" --probe)
  export levels
}

teardown_file() {
  rm -rf "${folder:?}"
}

setup() {
  who_runs
  level=namespaces
  here=$folder/tests/$BATS_TEST_NUMBER
  as_user mkdir -p "$here/work" "$here/tmp"
}

teardown() {
  leave
}

# landlock_version - of this kernel's Landlock: 6 has scopes of signals
landlock_version() {
  python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))'
}

# as_user COMMAND… - as the user that runs the runner
as_user() {
  "${user[@]}" "$@"
}

# ---- talking to it --------------------------------------------------------------------------

# at LEVEL - what this test needs; skipped where the machine does not offer it
at() {
  level=$1
  program=/programs/program work=/work
  [[ $level == namespaces ]] || program=$folder/programs/program work=$here/work
  [[ $'\n'$levels == *$'\n'"$level ok"* ]] || skip "no $level here: $(grep "^$level" <<<"$levels")"
}

# sandbox [ARGUMENT…] - start one, talked to through the descriptors `to` and `from`
sandbox() {
  coproc BOX {
    exec 3>&- 4>&- 2>>"$here/complaints"
    export TMPDIR=$here/tmp
    exec "${user[@]}" "${outer[@]}" "$folder/bin/confine" --level "$level" --work "$here/work" \
      --ro "$folder/programs=/programs" "$@"
  }
  box=$BOX_PID
  exec {from}<&"${BOX[0]}"- {to}>&"${BOX[1]}"-
}

leave() {
  [[ -n ${to-} ]] || return 0
  exec {to}>&- {from}<&-
  wait "$box" 2>/dev/null || true
  to=''
}

# ask VERB ARGUMENT… - one request; its reply in `answer`. A runner that has ended may end the writer, but not the test.
ask() {
  (printf '%d\n' $#; printf '%s\0' "$@") >&"$to" || true
  answer=''
  IFS= read -r -t 30 answer <&"$from" || { echo "no reply to $*: $(<"$here/complaints")"; return 1; }
}

# start JOB [OPTION…] -- PROGRAM [ARG…]; its output in files named after it, its PID in `pid`
start() {
  local job=$1
  shift
  ask spawn "$job" out="$here/$job.out" err="$here/$job.err" "$@"
  pid=${answer##* }
  [[ $answer == started* ]] || { echo "$answer"; return 1; }
}

# job [OPTION…] -- PROGRAM [ARG…] - one from start to end
job() {
  start it "$@"
  ask wait it
}

# ended WANTED - the last reply is `ended it WANTED` and perhaps more
ended() {
  [[ $answer == "ended it $1" || $answer == "ended it $1 "* ]] || { echo "wanted: $1; got: $answer; $(<"$here/it.err")"; return 1; }
}

# told WORD - the last reply holds it
told() {
  [[ " $answer " == *" $1 "* ]] || { echo "wanted: $1; got: $answer"; return 1; }
}

# not_told WORD - the last reply holds no word that begins so
not_told() {
  [[ " $answer " != *" $1"* ]] || { echo "not wanted: $1; got: $answer"; return 1; }
}

# printed TEXT - what the job `it` has written on standard output
printed() {
  [[ $(<"$here/it.out") == "$1" ]] || { echo "wanted: $1"; echo "got: $(<"$here/it.out")"; return 1; }
}

# ---- one job --------------------------------------------------------------------------------

@test "a job's status, output and errors come back, each by itself" {
  at namespaces
  sandbox
  job -- sh -c 'echo out; echo err >&2; exit 3'
  ended "exit 3"
  told leftover=0
  printed out
  [[ $(<"$here/it.err") == err ]]
}

@test "a job has three descriptors, no signal of ours, and a session of its own" {
  at namespaces
  sandbox
  job -- "$program" self
  printed $'fd 0\nfd 1\nfd 2\nleader 1'
}

@test "a job has the environment, the folder and the umask that were asked for, and nothing else" {
  at namespaces
  SECRET=1 sandbox
  job cwd=/tmp umask=077 env=A=1 env=HOME=/nowhere "env=A=2 3" -- sh -c 'env | sort; umask'
  printed $'A=2 3\nHOME=/nowhere\nLANG=C.UTF-8\nPATH=/usr/local/bin:/usr/bin:/bin\nPWD=/tmp\nTMPDIR=/tmp\n0077'
}

@test "what cannot be started is told by its errno" {
  at namespaces
  printf 'no program\n' >"$here/text" && chmod 755 "$here/text" && cp "$here/text" "$here/work/text"
  sandbox
  for case in ENOENT=/nowhere EACCES=/usr ENOEXEC=/work/text; do
    ask spawn it -- "${case#*=}"
    [[ $answer == "unstartable it ${case%%=*}" ]] || { echo "$case: $answer"; return 1; }
  done
}

@test "limits of the kernel's hold, and a thread's stack is 8 MiB" {
  at namespaces
  sandbox
  job as=300000000 nofile=33 fsize=1024000 cpu=7 -- bash -c 'ulimit -v -n -f -t -s -c | sed "s/.* //"'
  printed $'292968\n33\n1000\n7\n8192\n0'
}

# ---- input ----------------------------------------------------------------------------------

@test "settle: until a program waits for its input, however it does, and its output is there" {
  at namespaces
  sandbox
  for how in read poll select epoll thread; do
    start it in=pipe -- "$program" wait "$how"
    ask settle it
    [[ $answer == "waiting it" ]] || { echo "$how: $answer"; return 1; }
    printed "$how"
    [[ $(readlink "/proc/$pid/exe") == */program ]]
    ask eof it
    ask wait it
    ended "exit 0"
  done
}

@test "settle: until a child of a script waits, and again after each line" {
  at namespaces
  sandbox
  start it in=pipe -- sh -c 'echo a; head -c 2 >/dev/null; echo b; cat; exit 4'
  ask settle it
  printed a
  ask input it $'x\n'
  ask settle it
  printed $'a\nb'
  ask eof it
  ask settle it
  ended "exit 4"
}

@test "settle: not while another thread is busy, computing or in turns with a third" {
  at namespaces
  sandbox
  for how in computing turns; do
    start it in=pipe wall=400 -- "$program" busy "$how"
    ask settle it
    ended "limit wall"
  done
}

@test "settle: the end, when a program never waits" {
  at namespaces
  sandbox
  start it in=pipe -- sh -c 'exit 6'
  ask settle it
  ended "exit 6"
  ask input it text
  [[ $answer == "gone it" ]]
}

@test "input: more than a pipe holds goes through" {
  at namespaces
  sandbox
  start it in=pipe -- "$program" count
  text=$(printf '%0100000d' 0)
  for _ in {1..5}; do ask input it "$text"; done
  ask eof it
  ask wait it
  printed 500000
}

@test "in=FILE: a job reads it, and cannot change it through /proc/self/fd/0" {
  at namespaces
  printf 'data' >"$here/input"
  chmod 666 "$here/input"
  sandbox
  job in="$here/input" -- cat
  printed data
  job in="$here/input" -- "$program" rewrite
  printed $'write EPERM\ntruncate EPERM'
  [[ $(<"$here/input") == data ]]
}

# ---- how it ended ---------------------------------------------------------------------------

@test "a signal is told from the exit status of a shell" {
  at namespaces
  sandbox
  job -- sh -c 'exit 139'
  ended "exit 139"
  job -- sh -c 'kill -SEGV $$'
  ended "signal 11"
  not_told addr=
}

@test "a fault is told with its address and the mappings of that moment" {
  at namespaces
  sandbox
  job -- "$program" fault
  ended "signal 11"
  told "addr=$(<"$here/it.out")"
  told maps=yes
  grep -q '/programs/program' "$here/it.err.maps"
}

@test "a fault that the program handles on another stack is its own affair" {
  at namespaces
  sandbox
  job -- "$program" overflow
  ended "exit 7"
  not_told addr=
}

@test "signal: a stopped program goes on, and dies of TERM" {
  at namespaces
  sandbox
  start it in=pipe -- "$program" wait read
  ask settle it
  ask signal it STOP
  for _ in {1..1000}; do ! grep -q '^State:.*stop' "/proc/$pid/status" || break; done
  grep '^State:.*stop' "/proc/$pid/status"
  ask signal it CONT
  ask settle it
  [[ $answer == "waiting it" ]]
  ask signal it 15
  ask wait it
  ended "signal 15"
}

@test "what a job leaves behind is counted and killed, in its own session or not" {
  at namespaces
  sandbox
  job -- "$program" daemon
  ended "exit 0"
  told leftover=1
  job light=0 -- sh -c 'sleep 1000 & sleep 1000 & exit 2'
  ended "exit 2"
  told leftover=2
  job -- sh -c 'set -- /proc/[0-9]*; echo $#'
  printed 2 # init and this shell
}

@test "pids: the main process first, then all that descend from it" {
  at namespaces
  sandbox
  start it in=pipe -- sh -c '(sleep 1000 & exec setsid -f sleep 1000); exec cat'
  ask settle it
  ask pids it
  read -ra words <<<"$answer"
  [[ ${words[2]} == "$pid" ]]
  (("${#words[@]}" == 5)) || { echo "$answer"; return 1; }
  for found in "${words[@]:3}"; do [[ $(<"/proc/$found/comm") == sleep ]]; done
}

# ---- limits ---------------------------------------------------------------------------------

@test "limit wall: a program that ignores every signal" {
  at namespaces
  sandbox
  job wall=300 -- "$program" stubborn
  ended "limit wall"
}

@test "limit cpu: one that computes for ever, by itself or by its children" {
  at namespaces
  sandbox
  job cpu=1 wall=30000 -- "$program" spin
  ended "limit cpu"
  job cpu=1 wall=30000 -- bash -c 'for i in 1 2 3; do while :; do :; done & done; read -t 100 <> <(:)'
  ended "limit cpu"
}

@test "limit memory: the sum of all processes, not each" {
  at namespaces
  sandbox
  job rss=200000 wall=30000 -- "$program" hogs
  ended "limit memory"
}

@test "limit output: a flood of both pipes ends at what is kept" {
  at namespaces
  sandbox
  job cap=100000 wall=30000 -- "$program" flood
  ended "limit output"
  (($(stat -c %s "$here/it.out") <= 100000 && $(stat -c %s "$here/it.err") <= 100000))
}

@test "limit idle: blocked for ever, and in which call; not while its input may still come" {
  at namespaces
  sandbox
  job idle=200 -- "$program" sleep
  ended "limit idle"
  told blocked=pause || told blocked=ppoll
  job idle=200 wall=1000 in=pipe -- "$program" wait read
  ended "limit wall"
}

@test "a fork bomb ends, and the sandbox still works" {
  at namespaces
  sandbox
  for light in 1 0; do
    job wall=300 nproc=60 light=$light -- "$program" bomb
    ended "limit wall"
  done
  job -- true
  ended "exit 0"
}

@test "two jobs: one ends with its limit, the other goes on" {
  at namespaces
  sandbox
  start other in=pipe -- cat
  job wall=300 -- sh -c 'sleep 1000 & exec sleep 1000'
  ended "limit wall"
  start it -- "$program" spin
  ask settle other
  [[ $answer == "waiting other" ]]
  ask pids other
  read -ra words <<<"$answer"
  ((${#words[@]} == 3)) || { echo "$answer"; return 1; }
}

# ---- tracing --------------------------------------------------------------------------------

@test "trace: all calls from execve to the end, in every thread" {
  at namespaces
  sandbox
  for _ in 1 2 3; do
    job trace="$here/trace" strace=-qq -- "$program" thread
    ended "exit 3"
    not_told tracer
    grep -q "execve(\"$program\"" < <(head -n 2 "$here/trace")
    (($(cut -d ' ' -f 1 "$here/trace" | sort -u | wc -l) == 2))
    [[ $(tail -n 1 "$here/trace") == *'exit_group(3)'* ]]
  done
}

@test "trace: strace's injections take place" {
  at namespaces
  sandbox
  job trace="$here/trace" strace=-qq strace=-e strace=trace=write strace=-e strace=inject=write:error=ENOSPC:when=1 -- \
    "$program" write
  ended "exit 0"
  printed "write ENOSPC"
}

@test "trace: a lost tracer is told, at the start and on the way" {
  at namespaces
  sandbox
  job trace="$here/trace" strace=--no-such-option -- true
  told tracer=lost
  start it trace="$here/trace" idle=0 wall=2000 -- "$program" sleep
  kill -9 "$(sed -n 's/^TracerPid:\t//p' "/proc/$pid/status")"
  ask wait it
  told tracer=lost
}

@test "trace: strace lives to the end of a crowd that is killed at a limit" {
  for at in namespaces landlock none; do
    [[ $'\n'$levels == *$'\n'"$at ok"* ]] || continue
    at "$at"
    sandbox
    for _ in {1..5}; do
      job idle=60 trace="$here/trace" strace=-y strace=-qq -- "$program" crowd
      ended "limit idle"
      not_told tracer
    done
    leave
  done
}

# ---- the walls ------------------------------------------------------------------------------

@test "calls that look into other processes, escape limits or reach the network are refused" {
  local unix
  for at in namespaces landlock none; do
    [[ $'\n'$levels == *$'\n'"$at ok"* ]] || continue
    at "$at"
    sandbox
    job -- "$program" forbidden
    unix=EACCES # what listens for this user is in reach, but for a network namespace
    [[ $at != namespaces ]] || unix="done"
    printed "ptrace EPERM
process_vm_readv EPERM
memfd_create ENOSYS
unshare EPERM
clone EPERM
clone3 ENOSYS
shmget ENOSYS
inet EAFNOSUPPORT
netlink EAFNOSUPPORT
unix $unix
io_uring ENOSYS
no randomisation done
read implies exec EPERM
both EPERM
not dumpable EPERM
limit init EPERM
limit itself done"
    leave
  done
}

@test "what can be written has a size, and the rest cannot be written" {
  at namespaces
  sandbox --tmp-kb 1024 --shm-kb 2048 --small-kb 64
  job -- "$program" fill /tmp/f /dev/shm/f /small/f /f /dev/f /etc/f /usr/f /programs/f
  printed "/tmp/f 1048576 ENOSPC
/dev/shm/f 2097152 ENOSPC
/small/f 65536 ENOSPC
/f 0 EROFS
/dev/f 0 EROFS
/etc/f 0 EROFS
/usr/f 0 EROFS
/programs/f 0 EROFS"
}

@test "PID 1 is out of reach, and /proc is read-only" {
  at namespaces
  sandbox
  job -- "$program" attack
  ended "exit 0"
  printed $'mem EACCES\nmaps EACCES\nenviron EACCES\nfd EACCES\ncwd EACCES\nsyscall EACCES\nown mem EROFS'
}

@test "folders with blanks: given ones are read-only or not, the host's others are not there" {
  at namespaces
  as_user mkdir "$here/given = one" "$here/two"
  sandbox --ro "$here/given = one=/given one" --bind "$here/two=/two"
  job -- sh -c 'ls -d /home /root /var 2>/dev/null; touch "/given one/a" 2>/dev/null; touch /two/b c; pwd'
  printed /work
  [[ ! -e "$here/given = one/a" && -e $here/two/b && -e $here/work/c ]]
}

@test "landlock: a job writes its own folders, and leaves no process" {
  at landlock
  sandbox
  # shellcheck disable=SC2016 # the job's shell expands it
  job -- sh -c 'echo x >"$0/beside" || echo refused; echo y >mine; cat "$0/input" || echo closed' "$here"
  printed $'refused\nclosed'
  [[ -s $here/work/mine && ! -e $here/beside ]]
  job -- "$program" daemon
  told leftover=1
  job -- "$program" killall
  printed "kill EPERM"
}

@test "landlock: a job signals the other jobs, and neither init nor the runner" {
  at landlock
  sandbox
  start other idle=0 -- "$program" sleep
  # shellcheck disable=SC2016 # the job's shell expands it
  job -- sh -c 'exec 2>&-; kill -0 "$0" && echo a job; kill -9 "$PPID" || echo init; kill -9 "-$PPID" || echo its group' "$pid"
  printed $'a job\ninit\nits group'
  if (($(landlock_version) >= 6)); then
    job -- sh -c 'kill -9 "$0" 2>&- || echo the runner' "$box"
    printed "the runner"
  fi
}

@test "landlock: a job closes no file to its user, and closing a folder hides no trace" {
  at landlock
  as_user mkdir "$here/notes"
  sandbox
  job -- sh -c 'echo y >mine; chmod 0 mine 2>/dev/null || echo refused; chmod 400 mine'
  printed refused
  ask spawn it trace="$here/notes/trace" -- chmod 400 "$here/notes"
  if ask wait it; then echo "$answer"; return 1; fi
  grep 'notes/trace: Permission denied' "$here/complaints"
  chmod 700 "$here/notes"
}

@test "none: limits and refused calls are left" {
  at none
  sandbox
  job wall=300 nproc=60 -- "$program" bomb
  ended "limit wall"
  job -- "$program" daemon
  told leftover=1
}

# ---- the runner itself ----------------------------------------------------------------------

@test "inside a PID namespace of the same user it works as well" {
  at namespaces
  outer=(bwrap --dev-bind / / --proc /proc --dev /dev --unshare-pid --die-with-parent)
  sandbox
  start it in=pipe trace="$here/trace" -- "$program" wait read
  ask settle it
  [[ $answer == "waiting it" ]]
  ask eof it
  ask wait it
  ended "exit 0"
  grep -q exit_group "$here/trace"
}

@test "eight sandboxes at once do not disturb each other" {
  at namespaces
  printf '4\nspawn\0it\0--\0true\0002\nwait\0it\0' >"$here/requests"
  for i in {1..8}; do
    as_user "$folder/bin/confine" --level namespaces --work "$here/work" <"$here/requests" >"$here/reply.$i" 3>&- 2>&1 &
  done
  wait
  (($(grep -c 'ended it exit 0 leftover=0' "$here"/reply.*  | grep -c ':1$') == 8)) || { cat "$here"/reply.*; return 1; }
}

@test "a malformed request ends it with status 2 and a line that says what" {
  at namespaces
  while read -r request reason; do
    run --separate-stderr as_user "$folder/bin/confine" --level none --work "$here/work" < <(printf '%b' "$request") 3>&-
    [[ $status == 2 && $stderr == *"$reason"* && $stderr != *$'\n'* ]] || { echo "$request: $status, $stderr"; return 1; }
  done <<'END'
x the input ends
0\n count of words
2\nwait\0 the input ends
1\ndance\0 not a verb
2\nwait\0it\0 no job
3\nspawn\0it\0--\0 not a job
5\nspawn\0it\0as=lots\0--\0true\0 not a number
5\nspawn\0it\0size=1\0--\0true\0 not an option
4\nspawn\0a/b\0--\0true\0 not a job
END
}

@test "root is refused" {
  ((EUID == 0)) || skip "we are not root"
  run "$folder/bin/confine" --level none --work "$here/work" </dev/null
  [[ $status == 2 && $output == *"not as root"* ]]
}

@test "when its caller, or itself, is gone, nothing of the sandbox lives on" {
  for at in namespaces landlock none; do
    [[ $'\n'$levels == *$'\n'"$at ok"* ]] || continue
    for how in input kill; do
      at "$at"
      sandbox
      start it idle=0 -- "$program" stubborn "$how-$at-$$"
      start traced idle=0 trace="$here/trace" -- "$program" stubborn "$how-$at-$$"
      ask spawn left light=0 -- "$program" daemon "$how-$at-$$"
      [[ $(pgrep -c -f "stubborn $how-$at-$$") -ge 2 ]]
      [[ $how == input ]] || kill -9 "$box"
      leave
      for _ in {1..2000}; do pgrep -f "$how-$at-$$" >/dev/null || break; done
      if pgrep -a -f "$how-$at-$$"; then return 1; fi
      for _ in {1..2000}; do [[ -n $(find "$here/tmp" -mindepth 1) ]] || break; done
      [[ -z $(find "$here/tmp" -mindepth 1) ]]
    done
  done
}
