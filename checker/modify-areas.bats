# modify-areas.bats - one area grows by what was asked and no other, judged by `size -A` and the running process

source "$LAB_CHECKER/lab.bash"

areas=(RODATA DATA BSS HEAP STACK)

setup_file() {
  topic modify-areas
  local area
  local -a together=()
  for area in "${areas[@]}" TEXT; do
    variant "$area.1" "$area=$((350 + RANDOM % 900))"
    variant "$area.2" "$area=$((2500 + RANDOM % 1597))" others
    [[ $area == TEXT ]] || together+=("$area=$((350 + RANDOM % 2000))")
  done
  variant all "${together[@]}"
  close_sandbox
}

setup() {
  scratch
}

teardown() {
  leave
}

# variant NAME AREA=KB… [others] - build grow that way, as grow.NAME; with `others` the other areas' 0 is said, too
variant() {
  local name=$1 given flags='' area
  shift
  for given; do
    if [[ $given == others ]]; then
      for area in "${areas[@]}"; do [[ $flags == *"-D${area}_"* ]] || flags+=" -D${area}_KB=0"; done
    else
      flags+=" -D${given%=*}_KB=${given#*=}"
    fi
  done
  echo "${flags# }" >"$LAB_RUN/flags.$name"
  build_as "grow.$name" grow "CPPFLAGS=${flags# }"
}

# ---- measuring ------------------------------------------------------------------------------

# measure PROGRAM - set now[NAME] to the bytes of each of its areas; a program is looked at once for all tests
measure() {
  local area size
  declare -gA now=()
  if [[ ! -e $LAB_RUN/areas.$1 ]]; then
    sections_of "$1" >"$LAB_NOTES/areas"
    start "$1"
    prints ready
    mappings_of "$1" >>"$LAB_NOTES/areas"
    finish
    mv "$LAB_NOTES/areas" "$LAB_RUN/areas.$1"
  fi
  while read -r area size; do now[$area]=$size; done <"$LAB_RUN/areas.$1"
}

# sections_of PROGRAM - the sections' bytes, as `size -A` has them, by area
sections_of() {
  job size /usr/bin/size -A "$(inside bin)/$1"
  awk '
    function area(name) {
      if (name ~ /^\.l?rodata/) return "RODATA_file"
      if (name ~ /^\.l?data/ && name !~ /^\.data\.rel\.ro/) return "DATA_file"
      if (name ~ /^\.l?bss/) return "BSS_file"
      if (name ~ /^\.l?text/) return "TEXT_file"
      if (name ~ /^\.eh_frame/) return "unwinding_file"
      return "other_file"
    }
    $NF ~ /^[0-9]+$/ && $NF > 0 && $(NF - 1) ~ /^[0-9]+$/ { bytes[area($1)] += $(NF - 1) }
    END { for (name in bytes) printf "%s %.0f\n", name, bytes[name] }' "$out"
}

# mappings_of PROGRAM - the bytes that the started process has mapped, by area
#
# Its own mappings, those of its file and the anonymous one right behind (the rest of .bss), are told apart by what is
# allowed there; `rest` is whatever is neither that nor heap nor stack.
mappings_of() {
  awk -v program="$(inside bin)/$1" '
    function number(hex, value, i) {
      for (i = 1; i <= length(hex); i++)
        value = value * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
      return value
    }
    /^[0-9a-f]+-[0-9a-f]+ / {
      split($1, range, "-")
      begin = number(range[1])
      size = number(range[2]) - begin
      name = $0
      sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ */, "", name)
      is_stack = name == "[stack]"
      if (name == program || (name == "" && begin == image_end && $2 ~ /^rw/)) {
        bytes[$2 ~ /^.w/ ? "writable_run" : "readonly_run"] += size
        bytes["code_run"] += $2 ~ /^..x/ ? size : 0
        image_end = begin + size
      } else if (name == "[heap]") {
        bytes["HEAP_run"] += size
      } else if (!is_stack) {
        bytes["rest_run"] += size
      }
    }
    is_stack && $1 == "Rss:" { bytes["STACK_run"] += $2 * 1024 }
    END { for (name in bytes) printf "%s %.0f\n", name, bytes[name] }' "/proc/$pid/smaps"
}

# compare NAME - measure grow.NAME against grow; `grown` is by how many bytes each area is larger, and `flags` what
# grow.NAME was built with
compare() {
  local area
  flags=$(<"$LAB_RUN/flags.$1")
  [[ -x $LAB_BIN/grow.$1 ]] || flunk "make grow CPPFLAGS='$flags' builds it" "$(<"$LAB_RUN/errors/grow.$1")"
  measure grow
  declare -gA before=()
  for area in "${!now[@]}"; do before[$area]=${now[$area]}; done
  measure "grow.$1"
  declare -gA grown=()
  for area in "${measured[@]}"; do
    grown[$area]=$((${now[$area]-0} - ${before[$area]-0}))
  done
}

# what is measured, what it is called, and how many bytes more or less do not count
measured=(RODATA_file DATA_file BSS_file TEXT_file other_file HEAP_run STACK_run readonly_run code_run writable_run rest_run)

declare -gA called=(
  [RODATA_file]=.rodata [DATA_file]=.data [BSS_file]=.bss [TEXT_file]=.text [other_file]="the other sections"
  [HEAP_run]="the heap" [STACK_run]="what is resident of the stack"
  [readonly_run]="what the running process has mapped of it read-only"
  [code_run]="what the running process has mapped of it executable"
  [writable_run]="what the running process has mapped of it writable"
  [rest_run]="the other mappings"
)

# allow AREA - sets `allowed`
allow() {
  case $1 in
    HEAP_run) allowed=$((132 << 10)) ;;
    STACK_run) allowed=$((page > 16 << 10 ? 2 * page : 32 << 10)) ;;
    *_file) allowed=$page ;;
    *) allowed=$((3 * page)) ;; # each mapping begins and ends at a page
  esac
}

# ---- judging --------------------------------------------------------------------------------

# kb BYTES - as KB, to the tenth
kb() {
  echo "$(($1 / 1024)).$((${1#-} % 1024 * 10 / 1024)) KB"
}

# all_grown - all that has grown, for an explanation
all_grown() {
  local area text='' allowed
  for area in "${measured[@]}"; do
    allow "$area"
    ((grown[$area] <= allowed)) || text+=$'\n'"${called[$area]} by $(kb "${grown[$area]}")"
  done
  echo "larger by more than the tolerance:${text:- nothing}"
}

# has_grown MEASURE AREA WHY [least] - by the KB that `flags` asks of AREA; `least`: or more
has_grown() {
  local asked more=0 allowed
  [[ " $flags " =~ " -D$2_KB="([0-9]+)" " ]]
  asked=$((BASH_REMATCH[1] << 10)) 
  allow "$1"
  [[ $1 != HEAP_run ]] || more=$((page + asked / 32)) # malloc() keeps a size beside each block
  [[ -z ${4-} ]] || more=$((grown[$1] - asked))
  ((grown[$1] >= asked - allowed && grown[$1] <= asked + allowed + more)) ||
    flunk "with $flags ${called[$1]} is larger by ${BASH_REMATCH[1]} KB" \
      "by $(kb "${grown[$1]}"); $(all_grown)" "$3"
}

# grows AREA WHY MEASURE [MEASURE] - it grows by just as much as asked, with several n, and the second, which other
# areas are part of, by no less
grows() {
  local area=$1 why=$2 variant
  shift 2
  for variant in 1 2; do
    compare "$area.$variant"
    has_grown "$1" "$area" "$why"
    [[ -z ${2-} ]] || has_grown "$2" "$area" "$why" least
  done
  [[ $area != TEXT ]] || return 0
  compare all # what other areas take of this one is their tests' business
  has_grown "$1" "$area" "$why" least
}

# grows_alone AREA MEASURE… - those are all that grows, and the second grows by no more than asked
grows_alone() {
  local variant area allowed own=" ${*:2} "
  for variant in 1 2; do
    compare "$1.$variant"
    for area in "${measured[@]}"; do
      [[ $own != *" $area "* ]] || continue
      allow "$area"
      ((grown[$area] <= allowed)) ||
        flunk "with $flags no other area is larger" "${called[$area]} is, by $(kb "${grown[$area]}")" \
          "what the kernel sets up for a program is exactly what its file and its calls ask for"
    done
    [[ -z ${3-} ]] || has_grown "$3" "$1" "its mappings are as large as its sections"
  done
}

@test "grow: RODATA_KB makes .rodata larger" {
  grows RODATA "a const object with a first value is in .rodata, if something needs it" RODATA_file readonly_run
}

@test "grow: RODATA_KB makes no other area larger" {
  grows_alone RODATA RODATA_file readonly_run code_run # constants and code may share a mapping
}

@test "grow: DATA_KB makes .data larger" {
  grows DATA "a writable object whose first value is not all zero is in .data, if something needs it" \
    DATA_file writable_run
}

@test "grow: DATA_KB makes no other area larger" {
  grows_alone DATA DATA_file writable_run
}

@test "grow: BSS_KB makes .bss larger" {
  grows BSS "a writable object that starts as zero is in .bss: the file has only its size" BSS_file writable_run
}

@test "grow: BSS_KB makes no other area larger" {
  grows_alone BSS BSS_file writable_run
}

@test "grow: HEAP_KB makes the heap larger" {
  grows HEAP "the heap ends at the program break; malloc() has a mapping of its own made for a large block" HEAP_run
}

@test "grow: HEAP_KB makes no other area larger" {
  grows_alone HEAP HEAP_run
}

@test "grow: STACK_KB makes the stack larger" {
  grows STACK "only what is touched of the stack is in memory; the compiler drops writes that nobody reads" STACK_run
}

@test "grow: STACK_KB makes no other area larger" {
  grows_alone STACK STACK_run
}

@test "grow: TEXT_KB makes .text larger" {
  grows TEXT "instructions are in .text, whether they are run or not" TEXT_file code_run
}

@test "grow: TEXT_KB makes no other area larger" {
  grows_alone TEXT TEXT_file code_run readonly_run
}
