# places.bats - check works as root and as a user, from anywhere, in any locale, without a terminal, twice at once
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

setup() {
  chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
}

teardown() {
  chmod -R u+w "$BATS_TEST_TMPDIR" # for bats to remove it
}

# full COMMAND… - a check of one small topic's solution that must have all points
full() {
  run "$@" TOPIC=mmap-file ONLY=mmap-file.slack SUBMISSION="$kit/solutions" 3>&- 4>&- </dev/null
  echo "$output"
  [[ $status == 0 && ${lines[-1]} =~ ^Total:\ +1/1$ ]]
}

@test "from a path with spaces, as an ordinary user, from a read-only checkout" {
  local place="$BATS_TEST_TMPDIR/a kit's place"
  copy_kit "$place"
  chmod -R a+rX,a-w "$place"
  kit=$place full someone "$place/checker/check"
  run someone "$place/checker/check" SUBMISSION=/nowhere 3>&- 4>&- </dev/null
  echo "$output"
  [[ $status == 2 && $output == *"no result file is kept"* ]]
}

@test "in a folder that only its owner may enter" {
  copy_kit "$BATS_TEST_TMPDIR/private/kit"
  chmod 700 "$BATS_TEST_TMPDIR/private"
  kit=$BATS_TEST_TMPDIR/private/kit full "$BATS_TEST_TMPDIR/private/kit/checker/check"
}

@test "with a umask of 077" {
  umask 077
  copy_kit "$BATS_TEST_TMPDIR/kit"
  full "$BATS_TEST_TMPDIR/kit/checker/check"
}

@test "with LANG=C and with a Turkish locale" {
  full env LANG=C LC_ALL=C "$kit/checker/check"
  localedef -i tr_TR -f UTF-8 "$BATS_TEST_TMPDIR/tr_TR.UTF-8"
  export LOCPATH=$BATS_TEST_TMPDIR
  [[ $(LC_ALL=tr_TR.UTF-8 bash -c 'a=i; echo "${a^}"') == İ ]] # it is Turkish
  full env LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 "$kit/checker/check"
}

@test "twice at once" {
  "$kit/checker/check" TOPIC=mmap-file ONLY=mmap-file.slack SUBMISSION="$kit/solutions" \
    RESULT="$BATS_TEST_TMPDIR/other.json" >"$BATS_TEST_TMPDIR/other" 2>&1 </dev/null 3>&- 4>&- &
  full "$kit/checker/check"
  wait $!
  [[ $(tail -n 1 "$BATS_TEST_TMPDIR/other") =~ 1/1$ ]]
}

@test "inside a topic's folder, make check grades that topic" {
  copy_kit "$BATS_TEST_TMPDIR/a kit"
  cp "$kit"/solutions/mmap-file/* "$BATS_TEST_TMPDIR/a kit/support/mmap-file"
  run make -C "$BATS_TEST_TMPDIR/a kit/support/mmap-file" check 3>&- 4>&-
  echo "$output"
  [[ $status == 0 && $output =~ Total:\ +8/8 ]]
}

@test "inside a topic's folder, paths are meant from there, whatever they hold" {
  copy_kit "$BATS_TEST_TMPDIR/a kit"
  local topic="$BATS_TEST_TMPDIR/a kit/support/mmap-file" odd="it's \$(odd)"
  mkdir "$topic/$odd"
  cp -R "$kit/solutions/mmap-file" "$topic/$odd"
  run make -C "$topic" check ONLY=mmap-file.slack SUBMISSION="$odd" RESULT="$odd.json" 3>&- 4>&-
  echo "$output"
  [[ $status == 0 && $output =~ Total:\ +1/1 && -s $topic/$odd.json ]]
  run make -C "$topic" check ONLY=mmap-file.slack SUBMISSION=../../solutions 3>&- 4>&-
  [[ $status == 0 && $output =~ Total:\ +1/1 ]]
  run make -C "$topic" check ONLY=mmap-file.slack 3>&- 4>&-
  [[ $status == 1 && $output =~ Total:\ +0/1 ]]
  run make -C "$topic" check SUBMISSION= 3>&- 4>&-
  [[ $status == 2 && $output == *"SUBMISSION is empty"* ]]
}

@test "make builds what can be built, names the folder of what cannot, and fails" {
  copy_kit "$BATS_TEST_TMPDIR/a kit"
  cd "$BATS_TEST_TMPDIR/a kit"
  echo 'int broken' >>support/memory-areas/areas.c
  echo 'no rule' >support/static-dynamic/Makefile
  run make 3>&- 4>&-
  echo "$output"
  [[ $status == 2 && $output != *Built.* ]]
  [[ $output == *"support/memory-areas: not everything could be built"* && $output == *"support/static-dynamic: not everything"* ]]
  [[ $(grep -c 'not everything' <<<"$output") == 2 ]]
  [[ -x support/memory-areas/minipmap && -x support/shared-memory/cow && -x memview/memview && ! -e support/memory-areas/areas ]]
  run make clean 3>&- 4>&-
  [[ $status == 2 && ! -e support/shared-memory/cow && ! -e memview/memview ]]
}

@test "the first steps of lab/README.md lead from a clone to the first example, in both terminals" {
  copy_kit "$BATS_TEST_TMPDIR/a kit"
  cd "$BATS_TEST_TMPDIR/a kit"
  local -a block
  mapfile -d '' block < <(awk '/^ *```sh$/ { code = 1; next } /^ *```$/ && code { code = 0; printf "%c", 0 } code' lab/README.md)
  [[ ${#block[@]} == 2 ]] # the first is for the first terminal, the second for both
  bash -ec "${block[0]}" 3>&- 4>&-
  run bash -ec "${block[1]}"'./hello </dev/null; type memview; ls areas.c'
  echo "$output"
  [[ $status == 0 && $output == "Hello, world!"*"memview is "*areas.c ]]
}

@test "make bench is there in the root and in its chapter's folder" {
  run -0 make -n -C "$kit" bench
  [[ $output == *benchmark_cp.sh* ]]
  run -0 make -n -C "$kit/support/copy" bench
  [[ $output == *benchmark_cp.sh* ]]
}

@test "make check ends with 0, 1 and 2" {
  local -a small=(make -C "$kit" check TOPIC=mmap-file ONLY=mmap-file.slack)
  run "${small[@]}" SUBMISSION=solutions 3>&- 4>&-
  [[ $status == 0 ]]
  mkdir -p "$BATS_TEST_TMPDIR/sub/mmap-file"
  run "${small[@]}" SUBMISSION="$BATS_TEST_TMPDIR/sub" 3>&- 4>&-
  [[ $status == 1 && $output == *Total:*0/1* ]]
  run "${small[@]}" SUBMISSION=/nowhere 3>&- 4>&-
  [[ $status == 2 ]]
  run make -C "$kit" check SUBMISSION= 3>&- 4>&-
  [[ $status == 2 && $output == *"SUBMISSION is empty"* ]]
}

@test "a check that is killed leaves no process and no scratch folder" {
  mkdir -p "$BATS_TEST_TMPDIR/"{tmp,sub/mmap-file}
  chmod 1777 "$BATS_TEST_TMPDIR/tmp"
  printf '#include <unistd.h>\nint main(void) { write(1, "x", 1); for (;;) ; }\n' >"$BATS_TEST_TMPDIR/sub/mmap-file/slack.c"
  TMPDIR=$BATS_TEST_TMPDIR/tmp "$kit/checker/check" TOPIC=mmap-file ONLY=mmap-file.slack \
    SUBMISSION="$BATS_TEST_TMPDIR/sub" >/dev/null 2>&1 </dev/null 3>&- 4>&- &
  local pid=$! tries
  for ((tries = 0; tries < 200; tries++)); do # until the program runs
    pgrep -f '/slack' >/dev/null && break
    read -rt 0.05 <> <(:) || true
  done
  kill -TERM $pid
  wait $pid || true
  for ((tries = 0; tries < 100; tries++)); do
    pgrep -f "$BATS_TEST_TMPDIR/tmp/lab-check" >/dev/null || break
    read -rt 0.05 <> <(:) || true
  done
  run pgrep -fa "$BATS_TEST_TMPDIR/tmp/lab-check"
  echo "$output"
  [[ $status == 1 && -z $(ls "$BATS_TEST_TMPDIR/tmp") ]]
}

@test "missing tools without root are one line with the command to run" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  local tool
  for tool in bash cat sort mktemp tail rm env sh dirname; do
    ln -s "$(command -v $tool)" "$BATS_TEST_TMPDIR/bin"
  done
  cp "$kit/checker/setup" "$BATS_TEST_TMPDIR" # the kit may stand where only its owner may look
  run someone env PATH="$BATS_TEST_TMPDIR/bin" bash "$BATS_TEST_TMPDIR/setup" </dev/null
  echo "$output"
  [[ $status == 2 && ${#lines[@]} == 1 && $output == *"as root: apt-get update && apt-get install"*bubblewrap* ]]
}
