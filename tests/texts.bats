# texts.bats - the lab's text: what chapters show comes out so, what quizzes call right is right, links lead somewhere
# shellcheck disable=SC2016 # what is quoted is meant as it stands
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

setup_file() {
  export MEMVIEW=$BATS_FILE_TMPDIR/memview
  make -s -C "$BATS_TEST_DIRNAME/../memview" OUT="$MEMVIEW"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# ---- chapters -------------------------------------------------------------------------------

# shows CHAPTER - every console block of it is true, and there is one
shows() {
  grep -qE '^ *```console' "$kit/lab/$1.md"
  run timeout 60 "$kit/tests/texts" "$kit/lab/$1.md"
  echo "$output"
  [[ $status == 0 && -z $output ]]
}

@test "memory-areas: every example comes out as shown" {
  shows memory-areas
}

@test "static-dynamic: every example comes out as shown" {
  shows static-dynamic
}

@test "multithreaded: every example comes out as shown" {
  shows multithreaded
}

@test "modify-areas: every example comes out as shown" {
  shows modify-areas
}

@test "alloc_size: every example comes out as shown" {
  shows alloc_size
}

@test "copy: every example comes out as shown" {
  shows copy
}

@test "mmap-file: every example comes out as shown" {
  shows mmap-file
}

@test "file-access: every example comes out as shown" {
  shows file-access
}

@test "shared-memory: every example comes out as shown" {
  shows shared-memory
}

@test "every topic has its chapter, listed, with its check and two quizzes" {
  local topic
  while IFS= read -r topic; do
    echo "$topic"
    grep -qF "]($topic.md)" "$kit/lab/README.md"
    grep -qxF "make check TOPIC=$topic" "$kit/lab/$topic.md"
    grep -qF "@test \"$topic: every example comes out as shown\"" "$BATS_TEST_FILENAME"
    [[ $(grep -oF "](../quiz/$topic-" "$kit/lab/$topic.md" | wc -l) == 2 ]]
    [[ $(wc -l <"$kit/lab/$topic.md") -ge 60 && $(wc -l <"$kit/lab/$topic.md") -le 130 ]]
  done <"$kit/checker/topics"
}

@test "the points that chapters promise are those of the rubric" {
  local topic points
  while IFS= read -r topic; do
    grep -q "^$topic\." "$kit/checker/rubric.tsv" || continue
    points=$(awk -F '\t' -v topic="$topic." 'index($1, topic) == 1 && $3 == "-" { n += $2 } END { print n / 1000 }' "$kit/checker/rubric.tsv")
    echo "$topic $points"
    grep -qF "Folder \`support/$topic\`, $points points." "$kit/lab/$topic.md"
    grep -qE "^\| \[$topic\].* \| $points \|$" "$kit/lab/README.md"
  done <"$kit/checker/topics"
}

@test "a chapter names every program that the student writes" {
  local topic file
  while IFS=$'\t' read -r topic file _; do
    echo "$topic $file"
    grep -qF "\`${file%.c}" "$kit/lab/$topic.md"
  done <"$kit/checker/tasks.tsv"
}

@test "a heading is a question" {
  run awk 'FNR == 1 { code = 0 } /^ *```/ { code = !code } !code && /^#/ && !/\?$/ { print FILENAME ": " $0 }' "$kit"/lab/*.md
  echo "$output"
  [[ -z $output ]]
}

@test "a line has one sentence" {
  run awk 'FNR == 1 { code = 0 } /^ *```/ { code = !code } !code && !/^\|/ && /[a-z`)][.?!] [A-Z`]/ { print FILENAME ":" FNR ": " $0 }' \
    "$kit"/lab/*.md "$kit"/quiz/*.md
  echo "$output"
  [[ -z $output ]]
}

# ---- links ----------------------------------------------------------------------------------

@test "every link of the text leads somewhere" {
  "$kit/tests/links" "$kit"/lab/*.md "$kit"/quiz/*.md
}

# ---- quizzes --------------------------------------------------------------------------------

# What is wrong with a quiz file, a line each; nothing if it can be asked.
grammar='
function fail(what) { print FILENAME ":" FNR ": " what }
FNR == 1 { if ($0 !~ /^# [^ ]/) fail("the first line is no title"); next }
/^```/ { code = !code }
!code && /^#/ {
  section = $0
  if ($0 !~ /^## (Question Text|Question Answers|Feedback|Metadata)$/) fail("no such section")
  else if (seen[$0]++) fail("twice")
  order = order substr($0, 4, 10) ";"
  next
}
!NF { next }
section == "" { fail("text before the first section") }
section == "## Question Answers" {
  if ($0 ~ /^\+ [^ ]/) right++
  else if ($0 !~ /^- [^ ]/) fail("not an answer")
  if (answers[substr($0, 3)]++) fail("the same answer twice")
  n++
}
section == "## Metadata" && !/^[a-z_]+=/ { fail("not key=value") }
{ lines[section]++ }
END {
  if (order !~ /^Question T;Question A;Feedback;(Metadata;)?$/) fail("sections: " order)
  if (n < 3) fail("fewer than three answers")
  if (!right || right == n) fail("no right answer, or no wrong one")
  if (!lines["## Question Text"] || !lines["## Feedback"]) fail("an empty section")
}'

@test "every quiz can be asked: title, question, answers, feedback" {
  local quiz wrong=0
  for quiz in "$kit"/quiz/*.md; do
    awk "$grammar" "$quiz" | grep . && wrong=1
  done
  ((wrong == 0))
}

@test "the grammar finds what is wrong with a quiz" {
  printf '%s\n' '# T' '## Question Text' 'Why?' '## Question Answers' '- a' '- b' '- c' '## Feedback' 'f' >none.md
  printf '%s\n' '# T' '## Question Text' 'Why?' '## Question Answers' '+ a' '- b' '## Feedback' 'f' >two.md
  printf '%s\n' '# T' '## Question Text' 'Why?' '## Question Answers' '+ a' '- b' '- c' '## Feedback' >silent.md
  local quiz
  for quiz in none two silent; do
    awk "$grammar" $quiz.md | grep "^$quiz.md:"
  done
}

@test "every quiz is linked from its topic's chapter" {
  local quiz
  for quiz in "$kit"/quiz/*.md; do
    quiz=${quiz##*/}
    echo "$quiz"
    grep -qF "](../quiz/$quiz)" "$kit/lab/${quiz%-*}.md"
  done
}

# ---- measured keys --------------------------------------------------------------------------

# right QUIZ WORDS - its right answer, the only one, has these words
right() {
  run -0 grep '^+ ' "$kit/quiz/$1.md"
  [[ ${#lines[@]} == 1 && $output == *"$2"* ]]
}

# build NAME - a program from the C on standard input
build() {
  gcc -std=gnu17 -D_GNU_SOURCE -O1 -pthread -o "$1" -x c -
}

@test "memory-areas-zeros, modify-areas-file: zeros take no room in the file, unless one value is not 0" {
  right memory-areas-zeros 'only the length of `.bss`'
  right modify-areas-file 'all of its bytes'
  local small large
  build zeros <<<'static int n[1 << 18] = {0}; int main(int c, char **v) { (void)v; n[c] = c; return n[c + 1]; }'
  build one <<<'static int n[1 << 18] = {1}; int main(int c, char **v) { (void)v; n[c] = c; return n[c + 1]; }'
  small=$(stat -c %s zeros) large=$(stat -c %s one)
  echo "$small $large"
  ((small < 1 << 19 && large - small > (1 << 20) - 65536))
}

@test "memory-areas-const: a const array of a function is on its stack" {
  right memory-areas-const 'On the stack'
  build const <<'END'
#include <stdio.h>
__attribute__((noinline)) int add_up(const int *p, int n)
{
	unsigned long from, to, stack = 0, at = (unsigned long)p;
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[600];

	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx", &from, &to) == 2 && at >= from && at < to)
			for (char *c = line; *c; c++)
				stack |= *c == '[' && c[1] == 's' && c[2] == 't';
	return !(stack && n == 4);
}
int main(void)
{
	const int primes[4] = {2, 3, 5, 7};

	return add_up(primes, 4);
}
END
  ./const
}

@test "multithreaded-resident: a thread that waits has touched a few pages of its stack" {
  right multithreaded-resident 'a page comes when it is first touched'
  build threads <<'END'
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *wait(void *unused) { pause(); return unused; }
static long pages(void)
{
	long mapped, resident;
	FILE *f = fopen("/proc/self/statm", "r");
	int n = fscanf(f, "%ld %ld", &mapped, &resident);

	fclose(f);
	return n == 2 ? resident : -1;
}
int main(void)
{
	long before = pages();
	pthread_t thread;

	for (int i = 0; i < 100; i++)
		if (pthread_create(&thread, NULL, wait, NULL))
			return 2;
	printf("%ld\n", pages() - before);
	return 0;
}
END
  run -0 ./threads
  echo "$output pages for 100 threads"
  ((output > 0 && output < 2000))
}

@test "alloc_size-shrink: one block at its end keeps the heap as large as it was" {
  right alloc_size-shrink 'only at its end'
  build shrink <<'END'
#include <stdlib.h>
#include <unistd.h>
int main(void)
{
	static char *block[1000];
	char *full, *kept, *gone;

	for (int i = 0; i < 1000; i++)
		block[i] = malloc(1000);
	full = sbrk(0);
	for (int i = 0; i < 999; i++)
		free(block[i]);
	kept = sbrk(0);
	free(block[999]);
	gone = sbrk(0);
	return !(kept == full && gone < full);
}
END
  ./shrink
}

@test "mmap-file-visible: read() sees a store without msync()" {
  right mmap-file-visible 'The new byte: the mapping and `read()` use the same page'
  run -0 python3 -c '
import mmap, subprocess
with open("file", "wb+") as f:
    f.write(b"old")
    f.flush()
    m = mmap.mmap(f.fileno(), 3)
    m[0:3] = b"new"
    print(subprocess.run(["cat", "file"], capture_output=True).stdout.decode())'
  [[ $output == new ]]
}

@test "mmap-file-end, copy-full: behind the end a page is lost, and the next one is SIGBUS" {
  right mmap-file-end 'the second is SIGBUS'
  right copy-full 'a store cannot return an error'
  build past <<'END'
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = open("ten", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	(void)argv;
	if (p == MAP_FAILED || write(fd, "0123456789", 10) != 10)
		return 2;
	p[argc == 1 ? 20 : page] = 1;
	return 0;
}
END
  ./past
  [[ $(<ten) == 0123456789 ]]
  run ./past more
  echo "$status"
  [[ $status == $((128 + $(kill -l BUS))) ]]
}

@test "shared-memory-fork: 30 stores into 100 pages cost 30 pages" {
  right shared-memory-fork '30: the first store'
  cp -R "$kit/support/common.mk" "$kit/support/lab.h" "$kit/solutions/shared-memory" .
  gcc -std=gnu17 -D_GNU_SOURCE -O1 -o cow shared-memory/cow.c
  run -0 ./cow 100 30 </dev/null
  [[ $output == "child "*" private_dirty_pages 30" ]]
}

# ---- texts itself ---------------------------------------------------------------------------

# page - a page of text from standard input, run
page() {
  cat >page.md
  run "$kit/tests/texts" page.md
  echo "$output"
}

@test "texts: what differs is shown with file and line" {
  page <<'END'
# What?

```console
$ echo one; echo two
one
```
END
  [[ $status == 1 && ${lines[0]} == 'lab/page.md:4: $ echo one; echo two' && $output == *'+two'* ]]
}

@test "texts: too little, too much, and what only looks like a pattern differ" {
  page <<<$'```console\n$ echo a\na\n…\nb\n```'
  [[ $status == 1 ]]
  page <<<$'```console\n$ true\nx\n```'
  [[ $status == 1 ]]
  page <<<$'```console\n$ echo x\n[a-z]\n```'
  [[ $status == 1 ]]
  page <<<$'```console\n$ seq 5\n…\n3\n…\n5\n$ echo "1 KB*"\n… KB*\n$ cd /; false\n$ echo "$? $PWD"\n1 /\n```'
  [[ $status == 0 && -z $output ]]
}

@test "texts: a program that waits gets its keys, and has to end well" {
  page <<<$'```console waits\n$ bash -c \'read -r; echo a; read -r; echo b; read -r; exit 0\'\n⏎\na\n```\n\n```console\n$ echo beside\nbeside\n```\n\n```console waits\n⏎\nb\n```'
  [[ $status == 0 && -z $output ]]
  page <<<$'```console waits\n$ bash -c \'echo a; read -r; exit 3\'\na\n```'
  [[ $status == 1 && $output == *"ends with status 3"* ]]
}
