# memview.bash - what the suites of memview share: the tool, living programs, and what is where
#
# usage: source "$BATS_TEST_DIRNAME/memview.bash", then `build` in setup_file and `enter` in setup.
bats_require_minimum_version 1.5.0

kit=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)

# build - memview and the programs it is tested with; MEMVIEW=FILE tests that one
build() {
  if [[ -z ${MEMVIEW-} ]]; then
    MEMVIEW=$BATS_FILE_TMPDIR/memview
    make -s -C "$kit/memview" OUT="$BATS_FILE_TMPDIR" || return
  fi
  export MEMVIEW
  programs=$BATS_FILE_TMPDIR/programs
  export programs
  mkdir -p "$programs"
  make -s -C "$BATS_TEST_DIRNAME/programs" OUT="$programs" || return
}

# enter - go to the test's own folder; what is started there ends with the test
enter() {
  export LC_ALL=C.UTF-8
  page=$(getconf PAGESIZE)
  started=()
  cd "$BATS_TEST_TMPDIR" || return
}

memview() {
  "$MEMVIEW" "$@"
}

# start PROGRAM [ARGUMENT]… - run it until it prints ready; `pid` is its PID, the lines before are in the file out
start() {
  local line
  rm -f in lines
  mkfifo in lines
  "$@" <in >lines 3>&- 7>&- 8<&- &
  pid=$!
  started+=("$pid")
  exec 7>in 8<lines
  while read -r line <&8; do
    [[ $line != ready ]] || return 0
    echo "$line"
  done >out
  return 1
}

# finish_started - end what start() began
finish_started() {
  exec 7>&- 8<&-
  ((${#started[@]} == 0)) || kill -9 "${started[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  started=()
}

# awk's functions: hex() of a text; exact up to 2^53, where programs' addresses end
hex='function hex(s,  n, i) { for (i = 1; i <= length(s); i++) n = 16 * n + index("0123456789abcdef", substr(s, i, 1)) - 1
  return n }'

# areas FILE [STEP] - the areas that a step of a recording paints: START END KIND PERMS TID NAME, in decimal
areas() {
  jq -r --argjson step "${2:-0}" '.steps[$step].areas // [] | .[] |
    "\(.[0]) \(.[1]) \(.[2] // "-") \(.[3] // "-") \(.[5] // 0) \(.[4] // "")"' "$1" |
    awk "$hex"' !/^ffffffffff/ { start = hex($1); end = start + $2; $1 = $2 = ""; printf("%.0f %.0f%s\n", start, end, substr($0, 2)) }'
}

# area_at ADDRESS FILE - the line of areas() that holds the address
area_at() {
  awk -v at="$(($1))" '$1 <= at && at < $2 { print; found = 1 } END { if (!found) print "nothing" }' "$2"
}

# all_in_place FILE - every line NAME ADDRESS [TID] of the file out lies in an area of that kind
all_in_place() {
  local name address tid area kind its
  areas "$1" >list
  while read -r name address tid; do
    [[ $address ]] || continue
    area=$(area_at "$address" list)
    read -r _ _ kind _ its _ <<<"$area"
    [[ $kind == "$name" ]] || { echo "$name $address lies in: $area"; return 1; }
    [[ -z $tid || $tid == 0 || $tid == "$its" ]] || { echo "$name of $tid lies in: $area"; return 1; }
  done <out
}

# total FILE [FILTER] - bytes of all areas of a snapshot
total() {
  jq "[.steps[0].areas[] | select(${2-true}) | .[1]] | add // 0" "$1"
}

# kernels_total PID - bytes of all mappings in the kernel's own list
kernels_total() {
  awk "$hex"' { split($1, range, "-"); total += size(range) }
    function size(r) { return r[1] ~ /^ffff/ ? hex(substr(r[2], 9)) - hex(substr(r[1], 9)) : hex(r[2]) - hex(r[1]) }
    END { printf("%.0f\n", total) }' "/proc/$1/maps"
}

# step_after MARK N FILE - the Nth step after a mark, as JSON
step_after() {
  jq -c --arg mark "$1" --argjson n "$2" '.steps as $s | ($s | map(.mark == $mark) | index(true)) as $i |
    if $i then $s[$i + $n] else "no such mark" end' "$3"
}

# is JSON FILTER - the filter yields true; else the JSON is shown
is() {
  jq -e "$2" >/dev/null <<<"$1" || { echo "not so: $2"; echo "in: $1"; return 1; }
}
