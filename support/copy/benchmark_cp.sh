#!/usr/bin/env bash
# benchmark_cp.sh - time the copies against cp, from a warm and a cold page cache, without root
#
# usage: benchmark_cp.sh [MIB]
#
# Copies MIB (64) of random bytes to a new file, 11 times with each program that copies rightly. In a
# round each has its turn, in a new order, so that whatever else the machine does meets them all alike.
# The table has medians. Files are made beside this script and removed again.
set -euo pipefail
cd "$(dirname "$0")"
readonly rounds=11

if (($# > 1)) || [[ ! ${1-64} =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: benchmark_cp.sh [MIB]" >&2
  exit 2
fi
readonly mib=${1-64}

make -s -k || true # what does not build is left out below
scratch=$(mktemp -d ./benchmark.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
in=$scratch/in.dat out=$scratch/out.dat times=$scratch/times

# copy PROGRAM - have PROGRAM, ours or cp, copy $in to the new file $out.
copy() {
  rm -f "$out"
  if [[ $1 == cp ]]; then cp "$in" "$out"; else "./$1" "$in" "$out" >"$scratch/said"; fi
}

# forget - drop the pages of $in from the page cache; only clean ones go, hence the sync below.
forget() {
  dd if="$in" iflag=nocache count=0 status=none
}

# resident - how many bytes of $in are in the page cache; nothing where it cannot be told.
resident() {
  fincore --noheadings --bytes --output RES "$in" 2>"$scratch/said" || true
}

# measure CACHE PROGRAM - one line `CACHE PROGRAM MICROSECONDS`, start and end of the process included.
measure() {
  local start end
  if [[ $1 == cold ]]; then forget; fi
  start=${EPOCHREALTIME//[.,]/}
  copy "$2"
  end=${EPOCHREALTIME//[.,]/}
  echo "$1 $2 $((end - start))"
}

# median CACHE PROGRAM - the middle one of its times, in microseconds.
median() {
  grep "^$1 $2 " "$times" | cut -d ' ' -f 3 | sort -n | sed -n "$((rounds / 2 + 1))p"
}

# cell CACHE PROGRAM - its median in milliseconds, and how many times cp's that is.
cell() {
  awk -v us="$(median "$1" "$2")" -v cp="$(median "$1" cp)" \
    'BEGIN { printf "%9.1f ms %6.2f", us / 1000, us / cp }'
}

./generate.sh "$mib" "$in"
sync "$in"
programs=(cp)
for program in read_write_copy mmap_copy fast_copy; do
  if copy "$program" 2>"$scratch/said" && cmp -s "$in" "$out"; then
    programs+=("$program")
  else
    echo "$program does not copy yet: left out"
  fi
done
forget
[[ $(resident) =~ ^( *0)?$ ]] || echo "this file system keeps its pages: cold is warm here"

cat "$in" >"$out"
for cache in warm cold; do
  for ((round = 0; round < rounds; round++)); do
    for program in $(shuf -e "${programs[@]}"); do
      measure "$cache" "$program"
    done
  done
done >"$times"

printf '%d MiB on %s, median of %d, and as a multiple of cp\n\n' "$mib" "$(stat -f -c %T .)" "$rounds"
printf '%-16s %19s   %19s\n' program 'warm cache' 'cold cache'
for program in "${programs[@]}"; do
  printf '%-16s %s   %s\n' "$program" "$(cell warm "$program")" "$(cell cold "$program")"
done
