# cost.bats - what memview costs, in what can be counted: stops, calls, instructions, bytes
#
# What it takes in time is for tests/bench/memview: a test can't tell a slow tool from a busy machine.
source "$BATS_TEST_DIRNAME/memview.bash"

setup_file() {
  build
}

setup() {
  enter
}

# counted CALL ACT N - how often memview itself does that system call ("." is any) while it records acts ACT N
counted() {
  strace -qq -o calls -e signal=none "$MEMVIEW" record -o t -- "$programs/acts" "$2" "$3" >out
  grep -c "^$1" calls
}

@test "a call that is not a memory call does not stop the program" {
  few=$(counted wait4 calls 10)
  many=$(counted wait4 calls 10000)
  ((few > 0 && many == few))
}

@test "a memory call stops the program twice, and takes a dozen calls of memview's" {
  stops=$(counted wait4 loop 100)
  calls=$(grep -c . calls)
  ((stops = $(counted wait4 loop 600) - stops, calls = $(grep -c . calls) - calls))
  echo "500 memory calls: $stops stops, $calls calls"
  # Reading maps is 50 memory calls here, and 50 of others
  ((stops == 1000 && calls <= 500 * 12))
}

# Files that are new, mremap() and calls that fail have it read all.
@test "most memory calls have memview read only the mappings about them" {
  for act in "loop 400" "shuffle 1"; do
    # shellcheck disable=SC2086 # two words
    counted ioctl $act >asked
    ! grep -q '^ioctl.*\(0x66, 0x11\|PROCMAP_QUERY\).*ENOTTY' calls || skip "this kernel can only be asked for all mappings"
    reads=$(grep -c '^pread64([0-9]*, "[0-9a-f]*-' calls)
    echo "$act: $(<asked) questions, all maps read $reads times"
    ((reads > 0 && reads < 200))
  done
}

@test "a snapshot of 30 000 mappings takes a third of pmap's instructions, and half of its calls" {
  start "$programs/mappings" 30000
  for tool in "$MEMVIEW" pmap; do
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$tool" "$pid" 2>&1 >/dev/null |
      sed -n 's/.*Collected : //p' >>instructions
    strace -qq -o calls "$tool" "$pid" >/dev/null
    grep -c . calls >>number
  done
  finish_started
  paste instructions number
  awk '{ n[NR] = $1 } END { exit !(n[1] > 0 && 3 * n[1] <= n[2]) }' instructions
  awk '{ n[NR] = $1 } END { exit !(n[1] > 0 && 2 * n[1] <= n[2]) }' number
}

@test "the recording of a hello world has at most 8 KB" {
  printf '#include <stdio.h>\nint main(void) { return puts("Hello, world!") < 0; }\n' >hello.c
  cc -g -o hello hello.c
  memview record -o t -- ./hello
  [[ $(wc -c <t) -le 8192 ]]
  memview record -o t --resident -- ./hello
  [[ $(wc -c <t) -le 8192 ]]
}

@test "100 000 steps are recorded in 32 MB of data, and shown in 256" {
  (
    ulimit -d 32000
    memview record -o t -- "$programs/acts" loop 100000 >/dev/null
  )
  [[ $(wc -l <t) -gt 100000 ]]
  [[ $(wc -c <t) -lt 25000000 ]]
  (
    ulimit -d 256000
    memview show t --step 100000 >shown
  )
  grep -q '^100000 mprotect' shown
}
