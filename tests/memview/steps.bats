# steps.bats - memview's steps: one cause per difference, for every memory call, thread and child
source "$BATS_TEST_DIRNAME/memview.bash"

setup_file() {
  build
}

setup() {
  enter
}

# act ACT [ARGUMENT] - its recording in the file t; skipped if the act says that the machine can't
act() {
  local status=0
  timeout 60 "$MEMVIEW" record -o t -- "$programs/acts" "$@" || status=$?
  [[ $status != 77 ]] || skip "not on this machine: $1"
  ((status == 0))
}

# record ACT [ARGUMENT] - the recording of an act, in the file t
record() {
  run --separate-stderr memview record -o t -- "$programs/acts" "$@"
  [[ $status == 0 ]] || { echo "status $status: $stderr"; return 1; }
}

# pages JSON - the sizes that a step paints, in pages
pages() {
  jq -r --argjson page "$page" '[.areas // [] | .[] | .[1] / $page | tostring] | join(" ")' <<<"$1"
}

# replayed STEP - how many areas the recording has after a step, and their total
replayed() {
  memview show t --step "$1" | sed -n 's/^  total *\(.*\) in \([0-9]*\) areas/\2 areas, \1/p'
}

@test "the first malloc(320000) is a mapping of 323584 bytes, the next after its free comes from brk" {
  record threshold

  first=$(step_after first 1 t)
  is "$first" '.call | startswith("mmap(NULL, 323584, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)")'
  is "$first" '.areas | length == 1 and .[0][1] == 323584 and .[0][2] == "anon"'

  is "$(step_after free 1 t)" '.call | startswith("munmap(")'
  is "$(step_after free 1 t)" '.areas[0][1] == 323584 and (.areas[0] | length == 2)'

  second=$(step_after second 1 t)
  is "$second" '.call | startswith("brk(")'
  is "$second" '.areas | length == 1 and .[0][2] == "heap" and .[0][1] >= 320000 - 135168'
  is "$(step_after second 2 t)" '.mark == "end"'
}

@test "a call has its source line and function, a mark that of its caller" {
  command -v readelf >/dev/null && ldd "$MEMVIEW" | grep -q libdw || skip "built without libdw"
  record threshold
  source=$BATS_TEST_DIRNAME/programs/acts.c

  line=$(grep -n 'sink = malloc(320000)' "$source" | head -n 1 | cut -d : -f 1)
  is "$(step_after first 1 t)" ".at == \"acts.c:$line\" and .in == \"threshold\""
  line=$(grep -n 'mark("second")' "$source" | cut -d : -f 1)
  is "$(step_after second 0 t)" ".at == \"acts.c:$line\""
}

@test "a stack that grows by page faults is a step of its own, without a call" {
  record recurse

  faults=$(jq -c '.steps[] | select(.why == "faults")' t)

  is "$faults" '.areas | length == 1 and .[0][2] == "stack"'
  is "$faults" '.areas[0][1] >= 1000000 - 135168'
  is "$faults" 'has("call") | not'
  is "$(step_after after 0 t)" 'has("areas") | not'
}

@test "a thread: its stack, its guard, its TID, its arena, its end" {
  record thread
  tid=$(jq -r '.steps[] | select(.call // "" | startswith("clone")) | .result' t)
  made=$(jq -c '.steps[] | select(.call // "" | startswith("clone"))' t)
  is "$made" "[.areas[] | select(.[2] == \"thread\" and .[5] == $tid)] | length == 1"
  is "$made" "[.areas[] | select(.[2] == \"guard\" and .[5] == $tid and .[3] == \"---p\")] | length == 1"

  is "$(jq -c "[.steps[] | select(.tid == $tid)]" t)" "first | .call | startswith(\"mmap(NULL, 134217728, PROT_NONE\")"
  ended=$(jq -c '[.steps[] | select(.why == "exit" and .result == "the thread ended")]' t)
  is "$ended" 'length == 1 and (.[0].areas | map(.[5]) == [null, null])'
  memview show t | grep -q "A arena"
}

@test "MAP_FIXED over a mapping replaces it, and says so" {
  record replace
  step=$(step_after replace 1 t)
  is "$step" '.call | contains("MAP_FIXED")'
  [[ $(pages "$step") == 1 ]]
  memview show t | grep -q '^= .* N anon  *replaced'
}

@test "munmap, mprotect, mremap: the interval and nothing else" {
  record replace

  [[ $(pages "$(step_after punch 1 t)") == 1 ]]
  is "$(step_after punch 1 t)" '.areas[0] | length == 2'
  [[ $(pages "$(step_after protect 1 t)") == 1 ]]
  is "$(step_after protect 1 t)" '.areas[0][3] == "r--p"'
  moved=$(step_after move 1 t)
  is "$moved" '.areas | map(length) | sort == [2, 4]'
  [[ $(pages "$moved" | tr ' ' '\n' | sort -n | xargs) == "3 600" ]]
  [[ $(pages "$(step_after shrink 1 t)") == 599 ]]
}

@test "a call that fails is told with its error, and changes nothing" {
  record replace
  step=$(step_after fail 1 t)
  is "$step" '.result == "-1 EINVAL" and (has("areas") | not)'
}

@test "mappings that merge with their neighbours are still differences" {
  record merge
  for n in 1 2 3 4 5; do
    [[ $(pages "$(step_after merge "$n" t)") == 1 ]]
  done
  is "$(step_after merge 6 t)" '.mark == "end"'
}

@test "what is asked about a call's own mappings is what reading all of them tells" {
  setarch -R true || skip "addresses can't be made the same"
  for act in "shuffle 1" "shuffle 2" "shuffle 3" replace merge threshold recurse thread child spawn; do
    for errors in "" "-e inject=ioctl:error=ENOTTY"; do
      # shellcheck disable=SC2086 # several words each
      setarch -R strace -qq -o calls -e trace=ioctl $errors "$MEMVIEW" record -o t -- "$programs/acts" $act
      jq -c '.steps[] | [.why, .call, .areas | try map(.[:5])]' t | sed 's/ptr=0x[0-9a-f]*//' >"steps$errors"
    done
    [[ $(wc -l <steps) -gt 10 ]]
    diff steps "steps-e inject=ioctl:error=ENOTTY"
  done
}

@test "guards come and go without a change of maps" {
  run memview record -o t -- "$programs/acts" guard
  [[ $status != 77 ]] || skip "this kernel has no MADV_GUARD_INSTALL"
  is "$(step_after install 1 t)" '.areas | length == 1 and .[0][2] == "guard"'
  [[ $(pages "$(step_after install 1 t)") == 1 ]]
  is "$(step_after remove 1 t)" '.areas | length == 1 and .[0][2] == "anon"'
}

@test "guards of a call that failed half-way are there" {
  act guard-hole
  is "$(step_after install 1 t)" '.result == "-1 ENOMEM" and (.areas | length == 1 and .[0][2] == "guard")'
}

@test "what mmap put where the heap ends is not the heap, though the kernel calls it so" {
  act above
  is "$(step_after map 1 t)" '(.call | startswith("mmap(")) and (.areas | length == 1 and .[0][2] == "anon")'
}

@test "a stack of one's own that grows by page faults is a step of its own" {
  act downward
  is "$(step_after grow 1 t)" '.why == "faults" and (.areas | length == 1 and .[0][2] == "anon")'
  [[ $(pages "$(step_after grow 1 t)") == 5 ]]
  is "$(step_after grow 2 t)" '(.call | startswith("mprotect(")) and (.areas | length == 1)'
}

@test "the ring of an asynchronous I/O context has its call" {
  act ring
  is "$(step_after make 1 t)" '(.call | startswith("io_setup(8, 0x")) and (.areas | length == 1 and (.[0][4] | contains("[aio]")))'
}

@test "a memory call that waits for another thread's does not hold it" {
  act wait-for-other
  is "$(jq -c '.steps[-1]' t)" '.result == "exited with 0"'
}

@test "a process that ends while its threads are at calls leaves a whole recording" {
  for _ in {1..20}; do
    act leave 8
    is "$(jq -c '.steps[-1]' t)" '.why == "exit"'
  done
}

@test "fork: the child has a copy, and what it maps is not its parent's" {
  record child
  forked=$(jq -c '.steps[] | select(.new == 0)' t)
  is "$forked" '.space == 1 and (has("areas") | not)'
  theirs=$(jq -c '[.steps[] | select(.areas)] | map(select(.areas[0][3] == "r--p")) | .[-2:]' t)
  [[ $(pages "$(jq -c '.[0]' <<<"$theirs")") == 5 ]]
  [[ $(pages "$(jq -c '.[1]' <<<"$theirs")") == 7 ]]
  is "$(jq -c '[.steps[] | select(.why == "exit") | .result]' t)" '. == ["exited with 5", "exited with 0"]'
  # Replayed, the child's state has the 5 pages, and the parent's has not.
  last=$(jq '.steps | length - 1' t)
  memview show t --step "$last" >parent
  grep -q " $((7 * page / 1024)) KiB r--p N anon" parent
  run ! grep -q " $((5 * page / 1024)) KiB r--p N anon" parent
}

@test "vfork and exec: the child's image is a space of its own, the parent's stays" {
  record spawn
  is "$(jq -c '[.steps[] | select(.new)] | map(.space)' t)" '. == [0, 1]'
  is "$(step_after back 0 t)" '(.space // 0) == 0 or has("space") == false'
  is "$(jq -c '[.steps[] | select(.new)][1]' t)" '.call | startswith("execve(\"/bin/true\"")'
}

@test "exec from a thread other than the first" {
  run --separate-stderr memview record -o t -- "$programs/acts" exec
  [[ $status == 0 && $output == became ]]
  is "$(jq -c '[.steps[] | select(.new)]' t)" 'length == 2 and (.[1].call | startswith("execve(\"/bin/echo\", [\"echo\", \"became\"]"))'
}

@test "a storm of threads: each difference has exactly one cause" {
  record storm 60
  jq -c '.steps[] | select(.call and (.call | test("^mmap\\(NULL, [0-9]+, PROT_READ\\|PROT_WRITE, MAP_PRIVATE\\|MAP_ANONYMOUS, -1")))' t >maps
  [[ $(wc -l <maps) -ge 1200 ]]

  # Each mmap() has one interval of its own size, at its own address.
  jq -e 'select(.areas == null or (.areas | length != 1) or .areas[0][1] != (.call | capture("NULL, (?<n>[0-9]+)").n | tonumber)
    or "0x" + .areas[0][0] != .result)' maps >wrong || true

  [[ ! -s wrong ]] || { head -n 3 wrong; return 1; }
}

@test "the state after the last step is what a snapshot finds" {
  mkfifo in
  "$MEMVIEW" record -o t -- "$programs/tenants" 3 <in >lines 3>&- &
  tracer=$!
  exec 7>in
  until grep -qx ready lines 2>/dev/null; do kill -0 "$tracer"; done
  memview --json s "$(pgrep -P "$tracer")" >/dev/null
  exec 7>&-
  wait "$tracer"
  # The recording goes on: replay it up to the last step before the exits.
  step=$(jq '[.steps[] | .why == "exit"] | index(true) - 1' t)

  for of in "t --step $step" s; do
      # shellcheck disable=SC2086 # an option and its value
    memview show --all $of | sed -n '/^step\|^PID/,$p' | grep '^[-+~= ] *[0-9a-f]* .* [-rwxps]\{4\} ' | cut -c 3-
  done | sort | uniq -u >differ

  [[ ! -s differ ]] || { cat differ; return 1; }
}

@test "resident pages: what is touched, and what is given back" {
  run memview record --resident -o t -- "$programs/acts" touch
  mapped=$(step_after mapped -1 t)
  start=$(jq -r '.areas[0][0]' <<<"$mapped")
  touched=$(step_after touched 0 t | jq --arg at "$start" '.rss[] | select(.[0] == $at) | .[1]')
  left=$(step_after touched 1 t | jq --arg at "$start" '.rss[] | select(.[0] == $at) | .[1]')
  [[ $((touched - left)) == $((10 * page)) ]]
  ((touched >= 30 * page))
}

@test "run prints the differences as they happen, the program's output apart" {
  LC_ALL=C run --separate-stderr memview -- "$programs/acts" recurse
  [[ $status == 0 && ${#lines[@]} == 1 ]]
  [[ $stderr == *"the stack grew by page faults"* ]]
  [[ $stderr != *$'\e'* ]]
  awk 'length > 80' <<<"$stderr" >long
  [[ ! -s long ]] || { cat long; return 1; }
}

@test "what run prints is what show prints of the recording" {
  memview record -o t -- "$programs/acts" threshold
  memview show t | sed '/^$/,$d' | sed 's/\[[0-9 thread]*\]//' >shown
  memview -- "$programs/acts" threshold 2>printed

  diff <(sed 's/[0-9a-f]\{6,\}/ADDRESS/g' shown) <(sed 's/[0-9a-f]\{6,\}/ADDRESS/g' printed)
}

@test "diff: two snapshots of one process, and of two" {
  mkfifo in
  "$programs/mappings" shared <in >lines 3>&- &
  pid=$!
  exec 7>in
  until grep -qx ready lines; do kill -0 "$pid"; done
  memview --json a "$pid" >/dev/null
  memview diff a a >same
  memview record -o t -- "$programs/acts" exit 0
  memview diff t a >other
  exec 7>&-
  wait "$pid" || true

  run ! grep '^[-+~=] [0-9a-f]' same
  grep -q 'two runs' other
  grep -q '^. P shared' other
}

@test "diff: two programs at the same addresses are told by their sizes" {
  cp "$programs/acts" other
  memview record -o a -- "$programs/acts" exit 0
  memview record -o b -- ./other exit 0
  memview diff a b >shown
  grep -q 'two runs' shown
}

@test "watch tells each change, and ends with the process" {
  mkfifo in
  "$BASH" -c 'read -r; exec "$0" 100 <&0' "$programs/mappings" <in >lines 3>&- &
  pid=$!
  exec 7>in
  "$MEMVIEW" watch "$pid" >watched 3>&- 7>&- &
  watcher=$!
  until grep -q bash watched; do kill -0 "$watcher"; done
  echo >&7
  until grep -qx ready lines; do kill -0 "$pid"; done
  until grep -q 'mappings' watched; do kill -0 "$watcher"; done
  exec 7>&-
  wait "$watcher"

  grep -q '^1 .*changed' watched
  grep -qx 'the process has ended' watched
}

@test "predict: asks at each mark, and judges to the page" {
  printf 'anon +312.5\nanon -100\nheap 1000\n' >answers
  run memview --predict -- "$programs/acts" threshold <answers
  [[ $status == 0 ]]
  grep -q 'Which area will change' <<<"$output"
  grep -q 'right, to the page' <<<"$output"
  grep -q 'the right area, but not by as much' <<<"$output"
  grep -q '+ H heap' <<<"$output"
  grep -q '^1 of 3 right' <<<"$output"
}

@test "predict: the right area in the wrong direction" {
  printf 'none\nanon +312.5\n' >answers
  run memview --predict -- "$programs/acts" threshold <answers
  grep -q 'the right area, the other way' <<<"$output"
}

@test "predict: nothing to foresee, and answers that are none" {
  printf 'what?\nnone\n\nnone\n' >answers
  run memview --predict -- "$programs/acts" recurse <answers
  grep -q 'A kind of area and KiB' <<<"$output"
  grep -q 'not so' <<<"$output"
}
