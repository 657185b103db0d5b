# browser.bats - memview's page and pictures in a real browser, without a screen
#
# All checks run in one browser (browser/page.js); each test here looks up one of them by its name.
bats_require_minimum_version 1.5.0

kit=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
here=$BATS_TEST_DIRNAME/browser

# cannot REASON - every test of this file will be skipped for it
cannot() {
  printf '%s\n' "$1" >"$BATS_FILE_TMPDIR/reason"
}

# packages - the packages that page.js needs, installed once, as the lock file names them
packages() {
  [[ $here/node_modules/.package-lock.json -nt $here/package-lock.json ]] ||
    npm ci --engine-strict --prefix "$here" --no-audit --no-fund >"$BATS_FILE_TMPDIR/npm" 2>&1
}

setup_file() {
  local memview=${MEMVIEW:-$BATS_FILE_TMPDIR/memview} pages=$BATS_FILE_TMPDIR/pages
  CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { cannot "no Chromium here"; return; }
  export CHROMIUM
  { command -v node && command -v npm; } >/dev/null || { cannot "no Node.js with npm here"; return; }
  packages || { cannot "npm ci: $(grep -m 1 'npm error' "$BATS_FILE_TMPDIR/npm")"; return; }
  [[ -x $memview ]] || make -s -C "$kit/memview" OUT="$BATS_FILE_TMPDIR" || return
  mkdir "$pages"
  "$here/folder" "$memview" "$pages" || return
  node "$here/page.js" "$pages" >"$BATS_FILE_TMPDIR/checks" 2>&1 </dev/null 3>&- 4>&- || true
}

setup() {
  [[ ! -e $BATS_FILE_TMPDIR/reason ]] || skip "$(<"$BATS_FILE_TMPDIR/reason")"
}

# passed - the check of this test's name was made and found nothing
passed() {
  grep '^#' "$BATS_FILE_TMPDIR/checks" || true
  grep -Fxq "ok $BATS_TEST_DESCRIPTION" "$BATS_FILE_TMPDIR/checks" || {
    awk -v name="not ok $BATS_TEST_DESCRIPTION" '$0 == name { on = 1; next } on && /^    / { print; next } { on = 0 }' \
      "$BATS_FILE_TMPDIR/checks"
    grep '^no browser' "$BATS_FILE_TMPDIR/checks"
    return 1
  }
}

@test "every check of the browser has its test here" {
  run grep -c '^ok \|^not ok ' "$BATS_FILE_TMPDIR/checks"
  echo "$output checks, ${#BATS_TEST_NAMES[@]} tests"
  ((output == ${#BATS_TEST_NAMES[@]} - 1))
}

@test "it starts at the step that was asked for" {
  passed
}

@test "a link can point at a step" {
  passed
}

@test "arrow keys move by a step, with Shift by a mark" {
  passed
}

@test "the slider moves, and says where it is" {
  passed
}

@test "the list of steps moves by keys and by a click" {
  passed
}

@test "play goes to the end, and stops when asked" {
  passed
}

@test "the picture marks what is new and what is gone" {
  passed
}

@test "libraries unfold into their parts" {
  passed
}

@test "a table says the same in words" {
  passed
}

@test "each kind of area has its line, and a press on it goes to that step" {
  passed
}

@test "a fork is a process of its own, and one can be followed" {
  passed
}

@test "resident pages are shown beside the size" {
  passed
}

@test "hostile names are text and nothing else" {
  passed
}

@test "axe finds nothing, light" {
  passed
}

@test "axe finds nothing, dark" {
  passed
}

@test "axe finds nothing, 320 pixels wide with a long list" {
  passed
}

@test "nothing is cut off at 320 pixels" {
  passed
}

@test "what moves keeps still when motion is not wanted" {
  passed
}

@test "ten thousand steps: a seek costs what it does with twenty" {
  passed
}

@test "ten thousand steps: the list holds what is in sight" {
  passed
}

@test "thirty thousand mappings: the picture holds what is in sight" {
  passed
}

@test "the SVG is well-formed, has a title and a description, and no text outside" {
  passed
}

@test "without scripts the page says so" {
  passed
}
