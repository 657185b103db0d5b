# marks.bats - the two ends of the scale: the solutions earn everything, the untouched kit nothing
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

setup_file() {
  local kit topic file
  kit=$(cd "$BATS_TEST_DIRNAME/.." && pwd -P)
  export SOLVED=$BATS_FILE_TMPDIR/solved.json UNSOLVED=$BATS_FILE_TMPDIR/unsolved.json
  "$kit/checker/check" SUBMISSION="$kit/solutions" RESULT="$SOLVED" >"$SOLVED.txt" 2>&1 3>&- || echo "$?" >"$SOLVED.status"
  # Cut anew: the user of this tree may have begun to solve what stands in support/.
  while IFS=$'\t' read -r topic file _; do
    mkdir -p "$BATS_FILE_TMPDIR/fresh/$topic"
    "$kit/tests/cut-skeleton" "$kit/solutions/$topic/$file" >"$BATS_FILE_TMPDIR/fresh/$topic/$file"
  done <"$kit/checker/tasks.tsv"
  "$kit/checker/check" SUBMISSION="$BATS_FILE_TMPDIR/fresh" RESULT="$UNSOLVED" >"$UNSOLVED.txt" 2>&1 3>&- || echo "$?" >"$UNSOLVED.status"
}

@test "the solutions have 100 of 100, and status 0" {
  tail -n 30 "$SOLVED.txt"
  [[ ! -e $SOLVED.status ]]
  [[ $(tail -n 1 "$SOLVED.txt") =~ ^Total:\ +100/100$ ]]
  [[ $(tail -n 1 "$SOLVED.txt" | wc -c) == 73 ]]
}

@test "the solutions have every star" {
  jq -e '.star_mp == .max_star_mp and .max_star_mp == 4000' "$SOLVED"
}

@test "the untouched kit has 0 of 100, and status 1" {
  tail -n 30 "$UNSOLVED.txt"
  [[ $(<"$UNSOLVED.status") == 1 ]]
  [[ $(tail -n 1 "$UNSOLVED.txt") =~ ^Total:\ +0/100$ ]]
}

@test "no single test passes unsolved" {
  jq -e '[.tests[] | select(.status == "pass") | .id] | debug | . == []' "$UNSOLVED"
}

@test "every failed test says what was expected and what came" {
  jq -e '[.tests[] | select(.status == "fail" or .status == "timeout")
    | select(.message | test("^expected: [\\s\\S]+\ngot: [\\s\\S]+") | not) | .id] | debug | . == []' "$UNSOLVED"
}

@test "a skipped test names the test that it needs" {
  jq -e '[.tests[] | select(.status == "skip") | select(.message | startswith("needs: ") | not) | .id]
    | debug | . == []' "$UNSOLVED"
}

@test "a test's line has 72 columns, whatever came of it" {
  run grep -hvE '^.{72}$' <(grep -hE ' (passed|failed|skipped) \.\.\. ' "$SOLVED.txt" "$UNSOLVED.txt")
  echo "$output"
  [[ $status == 1 ]]
}

@test "the total is printed once" {
  [[ $(grep -c 'Total:' "$SOLVED.txt") == 1 ]]
}

@test "the JUnit report is well formed, its names are unique, and it counts as the result does" {
  "$kit/checker/junit" "$UNSOLVED" | python3 -c '
import sys, xml.etree.ElementTree as tree
cases = tree.parse(sys.stdin).findall(".//testcase")
names = [(case.get("classname"), case.get("name")) for case in cases]
assert len(set(names)) == len(names)
print(len(names), len([c for c in cases if c.find("failure") is not None]))' >"$BATS_TEST_TMPDIR/junit"
  cat "$BATS_TEST_TMPDIR/junit"
  [[ $(<"$BATS_TEST_TMPDIR/junit") == "$(jq -r '"\(.tests | length) \([.tests[] | select(.status == "fail" or .status == "timeout")] | length)"' "$UNSOLVED")" ]]
}
