# copy.bats - what a copying program leaves behind, and by which calls and mappings it got there

source "$LAB_CHECKER/lab.bash"

setup_file() {
  topic copy
  other_builds
  close_sandbox
}

setup() {
  scratch
  program=${BATS_TEST_DESCRIPTION%%:*}
  original=$LAB_NOTES/original
}

teardown() {
  rm -f "$LAB_NOTES/original"
  leave
}

teardown_file() {
  rm -f "$LAB_RUN/large"
}

# A length that is a whole number of buffers and of pages: what goes wrong with the last piece of a file fails the
# tests about that, and not all of them.
whole=$((page > 8192 ? page : 8192))

# ---- what all three are made to do ----------------------------------------------------------

# other_builds - the programs with other sizes, as -D sets them, that no student knows
other_builds() {
  export narrow=$((5001 + 2 * (RANDOM % 1500))) odd_chunk=$((page * (1 + RANDOM % 3) + 1 + RANDOM % (page - 1)))
  export huge_chunk=$((8 << 30))
  if wanted read_write_copy; then
    build_as narrow read_write_copy CPPFLAGS="-DBUFSIZE=$narrow"
  fi
  if wanted mmap_copy; then
    build_as one_byte mmap_copy CPPFLAGS=-DMAP_CHUNK=1
    build_as odd mmap_copy CPPFLAGS="-DMAP_CHUNK=$odd_chunk"
    build_as huge mmap_copy CPPFLAGS="-DMAP_CHUNK=$huge_chunk"
  fi
}

# given SIZE - a new in.dat of SIZE random bytes, and the same as `original`, which no student's program can reach
given() {
  fresh in.dat out.dat
  make_file "$original" "$1"
  cp "$original" in.dat
}

# copy ARG… - run the program, which copies in its own way and no other; a runaway one does not fill the disk
copy() {
  with fsize=$((512 << 20))
  case $program in
    fast_copy)
      try fast_copy "$@"
      assert_alone "the task is the copying itself"
      ;;
    mmap_copy) copy_by_mapping "$@" ;;
    *)
      calls=$shortcuts
      traced "$program" "$@"
      only_calls
      ;;
  esac
}

# copy_by_mapping ARG… - run mmap_copy, which moves no bytes by calls
copy_by_mapping() {
  calls=$moving_calls
  traced mmap_copy "$@"
  only_maps
}

# only_maps - the last run, a traced one, moved no bytes of a file by calls and started no other program
only_maps() {
  [[ -z $(data_calls) ]] || flunk "the bytes go from mapping to mapping" "$(data_calls | head -n 2)" \
    "each of these calls copies in the kernel; a mapped file is memory, and memcpy() needs no call"
  assert_alone "the task is the copying itself"
}

# only_calls - the last run, a traced one, moved bytes by no other calls than read and write, and started no other program
only_calls() {
  assert_no_call copy "" "this call moves the bytes inside the kernel; here they go through a buffer of yours"
  [[ -z $(own_mappings)$(clone_calls) ]] || flunk "the data goes only by read and write" \
    "$(own_mappings | head -n 1)$(clone_calls | head -n 1)" "a mapping, or blocks that are shared, are another exercise"
  assert_alone "the task is the copying itself"
}

# exact FILE [WHY] - FILE holds the original's bytes, no more and no less
exact() {
  local size
  plain "$1" && cmp -s -- "$1" "$original" && return
  size=$(stat -c %s "$original")
  plain "$1" || flunk "$1 is a regular file of $size bytes" "$(stat -c %F -- "$1" 2>/dev/null || echo 'no such file')" "${2-}"
  flunk "$1 holds exactly the $size bytes that the source had" "$(first_wrong "$1" "$size")" "${2-}"
}

# first_wrong FILE SIZE - where FILE first differs from the original of SIZE bytes, in bytes and pages
first_wrong() {
  local at=0 has difference
  has=$(stat -c %s -- "$1")
  difference=$(LC_ALL=C cmp -- "$1" "$original" 2>&1 || true)
  [[ ! $difference =~ (byte|char)\ ([0-9]+) ]] || at=${BASH_REMATCH[2]}
  if ((has == 0)); then
    echo "none of them: the file is empty"
  elif [[ $difference == *" EOF on "* ]] && ((has < $2)); then
    echo "only the first $has of them"
  elif [[ $difference == *" EOF on "* ]]; then
    echo "these, and $((has - $2)) bytes more"
  else
    echo "$has bytes; number $((at - 1)), in page $(((at - 1) / page)), is the first wrong one"
  fi
}

# copied [WHY] - the last run succeeded: in.dat is as it was, out.dat is another file with the same bytes
copied() {
  succeeds "${1-}"
  exact out.dat "${1-}"
  exact in.dat "the source is only read"
  [[ ! out.dat -ef in.dat ]] ||
    flunk "a second file with the same bytes" "in.dat and out.dat are two names of one inode" \
      "a link has no bytes of its own: what is stored through one name shows through the other"
}

# refused WHY - the last run failed with a reason, and in.dat is as it was
refused() {
  fails "$1"
  exact in.dat "$1"
}

# not_said MISTAKE REASON WHY - the last run, a failed one, did not tell of a MISTAKE of its own instead of the REASON
not_said() {
  local text
  text=$(tr -d '\0' <"$err")
  [[ $text != *"$1"* || $text == *"$2"* ]] ||
    flunk "the reason of the call that failed first: $2" "$(shown "$err")" "$3"
}

copies_sizes() {
  local size
  for size in 1 $((page - 1)) $((page)) $((page + 1)) $((3 * 8192)) $((1 << 20)) $((page * (2 + RANDOM % 40) + 1 + RANDOM % (page - 1))); do
    given "$size"
    copy in.dat out.dat
    copied "$size bytes: a page is $page bytes, and the last piece of a file is seldom a whole one"
  done
}

copies_empty() {
  given 0
  copy in.dat out.dat
  copied "a file of 0 bytes is a file too; it has no page that could be mapped"
}

copies_large() {
  original=$LAB_RUN/large
  [[ -e $original ]] || make_file "$original" 32M
  cp "$original" in.dat
  copy in.dat out.dat
  copied
  original=$LAB_NOTES/original
}

# cuts_existing - SRC has a hole, which reads as zeros
cuts_existing() {
  local kept
  given $((whole * (1 + RANDOM % 8)))
  truncate -s +"$whole" in.dat
  head -c "$whole" "$original" >>in.dat
  cp in.dat "$original"
  make_file out.dat $((11 * whole))
  chmod 620 out.dat
  copy in.dat out.dat
  copied "what DST had before has to go: O_TRUNC, or ftruncate() when all is copied"
  kept=$(stat -c %a out.dat)
  [[ $kept == 620 ]] || flunk "an existing DST keeps its mode 620" "$kept" \
    "the mode given to open() is for a file that it creates"
}

sets_mode() {
  local mode umask both
  given "$whole"
  while read -r mode umask; do
    fresh out.dat
    chmod "$mode" in.dat
    with umask="$umask"
    copy in.dat out.dat
    copied
    both=$(printf '%o' $((8#$mode & ~8#$umask)))
    [[ $(stat -c %a out.dat) == "$both" ]] ||
      flunk "a new DST has mode $both: SRC has $mode, the umask is $umask" "mode $(stat -c %a out.dat)" \
        "open() takes the umask off the mode that it is given; fstat() tells SRC's"
  done <<<$'751 000\n640 027\n444 022\n666 077'
}

# Some call between open and close takes real time and no processor time; the clock must show it, in each of two runs.
reports() {
  local ms size slow='/^(write|pwrite64|writev|pwritev2?|copy_file_range|sendfile|sendfile64|splice|f?truncate(64)?|fallocate|ioctl)$'
  for ms in 20 120; do # each such call waits so long, the first time
    size=$((whole * (2 + RANDOM % 20)))
    given "$size"
    injected "$slow:delay_enter=${ms}000:when=1" "$program" in.dat out.dat
    case $program in
      mmap_copy) only_maps ;;
      read_write_copy) only_calls ;;
    esac
    copied
    prints_match "copied $size bytes in [0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)? seconds" \
      "N is the number of bytes of this file"
    awk -v least=$ms -v most="${facts[wall_ms]}" '{
        split($5, part, "e")
        digits = index(part[1], ".") ? length(part[1]) - index(part[1], ".") : 0
        slack = 0.5 * 10 ^ (part[2] - digits)
        exit !($5 + slack >= least / 1000 && $5 - slack <= (most + 10) / 1000)
      }' "$out" || flunk "the seconds from open to close: $ms ms at least, ${facts[wall_ms]} ms at most" "$(shown "$out")" \
      "a system call waited in between; CLOCK_MONOTONIC counts that too, clock() only processor time"
  done
}

takes_names() {
  given "$whole"
  copy
  copied "without arguments the files are in.dat and out.dat"
  copy in.dat
  usage_error
  copy in.dat out.dat more
  usage_error
  exact in.dat "a usage error opens no file"
}

# untouched FILE KEPT - FILE still holds what KEPT does
untouched() {
  { plain "$1" && cmp -s -- "$1" "$2"; } ||
    flunk "$1 as it was before: $(stat -c %s "$2") bytes" "$(stat -c '%F of %s bytes' -- "$1" 2>/dev/null || echo 'it is gone')" \
      "the fault is SRC's: O_TRUNC empties DST at once, so open and check SRC first"
}

# refuses_source SRC WHY - it fails because of SRC, and touches neither an old DST nor makes a new one
refuses_source() {
  make_file "$LAB_NOTES/old" 5000
  fresh old.dat new.dat
  cp "$LAB_NOTES/old" old.dat
  copy "$1" old.dat
  fails "$2"
  untouched old.dat "$LAB_NOTES/old"
  copy "$1" new.dat
  fails "$2"
  [[ ! -e new.dat && ! -L new.dat ]] || flunk "no new.dat, for there is nothing to copy" \
    "$(stat -c '%F of %s bytes' new.dat)" "open and check SRC before DST is created"
}

refuses_sources() {
  mkdir folder
  make_file secret 1000
  chmod 000 secret
  refuses_source missing "SRC does not exist: open() says ENOENT"
  refuses_source secret "SRC may not be read: open() says EACCES"
  refuses_source folder "SRC is a directory: open() succeeds, only read() and mmap() fail"
}

# fails_reading - a read that fails is told, whatever has been copied until then
fails_reading() {
  given $((8 * whole))
  with strace=-P strace="$(inside work)/in.dat"
  injected '/^(read|readv|pread64|preadv2?)$:error=EIO:when=2+1' "$program" in.dat out.dat
  refused "the disk failed (EIO): a read() that returns -1 is not the end of SRC"
  not_said "Bad address" "Input/output error" "read() returned -1, and that went on as a length: write() refuses it"
}

# fails_reading_proc - the same where reading a file of /proc fails
fails_reading_proc() {
  fresh out.dat
  with cpu=3
  copy /proc/self/mem out.dat
  fails "/proc/self/mem can be opened, but its first page is not mapped: reading says EIO, which is not the end"
}

refuses_targets() {
  given 20000
  make_file old.dat 5000
  chmod 444 old.dat
  mkdir -m 555 folder
  copy in.dat old.dat
  refused "DST may not be written: open() says EACCES"
  copy in.dat folder/new.dat
  refused "DST's folder may not be written: open() says EACCES"
  copy in.dat missing/new.dat
  refused "DST's folder does not exist: open() says ENOENT"
}

# tells_full WHY - a copy to a disk smaller than the file
tells_full() {
  given 1M
  ${2-copy} in.dat /small/out.dat
  refused "$1"
  not_said "Bad file descriptor" "No space left on device" \
    "EBADF is a descriptor that is closed, or open for the other direction: no disk does that"
}

# tells_uncut CALLS OLD - over a DST of OLD bytes; these calls of ftruncate() and the like fail, which is told, or the copy
# is exact all the same
tells_uncut() {
  given "$whole"
  truncate -s +"$whole" "$original" in.dat
  make_file out.dat "$2"
  injected "/^f?truncate(64)?\$:error=EIO:when=$1" "$program" in.dat out.dat
  grep -q INJECTED "$trace" || return 0 # it makes no such call
  if [[ $ending$code == exit0 ]]; then
    exact out.dat "the call that sets DST's length failed (EIO): it returned -1"
  else
    refused "the call that sets DST's length failed (EIO): it returned -1"
  fi
}

refuses_itself() {
  given 20000
  ln in.dat hard
  ln -s in.dat soft
  local pair
  for pair in "in.dat in.dat" "in.dat ./in.dat" "in.dat hard" "in.dat soft" "soft in.dat"; do
    # shellcheck disable=SC2086 # two words
    copy $pair
    refused "both names lead to one inode: fstat() tells by st_dev and st_ino; O_TRUNC would lose all of it"
  done
}

# ---- FIFOs, /proc, signals ------------------------------------------------------------------

# running - the started program is still there
running() {
  [[ $ending == running && -d /proc/$pid ]]
}

# reaches STATES - wait until every task of the program is in one of these states (see proc(5)), or it has ended
reaches() {
  local file key value others=1
  while ((others)) && running; do
    others=0
    for file in "/proc/$pid/task/"*/status; do
      while read -r key value _; do
        [[ $key != State: ]] || break
      done <"$file" || break # it has ended just now
      [[ $value == [$1Z] ]] || others=1
    done 2>/dev/null
    ((others == 0)) || pause
  done
}

# blocks - wait until the program sleeps, and still does at a second look
blocks() {
  reaches S
  pause
  reaches S
}

# begin ARG… - start the program and let it run; it may wait long for this test to use the FIFO
begin() {
  named "$program" "${@//.\//}"
  trace=''
  if [[ $program == read_write_copy ]]; then
    trace=$LAB_NOTES/trace
    with trace="$trace" strace=-y strace=-qq strace=-s strace=0 strace=-e strace=trace="$moving_calls"
  fi
  with fsize=$((512 << 20)) idle=20000
  spawn it "$program" "$@"
}

# by_its_own_calls - the program that was begun moved the bytes itself, read_write_copy by reading and writing
by_its_own_calls() {
  if [[ -n $trace ]]; then
    join_calls
    only_calls
  else
    assert_alone "the task is the copying itself"
  fi
}

# Every piece is taken before the next one is put in: each read() is a short one.
copies_from_fifo() {
  local size
  make_fifo
  : >"$original"
  begin fifo out.dat
  for size in 1 100 8192 $((3000 + RANDOM % 3000)) 60000 $((1 + RANDOM % 8000)); do
    make_file "$LAB_NOTES/piece" "$size"
    cat "$LAB_NOTES/piece" >>"$original"
    running || break
    timeout 20 cat "$LAB_NOTES/piece" >&"$fifo" || break # the program may leave it full, which this test holds open
    while running && read -rt 0 -u "$fifo"; do pause; done
  done
  exec {fifo}>&-
  await it
  by_its_own_calls
  succeeds "a FIFO's length is not known beforehand (st_size is 0): only read() returning 0 is its end"
  exact out.dat "a read() from a FIFO returns what is there: fewer bytes than asked for is not the end"
}

# named_in_proc FILE - `source` is a file of /proc, and `target` FILE: the text to copy are the program's own arguments,
# and padding in the names makes it longer than a buffer
named_in_proc() {
  local padding
  printf -v padding '%*s' $((1980 + RANDOM % 50)) ''
  padding=${padding// /./}
  source=/proc/self/${padding}cmdline target=$padding$1
  printf '%s\0' "$(inside bin)/$program" "$source" "$target" >"$original"
}

# unpadded - take the padding out of what the last run said when it failed
unpadded() {
  [[ ! -s $err ]] || sed -i 's|\./||g' "$err"
}

# copies_from_proc [COPY] - by that instead of `copy`
copies_from_proc() {
  local source target
  named_in_proc out.dat
  fresh out.dat
  "${1-copy}" "$source" "$target"
  lab_ran="$program /proc/self/cmdline out.dat"
  unpadded
  succeeds
  exact out.dat "files in /proc are made while they are read: st_size is 0, the end is where read() returns 0"
}

# interrupted_copy ARG… - run the program, whose writes are broken off by a signal every other time
interrupted_copy() {
  with fsize=$((512 << 20)) strace=-P strace="$(inside work)/out.dat"
  injected '/^(write|writev|pwrite64|pwritev2?)$:error=EINTR:when=1+2' "$program" "$@"
}

# copies_to_fifo UNIT - a file that is a whole number of UNITs; the 100 bytes that are in the FIFO beforehand leave no
# room for a whole number of them
copies_to_fifo() {
  given $(($1 * (330000 / $1 + RANDOM % 8)))
  goes_to_fifo 100 1 4 in.dat fifo
}

# The FIFO has room for a page, which is less than what comes from /proc.
copies_proc_to_fifo() {
  local source target
  named_in_proc fifo
  goes_to_fifo "$page" 15 1 "$source" "$target"
}

# goes_to_fifo LENGTH COUNT ROUNDS SRC DST - copy to a FIFO that has COUNT times LENGTH bytes in it. In each round a
# signal breaks off the write that waits for more room; in every second one the next write then finds some, even for
# more than it should write.
goes_to_fifo() {
  local round before reader received=$LAB_NOTES/received
  make_fifo
  before=$(LC_ALL=C dd if=/dev/zero of="/proc/self/fd/$fifo" oflag=nonblock conv=nocreat,notrunc bs="$1" count="$2" 2>&1 |
    sed -n 's/^\([0-9]*\) bytes .*/\1/p')
  begin "$4" "$5"
  : >"$received"
  for ((round = 1; round <= $3; round++)); do
    blocks
    running || break
    ask signal it STOP
    reaches Tt
    ((round % 2 == 0)) || ask signal it CONT
    dd if="/proc/self/fd/$fifo" iflag=nonblock bs=$((round % 2 ? 5000 + round : 20000 + round)) count=1 status=none >>"$received" 2>/dev/null || true
    ((round % 2)) || ask signal it CONT
  done
  cat <"/proc/self/fd/$fifo" >>"$received" {fifo}>&- &
  reader=$!
  await it
  exec {fifo}>&-
  wait "$reader"
  by_its_own_calls
  unpadded
  succeeds "DST may be a FIFO: it cannot be cut, and has no position"
  fresh out.dat
  tail -c +$((before + 1)) "$received" >out.dat
  exact out.dat "write() may take fewer bytes than it was given; what it returns says where to go on"
}

# survives_signals [MORE] - a file larger by MORE. Who splices does it twice for each piece: the second call is broken off.
survives_signals() {
  given $((${1-0} + whole * (5 + RANDOM % 8)))
  with strace=-P strace="$(inside work)/in.dat" strace=-P strace="$(inside work)/out.dat"
  with cpu=3 strace=-e strace='inject=splice:error=EINTR:when=2+2'
  local moving='/^(read|readv|pread64|preadv2?|write|writev|pwrite64|pwritev2?|copy_file_range|sendfile|sendfile64)$'
  injected "$moving:error=EINTR:when=1+2" "$program" in.dat out.dat
  copied "EINTR: a signal came before any byte was moved; the same call again goes on"
}

# ---- read_write_copy ------------------------------------------------------------------------

@test "read_write_copy: copies by read and write alone" {
  given $((whole * (2 + RANDOM % 5)))
  traced read_write_copy in.dat out.dat
  copied
  assert_call read in.dat "the task is a loop of read() and write()"
  assert_call write out.dat "the task is a loop of read() and write()"
  only_calls
}

@test "read_write_copy: copies files of any size" {
  copies_sizes
}

@test "read_write_copy: copies an empty file" {
  copies_empty
}

@test "read_write_copy: copies 32 MiB" {
  copies_large
}

@test "read_write_copy: reads BUFSIZE bytes at a time" {
  reads_by read_write_copy 8192
  [[ ! -s $LAB_RUN/errors/narrow ]] || flunk "it builds with -DBUFSIZE=$narrow" "$(<"$LAB_RUN/errors/narrow")"
  reads_by narrow "$narrow"
}

# reads_by BUILD SIZE - that build takes SIZE bytes of in.dat with each read
reads_by() {
  local lengths wanted
  given $((3 * $2))
  traced "$1" in.dat out.dat
  copied "BUFSIZE is $2 here"
  lengths=$(calls_of read in.dat | sed -n 's/^.* = \([1-9][0-9]*\)$/\1/p' | paste -sd ' ')
  wanted="$2 $2 $2"
  [[ $lengths == "$wanted" ]] || flunk "with BUFSIZE=$2 the reads of a file of $((3 * $2)) bytes bring $wanted" \
    "${lengths:0:200}" "BUFSIZE is the length of the buffer; -DBUFSIZE=N sets it (#ifndef BUFSIZE)"
}

@test "read_write_copy: cuts a longer DST, keeps its mode" {
  cuts_existing
}

@test "read_write_copy: a new DST has SRC's mode" {
  sets_mode
}

@test "read_write_copy: says how much and how long" {
  reports
}

@test "read_write_copy: takes two names or none" {
  takes_names
}

@test "read_write_copy: a bad SRC leaves DST alone" {
  refuses_sources
  fails_reading
}

@test "read_write_copy: an unwritable DST is told" {
  refuses_targets
}

@test "read_write_copy: a full disk is told" {
  unless_level namespaces "a small disk of its own"
  tells_full "write() says it: fewer bytes than it was given at first, then ENOSPC"
}

@test "read_write_copy: refuses to copy onto itself" {
  refuses_itself
}

@test "read_write_copy: reads a FIFO to its end" {
  copies_from_fifo
}

@test "read_write_copy: reads a file of /proc" {
  copies_from_proc
}

@test "read_write_copy: goes on after a partial write" {
  local unit=$whole
  copies_to_fifo "$unit"
  # A buffer that ends with a page hides a write of too much: the kernel finds nothing more to take.
  [[ -s $LAB_RUN/errors/narrow ]] || program=narrow unit=$narrow
  copies_to_fifo "$unit"
}

@test "read_write_copy: goes on after EINTR" {
  survives_signals
}

# ---- mmap_copy ------------------------------------------------------------------------------

@test "mmap_copy: copies through mappings of both" {
  given $((whole * (2 + RANDOM % 5)))
  traced mmap_copy in.dat out.dat
  copied "only a store to a MAP_SHARED mapping reaches the file, and only as far as the file reaches (ftruncate)"
  assert_mapped in.dat PROT_READ "the task is to map both files"
  assert_mapped out.dat MAP_SHARED "the task is to map both files"
  only_maps
}

@test "mmap_copy: copies files of any size" {
  copies_sizes
}

@test "mmap_copy: copies an empty file" {
  copies_empty
}

@test "mmap_copy: copies 32 MiB" {
  copies_large
}

@test "mmap_copy: 256 MiB fit into 192 MiB of addresses" {
  sparse_original 256M 0 $(((64 << 20) - 70001)) $(((128 << 20) - 1)) $(((192 << 20) - 3 * page)) $(((256 << 20) - 50000)) \
    $((RANDOM * 8000)) $((RANDOM * 8000))
  cp --sparse=never "$original" in.dat # one piece of data: who keeps holes has to divide it too
  with as=$((192 << 20)) fsize=$((512 << 20))
  copy_by_mapping in.dat out.dat
  succeeds "RLIMIT_AS counts what is mapped, touched or not: map a part of both files, copy it, unmap it, go on"
  exact out.dat "every chunk is mapped at its own offset of both files"
  fresh in.dat out.dat
}

# sparse_original SIZE OFFSET… - a file of holes with random bytes at the offsets
sparse_original() {
  local offset
  truncate -s "$1" "$original"
  for offset in "${@:2}"; do
    head -c $((50000 + RANDOM)) /dev/urandom |
      dd of="$original" bs=64K iflag=fullblock oflag=seek_bytes seek="$offset" conv=notrunc status=none
  done
  truncate -s "$1" "$original"
}

# Prints the first byte at which two files differ, or `same`; what is a hole in both is not read.
compare_data='
import os, sys
files = [os.open(name, os.O_RDONLY | os.O_NOFOLLOW) for name in sys.argv[1:3]]
sizes = [os.fstat(f).st_size for f in files]

def next_data(f, at):
    try:
        return os.lseek(f, at, os.SEEK_DATA)
    except OSError:
        return sizes[files.index(f)]

def first_difference():
    at, end = 0, min(sizes)
    while True:
        at = min(next_data(f, at) for f in files)
        if at >= end:
            return None
        a, b = (os.pread(f, min(1 << 20, end - at), at) for f in files)
        if a != b:
            return at + next(i for i in range(len(a)) if a[i] != b[i])
        at += len(a)

where = first_difference()
print("same" if sizes[0] == sizes[1] and where is None else where if where is not None else min(sizes))
'

@test "mmap_copy: maps MAP_CHUNK bytes at a time" {
  maps_by one_byte 1
  maps_by odd "$odd_chunk"
  maps_by huge "$huge_chunk"
}

# maps_by BUILD CHUNK - that build copies exactly and never maps much more than CHUNK bytes at once
maps_by() {
  local length most=$((($2 + page - 1) / page * page + page))
  [[ ! -s $LAB_RUN/errors/$1 ]] || flunk "it builds with -DMAP_CHUNK=$2" "$(<"$LAB_RUN/errors/$1")"
  given $((11 * page + 1 + RANDOM % (page - 1)))
  calls=$moving_calls
  with cpu=5
  traced "$1" in.dat out.dat
  only_maps
  copied "MAP_CHUNK is $2 here; the offset of a mapping is a multiple of the page size, $page"
  assert_mapped out.dat MAP_SHARED "the task is to map both files"
  while read -r length; do
    ((length <= most)) || flunk "with -DMAP_CHUNK=$2 no mapping is longer than that, rounded to pages" \
      "one of $length bytes" "-DMAP_CHUNK=N sets the length of a chunk (#ifndef MAP_CHUNK)"
  done < <(own_mappings | sed -n 's/^.*mmap2\{0,1\}([^,]*, \([0-9]*\), .*$/\1/p')
}

@test "mmap_copy: cuts a longer DST, keeps its mode" {
  cuts_existing
}

@test "mmap_copy: a new DST has SRC's mode" {
  sets_mode
}

@test "mmap_copy: says how much and how long" {
  reports
}

@test "mmap_copy: takes two names or none" {
  takes_names
}

@test "mmap_copy: a bad SRC leaves DST alone" {
  refuses_sources
}

@test "mmap_copy: refuses what cannot be mapped" {
  refuses_source /proc/self/cmdline "a /proc file has no pages in the page cache, mmap() says ENODEV; its size of 0 means nothing"
  make_fifo
  refuses_source fifo "a FIFO has no pages, mmap() says ENODEV; its size of 0 means nothing"
  exec {fifo}>&-
}

@test "mmap_copy: an unwritable DST is told" {
  refuses_targets
  copy in.dat /dev/null
  refused "DST has no pages that could be mapped: ftruncate() says EINVAL, mmap() ENODEV"
  tells_uncut 2+ 0 # the first one may be made to cut an old DST to nothing
}

@test "mmap_copy: a full disk is told" {
  unless_level namespaces "a small disk of its own"
  tells_full "ftruncate() makes a hole, and a store into a mapped hole that finds no block is SIGBUS; fallocate() asks for the blocks first" \
    copy_by_mapping
}

@test "mmap_copy: refuses to copy onto itself" {
  refuses_itself
}

# Both files are on a disk that has just room for the data twice and 64 MiB more.
@test "mmap_copy: keeps holes" {
  unless_level namespaces "a disk of its own"
  local why="lseek() with SEEK_DATA and SEEK_HOLE tells where data is; only that is mapped and copied, the rest of DST stays a hole"
  sparse_original 6G 0 $(((1 << 30) - 20000)) $(((RANDOM << 15 | RANDOM) * 5)) $(((5 << 30) + RANDOM))
  disk $(($(stat -c %b "$original") + (65 << 10))) # in KB, and a block is half of one
  cp --sparse=always "$original" in.dat
  job given /usr/bin/cp --sparse=always in.dat /small/in.dat
  [[ $ending$code == exit0 ]] || broken "the sparse file does not fit: $(<"$err")"
  with as=$((192 << 20))
  copy_by_mapping /small/in.dat /small/out.dat
  succeeds "$why"
  job size /usr/bin/stat -c '%F %s' /small/out.dat
  [[ $(<"$out") == "regular file $((6 << 30))" ]] || flunk "a regular file of $((6 << 30)) bytes" "$(shown "$out")" "$why"
  fresh in.dat # the program could have changed this one
  cp --sparse=always "$original" in.dat
  job compare "$(command -v python3)" -I -c "$compare_data" /small/out.dat in.dat
  [[ $(<"$out") == same ]] || flunk "the bytes and the holes of the source" "the first difference is at byte $(shown "$out")" "$why"
}

# ---- fast_copy ------------------------------------------------------------------------------

@test "fast_copy: copies a file by itself" {
  given $((whole * (2 + RANDOM % 5)))
  traced fast_copy in.dat out.dat
  copied
  assert_alone "the task is the copying itself"
}

@test "fast_copy: copies files of any size" {
  copies_empty
  copies_sizes
}

@test "fast_copy: copies 32 MiB" {
  copies_large
}

@test "fast_copy: sets DST's length and mode" {
  cuts_existing
  sets_mode
}

@test "fast_copy: says how much and how long" {
  takes_names
  reports
}

@test "fast_copy: a bad SRC leaves DST alone" {
  refuses_sources
}

@test "fast_copy: a DST without room is told" {
  refuses_targets
  tells_uncut 1+ $((3 * whole))
  [[ $LAB_LEVEL != namespaces ]] || tells_full "every call can say ENOSPC, and a store to a mapping SIGBUS"
}

@test "fast_copy: refuses to copy onto itself" {
  refuses_itself
}

@test "fast_copy: reads FIFOs and files of /proc" {
  copies_from_fifo
  copies_from_proc interrupted_copy
  copies_proc_to_fifo
  fails_reading_proc
}

@test "fast_copy: goes on after partial calls and EINTR" {
  copies_to_fifo "$whole"
  survives_signals $((1 << 20))
}
