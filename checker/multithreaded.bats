# multithreaded.bats - a stack for each thread, judged by the threads' stack pointers and /proc/PID/maps

source "$LAB_CHECKER/lab.bash"

setup_file() {
  topic multithreaded
  : >"$LAB_BIN/empty"
}

setup() {
  scratch
}

teardown() {
  leave
}


# ---- thread_stacks --------------------------------------------------------------------------

# start_threads PROGRAM COUNT [STACK_KB] - start it and wait for `ready`; addresses[I] is thread I's
start_threads() {
  local count=$2 i lines line=()
  addresses=()
  with cpu=5
  start "$@"
  mapfile -t lines < <(tr -d '\0' <"$out")
  for ((i = 0; i < count && i < ${#lines[@]}; i++)); do
    read -ra line <<<"${lines[i]}"
    [[ ${lines[i]} =~ ^thread\ (0|[1-9][0-9]{0,5})\ 0x[0-9a-f]{1,16}$ && ${line[1]} -lt $count ]] ||
      flunk "$count lines 'thread I ADDRESS', I from 0 to $((count - 1))" "line $((i + 1)) is: ${lines[i]}" \
        "ADDRESS is that of a local variable of the thread, printed with %p"
    [[ -z ${addresses[line[1]]-} ]] ||
      flunk "a line for each of the $count threads" "two lines of thread ${line[1]}" \
        "each thread needs a number in memory of its own: one variable that main() goes on to change is shared by all"
    addresses[line[1]]=${line[2]}
  done
  [[ ${#lines[@]} == $((count + 1)) && ${lines[count]} == ready ]] ||
    flunk "a line for each of the $count threads, then the line 'ready'" "$(shown "$out")" \
      "$(why_silent "each thread prints its line, and main() prints 'ready' when all have")"
}

# has_tasks COUNT - the started program has that many threads beside the one that runs main()
has_tasks() {
  runs_itself
  local tasks=("/proc/$pid/task"/*)
  ((${#tasks[@]} == $1 + 1)) ||
    flunk "$(($1 + 1)) tasks in /proc/PID/task while it waits: $1 threads and the one that runs main()" \
      "${#tasks[@]}" "a thread that has returned has no stack to look at any more"
}

# read_lines - the lines of the started program's maps, as line_start, line_end and line_perms
read_lines() {
  local text range lines
  line_start=() line_end=() line_perms=()
  mapfile -t lines <"/proc/$pid/maps" || true # at once: read would have the kernel write it anew for every line
  for text in "${lines[@]}"; do
    range=${text%% *} text=${text#* }
    line_start+=($((16#${range%-*}))) line_end+=($((16#${range#*-}))) line_perms+=("${text%% *}")
  done
}

# line_at ADDRESS - sets `line`, the number of the line that holds it; status 1 if none does
line_at() {
  for ((line = 0; line < ${#line_start[@]}; line++)); do
    (($1 < line_start[line] || $1 >= line_end[line])) || return 0
  done
  return 1
}

# stack_at ADDRESS LEAST - sets low and high, the ends of the rw area around ADDRESS, and guarded.
#
# An area ends at a guard of either kind: a mapping without rights, or pages inside a mapping that
# MADV_GUARD_INSTALL made one. Lines of maps that touch are one area if it takes both to make LEAST bytes. One of more
# than 2 GiB is no stack: only what is shared can be so large here, and to look for guards in it would take hours.
stack_at() {
  local first last
  line_at "$1" && [[ ${line_perms[line]} == rw* ]] || return
  first=$line last=$line guarded=no
  while ((first > 0 && line_end[first - 1] == line_start[first])) && [[ ${line_perms[first - 1]} == rw* ]]; do
    first=$((first - 1))
  done
  low=${line_start[first]} high=${line_end[last]}
  while ((high - low < $2 && last + 1 < ${#line_start[@]} && line_start[last + 1] == high)) &&
    [[ ${line_perms[last + 1]} == rw* ]]; do
    last=$((last + 1))
    high=${line_end[last]}
  done
  ((high - low <= 2 << 30)) || return
  if ((first > 0 && line_end[first - 1] == low)) && [[ ${line_perms[first - 1]} == ---* ]]; then
    guarded=yes
  fi
  if [[ $guarded == no ]] || ((high - low > $2 + (80 << 10))); then
    cut_at_guards "$1"
  fi
}

# cut_at_guards ADDRESS - move low and high to the guard pages between them
cut_at_guards() {
  local page_start range=$low-$high
  [[ -v guards[$range] ]] || guards[$range]=$(guard_pages "$low" "$high")
  for page_start in ${guards[$range]}; do
    if ((page_start <= $1 && page_start >= low)); then
      low=$((page_start + page)) guarded=yes
    elif ((page_start > $1 && page_start < high)); then
      high=$page_start
    fi
  done
}

# guard_pages START END - the addresses of the guard pages there: bit 58 of their entries in /proc/PID/pagemap
guard_pages() {
  local number
  local -i entry_bytes=8
  while IFS=: read -r number _; do
    echo $(($1 + (number - 1) * page))
  done < <(dd "if=/proc/$pid/pagemap" iflag=skip_bytes,count_bytes bs=64K status=none \
    "skip=$((entry_bytes * ($1 / page)))" "count=$((entry_bytes * (($2 - $1) / page)))" |
    od -An -v -tx8 -w8 | grep -n '^ .[4-7c-f]')
}

# find_stacks LEAST_KB - each thread's address is in an area of its own, stack_low[I] to stack_high[I], and one thread
# runs in each
find_stacks() {
  local i other
  local -A owner=() guards=()
  stack_low=() stack_high=() stack_guarded=()
  read_lines
  for ((i = 0; i < ${#addresses[@]}; i++)); do
    stack_at "$((addresses[i]))" $(($1 << 10)) ||
      flunk "thread $i: ${addresses[i]} in a readable and writable area of at most 2 GiB" \
        "it is $(describe_address "${addresses[i]}" "/proc/$pid/maps")"
    other=${owner[$low]-}
    [[ -z $other ]] || flunk "each thread's address in an area of its own" \
      "threads $other and $i: ${addresses[other]} and ${addresses[i]} are in the same" \
      "what all threads share (static, malloc()) is in no stack; a local of main() is in main()'s"
    owner[$low]=$i stack_low[i]=$low stack_high[i]=$high stack_guarded[i]=$guarded
  done
  are_stacks
}

# have_size STACK_KB - those areas are as large as asked, and nearly all of each is below the thread's address
have_size() {
  local i kb=$1 size below
  for ((i = 0; i < ${#addresses[@]}; i++)); do
    size=$((stack_high[i] - stack_low[i])) below=$((addresses[i] - stack_low[i]))
    ((size >= (kb - 16) << 10 && size <= (kb + 64) << 10)) ||
      flunk "thread $i: a stack of $kb KB around ${addresses[i]}" "an area of $((size >> 10)) KB" \
        "a thread's stack is a mapping of fixed size, set before the thread is made: pthread_attr_setstacksize()"
    ((below >= (kb - 32) << 10)) ||
      flunk "thread $i: nearly all of its $kb KB below ${addresses[i]}" "$((below >> 10)) KB" \
        "a stack grows down: a local of the thread's first function is near its top"
  done
}

# blocked_call TASK - `call` is the system call in which that task is blocked, its last but one word the stack pointer
blocked_call() {
  call=()
  read -ra call <"$1/syscall" || true
  ((${#call[@]} >= 3))
}

# are_stacks - one thread runs in each of those areas: its stack pointer is there while it is blocked
are_stacks() {
  local task i call found
  local -A used=()
  for task in "/proc/$pid/task"/*; do
    [[ ${task##*/} != "$pid" ]] || continue
    eventually blocked_call "$task" ||
      flunk "each thread is blocked while the program waits" "one is ${call[*]-gone}" \
        "a thread that waits in a loop of its own takes a processor from others"
    found=''
    for ((i = 0; i < ${#stack_low[@]}; i++)); do
      ((call[-2] < stack_low[i] || call[-2] >= stack_high[i])) || found=$i
    done
    [[ -n $found && -z ${used[$found]-} ]] ||
      flunk "each thread runs on the stack that holds the address it printed" \
        "a thread's stack pointer is ${call[-2]}, $(describe_address "${call[-2]}" "/proc/$pid/maps")" \
        "ADDRESS is that of a local variable of the thread"
    used[$found]=1
  done
}

@test "thread_stacks: every thread prints, then ready" {
  local count=$((2 + RANDOM % 6))
  start_threads thread_stacks $count
  has_tasks $count
  finish
  count=$((17 + RANDOM % 12))
  start_threads thread_stacks $count 100
  has_tasks $count
  finish
}

@test "thread_stacks: each has a stack of STACK_KB" {
  local count kb
  for kb in $((160 + RANDOM % 200)) $((1100 + RANDOM % 900)) $((8300 + RANDOM % 9000)); do
    count=$((3 + RANDOM % 6))
    start_threads thread_stacks $count $kb
    has_tasks $count
    find_stacks $((kb - 16))
    have_size $kb
    finish
  done
}

@test "thread_stacks: a guard lies below each stack" {
  local count=$((3 + RANDOM % 6)) kb=$((200 + RANDOM % 2000)) i
  start_threads thread_stacks $count $kb
  has_tasks $count
  find_stacks $((kb - 16))
  for ((i = 0; i < count; i++)); do
    [[ ${stack_guarded[i]} == yes ]] ||
      flunk "thread $i: pages without any rights right below its stack" \
        "its stack begins at $(printf '%#x' "${stack_low[i]}") with no guard below" \
        "without a guard a stack that grows too far runs into whatever is mapped below it"
  done
  finish
}

@test "thread_stacks: without STACK_KB it is ulimit -s" {
  local count=$((2 + RANDOM % 4)) kb=$((64 * (9 + RANDOM % 60)))
  with stack=$((kb << 10))
  start_threads thread_stacks $count
  has_tasks $count
  find_stacks $((kb - 16))
  have_size $kb
  finish
}

@test "thread_stacks: 0 threads is fine" {
  start thread_stacks 0
  prints ready "no thread, no line; the program waits all the same"
  has_tasks 0
  ask eof it
  await it
  succeeds "a program that waits ends when its input ends"
}

@test "thread_stacks: a stack that cannot be exits 1" {
  try thread_stacks $((1 + RANDOM % 3)) $((1 + RANDOM % 7))
  fails "no stack can be smaller than PTHREAD_STACK_MIN; pthread_attr_setstacksize() says so by what it returns"
  with as=$((512 << 20))
  try thread_stacks $((8 + RANDOM % 4)) $((100 << 10))
  fails "with 512 MB of address space there is no room for so many stacks of 100 MB; pthread_create() returns EAGAIN"
}

@test "thread_stacks: all are joined, nothing leaks" {
  local count=$((2 + RANDOM % 4)) started printed
  memchecked thread_stacks $count $((200 + RANDOM % 200))
  [[ $ending$code == exit0 ]] ||
    flunk "under memcheck: exit status 0, no error, every block given back" "$(how_it_ended)" \
      "a thread that nobody joins keeps its stack and the C library's block about it"
  started=$(started_threads "$trace") printed=$(grep -caE '^thread [0-9]+ 0x[0-9a-f]+$' "$out" || true)
  ((started >= count && printed == count)) || flunk "under memcheck: $count threads that print a line each, as elsewhere" \
    "$started threads were started, and $printed such lines printed"
  [[ $(tail -n 1 "$out") == ready ]] || flunk "under memcheck: 'ready' as the last line" "$(shown "$out")"
}

@test "thread_stacks: usage errors exit 2" {
  local wrong
  try thread_stacks
  usage_error
  try thread_stacks 2 200 1
  usage_error
  for wrong in '' x 3x; do
    try thread_stacks "$wrong"
    usage_error
  done
  for wrong in many 200k; do
    try thread_stacks 2 "$wrong"
    usage_error
  done
}

@test "thread_stacks-static: behaves the same" {
  local count=$((3 + RANDOM % 5)) kb
  for kb in $((300 + RANDOM % 300)) $((2100 + RANDOM % 5000)); do
    start_threads thread_stacks-static $count $kb
    has_tasks $count
    find_stacks $((kb - 16))
    have_size $kb
    finish
  done
}

# ---- threads_other --------------------------------------------------------------------------

# started_threads TRACE - how many threads were started, by the system calls
started_threads() {
  awk '
    /(clone|clone3)\(/ { starts[$1] = /CLONE_THREAD/ }
    /(clone|clone3)(\(| resumed)/ && / = [0-9]+$/ && starts[$1] { started++ }
    END { print started + 0 }
  ' "$1"
}

# traced_threads OPTION… - the next job's calls that start threads go to the file `trace`
traced_threads() {
  trace=$LAB_NOTES/$1
  with trace="$trace" strace=-qq strace=-e strace=trace=clone,clone3 strace=-e strace=signal=none
}

@test "threads_other: waits with two threads or more" {
  traced_threads threads
  start threads_other
  local exe threads own
  runs_in_interpreter threads_other
  finish
  threads=$(started_threads "$trace")
  traced_threads own
  job own "$exe" "$(inside bin)/empty" # some interpreters have threads of their own
  own=$(started_threads "$trace")
  ((threads >= own + 2)) ||
    flunk "at least two threads that the script starts" "$threads were started, and ${exe##*/} starts $own by itself" \
      "a thread is a task of the same process, which the clone() call makes; not every language's threads are"
}

@test "threads_other: ends when its input ends" {
  start threads_other
  ask eof it
  await it
  succeeds "a thread that still waits keeps its process alive: end the threads, too"
}

# ---- stack_overflow -------------------------------------------------------------------------

@test "stack_overflow: an overflow is caught and told" {
  local depth address
  for depth in $((289 + RANDOM % 20)) $((500 + RANDOM % 5000)) $((100000 + RANDOM)); do
    calls=sigaltstack,clone,clone3 traced stack_overflow $depth
    [[ $ending$code == exit1 ]] ||
      flunk "exit status 1: $depth KB are more than the thread's stack of 256 KB" "$(how_it_ended)" \
        "a handler needs a stack of its own (sigaltstack()): on the full one it cannot even start"
    prints_match 'stack overflow: thread 0 at 0x[0-9a-f]{1,16}' "the handler says where the fault was"
    address=$(tr -d '\0' <"$out") address=${address##* }
    fault_is_near "$address"
    is_below_stack "$address" $depth
  done
}

# fault_is_near ADDRESS - a thread other than the first took a SIGSEGV there
fault_is_near() {
  local task fault main=$pid
  while read -r task fault; do
    ((task == main || fault - $1 > 65536 || $1 - fault > 65536)) || return 0
  done < <(sed -n 's/^\([0-9]*\) .*--- SIGSEGV .*si_addr=\(0x[0-9a-f]*\).*/\1 \2/p' "$trace")
  flunk "$1 is where a thread's stack met its guard (SIGSEGV)" \
    "$(grep -m 2 -e '--- SIGSEGV' "$trace" || echo "no thread got a SIGSEGV")" \
    "the kernel tells the handler the address of the fault: si_addr"
}

# is_below_stack ADDRESS KB - frames of KB lead there from the top of a thread's stack, which clone() was given. How large a
# frame is, and so how far beyond the stack's end a store may be, is the program's own choice: 1 MiB more is left for that.
is_below_stack() {
  local top tops
  tops=$(sed -En -e '/ = -1 E/d' -e 's/^.*\bclone\(child_stack=(0x[0-9a-f]+), .*/\1/p' \
    -e 's/^.*\bclone3\(\{.*\bstack=(0x[0-9a-f]+), stack_size=(0x[0-9a-f]+).*/\1+\2/p' "$trace")
  for top in $tops; do
    ((top < $1 || top - $1 > ($2 + 1024) << 10)) || return 0
  done
  flunk "the fault is below the thread's stack, where $2 KB of frames lead" \
    "$1; the stack's top is ${tops//$'\n'/, }" "recurse until the stack is full: what lies elsewhere is not its guard"
}

@test "stack_overflow: what fits is ok" {
  local depth
  for depth in 0 $((1 + RANDOM % 100)) $((150 + RANDOM % 50)) $((215 + RANDOM % 9)); do
    try stack_overflow $depth
    succeeds "$depth KB fit in a stack of 256 KB"
    prints ok
  done
}

@test "stack_overflow: usage errors exit 2" {
  local wrong
  try stack_overflow
  usage_error
  try stack_overflow 1 1
  usage_error
  for wrong in '' x 12x; do
    try stack_overflow "$wrong"
    usage_error
  done
}
