# cost.bats - what memview costs: time beside strace and pmap, the size of recordings, memory
source "$BATS_TEST_DIRNAME/memview.bash"

setup_file() {
  build
}

setup() {
  enter
}

# A machine with other work on it disturbs some runs: what was measured serves all tests, and is measured
# again, longer, where a bound is not kept.
# keeps AWK-CONDITION - it is true of what `cost` measured, v["NAME"]
keeps() {
  local measured=$BATS_FILE_TMPDIR/measured rounds
  for rounds in 3 5 9 15; do
    [[ -s $measured ]] || PROGRAMS=$programs "$BATS_TEST_DIRNAME/cost" "$rounds" >"$measured"
    awk "{ v[\$1] = \$2 } END { exit !($1) }" "$measured" && return
    cat "$measured"
    rm "$measured"
  done
  return 1
}

@test "a call that is not a memory call costs at most 1.2 times as much as bare" {
  keeps 'v["other-memview"] <= 1.2 * v["other-bare"]'
}

@test "a memory call with its snapshot costs less than strace's and a read of maps" {
  command -v strace >/dev/null || skip "no strace here"
  keeps 'v["call-memview"] <= v["call-strace"] + v["maps"]'
}

@test "a snapshot of 30 000 mappings is 1.5 times as fast as pmap's" {
  command -v pmap >/dev/null || skip "no pmap here"
  keeps '1.5 * v["snapshot-memview"] <= v["snapshot-pmap"]'
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
