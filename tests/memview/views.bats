# views.bats - memview's SVG and HTML, as far as they can be judged without a browser
bats_require_minimum_version 1.5.0

kit=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
sample=$kit/memview/sample.json

setup_file() {
  [[ -n ${MEMVIEW-} ]] || make -s -C "$kit/memview" OUT="$BATS_FILE_TMPDIR" || return
}

setup() {
  memview=${MEMVIEW:-$BATS_FILE_TMPDIR/memview}
  cd "$BATS_TEST_TMPDIR" || return
}

# terminal RECORDING STEP - the areas as the terminal shows them: address, size, permissions, kind
terminal() {
  LC_ALL=C "$memview" show "$1" --step "$2" --all --ascii |
    sed -n 's/^[ +~=-] \([0-9a-f]\{12\}\) *\([0-9]* [A-Z]*i*B\) \([-rwxps]\{4\}\) [A-Za-z] \([a-z]*\).*/\1 \2 \3 \4/p' |
    awk -v skip="$(changes "$1" "$2")" 'NR > skip'
}

# changes RECORDING STEP - how many lines of the terminal's picture are the step's difference, which stands first
changes() {
  LC_ALL=C "$memview" show "$1" --step "$2" --all --ascii | awk '/^$/ { exit } /^[+~=-] [0-9a-f]+ / { n++ } END { print n + 0 }'
}

# texts - the texts of an SVG on standard input, one a line
texts() {
  sed -n 's/.*<text [^>]*>\(.*\)<\/text>.*/\1/p'
}

# pages - the recordings of the browser's tests, here
pages() {
  command -v node >/dev/null || skip "no Node.js here"
  "$BATS_TEST_DIRNAME/browser/folder" "$memview" .
}

# absent PATTERN FILE - no line of FILE matches
absent() {
  run grep -n "$1" "$2"
  echo "$output"
  [[ $status == 1 ]]
}

# draw ARGUMENT… - show the sample as a picture, on standard output
draw() {
  "$memview" show "$sample" --svg - "$@"
}

@test "svg: every area of a step stands in it, with its address, size and permissions" {
  for step in 0 9 18; do
    draw --all --step "$step" | texts >drawn
    while read -r address size unit perms _; do
      grep -A 4 -Fx "$(printf %x "0x$address")" drawn >around || { echo "step $step: no $address"; return 1; }
      grep -Fxq "$size $unit" around && grep -Fxq -e "$perms" around || { cat around; return 1; }
    done < <(terminal "$sample" "$step")
  done
}

@test "svg: a folded library is one row, --all shows its parts" {
  [[ $(draw --step 9 | texts | grep -c 'libc.so.6') == 1 ]]
  [[ $(draw --step 9 --all | texts | grep -c 'of libc.so.6') == 4 ]]
}

@test "svg: what is new and what is gone is said by more than a line" {
  draw --step 6 | grep -q '+ new'
  draw --step 6 | grep -q 'class="new"'
  draw --step 9 | grep -q '&#x2212; gone'
  draw --step 9 | grep -q 'class="gone"'
  draw --step 8 | texts | grep -Fxq '+4 MiB'
}

@test "svg: before and after stand side by side" {
  draw --step 5..16 >pair.svg

  texts <pair.svg >drawn
  grep -Fxq 'before: after step 5' drawn
  grep -Fxq 'now: after step 16' drawn
  [[ $(grep -Fxc heap drawn) == 3 ]] # one a side, one in the legend
  [[ $(grep -Fxc 'stack of thread 4712' drawn) == 1 ]]
  [[ $(sed -n 's/^<svg .* width="\([0-9]*\)".*/\1/p' pair.svg) -gt 1000 ]]
}

@test "svg: title and description say the step in words" {
  draw --step 9 >step.svg

  grep -q '<svg .*role="img" aria-labelledby="title desc"' step.svg
  grep -Fxq '<title id="title">Address space of ./sample, step 9</title>' step.svg
  grep -q '<desc id="desc">munmap(0x7ffff7d81000, 323584) = 0\. 19 areas, 6588 KiB\. gone: 316 KiB anon at 7ffff7d81000\.</desc>' step.svg
}

@test "svg: kinds differ without colour, by letter and by pattern" {
  draw --step 0 >any.svg

  patterns=$(grep -c '<pattern ' any.svg)
  distinct=$(sed -n 's/.*<pattern .*<path d="\([^"]*\)".*/\1/p' any.svg | sort -u | grep -c '')
  echo "$patterns patterns, $distinct distinct"
  ((patterns == 17 && distinct == patterns))
}

@test "svg: hostile names are escaped, and the file is ASCII" {
  pages

  LC_ALL=C absent '[^ -~]' hostile.svg
  absent '<script\|<img' hostile.svg
  grep -Fq './&#x3c;/title&#x3e;&#x3c;script&#x3e;hacked=1' hostile.svg
  grep -Fq 'lib\u{202e}gnp.\u{7}\u{1b}[31m' hostile.svg
}

@test "svg: thirty thousand mappings become a picture that fits on a sheet" {
  pages
  "$memview" show many.json --step 3 --svg many.svg >/dev/null

  echo "$(wc -c <many.svg) bytes"
  (($(wc -c <many.svg) < 100000))
  texts <many.svg | grep -q '^[0-9]* areas: anon$'
}

@test "html: the page needs nothing beside itself" {
  "$memview" show "$sample" --html page.html >/dev/null

  absent '<link\|<iframe\| src=\| href=\|url(http\|@import\|fetch(\|XMLHttpRequest' page.html
  [[ $(grep -o 'https\?://[^"]*' page.html | sort -u) == http://www.w3.org/2000/svg ]]
  grep -q "Content-Security-Policy\" content=\"default-src 'none'" page.html
  absent '^@.*@$' page.html
}

@test "html: names cannot end the element that holds the recording" {
  pages

  [[ $(grep -c '</script>' hostile.html) == 3 ]]
  [[ $(grep -o '<script' hostile.html | grep -c '') == 3 ]]
}

@test "html: the page's model agrees with memview at every step" {
  pages
  steps=({0..23})
  for step in "${steps[@]}"; do
    terminal "$sample" "$step"
    echo --
  done >expected

  node "$BATS_TEST_DIRNAME/browser/replay.js" "$kit/memview/html/model.js" "$sample" "${steps[@]}" >got

  [[ $(grep -c '^[0-9a-f]' expected) -gt 400 ]]
  diff expected got
}

@test "html: the page's model agrees with memview in a long recording, forwards and backwards" {
  pages
  steps=(9999 1 5000 4999 77 7777 100 9998)
  for step in "${steps[@]}"; do
    terminal long.json "$step"
    echo --
  done >expected

  node "$BATS_TEST_DIRNAME/browser/replay.js" "$kit/memview/html/model.js" long.json "${steps[@]}" >got

  [[ $(grep -c '^[0-9a-f]' expected) -gt 400 ]]
  diff expected got
}

@test "html: the recording in it is the recording" {
  "$memview" show "$sample" --html page.html --json again.json >/dev/null

  sed -n '/^<script type="application\/json" id="recording">$/,/^<\/script>$/p' page.html | sed '1d;$d' | jq -c . >inside

  jq -c . again.json | diff - inside
}

@test "svg and html: a full disk is told" {
  for view in --svg --html; do
    run --separate-stderr "$memview" show "$sample" "$view" /dev/full
    echo "$view: status $status, $stderr"
    [[ $status == 125 && $stderr == *"/dev/full: No space left on device"* ]]
  done
}
