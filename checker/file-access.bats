# file-access.bats - three ways to the bytes of a file, and the read() calls that each makes

source "$LAB_CHECKER/lab.bash"

predictions=$LAB_SUBMISSION/file-access/predictions.txt

setup_file() {
  topic file-access
  if wanted stdio; then
    tool "$LAB_BIN/swapped.so" swapped.c -shared -fPIC
  fi
}

setup() {
  scratch
  program=${BATS_TEST_DESCRIPTION%%:*}
}

teardown() {
  leave
}

# ---- the three counters ---------------------------------------------------------------------

# text SIZE - a new file `data` of SIZE random bytes, newlines among them; how many goes to `lines`
text() {
  fresh data
  head -c "$1" /dev/urandom | LC_ALL=C tr '\300-\377' '\n' >data
  count_lines
}

count_lines() {
  lines=$(LC_ALL=C tr -dc '\n' <data | wc -c)
}

# count BLOCK - run the program on `data`, in such a way that its calls can be seen, stdio now and then with an fread()
# that swaps
count() {
  [[ $program != stdio ]] || ((RANDOM % 2)) || swap
  calls=$moving_calls
  traced "$program" data "$1"
}

# swap - in the next run fread() swaps newlines and bytes of value 1: `lines` is their number
swap() {
  lines=$(LC_ALL=C tr -dc '\001' <data | wc -c)
  with env=LD_PRELOAD="$(inside bin)/swapped.so"
}

# counts WHY - the last run succeeded and printed the number of newlines
counts() {
  succeeds "$1"
  assert_alone
  prints "lines $lines" "$1"
  [[ $program != mmap || ! -e ${trace-} ]] || cat "$trace" >>"$LAB_NOTES/traces"
}

# without_reads - no call in mmap's runs that `counts` judged brought the bytes of a file
without_reads() {
  local brings
  trace=$LAB_NOTES/traces
  brings=$(data_calls)
  [[ -z $brings ]] || flunk "no call brings the data" "$(head -n 2 <<<"$brings")" \
    "a mapped file is memory: a page fault brings a page when it is first touched"
}

# brought - the bytes that each read of `data` brought in the traced run, a number a line, without the last 0
brought() {
  calls_of read data | sed -n 's/^.* = \([1-9][0-9]*\)$/\1/p'
}

counts_shapes() {
  local size block
  while read -r size block; do
    text "$size"
    count "$block"
    counts "$size bytes in blocks of $block: the last block may be a part of one, and what stood behind it is not the file's"
    [[ $program != syscall ]] || assert_no_call 'mmap2?' data "the task is to read()"
  done <<<"1 1
$((7000 + RANDOM % 1000)) 1
$((3 * page + 1)) $page
$((2 * page - 1)) $((page + 1))
$((page)) $((1 << 20))
$(((1 << 20) + page + 1)) $((1 << 20))
$((50000 + RANDOM)) $((900 + RANDOM % 200))"
  fresh data
  : >data
  lines=0
  count 512
  counts "an empty file has no lines, and no page that could be mapped"
  fresh data
  head -c $((2 * page)) /dev/zero >data
  count 512
  counts "only newlines count: a file without any has no lines"
  fresh data
  head -c $((2 * page)) /dev/zero | tr '\0' '\n' >data
  count_lines
  chmod 444 data
  count $((page))
  counts "every newline counts, the one in the last byte too; and to read a file takes no permission to write it"
  [[ $program != mmap ]] || without_reads
}

tells_failures() {
  local wrong
  text 100
  mkdir folder
  for wrong in 0 -1 abc 12x ''; do
    try "$program" data "$wrong"
    usage_error
  done
  try "$program" data
  usage_error
  try "$program" data 1 1
  usage_error
  try "$program" missing 512
  fails "FILE does not exist: open() says ENOENT"
  try "$program" folder 512
  fails "FILE is a directory: it can be opened, but read() says EISDIR and mmap() ENODEV; an error is not the end"
  [[ $program != mmap ]] || return 0
  # A block on the stack, as large as that, is the end of a program. But nobody has counted without any.
  try "$program" data $((1 << 62))
  [[ $ending$code != exit0 ]] || counts "malloc() returns NULL where there is no room for BLOCK bytes: that is no success"
}

# ---- stdio ----------------------------------------------------------------------------------

# fetches MOST WHY - the traced run read `data` in at most so many calls
fetches() {
  local made
  made=$(brought | wc -l)
  ((made <= $1)) || flunk "$lab_ran needs at most $1 read calls" "$made" "$2"
}

# counts_by_fread BLOCK - with an fread() that swaps newlines and bytes of value 1, stdio's count changes with them
counts_by_fread() {
  local unswapped=$lines
  swap
  traced stdio data "$1"
  [[ $(head -c 100 "$out" | tr -d '\0') != "lines $unswapped" ]] ||
    flunk "the bytes that $lab_ran counts in come from fread()" "they come another way, past stdio" \
      "fread() swaps newlines and other bytes here: the count has to change with them"
  counts "fread() of $1 bytes at a time, here one that swaps newlines and bytes of value 1"
}

@test "stdio: counts lines with fread" {
  local block=$((65536 + RANDOM))
  text $((block * 8))
  traced stdio data "$block"
  counts "fread() of $block bytes at a time"
  fetches $((3 * 8)) "fread() of more than its buffer holds goes by it: the bytes come straight to where they are wanted"

  block=$((11 + RANDOM % 30))
  text $((block * 2000))
  counts_by_fread "$block"
  # A file may have no buffer (setvbuf): then each block is a read().
  fetches $((2000 * 5 / 4)) "small blocks come out of a buffer in the process, which read() fills many blocks at a time"
}

@test "stdio: counts in files of any shape" {
  counts_shapes
}

@test "stdio: tells what it cannot do" {
  tells_failures
}

# ---- syscall --------------------------------------------------------------------------------

@test "syscall: counts lines by reads of BLOCK bytes" {
  local block=$((100 + RANDOM % 900)) sizes
  text $((block * 50))
  traced syscall data "$block"
  counts "read() of $block bytes at a time"
  sizes=$(brought | sort | uniq -c | awk '{ print $1 " of " $2 " bytes" }' | paste -sd ',')
  [[ $sizes == "50 of $block bytes" ]] || flunk "$lab_ran makes 50 read calls that bring $block bytes each" \
    "${sizes:-none}" "each read() goes into the kernel, and copies the bytes that it was asked for"
}

@test "syscall: counts in files of any shape" {
  counts_shapes
}

@test "syscall: tells what it cannot do" {
  tells_failures
}

# ---- mmap -----------------------------------------------------------------------------------

@test "mmap: counts lines without any read" {
  local block=$((100 + RANDOM % 900))
  text $((block * 50))
  traced mmap data "$block"
  counts "the file's bytes are in memory, at the address that mmap() returned"
  assert_mapped data PROT_READ "the task is to map the file"
  without_reads
}

@test "mmap: counts in files of any shape" {
  counts_shapes
}

@test "mmap: tells what it cannot do" {
  tells_failures
}

# ---- predictions ----------------------------------------------------------------------------

# prediction CASE - what the file says of it, in a word: number N, missing, twice, unclear TEXT, or unreadable REASON
prediction() {
  plain "$predictions" || {
    echo "unreadable there is no plain file of that name"
    return
  }
  [[ -z $(LC_ALL=C tr -dc '\000-\010\013\014\016-\037\177' <"$predictions" | head -c 1 | od -An -c) ]] || {
    echo "unreadable control characters are in it"
    return
  }
  LC_ALL=C sed -e $'1s/^\xef\xbb\xbf//' -e $'s/\r$//' "$predictions" | LC_ALL=C awk -v wanted="$1" '
    BEGIN {
      cases = "|stdio 1048576 1|stdio 1048576 65536|syscall 1048576 512|syscall 1048576 65536|syscall 1000000 4096|mmap 1048576 4096|"
    }
    NF == 0 || $1 ~ /^#/ { next }
    !index(cases, "|" $1 " " $2 " " $3 "|") && !other { other = NR }
    $1 " " $2 " " $3 == wanted {
      found++
      answer = NF == 4 && $4 ~ /^(0|[1-9][0-9]*)$/ && length($4) < 16 ? "number " $4 : "unclear " substr($0, 1, 100)
    }
    END {
      if (other) print "unreadable line " other " is neither a case nor a note"
      else if (!found) print "missing"
      else if (found > 1) print "twice"
      else print answer
    }'
}

# truth PROGRAM BYTES BLOCK - the read() calls that the reference program makes on such a file here
truth() {
  local reference=$LAB_RUN/ref_$1
  [[ -x $reference ]] ||
    gcc -O1 -o "$reference" "$LAB_CHECKER/file-access/ref_$1.c" 2>"$LAB_NOTES/gcc" </dev/null || broken "gcc: $(head -n 1 "$LAB_NOTES/gcc")"
  truncate -s "$2" data
  strace -qq -P "$PWD/data" -e trace=read -o "$LAB_NOTES/reads" "$reference" data "$3" 2>"$LAB_NOTES/strace" </dev/null ||
    broken "strace: $(head -n 1 "$LAB_NOTES/strace")"
  wc -l <"$LAB_NOTES/reads"
}

# predicted PROGRAM BYTES BLOCK - the prediction of that case is the truth
predicted() {
  local said calls expected="a line '$* CALLS' in predictions.txt, CALLS the number of read() calls on the file"
  said=$(prediction "$*")
  case $said in
    number*) said=${said#number } ;;
    missing) flunk "$expected" "no such line" ;;
    twice) flunk "$expected" "several such lines" "one answer a case" ;;
    unclear*) flunk "$expected" "the line: ${said#unclear }" "one number, and nothing behind it" ;;
    *) flunk "predictions.txt holds a line for each of the six cases, and notes (#)" "${said#unreadable }" ;;
  esac
  calls=$(truth "$@")
  ((said == calls)) || flunk "as many read() calls as the loop in predictions.txt makes" \
    "your $said; it makes $( ((said < calls)) && echo more || echo fewer)" \
    "strace -e trace=read -P FILE shows them; the last one returns 0"
}

@test "predictions: stdio, 1048576 bytes by 1" {
  predicted stdio 1048576 1
}

@test "predictions: stdio, 1048576 bytes by 65536" {
  predicted stdio 1048576 65536
}

@test "predictions: syscall, 1048576 bytes by 512" {
  predicted syscall 1048576 512
}

@test "predictions: syscall, 1048576 bytes by 65536" {
  predicted syscall 1048576 65536
}

@test "predictions: syscall, 1000000 bytes by 4096" {
  predicted syscall 1000000 4096
}

@test "predictions: mmap, 1048576 bytes by 4096" {
  predicted mmap 1048576 4096
}
