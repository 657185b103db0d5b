# watch.bats - make watch checks again on a save, shows the next failing test, and leaves nothing behind
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

setup() {
  copy_kit "$BATS_TEST_TMPDIR/kit"
  mkdir -p "$BATS_TEST_TMPDIR/tmp" "$BATS_TEST_TMPDIR/kit/support/mmap-file"
  chmod 1777 "$BATS_TEST_TMPDIR/tmp"
  chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" # for the check's scratch folder to be in there
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

# begin ARGUMENT… - start the watch in a session of its own
begin() {
  TMPDIR=$BATS_TEST_TMPDIR/tmp setsid env --default-signal=INT checker/watch "$@" >"$BATS_TEST_TMPDIR/shown" 2>&1 </dev/null 3>&- 4>&- &
  watch=$!
}

@test "a save is checked, and Ctrl-C ends it cleanly" {
  begin TOPIC=mmap-file
  shows '^Next, in mmap-file:$'
  grep -q '^mmap-file  *\.* *0/8$' "$BATS_TEST_TMPDIR/shown"
  shows '^mmap_read: .* failed '
  cp solutions/mmap-file/mmap_read.c support/mmap-file/mmap_read.c
  shows '^mmap-file  *#*\.* *2/8$'
  shows '^mmap_write: .* failed '
  kill -INT -- "-$watch"
  wait "$watch"
  watch=''
  run pgrep -fa "$BATS_TEST_TMPDIR/kit"
  echo "$output"
  [[ $status == 1 && -z $(ls "$BATS_TEST_TMPDIR/tmp") ]]
}

@test "a save during the first check is not missed" {
  local limit=$((SECONDS + 60))
  begin TOPIC=mmap-file
  until compgen -G "$BATS_TEST_TMPDIR/tmp/lab-check.*/submission/mmap-file/slack.c" >/dev/null; do # the last to be collected
    ((SECONDS < limit))
    read -rt 0.02 <> <(:) || true
  done
  [[ ! -s $BATS_TEST_TMPDIR/shown ]] # the first check is not over
  cp solutions/mmap-file/mmap_read.c support/mmap-file/mmap_read.c
  shows '^mmap-file  *#*\.* *2/8$'
}

@test "the next failing test looks as it does in a check" {
  begin TOPIC=mmap-file
  shows '^      read      lab/mmap-file.md: '
  grep -A 1 '^mmap_read: prints .* failed [.][.][.]   0$' "$BATS_TEST_TMPDIR/shown" | grep '^      expected  '
  grep '^      got       ' "$BATS_TEST_TMPDIR/shown"
  [[ -z $(awk 'length > 72' "$BATS_TEST_TMPDIR/shown") ]]
}

@test "each topic's points are shown once they are there, and praise only when all are" {
  cp solutions/mmap-file/*.c support/mmap-file
  printf '%s\n' mmap-file file-access >checker/topics
  begin
  shows '^Next, in file-access:$'
  run grep -c '^mmap-file  *#* *8/8$' "$BATS_TEST_TMPDIR/shown"
  [[ $output == 2 && $(grep -c '^file-access ' "$BATS_TEST_TMPDIR/shown") == 1 ]]
  run grep 'Every test passes' "$BATS_TEST_TMPDIR/shown"
  [[ $status == 1 ]]
}

@test "without a watcher it is one line and status 2" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\necho "Failed to watch" >&2; exit 1\n' >"$BATS_TEST_TMPDIR/bin/inotifywait"
  chmod +x "$BATS_TEST_TMPDIR/bin/inotifywait"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH run checker/watch TOPIC=mmap-file
  echo "$output"
  [[ $status == 2 && $output == "watch: support/ cannot be watched: Failed to watch" ]]
}

@test "a topic that does not exist is one line and status 2" {
  run checker/watch TOPIC=nothing
  [[ $status == 2 && ${#lines[@]} == 1 && $output == *"no such topic"* ]]
}
