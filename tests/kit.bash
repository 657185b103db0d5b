# kit.bash - what the tests of the kit share
#
# Each suite opens with `source "$BATS_TEST_DIRNAME/kit.bash"`; `kit` is the kit's root, `$BATS_TEST_TMPDIR` is scratch.

# shellcheck disable=SC2034 # for the suites
kit=$(cd "$BATS_TEST_DIRNAME/.." && pwd -P)

# check ARGUMENT… - run the kit's check, its output in `output`, its status in `status`
check() {
  run --separate-stderr "$kit/checker/check" "$@" 3>&- 4>&-
}

# copy_kit FOLDER - the kit as a clone would have it, with what is not committed yet
copy_kit() {
  mkdir -p "$1"
  (cd "$kit" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp -P --parents -t "$1" 2>/dev/null)
}

# someone COMMAND… - as an ordinary user without a home, where we are root; else as who we are
someone() {
  if ((EUID == 0)); then
    setpriv --reuid 61000 --regid 61000 --clear-groups env HOME=/nonexistent "$@"
  else
    "$@"
  fi
}

# last_line - the last line of what the check printed
last_line() {
  printf '%s\n' "${lines[-1]}"
}

# one_line_error PATTERN - status 2, nothing printed, and one line on standard error that matches
one_line_error() {
  [[ $status == 2 ]] || { echo "status $status: $output $stderr"; return 1; }
  [[ -z $output ]] || { echo "printed: $output"; return 1; }
  # shellcheck disable=SC2154 # bats sets stderr_lines
  [[ ${#stderr_lines[@]} == 1 && ${stderr_lines[0]} =~ $1 ]] || { echo "said: $stderr"; return 1; }
}
