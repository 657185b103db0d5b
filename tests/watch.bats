# watch.bats - make watch checks again on a save, shows the next failing test, and leaves nothing behind
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

setup() {
  copy_kit "$BATS_TEST_TMPDIR/kit"
  mkdir -p "$BATS_TEST_TMPDIR/tmp" "$BATS_TEST_TMPDIR/kit/support/mmap-file"
  chmod 1777 "$BATS_TEST_TMPDIR/tmp"
  cd "$BATS_TEST_TMPDIR/kit" || return
  local topic=mmap-file file
  for file in mmap_read.c mmap_write.c mappable.c slack.c; do
    tests/cut-skeleton "solutions/$topic/$file" >"support/$topic/$file"
  done
}

teardown() {
  [[ -z ${watch-} ]] || kill "$watch" 2>/dev/null || true
}

# shows PATTERN - wait until the watch has printed a line that matches; 120 seconds at most
shows() {
  local limit=$((SECONDS + 120))
  until grep -q "$1" "$BATS_TEST_TMPDIR/shown"; do
    ((SECONDS < limit)) || { cat "$BATS_TEST_TMPDIR/shown"; return 1; }
    read -rt 0.1 <> <(:) || true
  done
}

@test "a save is checked, and Ctrl-C ends it cleanly" {
  TMPDIR=$BATS_TEST_TMPDIR/tmp setsid env --default-signal=INT checker/watch TOPIC=mmap-file >"$BATS_TEST_TMPDIR/shown" 2>&1 </dev/null 3>&- 4>&- &
  watch=$!
  shows '^Next: mmap-file / mmap_read: '
  grep -q '^mmap-file  *\.* *0/8$' "$BATS_TEST_TMPDIR/shown"
  cp solutions/mmap-file/mmap_read.c support/mmap-file/mmap_read.c
  shows '^mmap-file  *#*\.* *2/8$'
  shows '^Next: mmap-file / mmap_write: '
  kill -INT -- "-$watch"
  wait "$watch"
  watch=''
  run pgrep -fa "$BATS_TEST_TMPDIR/kit"
  echo "$output"
  [[ $status == 1 && -z $(ls "$BATS_TEST_TMPDIR/tmp") ]]
}

@test "a topic that does not exist is one line and status 2" {
  run checker/watch TOPIC=nothing
  [[ $status == 2 && ${#lines[@]} == 1 && $output == *"no such topic"* ]]
}
