#!/usr/bin/env bash
# footprint.sh - start a program, count what it has mapped once it waits for input, let it end
#
# usage: footprint.sh PROGRAM [ARG…]
#
# Prints `mappings N`, `libraries N` (different shared objects, the loader among them) and
# `size N`, the KB of address space: what is mapped, not what is in memory (`pmap -x PID` has that).

set -euo pipefail
limit=30 # seconds that PROGRAM may take until it waits, and again to end

fail() {
  printf 'footprint.sh: %s\n' "$*" >&2
  exit 1
}

# start PROGRAM ARG… - run it in the background, its input a pipe that only we can write to.
start() {
  [[ -x $(type -P -- "$1") ]] || fail "$1: no such program"
  set -m # a process group of its own, so that nothing of it can be left behind
  coproc PROCESS { exec "$@" >/dev/null 2>&1; }
  set +m
  pid=$PROCESS_PID input=${PROCESS[1]}
  trap '{ kill -KILL -- "-$pid" && wait "$pid"; } 2>/dev/null || :' EXIT
}

# reads_input TASK - is that thread asleep because our pipe has nothing for it?
# /proc/PID/wchan names the kernel's function that it sleeps in (0 if it is awake, or if we may not
# know), /proc/PID/syscall the number and the arguments of its system call: the first argument of
# read() is the file descriptor, that of mmap() is often 0 as well. The number of read() is that of
# the call in which we read our own. The descriptors of poll() are in the thread's memory, so there
# we take it that a thread without children waits for us.
reads_input() {
  local where='' call='' descriptor='' child='' read=''
  read -r where <"$1/wchan" || :
  read -r call descriptor _ <"$1/syscall" || :
  read -r child _ <"$1/children" || :
  read -r read _ </proc/self/syscall || :
  case $where in
    *poll* | *select*) [[ -z $child ]] ;;
    *pipe*) [[ $descriptor = 0x* && "$1/fd/$((descriptor))" -ef "/proc/$$/fd/$input" ]] ;;
    0 | '') [[ -n $call && $call = "$read" && "$1/fd/$((descriptor))" -ef "/proc/$$/fd/$input" ]] ;;
    *) return 1 ;;
  esac
} 2>/dev/null # the thread may have ended

# waits - is any thread of the program waiting for its input?
waits() {
  local task
  for task in "/proc/$pid/task"/*; do
    reads_input "$task" && return
  done
  return 1
}

# until_waiting NAME - return once the program waits, and was still waiting at a second look.
until_waiting() {
  local looks=0
  SECONDS=0
  while ((looks < 2)); do
    [[ -d /proc/$pid ]] || fail "$1: ended before it waited for input"
    ((SECONDS < limit)) || fail "$1: does not wait for input"
    if waits; then looks=$((looks + 1)); else looks=0; fi
    sleep 0.01
  done
}

# end - close the program's input and see it end.
end() {
  exec {input}>&-
  SECONDS=0
  while [[ -d /proc/$pid ]] && ((SECONDS < limit)); do
    sleep 0.01
  done
}

# count - print the three numbers.
count() {
  # TODO: Every line of /proc/$pid/maps is a mapping. Its size is END - START, both hexadecimal:
  # $((16#ff)) is 255. A shared object is a file named *.so or *.so.VERSION; it has several
  # mappings, but counts once.
  :
}

if (($# == 0)); then
  echo 'usage: footprint.sh PROGRAM [ARG…]' >&2
  exit 2
fi
start "$@"
until_waiting "$1"
count
end
