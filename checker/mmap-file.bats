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
  seen_page=$large_page
  with env=LD_PRELOAD="$(inside bin)/pages.so"
}

# mappings_of NAME - the calls of the last trace that mapped the file NAME: ADDRESS LENGTH OFFSET PROT FLAGS
mappings_of() {
  calls_of 'mmap2?' "$1" |
    sed -En 's/^.*mmap2?\([^,]*, ([0-9]+), ([A-Z_|]+), ([A-Z_|]+), [^,]*, (0x[0-9a-f]+|0)\) += (0x[0-9a-f]+)$/\5 \1 \4 \2 \3/p'
}

# by_mapping CALLS MOST FLAGS WHY - the traced program mapped $name with FLAGS (a regular expression), and moved no bytes
# of its files, or at most MOST, by such calls or by those of the copy group
by_mapping() {
  local moved mapped line group=$1_calls
  read -r moved mapped line < <(
    awk -v files="<$(inside work)/" -v name="$name>" -v flags="$3" \
      -v calls="^([0-9]+ +)?(${!group}|$copy_calls)[(]" '
      $0 ~ calls {
        # A descriptor that strace shows no name of has a path too long for it.
        if ((index($0, files) || /\([0-9]+,|, [0-9]+, (NULL|\[)/) && $NF ~ /^[1-9][0-9]*$/) {
          moved += $NF
          if (mover == "") mover = $0
        }
        next
      }
      /mmap2?\(/ && index($0, files name) && / = 0x/ { other = $0; if ($0 ~ flags) mapped = 1 }
      END {
        line = mapped ? mover : other
        sub(/^[0-9]+ +/, "", line)
        print moved + 0, mapped + 0, line
      }' "$trace"
  )
  ((mapped)) || flunk "$name is mapped: ${3/\[*\]\*/}" "${line:-no mmap() call of it succeeds}" "$4"
  ((moved <= $2)) || flunk "the bytes of $name are loads and stores in its mapping" \
    "calls move $moved bytes: $line" "$4"
}

# holds FILE WHAT [WHY] - $name is a file with the bytes of FILE
holds() {
  plain "$name" || flunk "$name holds $2" "$(stat -c %F -- "$name" 2>/dev/null || echo 'no such file')" "${3-}"
  cmp -s -- "$name" "$1" || flunk "$name holds $2" "$(difference "$name" "$1")" "${3-}"
}

# ---- mmap_read ------------------------------------------------------------------------------

# reads_line LINE-FILE - the last mmap_read, a traced one, printed what LINE-FILE holds, out of a mapping
reads_line() {
  succeeds "${2-}"
  assert_alone
  cmp -s "$out" "$1" || flunk "it prints the file's first line: $(($(stat -c %s "$1") - 1)) bytes and a newline" \
    "$(difference "$out" "$1")" "${2-the bytes of the line and a newline are all that it prints}"
  by_mapping read 0 PROT_READ "the task is to read through a mapping"
}

# read_line - run mmap_read on $name
read_line() {
  calls=$moving_calls
  traced mmap_read "$name"
}

# first_line SIZE REST - make the file $name with a first line of SIZE bytes and then the text REST, and beside it
# what is to be printed
first_line() {
  fresh "$name"
  letters "$1" >"$LAB_NOTES/line"
  { cat "$LAB_NOTES/line" && printf %b "$2"; } >"$name"
  echo >>"$LAB_NOTES/line"
}

@test "mmap_read: prints the first line from a mapping" {
  first_line $((2 * page + RANDOM)) '\nanother\n\nline\n'
  read_line
  reads_line "$LAB_NOTES/line"

  first_line 0 '\nanother\n'
  read_line
  reads_line "$LAB_NOTES/line" "a file may begin with an empty line"
}

@test "mmap_read: a last line without newline gets one" {
  first_line $((page + 1 + RANDOM % (page - 2))) ''
  read_line
  reads_line "$LAB_NOTES/line" "the end of the file ends its last line too"

  first_line 1 ''
  read_line
  reads_line "$LAB_NOTES/line" "one byte is a line, too"
}

# reads_page_line WHY - the same; whether a newline follows the line is not asked
reads_page_line() {
  [[ -z $(tail -c 1 "$out" | tr -d '\0') ]] || echo >>"$out"
  reads_line "$LAB_NOTES/line" "$1"
}

@test "mmap_read: full pages are not read past their end" {
  local why="behind the last byte is no zero: the file fills its pages, and the next address is another mapping or none"
  first_line $((large_page * (1 + RANDOM % 3))) ''
  read_line
  reads_page_line "$why"
  large_pages
  read_line
  reads_page_line "$why"
}

@test "mmap_read: an empty file has no line" {
  : >"$name"
  try mmap_read "$name"
  succeeds "mmap() of 0 bytes is EINVAL, but a file of 0 bytes is no error"
  assert_alone
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
  first_line 10 '\n'
  chmod 444 "$name"
  try mmap_read "$name"
  succeeds "to read a file through a mapping takes no permission to write it"
  prints "$(<"$LAB_NOTES/line")"
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
  fresh "$name"
  : >"$name"
  try mmap_read "$name" "$name"
  usage_error
}

# ---- mmap_write -----------------------------------------------------------------------------

# begin_with SIZE - make $name with SIZE random bytes, and a copy of them beside
begin_with() {
  fresh "$name"
  make_file "$LAB_NOTES/before" "$1"
  cp "$LAB_NOTES/before" "$name"
}

# append TEXT - run mmap_write on $name
append() {
  calls=$moving_calls
  traced mmap_write "$name" "$1"
}

# stored TEXT - the traced mmap_write brought TEXT there by a shared mapping
stored() {
  # Some make a file longer by writing its last byte, or one in each block.
  by_mapping write $((16 + ${#1} / 512)) 'PROT_WRITE[A-Z_|]*, MAP_SHARED' \
    "what is stored in a shared mapping is the file's; in a private one it stays private"
}

# appended TEXT [WHY] - the last mmap_write on $name succeeded: TEXT is behind what was there, and nothing else
appended() {
  local before after
  before=$(stat -c %s "$LAB_NOTES/before")
  after=$((before + ${#1}))
  if [[ $ending$code == @(exit0|signal$(kill -l BUS)) ]] && plain "$name" && (($(stat -c %s "$name") < after)); then
    read_in "Why must the file grow first?"
  fi
  succeeds "${2-}"
  assert_alone
  { cat "$LAB_NOTES/before" && printf %s "$1"; } >"$LAB_NOTES/after"
  holds "$LAB_NOTES/after" "its $before bytes and ${#1} bytes of TEXT behind them" "${2-}"
  prints "before $before bytes, after $after bytes"
  [[ -z $1 ]] || stored "$1"
}

@test "mmap_write: appends through a shared mapping" {
  local words size=$((100 + RANDOM % 1000))
  words="$(letters $((300 + RANDOM % 300))) %s%n "
  begin_with $size
  append "$words"
  appended "$words" \
    "only ftruncate(), or the like, makes a file longer; only a store to a MAP_SHARED mapping reaches it"
}

# synced FIRST LAST - every page of bytes FIRST to LAST of $name was in the range of an msync(MS_SYNC) in the last trace;
# `missed`: the bytes of the first that was not
synced() {
  local call a b c d offset place ok
  local -a lines map_start=() map_length=() map_offset=() sync_start=() sync_end=()
  mapfile -t lines < <(
    mappings_of "$name" | sed 's/^/mmap /'
    sed -En -e 's/^([0-9]+ +)?mremap\((0x[0-9a-f]+), [0-9]+, ([0-9]+), .* = (0x[0-9a-f]+)$/mremap \2 \3 \4/p' \
      -e 's/^([0-9]+ +)?msync\((0x[0-9a-f]+), ([0-9]+), [A-Z_|]*MS_SYNC[A-Z_|]*\) += 0$/msync \2 \3/p' "$trace"
  )
  ((${#lines[@]} <= 500)) || flunk "a few calls of mmap() and msync() for a text of two pages" "${#lines[@]} calls" \
    "one mapping can hold all that is appended"
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
  done < <(printf '%s\n' "${lines[@]}")
  for ((offset = $1 / page * page; offset < $2; offset += page)); do
    ok=no
    for i in "${!map_start[@]}"; do
      place=$((map_start[i] + offset - map_offset[i]))
      ((offset >= map_offset[i] && offset < map_offset[i] + map_length[i])) || continue
      for j in "${!sync_start[@]}"; do
        ((place < sync_start[j] || place >= sync_end[j])) || ok=yes
      done
    done
    missed="$((offset > $1 ? offset : $1)) to $(((offset + page < $2 ? offset + page : $2) - 1))"
    [[ $ok == yes ]] || return
  done
}

@test "mmap_write: waits with msync() for the disk" {
  local words first=$((2 * page - 10))
  words=$(letters $((page + 100)))
  begin_with $first
  append "$words"
  appended "$words"
  synced $first $((first + ${#words})) ||
    flunk "msync(MS_SYNC) on every page that TEXT was stored in" "not on the page of bytes $missed"$'\n'"$(msync_calls)" "$(why_missed)"
}

# msync_calls - how the traced program mapped $name, and its calls of msync(), for an explanation
msync_calls() {
  local calls
  calls=$(calls_of msync | head -n 3)
  if [[ -z $calls ]]; then
    echo "there is no msync()"
  else
    calls_of 'mmap2?' "$name" | grep MAP_SHARED | head -n 2
    echo "$calls"
  fi
}

# why_missed - why msync() did not wait for a page
why_missed() {
  local calls
  calls=$(calls_of msync)
  if [[ $calls == *MS_SYNC*' = 0'* ]]; then
    echo "the length that msync() is given counts from its address, at the beginning of a page, and not from where TEXT begins"
  elif [[ $calls == *MS_SYNC*EINVAL* ]]; then
    echo "msync() is given an address at the beginning of a page, or else says EINVAL"
  else
    echo "MS_ASYNC waits for nothing; munmap() and close() do not either"
  fi
}

@test "mmap_write: says when msync() fails" {
  local words
  words=$(letters 500)
  begin_with 100
  injected msync:error=EIO mmap_write "$name" "$words"
  fails "the disk may fail when it is written at last: msync() is the call that tells"
  plain "$name" || flunk "$name is there" "it is gone"
  cmp -s "$name" "$LAB_NOTES/before" || cmp -s "$name" <(cat "$LAB_NOTES/before" && printf %s "$words") ||
    flunk "TEXT in the file when msync() is called" "something else is behind the first 100 bytes" \
      "msync() is about what has been stored before"
  stored "$words"
}

# has_mode MODE WHY - the file $name has these permission bits
has_mode() {
  if ! plain "$name" || [[ $(stat -c %a "$name") != "$1" ]]; then
    flunk "$name with permissions $1" "$(stat -c %a -- "$name" 2>/dev/null || echo 'no such file')" "$2"
  fi
}

@test "mmap_write: creates FILE with 0664 less umask" {
  local umask mode words
  words=$(letters 100)
  : >"$LAB_NOTES/before"
  for umask in 0:664 022:644 027:640; do
    fresh "$name"
    mode=${umask#*:}
    with umask="${umask%:*}"
    append "$words"
    appended "$words" "O_CREAT makes the file where there is none"
    has_mode "$mode" "the kernel takes the umask ($umask) from the mode that open() is given"
  done
  begin_with 10
  chmod 600 "$name"
  with umask=0
  append "$words"
  appended "$words"
  has_mode 600 "a file that was there keeps its permissions"
}

@test "mmap_write: works across the end of a page" {
  local first length words
  for first in $((page - 3)) $((page)) $((3 * page - 1)) 0 $((5 * page + RANDOM % page)); do
    length=$((50 + (RANDOM % 3) * page))
    begin_with $first
    words=$(letters $length)
    append "$words"
    appended "$words" \
      "$length bytes behind $first: a mapping begins at a page; the file must be longer before a store behind its last one"
  done
}

@test "mmap_write: asks how large a page is" {
  local words first=$((3 * page + 100))
  words=$(letters 1000)
  begin_with $first
  large_pages
  append "$words"
  appended "$words" \
    "with pages of $large_page bytes, as other machines have them, a mapping begins at a multiple of those"
}

@test "mmap_write: an empty TEXT changes nothing" {
  begin_with $((1 + RANDOM % 9000))
  try mmap_write "$name" ''
  appended '' "mmap() of 0 bytes is EINVAL, but to append nothing is no error"
  begin_with 0
  fresh "$name"
  try mmap_write "$name" ''
  appended '' "a new FILE is created all the same"
}

@test "mmap_write: a FILE it cannot open is exit 1" {
  local words why
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

  begin_with 100
  words=$(letters 100)
  injected fallocate:error=ENOSPC mmap_write "$name" "$words"
  why="posix_fallocate() may find no room on the disk, and it returns that: errno is not set"
  if [[ $ending$code == exit0 ]]; then # by ftruncate(), say
    appended "$words" "$why"
  else
    fails "$why"
  fi
  try mmap_write "$name"
  usage_error
  try mmap_write "$name" one two
  usage_error
}

# ---- mappable -------------------------------------------------------------------------------

# agrees [-w] PATH… - mappable prints of them what this kernel answers
agrees() {
  local wanted got line=0
  "$LAB_RUN/answer" "$@" >"$LAB_NOTES/answer"
  calls=$moving_calls
  traced mappable "$@"
  lab_ran="mappable ${*:1:6}"
  succeeds "what cannot be mapped is an answer, no failure"
  assert_alone
  ! cmp -s "$out" "$LAB_NOTES/answer" || return 0
  while IFS= read -r wanted; do
    line=$((line + 1))
    got=$(head -c 20000 "$out" | tr -d '\0' | sed -n "${line}p")
    [[ $got == "$wanted" ]] ||
      flunk "$wanted" "${got:-no such line}" \
        "errno is that of the open() or mmap() that failed, by its symbolic name"
  done <"$LAB_NOTES/answer"
  prints "$(<"$LAB_NOTES/answer")"
}

# asked PROT PATH… - the last mappable asked for a shared mapping of a page, PROT, of each PATH; these can be opened
asked() {
  local path file tried shared=", ([0-9]+), (PROT_READ\|)?$1, MAP_SHARED[A-Z_|]*, [0-9]+<" work
  tried=$(calls_of 'mmap2?' | sed 's|</proc/[0-9]*/|</proc/self/|')
  work=$(inside work)
  for path in "${@:2}"; do
    [[ $path == /* ]] && file=$path || file=$work/$path
    [[ $tried =~ $shared"$file"[\<\>] ]] && ((BASH_REMATCH[1] <= page)) ||
      flunk "mmap() of a page of $path is tried: $1, MAP_SHARED" \
        "$(grep -F "<$file" <<<"$tried" | head -n 1 | grep . || echo "no such call on $path")" \
        "the kernel's answer depends on what is asked"
  done
}

@test "mappable: tries a read-only shared mapping" {
  local folder=d$RANDOM
  make_file "$name" $((100 + RANDOM))
  : >"empty$name"
  mkdir "$folder"
  make_file "hidden$name" 100
  chmod 0 "hidden$name"
  agrees "$name" "$folder" "no$name" "empty$name" "hidden$name"
  asked PROT_READ "$name" "empty$name"
}

@test "mappable: a FIFO or a socket does not hold it up" {
  mkfifo "fifo$name"
  python3 -IS -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "s$name"
  make_file "$name" 10
  agrees "fifo$name" "$name"
  asked PROT_READ "fifo$name"
  agrees "s$name" "$name"
}

@test "mappable: devices and /proc have their own answers" {
  local many=() i
  for ((i = 0; i < 300; i++)); do many+=(/dev/null); done # a process has 256 descriptors here
  agrees /dev/null /dev/zero /proc/cpuinfo /proc/self/maps /proc "${many[@]}"
  asked PROT_READ /dev/null /dev/zero /proc/cpuinfo /proc/self/maps /proc
}

@test "mappable: -w opens write-only and maps to write" {
  make_file "$name" 100
  cp "$name" "$LAB_NOTES/before"
  : >"empty$name"
  mkdir folder
  agrees -w "$name" "empty$name" folder /dev/null "no$name"
  asked PROT_WRITE "$name" "empty$name" /dev/null
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
    fresh "s$size.dat"
    truncate -s "$size" "s$size.dat"
    pages=$(((size + unit - 1) / unit))
    wanted+=${wanted:+$'\n'}"s$size.dat $size $pages $((pages * unit - size))"
  done
  try slack "${files[@]}"
  succeeds
  assert_alone
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
