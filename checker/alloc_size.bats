# alloc_size.bats - where malloc() takes blocks from and what becomes of them, judged from the system calls

source "$LAB_CHECKER/lab.bash"

setup_file() {
  topic alloc_size
  tool "$LAB_RUN/probe" probe.c
  if wanted alloc_size; then
    tool "$LAB_BIN/count.so" count.c -shared -fPIC
    export other_count=$((11 + RANDOM % 40)) other_kb=$((33 + RANDOM % 60))
    build_as alloc_size.sizes alloc_size CPPFLAGS="-DNUM_ALLOCS=$other_count -DALLOC_SIZE_KB=$other_kb"
  fi
  if wanted find_threshold; then
    export more_bytes=$(((400000 + RANDOM * 24) / page * page + page))
    tool "$LAB_BIN/more.so" more.c -DMORE=$more_bytes -shared -fPIC
  fi
  close_sandbox
}

setup() {
  scratch
}

teardown() {
  leave
}


# tunables NAME=VALUE… - settings of the C library's malloc() for the next job
tunables() {
  local setting all=''
  for setting; do all+=${all:+:}glibc.malloc.$setting; done
  with env=GLIBC_TUNABLES="$all"
}

# ---- alloc_size -----------------------------------------------------------------------------

# counted PROGRAM COUNT KB - start PROGRAM with the kit's counter of blocks of KB in front of malloc(), and let it
# run to its third stop; sets made_before, and made_there, live_there and asked_there (bytes) at the second stop
counted() {
  fresh counts
  head -c 24 /dev/zero >counts
  with env=LD_PRELOAD="$(inside bin)/count.so" env=COUNT_FILE="$(inside work)/counts" env=COUNT_BYTES=$(($3 << 10))
  start "$1"
  read_counts
  made_before=$made asked_before=$asked
  to_stop second
  read_counts
  made_there=$((made - made_before)) live_there=$live asked_there=$((asked - asked_before))
  to_stop third
}

# to_stop ORDINAL - give the started program a line; it must come to its next stop
to_stop() {
  enter
  [[ $ending == running ]] || flunk "$lab_ran stops a $1 time and waits for a line" "$(how_it_ended)" \
    "the stops before, after and at the end are where its memory can be looked at"
}

# read_counts - sets made and live: the large blocks so far, and asked: the bytes asked for in them
read_counts() {
  plain counts || flunk "the file that counts the blocks is left alone" \
    "$(stat -c %F counts 2>/dev/null || echo 'it is gone')"
  read -r made live asked < <(od -An -v -tu8 -w24 -N24 counts 2>/dev/null) && [[ -n $asked ]] ||
    flunk "the file that counts the blocks is left alone" "it cannot be read any more"
}

# none_live COUNT KB - the counted program, at its third stop, ends: no block of KB is live then
none_live() {
  finish
  assert_alone "the exercise is to allocate and free in C"
  read_counts
  [[ $live == 0 ]] || flunk "all $1 blocks of $2 KB freed when the program has ended" "$live of them are not" \
    "malloc() takes memory for a block until free() is called with its address"
}

# leak_found - what memcheck says of the first error or leak, in a line
leak_found() {
  [[ $ending$code == exit99 ]] || {
    how_it_ended
    return
  }
  awk '
    { sub(/^==[0-9]+== ?/, "") }
    !what && / (are|is) (definitely lost|indirectly lost|possibly lost|still reachable)/ {
      sub(/ in loss record.*/, "")
      what = $0
    }
    !what && /^(Invalid|Conditional|Use of|Mismatched|Syscall|Source and|Process terminating)/ { what = $0 }
    what && match($0, /[a-z_0-9]+ \(alloc_size\.c:[0-9]+\)/) {
      print what ": " substr($0, RSTART, RLENGTH)
      found = 1
      exit
    }
    END { if (!found) print what ? what : "memcheck reports an error" }' <(tr -d '\0' <"$err")
}

# given_back COUNT KB - in the trace of a whole run, mappings of KB each, and the heap, have gone before the end
#
# This run is nobody's but the program's: no counter and no Valgrind is in it that it could tell. Settings
# of the C library have each block in a mapping of its own, and free heap at once back with the kernel.
given_back() {
  local -A mapped=()
  local call first old length size=$(($2 << 10)) result brk_first='' brk_last=0
  while read -r call first length result old; do
    [[ $result == 0x* || $call == munmap ]] || continue
    case $call in
      mmap) ((length < size)) || mapped[$result]=1 ;;
      munmap) [[ $result != 0 ]] || unset "mapped[$first]" ;;
      mremap) [[ ! -v mapped[$first] ]] || { unset "mapped[$first]" && mapped[$result]=1; } ;;
      brk) brk_first=${brk_first:-$((result))} brk_last=$((result)) ;;
    esac
  done < <(own_calls | sed -En \
    -e 's/^mmap\([^,]*, ([0-9]+), PROT_READ\|PROT_WRITE, [^,]*MAP_ANONYMOUS.* = (0x[0-9a-f]+)$/mmap - \1 \2/p' \
    -e 's/^munmap\((0x[0-9a-f]+), ([0-9]+)\) += 0$/munmap \1 \2 0/p' \
    -e 's/^mremap\((0x[0-9a-f]+), ([0-9]+), .* = (0x[0-9a-f]+)$/mremap \1 \2 \3/p' \
    -e 's/^brk\(.*\) += (0x[0-9a-f]+)$/brk - 0 \1/p')
  [[ ${#mapped[@]} == 0 ]] || flunk "every block of $2 KB given back by free()" \
    "${#mapped[@]} mappings that malloc() made for blocks are there to the end" \
    "with this mmap_threshold a block is a mapping of its own, and free() is its munmap()"
  ((brk_last - brk_first < $1 * size / 2)) || flunk "the heap small again when all blocks are freed" \
    "it ends $(((brk_last - brk_first) >> 10)) KB large" \
    "with these settings malloc() gives free memory at the heap's top back to the kernel"
}

# with_trace - the next job's calls that give or take memory, in the file `trace`
with_trace() {
  trace=$LAB_NOTES/trace
  with trace="$trace" strace=-qq strace=-e strace=trace=brk,mmap,mmap2,munmap,mremap,set_tid_address,execve,execveat
}

@test "alloc_size: every block is freed" {
  memchecked alloc_size
  [[ $ending$code == exit0 ]] || flunk "memcheck reports no error and every block freed" "$(leak_found)" \
    "a block that a pointer still reaches when the program ends is not freed either"

  counted alloc_size 10 32
  ((made_there >= 10)) || flunk "10 blocks of 32 KB allocated between the first and the second stop" "$made_there" \
    "the leak is to be removed, not the allocations"
  none_live 10 32

  tunables top_pad=0 mmap_threshold=$((16 << 10)) tcache_count=0 mxfast=0
  with_trace
  start alloc_size
  to_stop second
  to_stop third
  finish
  given_back 10 32
}

# data_kb - the private writable memory of the started program, in KB
data_kb() {
  sed -n 's/^VmData:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$pid/status" 2>/dev/null | grep . || echo 0
}

@test "alloc_size: all are live at the second stop" {
  counted alloc_size 10 32
  [[ $live_there == 10 ]] || flunk "10 blocks of 32 KB live at the second stop" "$live_there" \
    "free() them after that stop: until then they are to be looked at"
  none_live 10 32

  tunables top_pad=0 mmap_threshold=$((16 << 10))
  start alloc_size
  local before
  before=$(data_kb)
  to_stop second
  (($(data_kb) - before >= 10 * 32)) || flunk "10 blocks of 32 KB more memory at the second stop than at the first" \
    "$(($(data_kb) - before)) KB more (VmData in /proc/PID/status)"
  finish
}

@test "alloc_size: NUM_ALLOCS and ALLOC_SIZE_KB count" {
  [[ ! -s $LAB_RUN/errors/alloc_size.sizes ]] ||
    flunk "alloc_size builds with -DNUM_ALLOCS=$other_count -DALLOC_SIZE_KB=$other_kb" \
      "$(<"$LAB_RUN/errors/alloc_size.sizes")"
  counted alloc_size.sizes "$other_count" "$other_kb"
  [[ $made_there == "$other_count" ]] ||
    flunk "$other_count blocks of $other_kb KB with -DNUM_ALLOCS=$other_count -DALLOC_SIZE_KB=$other_kb" "$made_there" \
      "what is kept for each block has to grow with NUM_ALLOCS"
  local size=$((other_kb << 10)) # and perhaps four words of the program's own in each
  ((asked_there >= other_count * size && asked_there <= other_count * (size + 32))) ||
    flunk "$other_count blocks of $size bytes with -DNUM_ALLOCS=$other_count -DALLOC_SIZE_KB=$other_kb" \
      "$asked_there bytes in all, $((asked_there / other_count)) a block" "1 KB is 1024 bytes"
  none_live "$other_count" "$other_kb"
}

# ---- brk_or_mmap ----------------------------------------------------------------------------

# places N SIZE… - run brk_or_mmap; `truth` is what it has to print: a block was mapped if the run made an anonymous
# mapping for it. N is the threshold: no smaller block is. SIZEs from there on are some pages apart from each other.
places() {
  local least=$1 size length
  shift
  named brk_or_mmap "$@"
  with_trace
  job it brk_or_mmap "$@"
  mapfile -t lengths < <(own_calls |
    sed -En 's/^mmap2?\([^,]*, ([0-9]+), PROT_READ\|PROT_WRITE, [^,]*MAP_ANONYMOUS.* = 0x[0-9a-f]+$/\1/p')
  truth=''
  for size; do
    truth+=${truth:+$'\n'}"$size brk"
    ((size + 100 >= least)) || continue
    for length in "${lengths[@]}"; do
      ((length <= size || length > size + page + 64)) || {
        truth=${truth%brk}mmap
        break
      }
    done
  done
}

# is_right [WHY] - the last run printed the truth
is_right() {
  succeeds
  assert_alone "the exercise is to ask malloc() in C"
  cmp -s "$out" <(printf '%s\n' "$truth") && return
  local i wanted got
  mapfile -t wanted <<<"$truth"
  mapfile -t -n 1000 got < <(head -c 100000 "$out" | tr -d '\0')
  for i in "${!wanted[@]}"; do
    [[ ${got[i]-} == "${wanted[i]}" ]] ||
      flunk "line $((i + 1)): ${wanted[i]}" "${got[i]-no such line}" "${1-}"
  done
  flunk "a line for each of the ${#wanted[@]} blocks" "more: ${got[${#wanted[@]}]-}"
}

# spread FIRST COUNT - COUNT random sizes above FIRST, some pages apart
spread() {
  local i size=$1
  for ((i = 0; i < $2; i++)); do
    size=$((size + (3 + RANDOM % 20) * page + 200 + RANDOM % (page / 2)))
    echo $size
  done
}

# small COUNT - COUNT random sizes of a few bytes
small() {
  local i
  for ((i = 0; i < $1; i++)); do echo $((1 + RANDOM % 1000)); done
}

border=$((128 << 10)) # the threshold as it is set by default

# takes_from PLACE SIZE THRESHOLD - malloc(), as it is, takes a first block of SIZE bytes from PLACE with that threshold
# set: a program that has none of it from malloc(), or has set malloc() otherwise, has them from elsewhere
takes_from() {
  tunables mmap_threshold="$3"
  places "$3" "$2"
  [[ $truth == "$2 $1" ]] || flunk "$2 bytes taken by malloc() as it is: with mmap_threshold=$3 that is by $1" \
    "this run made $([[ $1 == brk ]] && echo a || echo no) mapping for them" \
    "where a block is from is malloc()'s choice: leave its settings alone, and do not choose yourself"
  is_right "GLIBC_TUNABLES=glibc.malloc.mmap_threshold=$3"
}

@test "brk_or_mmap: tells the heap from a mapping" {
  local why="malloc() looks at the heap first: what fits into what it has there is never mapped, whatever its size"
  # shellcheck disable=SC2046 # words
  places $border $((border + 24 + RANDOM % 2000)) $(small 2) $( (spread $border 6 && small 6) | shuf)
  is_right "$why"
  # shellcheck disable=SC2046
  places $border $((border * 3 / 4)) $((border + 24 + RANDOM % 2000)) $( (spread $((border + page)) 10 && small 3) | shuf)
  is_right "$why"
  takes_from brk $((20000 + RANDOM % 10000)) $((8000 + RANDOM % 4000)) # the heap has room for them
  takes_from brk $((600000 + RANDOM)) $(((1 << 20) + RANDOM))
  takes_from mmap $((600000 + RANDOM)) $((300000 + RANDOM))
}

@test "brk_or_mmap: the border moves with mmap_threshold" {
  local threshold
  for threshold in $((10 * page + RANDOM % 20000)) $((border * 2 + RANDOM % 300000)) $(((2 << 20) + RANDOM * 100)); do
    tunables mmap_threshold=$threshold
    # shellcheck disable=SC2046
    places $threshold $((threshold + 24 + RANDOM % 2000)) \
      $( (spread $((threshold + page)) 8 && small 3) | shuf) $((threshold / 2))
    is_right "GLIBC_TUNABLES=glibc.malloc.mmap_threshold=$threshold: the size alone does not tell where a block is from"
  done
}

@test "brk_or_mmap: a block of 0 bytes is a block too" {
  places $border 0
  is_right "malloc(0) returns a block of its own; its bytes are none, but its header is in the heap"
  places $border 0 $((border * 2)) 0
  is_right
}

@test "brk_or_mmap: small blocks share one call of brk" {
  # shellcheck disable=SC2046
  places $border $(small 1200)
  is_right "malloc() moves the break by more than is asked, and takes the next blocks from the rest"
}

# peak - the most bytes that the traced program had at one time from brk and from anonymous mappings of its own
peak() {
  local call length address start='' heap=0 sum=0 most=0
  local -A of=()
  while read -r call length address; do
    case $call in
      mmap) of[$address]=$length sum=$((sum + length)) ;;
      munmap) sum=$((sum - ${of[$address]-0})) && unset "of[$address]" ;;
      brk) start=${start:-$((address))} heap=$((address - start)) ;;
    esac
    ((heap + sum <= most)) || most=$((heap + sum))
  done < <(own_calls | sed -En \
    -e 's/^mmap2?\([^,]*, ([0-9]+), [^,]*, [^,]*MAP_ANONYMOUS.* = (0x[0-9a-f]+)$/mmap \1 \2/p' \
    -e 's/^munmap\((0x[0-9a-f]+), ([0-9]+)\) += 0$/munmap \2 \1/p' \
    -e 's/^brk\(.*\) += (0x[0-9a-f]+)$/brk 0 \1/p')
  echo $most
}

@test "brk_or_mmap: keeps every block" {
  local sizes size sum=0
  # shellcheck disable=SC2207 # words
  sizes=($( (spread $((border + 200 * page)) 6 && spread $((border / 4)) 6) | shuf))
  for size in "${sizes[@]}"; do sum=$((sum + size)); done
  places $border "${sizes[@]}"
  is_right
  (($(peak) >= sum)) || flunk "$sum bytes, the sum of all blocks, taken from the kernel at one time" \
    "no more than $(peak)" \
    "a freed block is handed out again, and to free a mapped one raises the threshold"
}

@test "brk_or_mmap: no memory is exit 1" {
  local limit=$((300 << 20))
  with as=$limit
  try brk_or_mmap 100 $((limit + RANDOM))
  fails "malloc() returns NULL when the kernel gives no more: here the address space may be $limit bytes"
  with as=$limit
  try brk_or_mmap $((100 << 20)) $((101 << 20)) $((102 << 20)) $((103 << 20))
  fails "each block fits into $limit bytes, all that are kept do not"
  try brk_or_mmap $((1 << 62))
  fails "no machine has 2^62 bytes"
}

@test "brk_or_mmap: wrong operands are exit 2" {
  local wrong
  for wrong in abc 12x ''; do
    try brk_or_mmap "$wrong"
    usage_error
    try brk_or_mmap 100 "$wrong"
    usage_error
  done
  try brk_or_mmap
  usage_error
}

# ---- find_threshold -------------------------------------------------------------------------

# served SIZE THRESHOLD - where a fresh process with that mmap_threshold (- for none set) gets its first SIZE bytes from;
# `more` is another setting, as for tunables()
served() {
  local settings=()
  [[ $2 == - ]] || settings=(GLIBC_TUNABLES=glibc.malloc.mmap_threshold="$2${more:+:glibc.malloc.$more}")
  env -i "${settings[@]}" "$LAB_RUN/probe" "$1"
  case $? in
    0) echo heap ;;
    1) echo mapping ;;
    *) echo nowhere ;;
  esac
}

# finds_border THRESHOLD [WHY [SETTING [MORE]]] - find_threshold prints the smallest request that is mapped with that setting,
# where malloc() takes MORE bytes more than it is asked for
finds_border() {
  local more=${3-} told="with mmap_threshold=$1${3:+ and $3}" why='' added=${4-0} asked
  ((!added)) || told+=" and a malloc() in front that asks for $added bytes more"
  # shellcheck disable=SC2086 # one word or none
  if [[ $1 == - ]]; then told="by default"; else tunables mmap_threshold="$1" $more; fi
  ${how:-try} find_threshold
  [[ $ending != limit ]] || why="halving the distance needs some 30 children, not 100000"
  succeeds "$why"
  answer=$(head -c 100 "$out" | tr -d '\0')
  [[ $answer =~ ^(0|[1-9][0-9]{0,15})$ ]] || flunk "one line with a number of bytes" "$(shown "$out")"
  asked=$((answer + added))
  [[ $(served "$asked" "$1") == mapping && $(served $((asked + 1 + RANDOM)) "$1") == mapping ]] ||
    flunk "$told: the smallest first request that malloc() serves by mmap" \
      "$answer, but a process whose first malloc() is of $answer bytes gets them from the $(served "$asked" "$1")" \
      "${2-}"
  ((answer == 0)) || [[ $(served $((asked - 1)) "$1") == heap && $(served $((answer * 3 / 4 + added)) "$1") == heap ]] ||
    flunk "$told: the smallest first request that malloc() serves by mmap" \
      "$answer, but a process whose first malloc() is of $((answer - 1)) bytes has them mapped too" "${2-}"
}

@test "find_threshold: right for any mmap_threshold" {
  local threshold
  for threshold in $((160000 + RANDOM * 16)) $((800001 + 2 * RANDOM)) $(((8 << 20) + RANDOM * 100)); do
    finds_border "$threshold" \
      "each malloc() and free() before changes the answer; in a child of fork() nobody has called malloc() yet"
  done
  # Who knows by heart how large the first heap is finds another one here.
  finds_border $((160000 + RANDOM * 16)) "measure it: what fits into the first heap is not mapped, however large that is" \
    top_pad=$((800000 + RANDOM * 8))
  # Who knows the rules and all settings finds another one here. It is still above the threshold.
  with env=LD_PRELOAD="$(inside bin)/more.so"
  finds_border $((160000 + RANDOM * 16)) "measure it: malloc() itself tells, whatever its rules are here" \
    top_pad=$((2500000 + RANDOM * 8)) "$more_bytes"
}

# has_asked SIZE - in the last trace the program, or a child of it, was given a mapping for a block of about SIZE bytes
has_asked() {
  local length
  while read -r length; do
    ((length < $1 || length > $1 + page + 64)) || return 0
  done < <(calls_of 'mmap2?' | sed -En 's/^.*\([^,]*, ([0-9]+), PROT_READ\|PROT_WRITE, [^,]*MAP_ANONYMOUS.* = 0x[0-9a-f]+$/\1/p')
  flunk "a process that asks malloc() for $1 bytes and has them mapped" "none of this run was given such a mapping" \
    "measure it: malloc() itself tells, whatever its rules are here"
}

@test "find_threshold: right where none is set" {
  local answer
  calls=mmap,mmap2 how=traced finds_border - \
    "it is not 131072: the heap that comes with the first malloc() has room for more"
  has_asked "$answer"
}

@test "find_threshold: right where it is small" {
  finds_border $((60000 + RANDOM)) "the heap is looked at first: what fits there is not mapped"
}
