# input.bats - memview and what it is given: processes, programs, recordings, options, surroundings
source "$BATS_TEST_DIRNAME/memview.bash"

setup_file() {
  build
}

setup() {
  enter
}

teardown() {
  finish_started
}

# says STATUS PATTERN ARGUMENT… - memview ends with it, prints nothing, and says one line like it on standard error
says() {
  local wanted=$1 pattern=$2
  shift 2
  run --separate-stderr "-$wanted" memview "$@"
  [[ $status == "$wanted" ]] || { echo "status $status: $stderr"; return 1; }
  [[ -z $output ]] || { echo "printed: $output"; return 1; }
  # shellcheck disable=SC2154 # bats sets stderr_lines
  [[ ${#stderr_lines[@]} == 1 && ${stderr_lines[0]} =~ $pattern ]] || { echo "said: $stderr"; return 1; }
}

# someone COMMAND… - as an ordinary user, where we are root
someone() {
  if ((EUID == 0)); then setpriv --reuid 61000 --regid 61000 --clear-groups "$@"; else "$@"; fi
}

# free_pid - the number of no process
free_pid() {
  local pid
  pid=$(cat /proc/sys/kernel/pid_max)
  while kill -0 "$pid" 2>/dev/null || [[ -e /proc/$pid ]]; do pid=$((pid - 1)); done
  echo "$pid"
}

@test "no such process" {
  says 1 'no such process' "$(free_pid)"
  says 1 'no such process' watch "$(free_pid)"
}

@test "a process of someone else: what would permit it is said" {
  someone test -r /proc/1/maps && someone cat /proc/1/maps &>/dev/null && skip "process 1 is ours"
  run someone "$MEMVIEW" 1
  [[ $status == 1 && ${#lines[@]} == 1 ]]
  [[ $output == *"not permitted"*"root"* ]]
}

@test "a process without memory of its own: a zombie" {
  start "$programs/acts" zombie
  says 0 'no memory of its own' "$(<out)"
}

@test "a program that is not there, is a folder, or may not be run" {
  says 127 'not found' -- no-such-program
  says 127 'No such file' -- ./no-such-program
  says 126 'denied' -- /
  touch plain
  says 126 'denied' -- ./plain
  chmod +x plain
  says 126 'Exec format' -- ./plain
}

@test "the program's own exit status is passed on" {
  for status in 0 1 77 255; do
    run memview record -o t -- "$programs/acts" exit "$status"
    [[ $output == "" ]]
    jq -e --arg r "exited with $status" '.steps[-1].result == $r' t >/dev/null
  done
  run -77 memview -- "$programs/acts" exit 77
}

@test "a program that dies by a signal: memview does too" {
  for signal in 9 11 15; do
    run memview record -o t -- "$programs/acts" signal "$signal"
    [[ $status == $((128 + signal)) ]]
    jq -e '.steps[-1] | .why == "exit" and (.result | startswith("killed by SIG"))' t >/dev/null
  done
}

@test "a program that dies in the dynamic linker" {
  printf 'int nothing(void); int main(void) { return nothing(); }' >main.c
  printf 'int nothing(void) { return 0; }' >nothing.c
  cc -shared -fPIC -o libnothing.so nothing.c
  cc -o orphan main.c -L. -lnothing
  rm libnothing.so
  run -127 --separate-stderr memview record -o t -- ./orphan
  jq -e '.steps[-1].result == "exited with 127"' t >/dev/null
}

@test "a program that hides from its own user" {
  theirs=$(mktemp -d)
  cp "$MEMVIEW" "$programs/acts" "$theirs"
  chmod -R 777 "$theirs"
  (cd "$theirs" && someone ./memview record -o t -- ./acts hide) || status=$?
  mv "$theirs/t" t
  rm -r "$theirs"
  [[ -z ${status-} ]]
  jq -e '[.steps[] | select(.areas) | .areas[-1][3]] | last == "r--p"' t >/dev/null
  # A child that its parent's user may not look at is in no step; the parent goes on.
  memview show t >/dev/null
  jq -e --argjson size $((5 * $(getconf PAGESIZE))) '[.steps[] | select(.areas) | .areas[-1][1]] | last == $size' t >/dev/null
}

@test "a file that cannot be written is found before the program runs" {
  for option in --svg --html --json -o; do
    run memview "$option" missing/x -- touch ran
    [[ $status == 125 && $output == "memview: missing/x: "* && ! -e ran ]]
  done
}

@test "-o is for a program that runs" {
  memview record -o t -- "$programs/acts" exit 0
  for words in "$$ -o x" "show t -o x" "diff t t -o x"; do
    # shellcheck disable=SC2086 # several words
    run -2 memview $words
    [[ ! -e x ]]
  done
}

@test "record prints nothing, whatever it writes" {
  for option in --json --svg --html -o; do
    run -0 memview record "$option" "written$option" -- "$programs/acts" exit 0
    [[ $output == "" && -s written$option ]]
  done
}

@test "signals that are ignored stay so, and those of a terminal that goes are passed on" {
  (trap '' INT TERM HUP; memview record -o t -- sh -c 'kill -INT $$; kill -TERM $$; kill -HUP $$; echo alive') >said
  [[ $(<said) == alive ]]
  mkfifo go
  # shellcheck disable=SC2016 # the inner shell expands it
  "$MEMVIEW" record -o t -- sh -c 'trap "exit 9" HUP; echo ready; read -r _ <go' >said 3>&- &
  tracer=$!
  until grep -q ready said; do kill -0 "$tracer"; done
  kill -HUP "$tracer"
  run -9 wait "$tracer"
  jq -e '.steps[-1].result == "exited with 9"' t >/dev/null
}

@test "a program that becomes a daemon is followed to its end, and its first status is the one" {
  run -4 memview record -o t -- "$programs/acts" daemon
  jq -e '[.steps[] | select(.why == "exit") | .result] | sort == ["exited with 4", "exited with 5", "exited with 6"]' t >/dev/null
}

@test "a program that is stopped and goes on" {
  run -0 memview record -o t -- "$programs/acts" stopped
  [[ $output == "went on" ]]
}

@test "a program that is traced already cannot be traced again: it runs untraced, or says so" {
  run memview record -o t -- "$MEMVIEW" record -o u -- "$programs/acts" exit 3
  [[ $status == 3 || $output == *"not permitted"* ]]
}

@test "its terminal, input and output are the program's own" {
  printf 'one\ntwo\n' >given
  run --separate-stderr memview -- sh -c 'read -r x; read -r y; echo "$y $x"; echo error >&2' <given
  [[ $output == "two one" ]]
  [[ $stderr == *error* ]]
}

@test "a recording that is cut, wherever it is cut" {
  memview record -o t -- "$programs/acts" exit 0
  size=$(wc -c <t)
  for part in 0 1 2 5 17 300 $((size / 2)) $((size - 3)); do
    head -c "$part" t >shorter
    says 1 'shorter: line [0-9]+: ' show shorter
  done
}

@test "what is no recording" {
  printf '{"format":"memview/2","steps":[]}' >newer
  printf '[1,2,3]' >list
  printf '{"format":"memview/1","steps":[]}' >empty
  head -c 2000 /dev/urandom >noise
  printf '{"a":%s' "$(printf '[%.0s' {1..5000})" >deep
  : >nothing
  for file in newer list empty noise deep nothing "$programs/acts"; do
    says 1 ': line [0-9]+: ' show "$file"
  done
  says 1 'No such file' show missing
  says 1 'directory' show .
}

@test "fields that lie" {
  step() {
    printf '{"format":"memview/1","steps":[{"new":true,%s}]}' "$1" >lie
    says 1 "$2" show lie
  }
  step '"areas":[["1000",4096,"text","r-xp"],["1800",4096,"text","r-xp"]]' 'overlap'
  step '"areas":[["ffffffffffffffff",4096,"text","r-xp"]]' 'too large'
  step '"areas":[["1000",0]]' 'empty'
  step '"areas":[["1000",99999999999999999999]]' 'too large'
  step '"areas":[["1000",-1]]' 'whole number'
  step '"areas":[["x",1]]' 'address'
  step '"areas":[["1000",4096,"cake","r-xp"]]' 'kind'
  step '"areas":[["1000",4096,"text","rwx"]]' 'permissions'
  step '"space":7' 'address space'
  step '"new":3' 'address space'
  step '"why":"because"' 'why'
}

@test "a small file that asks for a lot of memory" {
  awk 'BEGIN {
    printf "{\"format\":\"memview/1\",\"steps\":[{\"new\":true,\"areas\":["
    for (i = 1; i <= 20000; i++) printf("%s[\"%x\",1,\"anon\",\"rw-p\"]", (i > 1 ? "," : ""), 2 * i)
    printf "]}"
    for (i = 1; i <= 3000; i++) printf ",{\"space\":%d,\"new\":0}", i
    printf "]}" }' >bomb
  (
    ulimit -v 3000000
    says 1 'too many' show bomb
  )
}

@test "names in a recording cannot command the terminal" {
  printf '{"format":"memview/1","command":["\\u001b]0;x\\u0007"],"steps":[{"new":true,"call":"\\u001b[2J","areas":[["1000",4096,"file","r--p","\\u001b[31m\\u009b"]]}]}' >t
  memview show t --step 0 >shown
  run ! grep -q $'[\e\a\x9b]' shown
}

@test "usage errors end with 2" {
  for arguments in "" "--bogus" "0" "-1" "12x" "no-command" "show" "show a b" "diff a" "--predict 1" "--step x show t" \
    "--step 5 1" "record -- true" "--svg"; do
    # shellcheck disable=SC2086 # words
    run --separate-stderr memview $arguments
    [[ $status == 2 && -z $output && -n $stderr ]] || { echo "$arguments: $status"; return 1; }
  done
}

@test "a step that the recording does not have" {
  memview record -o t -- "$programs/acts" exit 0
  says 1 'no step 9999' show t --step 9999
}

@test "a file that cannot be written is told" {
  run -125 memview --json /nowhere/x $$
  [[ $output == *"/nowhere/x"* ]]
  run -125 memview record -o /dev/full -- "$programs/acts" exit 0
  [[ $output == *"/dev/full"* ]]
}

@test "help names every option and command, and ends well" {
  run -0 memview --help
  for word in --svg --html --json --predict --resident --all --ascii --help --version --step run record show watch diff; do
    grep -q -e "$word" <<<"$output" || { echo "no $word"; return 1; }
  done
  run -0 memview --version
  [[ $output == memview\ * ]]
}

@test "the manual page has every option, and no error" {
  page=$kit/memview/memview.1
  for word in svg html json predict resident all ascii help version step; do
    grep -q -e "\\\\-\\\\-$word" "$page" || { echo "no $word"; return 1; }
  done
  command -v groff >/dev/null || skip "no groff here"
  run groff -man -Tutf8 -ww -z "$page"
  [[ -z $output ]]
}

@test "colour only on a terminal, and not with NO_COLOR; letters and signs without it" {
  command -v script >/dev/null || skip "no script(1) here"
  env -u NO_COLOR TERM=xterm script -qec "$MEMVIEW $$" /dev/null </dev/null >colourful
  NO_COLOR=1 TERM=xterm script -qec "$MEMVIEW $$" /dev/null </dev/null >plain
  grep -q $'\e\[38;5;' colourful
  run ! grep -q $'\e' plain
  run ! grep -q $'\e' <(memview $$)
  grep -q 'H heap' plain
}

@test "80 columns, and no character beyond ASCII if asked or where the locale has none" {
  memview --ascii --all --resident $$ >ascii
  LC_ALL=C memview --all --resident $$ >c

  run ! grep -qP '[^\x00-\x7f]' ascii
  run ! grep -qP '[^\x00-\x7f]' c
  awk 'length > 80' ascii >long
  [[ ! -s long ]] || { cat long; return 1; }
  grep -q '/\\/\\/\\ .* free' ascii
  grep -q 'bars are logarithmic' ascii
}

@test "high addresses stand above low ones" {
  memview --all $$ | sed -n 's/^  \([0-9a-f]\{12\}\) .*/\1/p' >seen
  sort -r seen | diff seen -
}

@test "the corpus of the fuzzers: no crash, no leak, nothing undefined" {
  mkdir fuzz
  make -s -C "$BATS_TEST_DIRNAME/fuzz" OUT="$PWD/fuzz" files 2>log || { cat log; return 1; }
  for target in json maps elf; do
    "fuzz/$target-files" "$BATS_TEST_DIRNAME/fuzz/corpus/$target"/*
  done
}
