# shared-memory.bats - memory of several processes, judged by their mappings, their contents and smaps

source "$LAB_CHECKER/lab.bash"

setup_file() {
  topic shared-memory
}

setup() {
  scratch
  ring=ring$RANDOM$RANDOM
}

teardown() {
  leave
  [[ $LAB_LEVEL == namespaces ]] || rm -f "/dev/shm/$ring" "/dev/shm/"*"$ring"*
}


# ---- shared_counter -------------------------------------------------------------------------

# held CHILDREN PROGRAM ARG… - run the program until so many children have begun, and stop each there: its first system call
# is the C library's set_robust_list(); sets parent and children
#
# Who starts a child only when the one before has ended has one child stopped, and does not start the next.
held() {
  named "${@:2}"
  trace=$LAB_NOTES/trace continued='' met=0
  with trace="$trace" strace=-y strace=-e strace=trace=mmap,mmap2,set_tid_address,set_robust_list,exit,exit_group \
    strace=-e strace=inject=set_robust_list:signal=SIGSTOP:when=1
  spawn it "${@:2}"
  eventually have_come begun "$1" || children=()
}

# begun PROCS INCREMENTS - shared_counter's children are held
begun() {
  held "$1" shared_counter "$@"
  ((${#children[@]})) || flunk "$1 child processes that count" "none" \
    "fork() makes a process; a thread has all memory in common"
}

# frozen PROCS INCREMENTS - the same, and then stop each child again when it has counted, its memory as it is: its last
# call, exit_group(), is left out. What the shared mapping holds is watched on the way. Sets shared and private, too: START
# LENGTH of the program's anonymous mappings
frozen() {
  local ready sum
  with strace=-e strace=inject=exit,exit_group:retval=0:signal=SIGSTOP:when=1 strace=-e strace=inject=munmap:retval=0
  begun "$@"
  mapfile -t shared < <(anonymous_mappings MAP_SHARED)
  mapfile -t private < <(anonymous_mappings MAP_PRIVATE)
  ((${#shared[@]})) || flunk "a shared anonymous mapping, made before the children" "none in the system calls" \
    "MAP_SHARED | MAP_ANONYMOUS: memory that fork() does not copy"
  for ((ready = 1; ready <= $1; ready++)); do
    eventually have_come counted "$ready" ||
      flunk "$1 children that count to $2 and exit" "${#children[@]} of them came to their exit" \
        "each is let go after the others; it must end by itself"
    [[ -n $parent ]] || flunk "a parent that waits for its $1 children" "it has ended, and they had not all counted" \
      "wait() tells when a child has ended; only then is the sum there"
    sum=$((${#children[@]} * $2))
    ((running)) || has_number "$parent" $((met ? $2 : sum)) $sum "${shared[@]}" ||
      flunk "$sum in a shared mapping once ${#children[@]} of the $1 children have counted to $2" \
        "that number is in no page of the shared mappings" "what a child stores in a shared mapping is there for all"
    ((${#children[@]} >= ready)) || break
  done
}

# have_come begun|counted PROCS - true when so many children have come to their first or second stop, or the program waits
# for one that has, or it has ended; sets parent, children (those at that stop) and running, how many are at none. On the
# way to their second stop the children go one after the other, so that they do not meet; met is 1 once they may have, as
# one waits for the others.
have_come() {
  local process call processes on_way='' asleep=''
  local -A stopped=() exits=() counted=()
  ask pids it
  read -r _ _ parent processes <<<"$answer"
  while read -r process call; do
    case $call in
      exit*) exits[$process]=1 ;;
      *) if [[ -v exits[$process] ]]; then counted[$process]=1; else stopped[$process]=1; fi ;;
    esac
  done < <(grep -E -- '^[0-9]+ +(exit(_group)?\(|--- stopped by SIGSTOP ---)' "$trace")
  [[ -z $parent || ! -v stopped[$parent] ]] || go_on "$parent"
  children=() running=0
  for process in $processes; do
    if [[ -v counted[$process] || ($1 == begun && -v stopped[$process]) ]]; then
      children+=("$process")
      continue
    fi
    [[ $1 == begun || -n $on_way || ! -v stopped[$process] ]] || ((${#children[@]} >= $2)) || go_on "$process"
    if [[ $1 == counted && -v stopped[$process] && " $continued " == *" $process "* ]] && is_blocked "$process"; then
      asleep=$process met=1 # it waits for the others, which go on, too
    else
      on_way=$process
    fi
    [[ -v stopped[$process] && " $continued " != *" $process "* ]] || running=$((running + 1))
  done
  ((${#children[@]} < $2)) || return 0
  [[ -z $parent ]] || { [[ -z $on_way$asleep && ${#children[@]} != 0 ]] && is_blocked "$parent"; }
}

# go_on PID - end its first stop, once
go_on() {
  [[ " $continued " != *" $1 "* ]] || return 0
  continued+=" $1"
  kill -CONT "$1" 2>/dev/null || true
}

# is_blocked PID - it sleeps, and still does at a second look
is_blocked() {
  grep -qs '^State:.S' "/proc/$1/status" && pause && grep -qs '^State:.S' "/proc/$1/status"
}

# anonymous_mappings FLAG - START LENGTH of those that the program itself made
anonymous_mappings() {
  own_calls | grep -E '(MAP_ANONYMOUS|</dev/zero>)' |
    sed -En "s/^mmap2?\([^,]*, ([0-9]+), [^,]*, [^,]*\b$1\b.* = (0x[0-9a-f]+)\$/\2 \1/p"
}

# has_number PID LEAST MOST MAPPING… - one of these mappings of that process holds such a number, in its first MiB
has_number() {
  local process=$1 least=$2 most=$3 mapping start length memory status=1
  shift 3
  (($# <= 100)) || flunk "two anonymous mappings for the two counters, and few others" "it has $# of one kind"
  for mapping; do
    start=$((${mapping% *}))
    length=$((${mapping#* } < 1 << 20 ? ${mapping#* } : 1 << 20))
    # opened anew for each: dd skips from where the one before has ended
    { exec {memory}<"/proc/$process/mem"; } 2>/dev/null || return # it has ended, or lets nobody look
    dd bs="$page" skip=$((start / page)) count=$(((length + page - 1) / page)) conv=noerror status=none <&"$memory" 2>/dev/null |
      od -An -w64 -tu4 | awk -v least="$least" -v most="$most" '
        { for (i = 1; i <= NF; i++) found = found || ($i >= least && $i <= most) }
        END { exit !found }' && status=0
    exec {memory}<&-
    ((status)) || break
  done
  return $status
}

@test "shared_counter: children count in a shared mapping" {
  local procs=$((2 + RANDOM % 3)) times=$((1000 + RANDOM % 9000)) started
  frozen $procs $times
  try_again calls=clone,clone3,fork,vfork traced shared_counter $procs $times
  started=$(calls_of 'clone|clone3|fork|vfork' | grep -vE 'CLONE_(VM|THREAD)' | grep -cE ' = [0-9]+$') || true
  ((started == procs)) || flunk "$procs child processes that count" "$started"
}

# sums_up PROCS INCREMENTS - shared_counter prints their product, and its children have counted to it
sums_up() {
  named shared_counter "$@"
  with cpu=60 wall=240000
  spawn it shared_counter "$@"
  counted_together "$1" $(($1 * $2))
  await it
  succeeds
  [[ $(sed -n '1s/^shared \([0-9]*\)$/\1/p' "$out") == $(($1 * $2)) ]] ||
    flunk "shared $(($1 * $2))" "$(shown "$out")" \
      "an increment is a load, an addition and a store; another process may come between them"
}

# counted_together PROCS SUM - the sum is in a shared mapping once the children have ended: the parent is stopped while they
# count, and has not stored there, nor unmapped it. Only who is met like that, waiting for all of them, is looked at.
counted_together() {
  local parent='' processes='' child all=1
  local -a maps=()
  eventually waits_for "$1" && [[ -n $parent ]] && kill -STOP "$parent" 2>/dev/null || return 0
  if eventually is_stopped "$parent"; then
    for child in $processes; do is_running "$child" || all=0; done
    if ((all)) && eventually have_ended; then
      mapfile -t maps < <(shared_maps "$parent")
      ((!${#maps[@]})) || has_number "$parent" "$2" "$2" "${maps[@]}" ||
        flunk "$2 in a shared mapping once all $1 children have counted side by side" \
          "that number is in no page of the shared mappings" \
          "an increment is a load, an addition and a store; another process may come between them"
    fi
  fi
  kill -CONT "$parent" 2>/dev/null || true
}

# waits_for PROCS - true when the program is blocked and has so many children, or has ended; sets parent and processes
waits_for() {
  local list
  ask pids it
  read -r _ _ parent processes <<<"$answer"
  read -ra list <<<"$processes"
  [[ -z $parent ]] || { ((${#list[@]} == $1)) && is_blocked "$parent"; }
}

# is_running PID - it is there, and has not ended
is_running() {
  grep -qs '^State:.[^ZX]' "/proc/$1/status"
}

# have_ended - none of the `processes` runs
have_ended() {
  local process
  for process in $processes; do ! is_running "$process" || return 1; done
}

# shared_maps PID - START LENGTH of that process' shared anonymous mappings, which are ones of /dev/zero
shared_maps() {
  local range perms name
  while read -r range perms _ _ _ name; do
    [[ $perms != rw?s || $name != /dev/zero* ]] || echo "0x${range%-*} $((16#${range#*-} - 16#${range%-*}))"
  done < <(cat "/proc/$1/maps" 2>/dev/null)
}

# The children have to run side by side for a while, or they do not meet: who is quick has more to count.
@test "shared_counter: no increment is lost" {
  local procs=$((3 + RANDOM % 2)) times=$((1000000 + RANDOM)) quick
  sums_up $procs $times
  quick=$((500000 / (facts[cpu_us] + 1)))
  ((quick < 2)) || sums_up $procs $((times * (quick < 99 ? quick : 99)))
  injected '/^(clone3?|v?fork)$:error=EAGAIN:when=2+' shared_counter 2 100
  fails "with every fork() after the first failing (EAGAIN), what the second child was to count would be missing"
}

@test "shared_counter: the private count stays private" {
  local procs=$((2 + RANDOM % 3)) times=$((1000 + RANDOM % 9000)) child
  frozen $procs $times
  ((${#private[@]})) || flunk "a private anonymous mapping, made before the children" \
    "none in the system calls"
  for child in "${children[@]}"; do
    has_number "$child" $times $times "${private[@]}" ||
      flunk "each child's own copy of the private mapping holds $times" \
        "that number is in no page of the private mappings of one of them" \
        "a child's first store gives it a copy of the page, and it goes on counting there"
  done
  try_again try shared_counter $procs $times
  [[ $(sed -n 2p "$out" | tr -d '\0') == "private 0" ]] ||
    flunk "private 0" "$(shown "$out")" "the parent's page is as it was when it called fork()"
}

# try_again [calls=CALLS] try|traced PROGRAM ARG… - end the frozen run, and let another one go to its end
try_again() {
  ask signal it KILL
  await it
  if [[ $1 == calls=* ]]; then
    calls=${1#calls=}
    shift
  fi
  "$@"
  succeeds
}

@test "shared_counter: nothing to count is 0" {
  try shared_counter 0 $((1 + RANDOM))
  succeeds
  prints $'shared 0\nprivate 0'
  try shared_counter $((1 + RANDOM % 9)) 0
  succeeds
  prints $'shared 0\nprivate 0'
}

@test "shared_counter: wrong operands are exit 2" {
  local wrong
  for wrong in '' '1' '1 2 3' 'x 1' '1 2x'; do
    # shellcheck disable=SC2086 # words
    try shared_counter $wrong
    usage_error
  done
}

# ---- shm_pipe -------------------------------------------------------------------------------

# sender, receiver - start that end of the pipe; options for it come before by `with`. Who takes byte after byte, traced,
# needs long.
sender() {
  job_options=(wall=240000 "${job_options[@]}")
  spawn send shm_pipe send "$ring"
  send_pid=$pid
}

receiver() {
  job_options=(wall=240000 cap=$((100 << 20)) "${job_options[@]}")
  spawn recv shm_pipe recv "$ring"
  recv_pid=$pid
}

# let_wait PID - give a process that came first the time to wait for the other
let_wait() {
  local looks asleep=0
  for ((looks = 0; looks < 100 && asleep < 2; looks++)); do
    if grep -qs '^State:.S' "/proc/$1/status"; then asleep=$((asleep + 1)); else asleep=0; fi
    pause
  done
}

# is_stopped PID - it is stopped, or has ended
is_stopped() {
  ! grep -qs '^State:.[^TtZ]' "/proc/$1/status"
}

# both_end - both ends of the pipe succeed, and what came out is $LAB_NOTES/data
both_end() {
  lab_ran="shm_pipe send $ring"
  await send
  succeeds "${1-}"
  lab_ran="shm_pipe recv $ring"
  await recv
  succeeds "${1-}"
  cmp -s "$out" "$LAB_NOTES/data" ||
    flunk "the receiver writes the $(stat -c %s "$LAB_NOTES/data") bytes that the sender reads" \
      "$(difference "$out" "$LAB_NOTES/data")" "${1-}"
}

# copies SIZE [FIRST [WHY]] - a pair copies SIZE random bytes from a file that only the sender has; FIRST comes first
copies() {
  make_file "$LAB_NOTES/data" "$1"
  if [[ ${2-send} == send ]]; then
    traced_sender "$1"
    [[ -z ${2-} ]] || let_wait "$send_pid"
    traced_receiver "$1"
  else
    traced_receiver "$1"
    let_wait "$recv_pid"
    traced_sender "$1"
  fi
  both_end "${3-}"
  (($1 > most_traced)) || from_ring "$1"
}

# The calls that can bring bytes from elsewhere.
bringing=read,readv,pread64,preadv,preadv2,recvfrom,recvmsg,recvmmsg,mq_timedreceive,splice,tee,sendfile,copy_file_range
most_traced=200000

# traced_receiver SIZE - start the receiver, with its system calls in the file recv.trace unless SIZE is very large
traced_receiver() {
  (($1 > most_traced)) || with trace="$LAB_NOTES/recv.trace" strace=-y strace=-qq strace=-s strace=0 \
    strace=-e "strace=trace=mmap,mmap2,/^open,$bringing,execve"
  receiver
}

# traced_sender SIZE - start the sender, with the data as its input; what it opens is in send.trace unless SIZE is very large
traced_sender() {
  (($1 > most_traced)) || with trace="$LAB_NOTES/send.trace" strace=-y strace=-qq strace=-e strace=trace=/^open
  with in="$LAB_NOTES/data"
  sender
}

# has_ring JOB PID - the running JOB has mapped a shared-memory object of some 64 KiB
has_ring() {
  local range perms name most=0 size
  while read -r range perms _ _ _ name; do
    [[ $perms == *s && $name == /dev/shm/* ]] || continue
    size=$((16#${range#*-} - 16#${range%-*}))
    ((size <= most)) || most=$size
  done < <(cat "/proc/$2/maps" 2>/dev/null)
  ((most >= 64 << 10 && most <= (96 << 10) + page)) ||
    flunk "shm_pipe $1 maps a shared-memory object of 64 KiB and a little for its state" "$most bytes" \
      "shm_open() makes a name for memory: the file /dev/shm/NAME, which both map"
}

# from_ring SIZE - the traced receiver got its SIZE bytes from a mapping, not by calls; a few thousand may be its state. The
# file /proc/PID/mem would bring them there without the ring, whichever end opens it.
from_ring() {
  local moved opened
  opened=$(grep -hE ' = [0-9]+</proc/[^>]*/mem>$' "$LAB_NOTES/send.trace" "$LAB_NOTES/recv.trace" | head -n 1) || true
  [[ -z $opened ]] || flunk "the bytes go through the ring, which both map" "one end opens a process' memory: ${opened#* }"
  trace=$LAB_NOTES/recv.trace
  join_calls
  moved=$(grep -vE '^[0-9]* *(mmap|open)|</(usr|lib[0-9a-z]*|etc|proc|sys)/' "$trace" |
    awk '$NF ~ /^[0-9]+$/ { sum += $NF } END { print sum + 0 }')
  ((moved < $1 / 4 + 4096)) || flunk "the receiver gets the bytes from its mapping" \
    "$moved bytes came by calls: $(calls_of '[a-z0-9_]+' | grep -vE '</(usr|lib|etc)|mmap|^open' | head -n 1)"
}

@test "shm_pipe: copies through 64 KiB of shared memory" {
  local others
  copies $((90000 + RANDOM)) '' "read() into the ring, write() from it; wait while it is full, or empty"
  others=$(calls_of 'mmap2?' | grep '<' | grep -vE '</(usr|lib[0-9a-z]*|etc|dev/shm)/' | grep -vF "<$(inside bin)/") || true
  [[ -z $others ]] || flunk "the receiver maps the shared-memory object, and no other file" \
    "$(head -n 1 <<<"$others")"

  met
  has_ring send "$send_pid"
  has_ring recv "$recv_pid"
  ask eof send
  both_end
}

@test "shm_pipe: either end may come first" {
  local why="who comes first makes the ring and waits; who comes second finds it"
  copies $((1 + RANDOM)) send "$why"
  copies $((1 + RANDOM)) recv "$why"
}

@test "shm_pipe: copies any number of bytes" {
  local size
  for size in 0 1 65535 65536 65537 $(((3 << 20) + RANDOM)); do
    copies $size '' "$size bytes: a ring that is full and one that is empty look alike by their two ends alone"
  done
  copies_to_fifo
}

# copies_to_fifo - the receiver's output is a FIFO; 100 bytes in it leave no room for a whole number of blocks, and a stop
# breaks off the write() that waits for more
copies_to_fifo() {
  local fifo reader
  make_file "$LAB_NOTES/data" 200000
  make_fifo
  head -c 100 /dev/zero >&"$fifo"
  with in="$LAB_NOTES/data"
  sender
  with wall=240000
  spawn recv /bin/sh -c 'exec "$@" >fifo' sh "$(inside bin)/shm_pipe" recv "$ring"
  let_wait "$pid"
  ask signal recv STOP
  eventually is_stopped "$pid" || true
  ask signal recv CONT
  cat <"/proc/self/fd/$fifo" >"$LAB_NOTES/received" {fifo}>&- &
  reader=$!
  ask wait recv
  exec {fifo}>&-
  wait "$reader"
  tail -c +101 "$LAB_NOTES/received" >"$LAB_NOTES/recv.out"
  both_end "write() may take fewer bytes than it was given; what it returns says where to go on"
}

# met - start a pair, with 20 seconds to live, that has met: more bytes than the ring holds have gone in, and the sender
# waits for more
met() {
  local text
  with in=pipe idle=0 wall=20000
  sender
  with idle=0 wall=20000
  receiver
  text=$(letters $((100 << 10)))
  printf %s "$text" >"$LAB_NOTES/data"
  ask input send "$text"
  ask settle send
  [[ $answer == waiting* ]] && return
  lab_ran="shm_pipe send $ring"
  take_ending
  flunk "$lab_ran goes on as long as its input does" "$(how_it_ended)"
}

name_is_gone() {
  job look /bin/ls /dev/shm
  ! grep -qx -- "$ring" "$out"
}

@test "shm_pipe: the name is gone once both have met" {
  met
  eventually name_is_gone ||
    flunk "no /dev/shm/$ring once both have met" "it is there while they copy" \
      "shm_unlink() takes the name away; the memory stays as long as somebody maps it"
  ask eof send
  both_end
}

# notices JOB - JOB, whose peer is dead, has ended with a reason
notices() {
  [[ $ending$code != limitwall ]] || flunk "shm_pipe $1 ends with status 1 within 5 seconds of the other's death" \
    "it hangs" "the dead post no semaphore: wait with a limit, or for a lock that the kernel drops"
  out=$LAB_NOTES/$1.out err=$LAB_NOTES/$1.err
  fails "a pipe whose other end died is broken, not at its end"
}

@test "shm_pipe: an end whose peer dies is exit 1" {
  met
  ask signal send KILL
  await send
  await recv
  notices recv

  ring+=b
  met
  ask signal recv KILL
  await recv
  ask input send "$(letters 50000)"
  ask settle send
  if [[ $answer == waiting* ]]; then
    ask input send "$(letters 50000)"
    ask wait send
  fi
  take_ending
  notices send

  ring+=c
  receiver
  with wall=20000
  spawn send /bin/sh -c 'exec "$@" <.' sh "$(inside bin)/shm_pipe" send "$ring"
  await send
  fails "read() fails where standard input is a directory, which is no end of the input"
  die recv
}

# die JOB… - kill these jobs
die() {
  local name
  for name; do ask signal "$name" KILL; done
  for name; do await "$name"; done
}

@test "shm_pipe: what the dead left stops nobody" {
  local why="whoever finds a ring must find out whether its maker still lives; a lock does that"
  with in=pipe
  sender
  let_wait "$send_pid"
  die send
  copies $((70000 + RANDOM)) send "a sender died while it waited; $why"
  receiver
  let_wait "$recv_pid"
  die recv
  copies $((70000 + RANDOM)) recv "a receiver died while it waited; $why"
  met
  die send recv
  copies $((70000 + RANDOM)) recv "a pair died; $why"
}

@test "shm_pipe: wrong operands are exit 2" {
  local wrong
  for wrong in '' 'send' 'recv' 'sned name' 'send name more'; do
    # shellcheck disable=SC2086 # words
    try shm_pipe $wrong
    usage_error
  done
}

# ---- cow ------------------------------------------------------------------------------------

# counts PAGES WRITES [FIRST COUNT] - cow's child has WRITES pages of its own of a mapping of PAGES, and says so; with FIRST
# and COUNT also those pages to which the test itself stores
counts() {
  local child said dirty shared size extra more=0
  if (($# == 2)); then start cow "$1" "$2"; else stirred "$@"; fi
  ask pids it
  read -r _ _ parent child rest <<<"$answer"
  [[ -n $child && -z $rest ]] ||
    flunk "one child process, which waits" "the processes are: ${answer#pids it }" \
      "the child stays to be looked at until its input gives a line"
  prints_match "child $(sed -n 's/^NSpid:.*\t//p' "/proc/$child/status") private_dirty_pages (0|[1-9][0-9]{0,8})" \
    "the child prints its own PID, from getpid()"
  said=$(head -n 1 "$out")
  said=${said##* }
  read -r size dirty shared _ < <(mapping_of "$child" "$1") ||
    flunk "the child has a private anonymous mapping of $1 pages, all of them in memory" \
      "in its smaps no rw mapping of $1 pages that are all resident (Rss)" \
      "a page is there only when it has been touched; the child has all that its parent had"
  mapping_of "$parent" "$1" >"$LAB_NOTES/parents" ||
    flunk "the parent keeps its mapping of $1 pages" "it has none"
  extra=$((size - $1)) # what the kernel merged with it
  ((dirty >= $2 && dirty <= $2 + more + extra && shared >= $1 - $2 - more)) ||
    flunk "$2 of the $1 pages are the child's own (Private_Dirty), the other $(($1 - $2)) its parent's too (Shared_Dirty)" \
      "$dirty and $shared" "a store gives the child a copy of that page; one store a page is enough"
  ((more)) || ((said >= $2 && said <= $2 + extra)) ||
    flunk "private_dirty_pages $2" "private_dirty_pages $said" \
      "smaps counts in KB, and has one such line for each mapping"
  ((!more)) || ((said >= dirty - extra && said <= dirty)) ||
    flunk "private_dirty_pages $dirty" "private_dirty_pages $said" \
      "the test stored to $more of the child's pages itself, from outside, before the child ran; smaps counts them, too"
  finish
}

# stirred PAGES WRITES FIRST COUNT - start cow, and store to COUNT pages of the child's mapping, from the one numbered FIRST
# on, before the child goes on from fork(). What is stored is what is there. `more` says how many pages it were: none where
# the child did not stop, or the kernel lets nobody store.
stirred() {
  local first=$3 count=$4 children=() running continued='' met=0 parent start from to
  with in=pipe
  held 1 cow "$1" "$2"
  if ((${#children[@]})) && read -r _ _ _ start < <(mapping_of "${children[0]}" "$1") &&
    { exec {from}<"/proc/${children[0]}/mem" {to}<>"/proc/${children[0]}/mem"; } 2>/dev/null; then
    start=$((16#$start / page + first))
    dd bs="$page" skip=$start seek=$start count="$count" conv=notrunc status=none <&"$from" >&"$to" 2>/dev/null && more=$count
  fi
  eventually goes_on || true
  ask settle it
  [[ $answer == waiting* ]] && return
  take_ending
  never_waited "$(how_it_ended)" "the child stays to be looked at until its input gives a line"
}

# goes_on - none of the program's processes stays stopped, whatever it starts; true when it has printed something, or ended
goes_on() {
  local parent processes
  ask pids it
  read -r _ _ parent processes <<<"$answer"
  # shellcheck disable=SC2086 # words
  kill -CONT $parent $processes 2>/dev/null || true
  [[ -z $parent || -s $out ]]
}

# mapping_of PID PAGES - the pages, the Private_Dirty and the Shared_Dirty ones of that process' mapping of PAGES, all in
# memory, and where it starts; status 1 if it has none
mapping_of() {
  awk -v pages="$2" -v kb=$((page / 1024)) '
    $1 ~ /^[0-9a-f]+-[0-9a-f]+$/ { candidate = ($2 ~ /^rw.p$/ && $5 == 0); start = substr($1, 1, index($1, "-") - 1) }
    $1 == "Size:" { size = $2 / kb }
    $1 == "Rss:" { rss = $2 / kb }
    $1 == "Shared_Dirty:" { shared = $2 / kb }
    $1 == "Private_Dirty:" && candidate && size >= pages && size <= pages + 64 && rss >= pages {
      print size, $2 / kb, shared, start
      found = 1
      exit
    }
    END { exit !found }' "/proc/$1/smaps"
}

@test "cow: the child's written pages are its own" {
  local pages=$((100 + RANDOM % 200)) calls="$read_calls|$copy_calls|ioctl"
  trace=$LAB_NOTES/trace
  with trace="$trace" strace=-y strace=-s strace=0 strace=-e "strace=trace=/^($calls)\$"
  counts $pages $((5 + RANDOM % (pages - 10)))
  join_calls
  calls_of "$calls" | grep -qE '</proc/[0-9]+/(task/[0-9]+/)?(smaps|pagemap)>.* = [1-9][0-9]*$' ||
    flunk "private_dirty_pages as the kernel has counted them, in the child's own smaps" \
      "/proc/PID/smaps is read by none of its system calls" \
      "how many stores it made is known before; how many pages they cost, the kernel tells"
  # Who counts stores does not know of these.
  pages=$((200 + RANDOM % 100))
  counts $pages $((1 + RANDOM % 10)) $((70 + RANDOM % 20)) $((80 + RANDOM % 20))
}

@test "cow: the child may write none or all" {
  local pages=$((1100 + RANDOM % 200))
  counts $((pages / 10)) 0
  counts $pages $pages
}

@test "cow: more writes than pages is exit 2" {
  local wrong
  for wrong in '5 6' '' '5' '5 x' 'x 5' '5 5 5'; do
    # shellcheck disable=SC2086 # words
    try cow $wrong
    usage_error
  done
  with as=$((256 << 20))
  try cow $(((1 << 30) / page)) 1
  fails "so many pages are 1 GiB, and the limit of this run (ulimit -v) is 256 MiB: mmap() fails"
  injected '/^(clone3?|v?fork)$:error=EAGAIN' cow 5 2
  fails "with every fork() failing (EAGAIN), there is no child"
}
