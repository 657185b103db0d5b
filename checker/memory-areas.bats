# memory-areas.bats - where the parts of a program live, judged from the ELF file and /proc/PID/maps

source "$LAB_CHECKER/lab.bash"

setup_file() {
  topic memory-areas
}

setup() {
  scratch
}

teardown() {
  told_memory
  leave
}

# told_memory - where a program was refused memory, the reason says how much there is
told_memory() {
  [[ ! -e $LAB_NOTES/got || $(<"$LAB_NOTES/got") != *"Cannot allocate memory"* ]] ||
    note why "a program may have 2 GiB here that it can write to, from malloc() or mapped privately, used or not"
}

# ---- areas ----------------------------------------------------------------------------------

# address_of NAME - start `areas` and set `address` to the one it prints for NAME
address_of() {
  start areas
  runs_itself
  address=$(awk -v name="$1" '$1 == name { print $2 }' "$out")
  local why="print where something of your own lives in $1"
  [[ $(grep -c '' "$out") == 8 ]] || flunk "eight lines 'NAME ADDRESS'" "$(shown "$out")" "$(why_silent "$why")"
  [[ $address =~ ^0x[0-9a-f]{1,16}$ ]] ||
    flunk "a line '$1 ADDRESS', as %p prints an address" "$(grep -a "^$1\b" "$out" || shown "$out")" "$why"
}

# lives_in_section NAME SECTION WHY - the address printed for NAME is in that ELF section
lives_in_section() {
  address_of "$1"
  local section
  section=$(section_of areas "$address")
  [[ $section == "$2" || $section == "$2".* ]] ||
    flunk "$address in the program's section $2" \
      "$(if [[ -n $section ]]; then echo "it is in the section $section"; else describe_address "$address" "/proc/$pid/maps"; fi)" "$3"
  finish
}

# lives_in NAME AREA WHY - the address printed for NAME is in the mapping that the kernel names AREA
lives_in() {
  address_of "$1"
  area_of "$address" && [[ $area_name == "$2" ]] ||
    flunk "$address in the mapping $2" "it is $(describe_address "$address" "/proc/$pid/maps")" "$3"
  finish
}

@test "areas: text is the address of code" {
  lives_in_section text .text "functions are placed in .text, mapped r-xp: readable, executable, not writable"
}

@test "areas: rodata is the address of a constant" {
  lives_in_section rodata .rodata "a const object or a string literal is placed in .rodata, mapped r--p"
}

@test "areas: data is an initialised variable" {
  lives_in_section data .data "a static object with a first value other than zero is stored in .data"
}

@test "areas: bss is a variable that starts as zero" {
  lives_in_section bss .bss \
    "a static object without a first value is in .bss; its first bytes may share the last page of .data"
}

@test "areas: heap is a block below the program break" {
  lives_in heap '[heap]' \
    "small blocks of malloc() come from the area that brk() grows; large ones from a mapping of their own"
}

@test "areas: stack is a local variable" {
  lives_in stack '[stack]' "local variables of main() live in the main thread's stack, where the stack pointer is"
}

@test "areas: mmap is a mapping of its own" {
  # malloc() is told to map nothing, whatever its size, and to have one heap for all threads.
  trace=$LAB_NOTES/trace
  with trace="$trace" strace=-y strace=-qq strace=-e strace=trace=mmap,mremap,munmap,set_tid_address
  with env=GLIBC_TUNABLES=glibc.malloc.mmap_max=0:glibc.malloc.arena_max=1
  address_of mmap
  area_of "$address" && [[ -z $area_name || $area_name == /dev/zero* || $area_name == '[anon'* ]] ||
    flunk "$address in an anonymous mapping" "it is $(describe_address "$address" "/proc/$pid/maps")" \
      "mmap() with MAP_ANONYMOUS makes a mapping of no file"
  header=$(dd if="/proc/$pid/mem" bs=1 skip=$((address - 8)) count=8 status=none 2>/dev/null | od -An -tu8)
  finish
  made_by_mmap "$address"
}

# made_by_mmap ADDR - an anonymous mmap call returned the range that holds ADDR, and not on behalf of the loader, of
# malloc(), whose `header` before ADDR would tell the length, or for a thread's stack
made_by_mmap() {
  local addr=$(($1)) length start
  while read -r length start; do
    ((addr >= start && addr < start + length)) || continue
    ((addr != start + 16 || ${header:-0} != (length | 2))) || flunk "a mapping that the program made itself" \
      "$1 is 16 bytes into a mapping of $length bytes: malloc() made that one for a large block, its header in front" \
      "call mmap() yourself"
    return
  done < <(own_calls | grep -v 'PROT_NONE, .*MAP_STACK' |
    sed -n -e 's/^.*mmap([^,]*, \([0-9]*\), .*MAP_ANONYMOUS.* = \(0x[0-9a-f]*\)$/\1 \2/p' \
      -e 's/^.*mremap([^,]*, [0-9]*, \([0-9]*\), .* = \(0x[0-9a-f]*\)$/\1 \2/p')
  flunk "$1 in a range that an anonymous mmap() of the program returned" "no mmap call of its own returned it"
}

@test "areas: libc is something of the C library" {
  address_of libc
  in_libc "$address" || flunk "$address in a mapping of libc.so" \
    "it is $(describe_address "$address" "/proc/$pid/maps")" \
    "the address of printf() is in the library; that of a variable such as stdout may be a copy in your own .bss"
  finish
}

# in_libc ADDR - ADDR is in a mapping of the C library or in the anonymous tail right behind its last one
in_libc() {
  area_of "$1" || return
  if [[ -z $area_name ]]; then
    area_of $((area_start - 1)) || return
  fi
  [[ $area_name =~ ^/(usr/|lib)[^\ ]*/libc[.-][^/]*$ ]] # no file of the program's own
}

# ---- minipmap -------------------------------------------------------------------------------

# target SCRIPT - start a process with the Python SCRIPT's mappings; `seen` is its PID as minipmap sees it
target() {
  unless_level namespaces "a process that another one may look into" # Landlock keeps jobs from each other
  with in=pipe
  spawn target "$(command -v python3)" -c "$1
print('ready', flush=True)
input()"
  ask settle target
  [[ $answer == waiting* ]] || broken "the process to look at did not start: $answer $(<"$err")"
  target_pid=$pid target_out=$out
  seen=$(seen_inside "$pid")
}

# seen_inside PID - the PID by which the process knows itself
seen_inside() {
  sed -n 's/^NSpid:.*\t//p' "/proc/$1/status"
}

# expected_lines PID - what minipmap must print about it, from /proc/PID/maps
expected_lines() {
  local line range perms size total=0 field='^([^ ]+) ([^ ]+) [^ ]+ [^ ]+ [^ ]+ *(.*)$'
  local -a lines
  mapfile -t lines <"/proc/$1/maps" # at once: read would have the kernel write it anew for every line
  for line in "${lines[@]}"; do
    [[ $line =~ $field ]]
    range=${BASH_REMATCH[1]} perms=${BASH_REMATCH[2]} line=${BASH_REMATCH[3]##*/}
    size=$(((16#${range#*-} - 16#${range%-*}) / 1024))
    total=$((total + size))
    printf '%x %d %s %s\n' "0x${range%-*}" $size "$perms" "${line:-anon}"
  done
  echo "total $total"
}

# agrees - minipmap on the target prints what /proc/PID/maps says
agrees() {
  expected_lines "$target_pid" >"$LAB_NOTES/expected_lines"
  try minipmap "$seen"
  assert_alone "the exercise is to read /proc/PID/maps in C"
  succeeds "$1"
  sed -E 's/^0*([0-9A-Fa-f]+ )/\L\1/' "$out" >"$LAB_NOTES/lines" # with zeros in front or without, in either case
  cmp -s "$LAB_NOTES/lines" "$LAB_NOTES/expected_lines" ||
    flunk "$(diff "$LAB_NOTES/lines" "$LAB_NOTES/expected_lines" | sed -n 's/^> //p' | head -n 3)" \
      "$(diff "$LAB_NOTES/lines" "$LAB_NOTES/expected_lines" | sed -n 's/^< //p' | head -n 3 | grep . || echo "no such lines")" \
      "$1"
}

@test "minipmap: lists a process as /proc/PID/maps does" {
  target ''
  agrees "a line per mapping: START (hex) SIZE_KB PERMS NAME, then total"
}

@test "minipmap: its total is the one that pmap prints" {
  target ''
  local total
  total=$(pmap "$target_pid" | awk 'END { sub(/K$/, "", $2); print $2 }')
  try minipmap "$seen"
  succeeds
  [[ $(tail -n 1 "$out") == "total $total" ]] ||
    flunk "total $total, as pmap says" "$(tail -n 1 "$out")" "the total is the sum of the lines, in KB"
}

@test "minipmap: keeps odd file names as the kernel does" {
  target 'import mmap, os
for name in ("a b", "c (x)", "two\nlines", "gone", "back\\slash", "end "):
    with open(name, "w+b") as f:
        f.truncate(mmap.PAGESIZE * 3)
        globals()["m" + name] = mmap.mmap(f.fileno(), 0)
    name == "gone" and os.unlink(name)
m = mmap.mmap(-1, 5 * mmap.PAGESIZE)'
  agrees "NAME is all that stands after the last slash: spaces, \\012 and (deleted) too"
}

@test "minipmap: copes with thousands of mappings" {
  with nofile=4096 # Python keeps a descriptor for each
  target 'import mmap
f = open("big", "w+b")
f.truncate(mmap.PAGESIZE)
kept = [mmap.mmap(f.fileno(), mmap.PAGESIZE, prot=mmap.PROT_READ) for i in range(3000)]'
  agrees "no fixed number of lines: a process may have tens of thousands of mappings"
}

@test "minipmap: a process without memory has total 0" {
  target 'import os
child = os.fork() or os._exit(0)
os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
print(child)'
  try minipmap "$(head -n 1 "$target_out")"
  succeeds "a kernel thread or a zombie has no address space: its maps file is empty"
  prints "total 0"
}

@test "minipmap: no such process is exit 1 with a reason" {
  try minipmap 4194303
  fails "PIDs come and go: the process named may be gone, and the user must be told"
}

@test "minipmap: a PID that is no number is exit 2" {
  local wrong
  for wrong in 0 -1 abc 12x '' 1.5; do
    try minipmap "$wrong"
    usage_error
  done
  try minipmap
  usage_error
  try minipmap 1 1
  usage_error
}

# ---- hello_other ----------------------------------------------------------------------------

@test "hello_other: greets and waits" {
  start hello_other
  prints "Hello, world!"
  finish
}

@test "hello_other: runs in an interpreter, no shell" {
  start hello_other
  runs_in_interpreter hello_other
  finish
}
