# areas.bats - memview's areas: each kind, from facts, in every layout of programs; totals as the kernel's
source "$BATS_TEST_DIRNAME/memview.bash"

setup_file() {
  build
}

setup() {
  enter
}

teardown() {
  finish_started
}

# snapshot - a recording of the process that runs, in the file s
snapshot() {
  memview --json s "$pid" >/dev/null
}

# layout NAME - a program of that layout has each of its parts where memview says
layout() {
  start "$programs/places-$1"
  snapshot
  all_in_place s
  [[ $(total s) == "$(kernels_total "$pid")" ]]
}

# parts - how many mappings the program itself has in the kernel's list
parts() {
  grep -c "/places-" "/proc/$pid/maps"
}

@test "a PIE: each part is in its area, .bss from the middle of a page on" {
  layout pie
  [[ $(grep -c "$programs/places-pie" "/proc/$pid/maps") == 6 ]] # its five, and itself mapped as a file

  end_of_data=$(areas s | awk '$3 == "data" { print $2 }')
  start_of_bss=$(areas s | awk '$3 == "bss" { print $1 }')

  [[ $end_of_data == "$start_of_bss" && $((end_of_data % page)) != 0 ]]
}

@test "the sizes of data and bss are the file's own, to the byte" {
  start "$programs/places-no-pie"
  snapshot
  read -r address size < <(readelf -SW "$programs/places-no-pie" | sed -n 's/.* \.bss *NOBITS *\([0-9a-f]*\) [0-9a-f]* \([0-9a-f]*\).*/\1 \2/p')

  areas s | awk '$3 == "bss"' >bss

  read -r from to _ <bss
  [[ $from == $((16#$address)) ]]
  ((to - from >= 16#$size && to - from < 16#$size + page))
}

@test "a program that is not position-independent" {
  layout no-pie
}

@test "a static program: no libraries, its heap is brk's" {
  layout static
  [[ $(total s '.[2] | startswith("lib:")') == 0 ]]
}

@test "a static PIE: its heap is far from its image" {
  layout static-pie
  [[ $(total s '.[2] | startswith("lib:")') == 0 ]]
}

@test "a stripped program" {
  layout stripped
}

@test "a program whose section headers are gone" {
  "${OBJCOPY:-objcopy}" --strip-section-headers "$programs/places-pie" bare 2>/dev/null || {
    cp "$programs/places-pie" bare
    printf '\0\0' | dd of=bare bs=1 seek=60 conv=notrunc status=none # e_shnum
  }
  start ./bare
  snapshot
  all_in_place s
}

@test "pages of 16K and 64K between segments" {
  layout 16k
  finish_started
  layout 64k
}

@test "five, four, three and two mappings of a program: the same areas" {
  for layout in pie:5 no-relro:4 one-segment:3 bare:2; do
    start "$programs/places-${layout%:*}"
    snapshot
    [[ $(parts) == $((${layout#*:} + 1)) ]] || { echo "$layout: $(parts)"; return 1; }
    # Without relro what would be sealed is data.
    [[ ${layout%:*} != no-relro && ${layout%:*} != bare ]] || sed -i 's/^relro/data/' out
    all_in_place s || { echo "$layout"; return 1; }
    finish_started
  done
}

@test "a deleted program and a deleted file are still told apart" {
  cp "$programs/places-pie" gone
  cp "$programs/mappings" gone-too
  start ./gone
  rm gone
  snapshot
  all_in_place s
  finish_started

  start "$programs/mappings" -gone-too
  snapshot
  all_in_place s
}

@test "names with blanks, newlines, escapes and letters" {
  names=("a b" $'new\nline' $'\e[31mred' "Füße" "x (deleted)" "[heap]" $'a\xe2\x80\xaeb' '\012')
  for name in "${names[@]}"; do head -c 10 /dev/zero >"$name"; done
  start "$programs/mappings" "${names[@]}"
  snapshot
  all_in_place s
  [[ $(total s) == "$(kernels_total "$pid")" ]]

  memview --all "$pid" >shown

  grep -q 'a b' shown
  grep -q 'Füße' shown
  run ! grep -q $'\e\|\xe2\x80\xae' shown
}

@test "a library is one row, and unfolds" {
  start "$programs/places-pie"

  memview "$pid" >folded
  memview --all "$pid" >unfolded

  [[ $(grep -c ' libc\.so' folded) == 1 ]]
  grep -q 'L library  libc' folded
  for kind in header text rodata relro data bss; do
    grep -q "$kind .* libc\.so" unfolded || { cat unfolded; return 1; }
  done
  [[ $(grep '^  total' folded) == "$(grep '^  total' unfolded)" ]]
}

@test "the stack of every thread has its TID, the guard below it too" {
  start "$programs/tenants" 3
  snapshot
  all_in_place s
  areas s >list
  [[ $(awk '$3 == "thread"' list | wc -l) == 3 ]]
  while read -r name address tid; do
    [[ $name == thread ]] || continue
    from=$(area_at "$address" list | cut -d ' ' -f 1)
    area_at $((from - 1)) list | grep -q "guard ---p $tid"
  done <out
}

@test "threads that never block, and threads on stacks of their own" {
  start "$programs/tenants" 2 spin
  snapshot
  all_in_place s
  finish_started
  start "$programs/tenants" 1 own
  snapshot
  all_in_place s
}

@test "malloc's arenas: what is used and what is reserved, 64 MiB in all" {
  [[ $(getconf LONG_BIT) == 64 ]] || skip "arenas of 32-bit programs are smaller"
  start "$programs/tenants" 2
  snapshot

  areas s | awk '$3 == "arena" { size += $2 - $1 } END { print size + 0 }' >size

  [[ $(<size) == $((2 << 26)) ]]
}

@test "guards that are no mapping" {
  start "$programs/mappings" guards || skip "this kernel has no MADV_GUARD_INSTALL"
  snapshot
  areas s | grep -q guard || skip "this kernel does not show guards from outside"
  all_in_place s
  [[ $(areas s | awk '$3 == "guard" { print $2 - $1 }') == $((2 * page)) ]]
}

@test "shared memory of each sort" {
  start "$programs/mappings" shared
  snapshot
  all_in_place s
}

@test "an ELF file that is only read is a file" {
  start "$programs/mappings" "$programs/places-pie" /bin/sh
  snapshot
  all_in_place s
}

@test "a process whose first thread has ended" {
  start "$programs/acts" headless
  memview "$pid" >shown
  finish_started
  grep -q ' H heap  *\[heap\]' shown
  grep -q ' T text  *acts' shown
}

@test "30 000 mappings" {
  start "$programs/mappings" 30000
  snapshot
  [[ $(total s) == "$(kernels_total "$pid")" ]]
  [[ $(jq '.steps[0].areas | length' s) -gt 30000 ]]
}

@test "resident bytes are the kernel's" {
  start "$programs/places-pie"

  memview --resident --json s "$pid" >/dev/null

  rss=$(awk '/^Rss:/ { print $2 * 1024 }' "/proc/$pid/smaps_rollup")
  [[ $(jq '[.steps[0].rss[][1]] | add' s) == "$rss" ]]
}

@test "the total of every process here is pmap's" {
  command -v pmap >/dev/null || skip "no pmap here"
  compared=0
  for maps in /proc/[0-9]*/maps; do
    process=${maps%/maps} process=${process#/proc/}
    before=$(cat "$maps" 2>/dev/null) && [[ $before ]] || continue
    memview --json s "$process" >/dev/null 2>&1 || continue
    kilobytes=$(pmap "$process" | awk '/^ total/ { sub("K", "", $2); print $2 }')
    [[ $(cat "$maps" 2>/dev/null) == "$before" ]] || continue # it changed meanwhile
    [[ $(total s) == $((kilobytes * 1024)) ]] || { echo "$process: $(total s), pmap $kilobytes"; return 1; }
    compared=$((compared + 1))
  done
  [[ $compared -gt 0 ]]
}
