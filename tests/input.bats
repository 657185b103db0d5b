# input.bats - what check makes of bad input: one clear line and the right status; of bad programs: a mark
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  mkdir -p sub/mmap-file
}

# graded PROGRAM-TEXT - check mmap-file.slack with this slack.c
graded() {
  printf '%s\n' "$1" >sub/mmap-file/slack.c
  check TOPIC=mmap-file ONLY=mmap-file.slack SUBMISSION=sub RESULT="$BATS_TEST_TMPDIR/result.json"
}

# nothing_gained - status 1, a total of 0, one Total line, and nothing but printable text
nothing_gained() {
  echo "$output"
  [[ $status == 1 && $(last_line) =~ ^Total:\ +0/1$ ]]
  [[ $(grep -c 'Total:' <<<"$output") == 1 ]]
  [[ $output != *[$'\001'-$'\010\013'-$'\037\177']* ]]
}

@test "SUBMISSION that is not there" {
  check SUBMISSION=nowhere
  one_line_error 'nowhere: no such folder, archive or git revision'
}

@test "SUBMISSION that is empty" {
  check SUBMISSION=
  one_line_error 'SUBMISSION is empty'
}

@test "a folder without topics" {
  mkdir empty
  check SUBMISSION=empty
  one_line_error 'empty: holds none of the topic folders'
}

@test "a plain file" {
  echo hello >file
  check SUBMISSION=file
  one_line_error 'file: not an archive'
}

@test "a broken archive" {
  tar -czf whole.tar.gz sub
  head -c 60 whole.tar.gz >broken.tar.gz
  check SUBMISSION=broken.tar.gz
  one_line_error 'broken.tar.gz: '
}

@test "a .zip that is cut short, and a text called .tar.gz, are told as what they are" {
  head -c 5000 /dev/urandom >sub/mmap-file/slack.c
  bsdtar -a -cf whole.zip sub
  head -c 500 whole.zip >broken.zip
  check SUBMISSION=broken.zip
  one_line_error 'broken.zip: not an archive that can be unpacked: damaged or cut short$'
  cp "$kit/checker/topics" text.tar.gz
  check SUBMISSION=text.tar.gz
  one_line_error 'text.tar.gz: not an archive that can be unpacked: it is a text$'
}

@test "topic folders that are links are named; SUBMISSION itself may be a link" {
  mkdir -p linked/wrap
  ln -s ../../sub/mmap-file linked/wrap
  check SUBMISSION=linked
  one_line_error 'linked: holds none of the topic folders .*; wrap/mmap-file is a link, and links are not followed$'
  cp "$kit/solutions/mmap-file/slack.c" sub/mmap-file
  ln -s sub link
  check ONLY=mmap-file.slack SUBMISSION=link
  echo "$output $stderr"
  [[ $status == 0 && $(last_line) =~ 1/1$ ]]
}

@test "a FIFO is refused, not waited for" {
  mkfifo pipe
  check SUBMISSION=pipe
  one_line_error 'pipe: neither a folder nor an archive'
}

@test "a topic that does not exist" {
  check TOPIC=cpoy
  one_line_error 'TOPIC=cpoy: no such topic; there are memory-areas'
}

@test "a program that does not exist" {
  check ONLY=copy.dd
  one_line_error 'ONLY=copy.dd: no such program; there are .*copy.mmap_copy'
  check TOPIC=mmap-file ONLY=slack
  one_line_error 'ONLY=slack: no such program; there are mmap-file.mmap_read mmap-file.mmap_write mmap-file.mappable mmap-file.slack$'
  check TOPIC=copy ONLY=mmap-file.slack
  one_line_error 'ONLY=mmap-file.slack: no such program; there are copy.read_write_copy copy.mmap_copy copy.fast_copy$'
  check ONLY='*'
  one_line_error 'no such program'
}

@test "an argument that is none" {
  check --help
  one_line_error 'usage: check'
}

@test "RESULT that cannot be written" {
  check TOPIC=mmap-file RESULT=/nowhere/result.json SUBMISSION=sub
  one_line_error 'RESULT=/nowhere/result.json: cannot be written'
  mkfifo pipe
  check TOPIC=mmap-file RESULT=pipe SUBMISSION=sub
  one_line_error 'RESULT=pipe: cannot be written'
}

@test "an archive with a path upwards writes nothing outside" {
  cp "$kit/solutions/mmap-file/slack.c" sub/mmap-file
  tar -czf up.tar.gz --transform 's,^sub/mmap-file/slack.c,../../../../../../tmp/lab-input-escaped,' sub
  check TOPIC=mmap-file SUBMISSION=up.tar.gz
  echo "$output $stderr"
  [[ ! -e /tmp/lab-input-escaped && $status == [12] ]]
}

@test "an archive with links gives what is no link" {
  mkdir -p sub/mmap-file
  ln -s /etc/passwd sub/mmap-file/mappable.c
  cp "$kit/solutions/mmap-file/slack.c" sub/mmap-file
  tar -czf links.tar.gz sub
  check TOPIC=mmap-file ONLY=mmap-file.slack SUBMISSION=links.tar.gz
  [[ $(last_line) =~ 1/1$ ]]
}

@test "a zip with a wrapper folder, and a clone's support/, are found" {
  mkdir -p 'wrap per/support'
  cp -R "$kit/solutions/mmap-file" 'wrap per/support'
  bsdtar -a -cf wrapped.zip 'wrap per'
  check TOPIC=mmap-file ONLY=mmap-file.slack SUBMISSION=wrapped.zip
  echo "$output $stderr"
  [[ $status == 0 && $(last_line) =~ 1/1$ ]]
}

@test "a git revision of the kit" {
  git -C "$kit" rev-parse -q --verify HEAD || skip "this kit is not a git checkout"
  check TOPIC=mmap-file ONLY=mmap-file.slack SUBMISSION=HEAD
  echo "$output $stderr"
  [[ $status == 1 && $(last_line) =~ 0/1$ ]]
}

@test "a folder with spaces and newlines in names" {
  mkdir $'odd \n folder'
  cp -R "$kit/solutions/mmap-file" $'odd \n folder'
  : >$'odd \n folder/mmap-file/x\nTotal: 100.h'
  check TOPIC=mmap-file ONLY=mmap-file.slack SUBMISSION=$'odd \n folder'
  echo "$output $stderr"
  [[ $status == 0 && $(last_line) =~ 1/1$ ]]
}

@test "a missing topic costs its own points and nothing else" {
  cp "$kit/solutions/mmap-file/slack.c" sub/mmap-file
  check TOPIC=copy SUBMISSION=sub
  [[ $status == 1 && $(last_line) =~ ^Total:\ +0/22$ && $output == *"not in the submission"* ]]
}

@test "a source that does not compile: the compiler's first error is shown" {
  graded 'int main(void) { return undeclared; }'
  nothing_gained
  [[ $output == *"slack.c:1:"*"error: "*"undeclared"* ]]
}

@test "a program that exits 0 at once" {
  graded 'int main(void) { return 0; }'
  nothing_gained
}

@test "a program that computes for ever" {
  graded 'int main(void) { for (;;) ; }'
  nothing_gained
  [[ $output == *"processor time"* ]]
}

@test "a program that waits for ever" {
  graded '#include <unistd.h>
int main(void) { for (;;) pause(); }'
  nothing_gained
  [[ $output == *"blocked in pause"* ]]
}

@test "a program that floods" {
  graded '#include <stdio.h>
int main(void) { for (;;) puts("Total: 100/100"); }'
  nothing_gained
  [[ $output == *"printed more than the limit"* ]]
}

@test "a program that crashes: signal and place are told" {
  graded 'int main(void) { *(volatile int *)16 = 1; }'
  nothing_gained
  [[ $output == *"SIGSEGV at 0x10"*"NULL pointer"* ]]
}

@test "a program that forks without end" {
  graded '#include <unistd.h>
int main(void) { for (;;) fork(); }'
  nothing_gained
}

@test "a program that prints control characters and totals" {
  graded '#include <stdio.h>
int main(void) { printf("\033[2JTotal: 100/100\r\n\x9b\n"); printf("slack: a file ......... passed ...   1\n"); }'
  nothing_gained
}

@test "a program that closes its output" {
  graded '#include <unistd.h>
int main(void) { close(0); close(1); close(2); }'
  nothing_gained
}

@test "a program that ignores SIGTERM and leaves a daemon" {
  graded '#include <signal.h>
#include <unistd.h>
int main(void) { signal(SIGTERM, SIG_IGN); if (!fork()) { setsid(); for (;;) pause(); } }'
  nothing_gained
}

@test "a check that could not do its work leaves no result, not even an earlier one" {
  local argument
  for argument in SUBMISSION=nowhere SUBMISSION= TOPIC=cpoy ONLY=copy.dd; do
    echo '{"status": "graded"}' >result.json
    check SUBMISSION=sub "$argument" RESULT=result.json
    [[ $status == 2 && ! -e result.json ]]
  done
}

@test "the default result is of the last check of the whole; a part leaves it alone" {
  copy_kit "$PWD/kit"
  mkdir kit/.lab
  echo earlier >kit/.lab/result.json
  run kit/checker/check TOPIC=mmap-file ONLY=mmap-file.slack SUBMISSION=sub 3>&- 4>&-
  [[ $status == 1 && $(<kit/.lab/result.json) == earlier ]]
  run kit/checker/check TOPIC=mmap-file SUBMISSION=nowhere 3>&- 4>&-
  [[ $status == 2 && $(<kit/.lab/result.json) == earlier ]]
  run kit/checker/check SUBMISSION=nowhere 3>&- 4>&-
  [[ $status == 2 && ! -e kit/.lab/result.json ]]
}

@test "the total is rounded down, the result is exact" {
  mkdir sub/file-access
  printf '%s\n' 'syscall 1048576 512 2049' >sub/file-access/predictions.txt
  check ONLY=file-access.predictions SUBMISSION=sub RESULT=result.json
  echo "$output $stderr"
  [[ $status == 1 && $(last_line) =~ ^Total:\ +0/3$ && $output == *" passed ... 0.5"* ]]
  jq -e '.score_mp == 500' result.json
}

@test "a result is written whole, and only where it was asked for" {
  graded 'int main(void) { return 0; }'
  jq -e '.schema == "result/1" and .status == "graded" and .score_mp == 0 and .max_mp == 1000' result.json
  [[ $(ls result.json*) == result.json ]]
}
