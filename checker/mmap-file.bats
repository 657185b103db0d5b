# mmap-file.bats - files as memory: what is mapped, what is stored through it, what the kernel refuses

source "$LAB_CHECKER/lab.bash"

setup_file() {
  topic mmap-file
  if wanted mappable; then
    tool "$LAB_RUN/answer" answer.c
  fi
  if wanted mmap_read || wanted mmap_write || wanted slack; then
    tool "$LAB_BIN/pages.so" pages.c -shared -fPIC
  fi
  close_sandbox
}

setup() {
  scratch
  name=f$RANDOM.dat
}

teardown() {
  leave
}


# What a program sees as a page with pages.so.
large_page=$((page < 65536 ? 65536 : 4 * page))

# large_pages - the next job sees pages of that size, and a fault right behind each of its mappings of a file
large_pages() {
  with env=LD_PRELOAD="$(inside bin)/pages.so"
}

# text N - N random letters, digits and the like, without a newline
text() {
  head -c "$1" /dev/urandom | base64 -w 0 | head -c "$1"
}

# mappings_of NAME - the calls of the last trace that mapped the file NAME: ADDRESS LENGTH OFFSET PROT FLAGS
mappings_of() {
  calls_of 'mmap2?' "$1" |
    sed -En 's/^.*mmap2?\([^,]*, ([0-9]+), ([A-Z_|]+), ([A-Z_|]+), [^,]*, (0x[0-9a-f]+|0)\) += (0x[0-9a-f]+)$/\5 \1 \4 \2 \3/p'
}

# first_of CALLS FILE - the first such call of the last trace on FILE, for an explanation
first_of() {
  local found
  found=$(calls_of "$1" "$2" | head -n 1)
  echo "${found:-no such call on $2}"
}

# never_transferred CALLS [BYTES] - the traced program moved no bytes (or at most BYTES) of its files by such calls
never_transferred() {
  local sum
  sum=$(calls_of "$1" | awk -v files="<$(inside work)/" '
    index($0, files) && $NF ~ /^[0-9]+$/ { sum += $NF }
    END { print sum + 0 }')
  ((sum <= ${2-0})) || flunk "the bytes of $name are loads and stores in its mapping, no $1 calls" \
    "$sum bytes went through $1 calls: $(calls_of "$1" | grep -F "<$(inside work)/" | head -n 1)"
}

# holds FILE WHAT [WHY] - $name is a file with the bytes of FILE
holds() {
  plain "$name" || flunk "$name holds $2" "$(stat -c %F -- "$name" 2>/dev/null || echo 'no such file')" "${3-}"
  cmp -s -- "$name" "$1" || flunk "$name holds $2" "$(difference "$name" "$1")" "${3-}"
}

# ---- mmap_read ------------------------------------------------------------------------------

# reads_line LINE-FILE - the last mmap_read printed what LINE-FILE holds
reads_line() {
  succeeds "${2-}"
  cmp -s "$out" "$1" || flunk "it prints the file's first line: $(($(stat -c %s "$1") - 1)) bytes and a newline" \
    "$(difference "$out" "$1")" "${2-}"
}

# first_line SIZE REST - make the file $name with a first line of SIZE bytes and then the text REST, and beside it
# what is to be printed
first_line() {
  text "$1" >"$LAB_NOTES/line"
  { cat "$LAB_NOTES/line" && printf %b "$2"; } >"$name"
  echo >>"$LAB_NOTES/line"
}

@test "mmap_read: prints the first line from a mapping" {
  local mapped
  first_line $((2 * page + RANDOM)) '\nanother\n\nline\n'
  traced mmap_read "$name"
  reads_line "$LAB_NOTES/line"
  mapped=$(mappings_of "$name" | grep PROT_READ) || true
  [[ -n $mapped ]] || flunk "$name is mapped to be read" "no mmap() of it in the system calls"
  never_transferred read
  never_transferred copy

  first_line 0 '\nanother\n'
  try mmap_read "$name"
  reads_line "$LAB_NOTES/line" "a file may begin with an empty line"
}

@test "mmap_read: a last line without newline gets one" {
  first_line $((page + 1 + RANDOM % (page - 2))) ''
  try mmap_read "$name"
  reads_line "$LAB_NOTES/line" "the end of the file ends its last line too"
}

# reads_page_line WHY - the same; whether a newline follows the line is not asked
reads_page_line() {
  [[ -z $(tail -c 1 "$out" | tr -d '\0') ]] || echo >>"$out"
  reads_line "$LAB_NOTES/line" "$1"
}

@test "mmap_read: full pages are not read past their end" {
  local why="behind the last byte is no zero: the file fills its pages, and the next address is another mapping or none"
  first_line $((large_page * (1 + RANDOM % 3))) ''
  try mmap_read "$name"
  reads_page_line "$why"
  large_pages
  try mmap_read "$name"
  reads_page_line "$why"
}

@test "mmap_read: an empty file has no line" {
  : >"$name"
  try mmap_read "$name"
  succeeds "mmap() of 0 bytes is EINVAL, but a file of 0 bytes is no error"
  prints ''
}

@test "mmap_read: what cannot be mapped is exit 1" {
  local why="mmap() returns MAP_FAILED, which is not NULL, and errno says why"
  mkdir folder
  : >folder/file
  try mmap_read folder
  fails "$why"
  try mmap_read "no$name"
  fails "$why"
  first_line 10 '\n'
  chmod 0 "$name"
  try mmap_read "$name"
  fails "$why"
}

@test "mmap_read: a /proc file is not taken for empty" {
  local file
  for file in /proc/cpuinfo /proc/self/status /dev/null; do
    try mmap_read "$file"
    fails "st_size is 0 for all that has no length beforehand: only mmap() tells whether there are pages to map"
  done
}

@test "mmap_read: wrong operands are exit 2" {
  try mmap_read
  usage_error
  : >"$name"
  try mmap_read "$name" "$name"
  usage_error
}

# ---- mmap_write -----------------------------------------------------------------------------

# begin_with SIZE - make $name with SIZE random bytes, and a copy of them beside
begin_with() {
  rm -f "$name"
  make_file "$LAB_NOTES/before" "$1"
  cp "$LAB_NOTES/before" "$name"
}

# appended TEXT [WHY] - the last mmap_write on $name succeeded: TEXT is behind what was there, and nothing else
appended() {
  local before after
  before=$(stat -c %s "$LAB_NOTES/before")
  after=$((before + ${#1}))
  succeeds "${2-}"
  { cat "$LAB_NOTES/before" && printf %s "$1"; } >"$LAB_NOTES/after"
  holds "$LAB_NOTES/after" "its $before bytes and ${#1} bytes of TEXT behind them" "${2-}"
  prints "before $before bytes, after $after bytes"
}

@test "mmap_write: appends through a shared mapping" {
  local words mapped size=$((100 + RANDOM % 1000))
  words="$(text $((300 + RANDOM % 300))) %s%n "
  begin_with $size
  traced mmap_write "$name" "$words"
  appended "$words" "a file does not grow by a store: only ftruncate(), or the like, makes it longer"
  mapped=$(mappings_of "$name" | grep PROT_WRITE | grep MAP_SHARED) || true
  [[ -n $mapped ]] || flunk "$name is mapped shared, to be written" "$(first_of 'mmap2?' "$name")" \
    "what is stored in a private mapping stays private"
  # Some make a file longer by writing its last byte, or one in each block.
  never_transferred write 16
  never_transferred copy
}

# synced FIRST LAST - every page of bytes FIRST to LAST of $name was in the range of an msync(MS_SYNC) in the last trace
synced() {
  local call a b c d offset place ok
  local -a map_start=() map_length=() map_offset=() sync_start=() sync_end=()
  while read -r call a b c d; do
    case $call in
      mmap) map_start+=($((a))) map_length+=("$b") map_offset+=($((c))) ;;
      mremap)
        for i in "${!map_start[@]}"; do
          ((map_start[i] != a)) || { map_start+=($((c))) map_length+=("$b") map_offset+=("${map_offset[i]}") && break; }
        done
        ;;
      msync) sync_start+=($((a))) sync_end+=($((a + (b + page - 1) / page * page))) ;;
    esac
  done < <(
    mappings_of "$name" | sed 's/^/mmap /'
    sed -En -e 's/^([0-9]+ +)?mremap\((0x[0-9a-f]+), [0-9]+, ([0-9]+), .* = (0x[0-9a-f]+)$/mremap \2 \3 \4/p' \
      -e 's/^([0-9]+ +)?msync\((0x[0-9a-f]+), ([0-9]+), [A-Z_|]*MS_SYNC[A-Z_|]*\) += 0$/msync \2 \3/p' "$trace"
  )
  for ((offset = $1 / page * page; offset < $2; offset += page)); do
    ok=no
    for i in "${!map_start[@]}"; do
      place=$((map_start[i] + offset - map_offset[i]))
      ((offset >= map_offset[i] && offset < map_offset[i] + map_length[i])) || continue
      for j in "${!sync_start[@]}"; do
        ((place < sync_start[j] || place >= sync_end[j])) || ok=yes
      done
    done
    [[ $ok == yes ]] || return
  done
}

@test "mmap_write: waits with msync() for the disk" {
  local words first=$((2 * page - 10))
  words=$(text $((page + 100)))
  begin_with $first
  traced mmap_write "$name" "$words"
  appended "$words"
  synced $first $((first + ${#words})) ||
    flunk "msync(MS_SYNC) on every page that TEXT was stored in" "$(calls_of msync | head -n 3 | grep . || echo 'no msync()')" \
      "MS_ASYNC waits for nothing; munmap() and close() do not either"
}

@test "mmap_write: says when msync() fails" {
  local words
  words=$(text 500)
  begin_with 100
  injected msync:error=EIO mmap_write "$name" "$words"
  fails "the disk may fail when it is written at last: msync() is the call that tells"
  plain "$name" || flunk "$name is there" "it is gone"
  cmp -s "$name" "$LAB_NOTES/before" || cmp -s "$name" <(cat "$LAB_NOTES/before" && printf %s "$words") ||
    flunk "TEXT in the file when msync() is called" "something else is behind the first 100 bytes" \
      "msync() is about what has been stored before"
}

# has_mode MODE WHY - the file $name has these permission bits
has_mode() {
  if ! plain "$name" || [[ $(stat -c %a "$name") != "$1" ]]; then
    flunk "$name with permissions $1" "$(stat -c %a -- "$name" 2>/dev/null || echo 'no such file')" "$2"
  fi
}

@test "mmap_write: creates FILE with 0664 less umask" {
  local umask mode
  : >"$LAB_NOTES/before"
  for umask in 0:664 022:644 027:640; do
    rm -f "$name"
    mode=${umask#*:}
    with umask="${umask%:*}"
    try mmap_write "$name" "some text"
    appended "some text" "O_CREAT makes the file where there is none"
    has_mode "$mode" "the kernel takes the umask ($umask) from the mode that open() is given"
  done
  begin_with 10
  chmod 600 "$name"
  with umask=0
  try mmap_write "$name" more
  appended more
  has_mode 600 "a file that was there keeps its permissions"
}

@test "mmap_write: works across the end of a page" {
  local first length words
  for first in $((page - 3)) $((page)) $((3 * page - 1)) 0 $((5 * page + RANDOM % page)); do
    length=$((5 + (RANDOM % 3) * page))
    begin_with $first
    words=$(text $length)
    try mmap_write "$name" "$words"
    appended "$words" \
      "$length bytes behind $first: a mapping begins at a page; the file must be longer before a store behind its last one"
  done
}

@test "mmap_write: asks how large a page is" {
  local words first=$((3 * page + 100))
  words=$(text 1000)
  begin_with $first
  large_pages
  try mmap_write "$name" "$words"
  appended "$words" \
    "with pages of $large_page bytes, as other machines have them, a mapping begins at a multiple of those"
}

@test "mmap_write: an empty TEXT changes nothing" {
  begin_with $((1 + RANDOM % 9000))
  try mmap_write "$name" ''
  appended '' "mmap() of 0 bytes is EINVAL, but to append nothing is no error"
  begin_with 0
  rm "$name"
  try mmap_write "$name" ''
  appended '' "a new FILE is created all the same"
}

@test "mmap_write: a FILE it cannot open is exit 1" {
  mkdir folder
  try mmap_write folder text
  fails
  try mmap_write "no/$name" text
  fails
  begin_with 100
  chmod 444 "$name"
  try mmap_write "$name" text
  fails
  holds "$LAB_NOTES/before" "what it held"
  begin_with 100
  with strace=-P strace="$(inside work)/$name"
  injected '/^mmap2?$:error=ENOMEM' mmap_write "$name" text
  fails "mmap() returns MAP_FAILED, which is not NULL, where there is no room for a mapping"
  try mmap_write "$name"
  usage_error
  try mmap_write "$name" one two
  usage_error
}

# ---- mappable -------------------------------------------------------------------------------

# agrees [-w] PATH… - mappable prints of them what this kernel answers
agrees() {
  "$LAB_RUN/answer" "$@" >"$LAB_NOTES/answer"
  try mappable "$@"
  answered
}

# answered - the last mappable printed the kernel's answer
answered() {
  succeeds "what cannot be mapped is an answer, no failure"
  local wanted got line=0
  while IFS= read -r wanted; do
    line=$((line + 1))
    got=$(head -c 20000 "$out" | tr -d '\0' | sed -n "${line}p")
    [[ $got == "$wanted" ]] ||
      flunk "$wanted" "${got:-no such line}" \
        "errno is that of the open() or mmap() that failed, by its symbolic name"
  done <"$LAB_NOTES/answer"
  prints "$(<"$LAB_NOTES/answer")"
}

@test "mappable: tries a read-only shared mapping" {
  local folder=d$RANDOM file
  make_file "$name" $((100 + RANDOM))
  : >"empty$name"
  mkdir "$folder"
  make_file "hidden$name" 100
  chmod 0 "hidden$name"
  "$LAB_RUN/answer" "$name" "$folder" "no$name" "empty$name" "hidden$name" >"$LAB_NOTES/answer"
  traced mappable "$name" "$folder" "no$name" "empty$name" "hidden$name"
  answered
  for file in "$name" "empty$name"; do
    mappings_of "$file" | awk -v page="$page" '
      $2 <= page && $4 == "PROT_READ" && $5 ~ /^MAP_SHARED/ { found = 1 }
      END { exit !found }' ||
      flunk "a page of $file is mapped PROT_READ, MAP_SHARED" "$(first_of 'mmap2?' "$file")" \
        "the kernel's answer depends on what is asked"
  done
}

@test "mappable: a FIFO or a socket does not hold it up" {
  mkfifo "fifo$name"
  python3 -IS -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "s$name"
  make_file "$name" 10
  agrees "fifo$name" "$name"
  agrees "s$name" "$name"
}

@test "mappable: devices and /proc have their own answers" {
  agrees /dev/null /dev/zero /proc/cpuinfo /proc/self/maps /proc
}

@test "mappable: -w opens write-only and maps to write" {
  make_file "$name" 100
  cp "$name" "$LAB_NOTES/before"
  : >"empty$name"
  mkdir folder
  "$LAB_RUN/answer" -w "$name" "empty$name" folder /dev/null "no$name" >"$LAB_NOTES/answer"
  traced mappable -w "$name" "empty$name" folder /dev/null "no$name"
  answered
  calls_of 'mmap2?' "$name" | grep -q 'PROT_WRITE.*MAP_SHARED' ||
    flunk "a page of $name is mapped PROT_WRITE, MAP_SHARED" "$(first_of 'mmap2?' "$name")" \
      "the kernel's answer depends on what is asked"
  holds "$LAB_NOTES/before" "what it held" "to try a mapping changes nothing"
  [[ ! -e no$name ]] || flunk "no$name is not there, and still is not" "it was created"
}

@test "mappable: no PATH is exit 2" {
  try mappable
  usage_error
  try mappable -w
  usage_error
}

# ---- slack ----------------------------------------------------------------------------------

# slack_of PAGE SIZE… - files of these sizes, some of them with no blocks behind: slack prints of each what it wastes
slack_of() {
  local unit=$1 size pages wanted='' files=()
  shift
  for size; do
    files+=("s$size.dat")
    truncate -s "$size" "s$size.dat"
    pages=$(((size + unit - 1) / unit))
    wanted+=${wanted:+$'\n'}"s$size.dat $size $pages $((pages * unit - size))"
  done
  try slack "${files[@]}"
  succeeds
  prints "$wanted" "FILE BYTES PAGES SLACK: a mapping has whole pages of $unit bytes; an empty file has none"
}

@test "slack: counts pages and the bytes they waste" {
  slack_of "$page" $((1 + RANDOM % 50000)) 0 1 $((page - 1)) "$page" $((page + 1)) $((7 * page)) $(((5 << 30) + RANDOM))
  slack_of "$page" $((50001 + RANDOM))
}

@test "slack: tells a missing file, shows the others" {
  make_file a.dat 10
  make_file c.dat $((page + 10))
  try slack a.dat b.dat c.dat
  fails "the exit status is for all operands together"
  prints "a.dat 10 1 $((page - 10))"$'\n'"c.dat $((page + 10)) 2 $((page - 10))"
  try slack
  usage_error
}

@test "slack: asks how large a page is" {
  large_pages
  slack_of "$large_page" $((1 + RANDOM)) "$page" $((3 * large_page))
}
