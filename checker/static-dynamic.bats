# static-dynamic.bats - one program built three ways, and what a process has mapped
#
# The Makefile is the student's own, so what it made is proved: hello.c is built with a greeting of this
# run alone, which the running program must know.

source "$LAB_CHECKER/lab.bash"

setup_file() {
  topic static-dynamic
  if [[ ${LAB_ONLY-} != footprint* ]]; then
    LC_ALL=C tr -dc '[:lower:]' </dev/urandom | head -c 12 >"$LAB_RUN/greeting"
    make_programs with
    make_programs without
  fi
  ! wanted footprint || compile_targets
}

setup() {
  scratch
}

teardown() {
  leave
}

# ---- the Makefile ---------------------------------------------------------------------------

# make_programs with|without - what `make` makes of hello.c in a folder with or without ../common.mk,
# kept as PROGRAM.with or PROGRAM.without
make_programs() {
  local program
  lay_out "$1"
  run_make -k
  if [[ $ending$code == exit0 ]]; then
    for program in hello-dynamic hello-static hello-static-pie; do
      keep "$program" "$1"
    done
  elif [[ $ending == exit ]]; then # one that does not build costs no other
    for program in hello-dynamic hello-static hello-static-pie; do
      run_make "$program"
      keep "$program" "$1"
    done
  else
    for program in hello-dynamic hello-static hello-static-pie; do
      how_it_ended >"$LAB_RUN/errors/$program.$1"
    done
  fi
  close_sandbox
  rm -rf "$LAB_BUILD" 2>/dev/null || true
}

# lay_out with|without - a fresh folder for a build: the student's Makefile, the kit's hello.c
lay_out() {
  local folder=$LAB_DISK/$1/static-dynamic makefile=$LAB_SUBMISSION/static-dynamic/Makefile
  LAB_BUILD=$LAB_DISK/$1 LAB_WORK=$LAB_DISK/$1
  mkdir -p "$folder"
  cp "$LAB_SUPPORT/lab.h" "$LAB_BUILD"
  [[ $1 == without ]] || cp "$LAB_SUPPORT/common.mk" "$LAB_BUILD"
  sed "s/Hello, world!/Hello, $(<"$LAB_RUN/greeting")!/" "$LAB_SUPPORT/static-dynamic/hello.c" >"$folder/hello.c"
  [[ ! -f $makefile || -L $makefile ]] || cp -P -- "$makefile" "$folder"
}

run_make() {
  with "cwd=$(inside build)/static-dynamic" env=LC_ALL=C cpu=30 wall=60000 fsize=$((256 << 20)) rss=$((2 << 20)) light=0
  job build /usr/bin/make -s "$@"
}

# keep PROGRAM with|without - what the last make left under that name; a hard link, too, if all its names are in the
# build's own folder: then it holds nothing that make could not have copied
keep() {
  local made=$LAB_BUILD/static-dynamic/$1 links
  if [[ ! -L ${made%/*} && -f $made && ! -L $made ]]; then
    links=$(stat -c %h -- "$made")
    if ((links > 1)) && [[ $(find "$LAB_BUILD" -samefile "$made" 2>/dev/null | wc -l) == "$links" ]]; then
      { cp -- "$made" "$LAB_DISK/kept" && mv -f -- "$LAB_DISK/kept" "$made"; } 2>/dev/null || rm -f "$LAB_DISK/kept"
    fi
  fi
  keep_artefact "$1" "$1.$2"
}

# is_built PROGRAM - `make` left that program, with ../common.mk beside it and without
is_built() {
  local how error
  for how in with without; do
    [[ ! -x $LAB_BIN/$1.$how ]] || continue
    error=$(<"$LAB_RUN/errors/$1.$how")
    [[ $error != "its source"* ]] || error="the Makefile has no rule for it" # hello.c is the kit's own
    flunk "make builds $1 $how ../common.mk beside it" "${error:-make ends with status 0, but there is no program $1}" \
      "make without a target builds the first one in the Makefile and what it depends on"
  done
}

# elf_of PROGRAM - read its ELF header: sets elf_type (EXEC, DYN), and the counts loaders, needed and dynamic
elf_of() {
  job elf /usr/bin/readelf --wide --file-header --program-headers --dynamic "$(inside bin)/$1"
  elf_type=$(awk '$1 == "Type:" { print $2; exit }' "$out")
  loaders=$(grep -c '^ *INTERP  *0x' "$out" || true)
  dynamic=$(grep -c '^ *DYNAMIC  *0x' "$out" || true)
  needed=$(grep -c '^ *0x[0-9a-f]*  *(NEEDED)' "$out" || true)
}

# elf_kind - the same in words
elf_kind() {
  local kind="type ${elf_type:-unknown, no ELF file}"
  ((loaders)) && kind+=", with a loader" || kind+=", without a loader"
  ((needed)) && kind+=", $needed shared libraries needed" || kind+=", no shared library needed"
  echo "$kind"
}

# greets PROGRAM - it was made from hello.c: it knows this run's greeting, and waits
greets() {
  start "$1"
  prints "Hello, $(<"$LAB_RUN/greeting")!" "the program is built from hello.c as it is"
  finish
}

@test "hello-dynamic: is linked to shared libraries" {
  is_built hello-dynamic
  local how
  for how in with without; do
    elf_of hello-dynamic.$how
    ((loaders && needed)) ||
      flunk "an ELF file that names a loader and the libraries it needs ($how ../common.mk)" "$(elf_kind)" \
        "without -static the linker only notes which libraries to map when the program starts"
    greets hello-dynamic.$how
  done
}

@test "hello-static: is a static ELF of fixed addresses" {
  is_built hello-static
  local how
  for how in with without; do
    elf_of hello-static.$how
    [[ $elf_type == EXEC ]] && ((loaders == 0 && needed == 0)) ||
      flunk "an ELF file of type EXEC without a loader ($how ../common.mk)" "$(elf_kind)" \
        "-static copies the library's code into the program, at addresses chosen by the linker"
    greets hello-static.$how
  done
}

@test "hello-static-pie: is a static ELF that can move" {
  is_built hello-static-pie
  local how
  for how in with without; do
    elf_of hello-static-pie.$how
    [[ $elf_type == DYN ]] && ((dynamic && loaders == 0 && needed == 0)) ||
      flunk "an ELF file of type DYN without a loader ($how ../common.mk)" "$(elf_kind)" \
        "-static-pie copies the library in, too, and leaves the address to the kernel"
    greets hello-static-pie.$how
  done
}

# mapped_files - the files that the started program has mapped, each once, its own left out
mapped_files() {
  local line lines name own
  own=$(running_exe)
  mapfile -t lines <"/proc/$pid/maps" # at once: read would have the kernel write it anew for every line
  for line in "${lines[@]}"; do
    read -r _ _ _ _ _ name <<<"$line"
    [[ $name != /* || $name == "$own" || $name == '/dev/zero (deleted)' ]] || printf '%s\n' "$name"
  done | sort -u
}

@test "hello-dynamic: maps libc and the loader" {
  start hello-dynamic.with
  local files
  files=$(mapped_files)
  [[ $'\n'$files =~ $'\n'/(usr/)?lib[^$'\n']*/(libc[.-]|ld-musl)[^$'\n']* ]] ||
    flunk "the C library among the mapped files" "${files:-no file but the program}" \
      "the loader maps what the program needs before main() runs"
  [[ $'\n'$files =~ $'\n'/(usr/)?lib[^$'\n']*/ld[^$'\n']*\.so ]] ||
    flunk "the loader, ld.so, among the mapped files" "${files:-no file but the program}" \
      "the kernel maps the loader that the ELF file names, and starts it"
  finish
}

# maps_only_itself PROGRAM
maps_only_itself() {
  start "$1"
  local files
  files=$(mapped_files)
  [[ -z $files ]] || flunk "no file mapped but the program" "$files" \
    "all that a static program needs of the library is in its own file"
  finish
}

@test "hello-static: maps no shared object" {
  maps_only_itself hello-static.with
}

@test "hello-static-pie: maps no shared object" {
  maps_only_itself hello-static-pie.with
}

# ---- footprint.sh ---------------------------------------------------------------------------

# compile_targets - programs to look at: one with some shared libraries, one without any
compile_targets() {
  local -a linked=()
  ((RANDOM % 2)) || linked+=(-lm)
  ((RANDOM % 2)) || linked+=(-lresolv)
  tool "$LAB_BIN/target" target.c -Wl,--no-as-needed "${linked[@]}"
  tool "$LAB_BIN/target-static" target.c -static
  cp "$LAB_BIN/target" "$LAB_BIN/a target"
}

# footprint TARGET [ARG…] - footprint.sh looks at TARGET, which stops twice for the checker (static-dynamic/target.c)
#
# `mapped` is then a copy of TARGET's /proc/PID/maps from outside, while it was about to wait, and `called` of its
# command line; empty if it never came that far. `last_word` is what it said at its end.
footprint() {
  local target here go
  target=$(inside bin)/$1
  shift
  mapped=$LAB_NOTES/mapped called=$LAB_NOTES/called last_word=''
  : >"$mapped"
  : >"$called"
  echo "data, though mapped, and no shared object" >library.dat
  mkfifo here go
  exec {here}<>here {go}<>go
  lab_ran="footprint.sh $target"
  spawn it "$(inside bin)/footprint.sh" "$target" $((5 + RANDOM % 60)) "$(inside work)" "$@"
  until read -rt 0.05 -u "$here" || [[ ! -d /proc/$pid || $ending == unstartable ]]; do :; done
  look_at "$target"
  timeout 60 echo >&"$go" || true # the program may have filled it
  await it
  read -rt 0.1 -u "$here" last_word || true
  exec {here}>&- {go}>&-
}

# look_at TARGET - copy what /proc knows of the process of that program
look_at() {
  local process processes
  ask pids it
  read -ra processes <<<"$answer"
  for process in "${processes[@]:2}"; do
    [[ $(readlink "/proc/$process/exe") == "$1" ]] || continue
    { cat "/proc/$process/maps" >"$mapped" && tr '\0' '\n' <"/proc/$process/cmdline" >"$called"; } 2>/dev/null || true
  done
}

# counted WHY - footprint.sh printed what was true of the program
counted() {
  succeeds "the program's own output and errors are not shown"
  [[ -s $mapped ]] || flunk "$lab_ran starts the program, and it runs until it waits" "it never came to wait"
  local range path kb=0 above=0 size why=$1
  local -A libraries=()
  while read -r range _ _ _ _ path; do
    size=$(((16#${range#*-} - 16#${range%-*}) / 1024))
    kb=$((kb + size))
    ((16#${range%-*} >= 0)) || above=$((above + size)) # its address takes all 64 bits, of which one is the sign here
    [[ $path != *.so && $path != *.so.[0-9]* ]] || libraries[$path]=1
  done <"$mapped"
  ((above == 0)) || ! grep -qax "size $((kb - above))" "$out" ||
    why="an address takes all 64 bits, the numbers of some shells and of awk hold 63: too few for [vsyscall], the last mapping"
  prints "mappings $(wc -l <"$mapped")"$'\n'"libraries ${#libraries[@]}"$'\n'"size $kb" "$why"
}

@test "footprint: counts mappings, libraries and KB" {
  footprint target
  counted "a line of /proc/PID/maps is a mapping; a library has several, and a mapped data file is none"
}

@test "footprint: a static program maps no library" {
  footprint target-static
  counted "all that a static program needs is in its own file"
}

@test "footprint: hands all arguments on" {
  local wanted=("w$RANDOM  two" '' '*' "-$RANDOM")
  footprint "a target" "${wanted[@]}"
  counted "\"\$@\" keeps each argument as it is, and blanks in the program's name"
  [[ $(tail -n +4 "$called") == "$(printf '%s\n' "${wanted[@]}")" ]] ||
    flunk "the program gets its arguments as they are: $(printf "'%s' " "${wanted[@]}")" \
      "$(tail -n +4 "$called" | sed "s/.*/'&'/" | paste -sd ' ')" "\"\$@\" keeps each argument; \$* and \$@ do not"
}

@test "footprint: lets the program end and waits for it" {
  footprint target
  counted "the answer comes first"
  [[ ${facts[leftover]-0} == 0 ]] ||
    flunk "no process is left when footprint.sh has ended" "${facts[leftover]} still ran"
  [[ $last_word == ended ]] ||
    flunk "the program ends by itself, as its input has ended" "it was stopped before it could" \
      "a program that is killed cannot clean up; close its input, or give it a line, and wait"
}

@test "footprint: tells errors and its usage" {
  try footprint.sh
  usage_error
  try footprint.sh "./none$RANDOM"
  fails "a program that cannot be started has no mappings: say so"
}
