# helpers.bats - the suites' own helpers: what they take for true, and that they fail when they must
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

setup() {
  export LAB_CHECKER=$kit/checker LAB_RUN=$BATS_TEST_TMPDIR LAB_LEVEL=namespaces LAB_TOPIC=copy
  LAB_NOTES=$BATS_TEST_TMPDIR/notes
  mkdir "$LAB_NOTES"
  cd "$BATS_TEST_TMPDIR" || return
  # shellcheck source=checker/lab.bash
  source "$kit/checker/lab.bash"
  ending=exit code=0 out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err lab_ran="prog a"
  : >"$out"
  : >"$err"
}

# refused COMMAND… - the assertion fails and leaves an explanation
refused() {
  rm -f "$LAB_NOTES"/*
  if ("$@"); then
    echo "passed: $*"
    return 1
  fi
  [[ -s $LAB_NOTES/expected && -s $LAB_NOTES/got ]]
}

# mappings LINE… - a maps file, pages of 64 KB so that it holds on any machine
mappings() {
  printf '%s\n' "$@" >maps
}

@test "harmless: no control character and no line of the checker's own gets through" {
  run harmless $'\033[2J\a\r\xc2\x9btOtAl: 100\nx ......... passed ...   1\n\xff'
  echo "$output"
  # shellcheck disable=SC2101 # the class stands in a bracket of its own
  [[ $output != *[![:print:]$'\n']* && ${output,,} != *total:* && $output != *...* ]]
}

@test "harmless: a blank at the end of a line is told, and no other" {
  [[ $(harmless $'a b\nend \nc') == $'a b\nend  <- ends with a blank\nc' ]]
}

@test "succeeds: status, signal, limit and standard error each count" {
  succeeds
  code=1 refused succeeds
  ending=signal code=11 refused succeeds
  ending=limit code=wall refused succeeds
  echo x >"$err"
  refused succeeds
}

@test "fails: exit 1 with a reason, nothing else" {
  refused fails
  code=1 refused fails
  echo "prog: a: no" >"$err"
  code=1 fails
  code=2 refused fails
}

@test "usage_error: exit 2 and usage" {
  code=2 refused usage_error
  echo "usage: prog" >"$err"
  code=2 usage_error
  code=1 refused usage_error
}

@test "prints: to the byte" {
  printf 'a\n' >"$out"
  prints a
  refused prints b
  printf 'a' >"$out"
  refused prints a
  printf 'a\n\0' >"$out"
  refused prints a
  : >"$out"
  prints ''
}

@test "prints_match: the whole output, its newline too" {
  local text
  for text in 'copied 3 bytes\nx\n' 'copied 3 bytes' 'copied 3 bytes\n\n' ''; do
    # shellcheck disable=SC2059 # \n is what it is for
    printf "$text" >"$out"
    refused prints_match 'copied [0-9]+ bytes'
  done
  printf 'copied 3 bytes\n' >"$out"
  prints_match 'copied [0-9]+ bytes'
}

@test "same_bytes: a link, a missing file and a wrong byte are refused" {
  echo a >in
  echo a >copy
  same_bytes copy in
  echo b >copy
  refused same_bytes copy in
  ln -sf in copy
  refused same_bytes copy in
  rm copy
  refused same_bytes copy in
}

@test "in_time: a topic whose programs have taken too long gets a timeout, and a build is not begun" {
  LAB_DEADLINE=$((EPOCHSECONDS + 100))
  in_time
  LAB_DEADLINE=$EPOCHSECONDS
  refused in_time
  [[ $(<"$LAB_NOTES/status") == timeout ]]
  mkdir errors
  LAB_BUILD=$PWD build_as other program
  grep -q 'too long' errors/other
}

@test "assert_no_call: finds a call on the file, whoever makes it and however it is named" {
  cat >trace <<'END'
12 read(3</work/in.dat>, ""..., 8192) = 8192
13 pwrite64(4</work/out.dat>, ""..., 10, 0 <unfinished ...>
12 write(1</dev/null>, ""..., 5) = 5
END
  trace=trace
  refused assert_no_call read in.dat
  refused assert_no_call write out.dat
  assert_no_call write in.dat
  assert_call read in.dat
  refused assert_call copy in.dat
}

@test "data_calls: a descriptor without a name is suspect, the system's files and the standard streams are not" {
  trace=$PWD/trace
  printf '1 %s\n' 'read(0</dev/null>, ""..., 9) = 0' 'write(1<pipe:[5]>, ""..., 9) = 9' 'read(3</usr/lib/x>, ""..., 9) = 9' \
    'read(4, 0x1, 9) = -1 EBADF (Bad file descriptor)' >trace
  [[ -z $(data_calls) ]]
  for call in 'read(3, ""..., 9) = 9' 'read(0<pipe:[5]>, ""..., 9) = 9' 'write(4</work/out.dat>, ""..., 9) = 9' \
    'sendto(3<socket:[7]>, ""..., 9, 0, NULL, 0) = 9'; do
    printf '1 %s\n' "$call" >trace
    [[ -n $(data_calls) ]] || { echo "$call"; return 1; }
  done
}

@test "named: a long operand is cut, a build of the checker's own goes by its program and flags" {
  printf '%s\t%s\n' mmap_copy "CPPFLAGS='-DMAP_CHUNK=1 -DX'" >built.one_byte
  named one_byte in.dat "$(letters 500)"
  echo "$lab_ran"
  [[ $lab_ran =~ ^"mmap_copy in.dat "[[:graph:]]{16}"[500 bytes] (built with CPPFLAGS='-DMAP_CHUNK=1 -DX')"$ ]]
  [[ $lab_program == one_byte ]]
}

@test "difference: too short, too long, wrong, and what stands there" {
  printf 'abcdefgh\n' >wanted
  printf 'abc' >got
  [[ $(difference got wanted) == "3 bytes of 9: the rest is missing" ]]
  : >got
  [[ $(difference got wanted) == "0 bytes of 9: the rest is missing" ]]
  printf 'abcdefgh\nmore' >got
  [[ $(difference got wanted) == "4 bytes too many after the right 9" ]]
  printf 'abc: defgh\n' >got
  [[ $(difference got wanted) == "11 bytes, of which byte 3 is the first wrong one: ': defgh\\n' instead of 'defgh\\n'" ]]
  printf 'abc\0\0\0\0\0\0' >got
  [[ $(difference got wanted) == *"byte 3 is the first wrong one: zeros instead of 'defgh\\n'" ]]
  printf 'abc\377\1' >got
  [[ $(difference got wanted) == "5 bytes, of which byte 3 is the first wrong one" ]]
}

@test "why_silent: a program that waits and has printed nothing has not flushed" {
  ending=running
  [[ $(why_silent other) == *fflush* ]]
  echo x >"$out"
  [[ $(why_silent other) == other ]]
  : >"$out"
  ending='exit'
  [[ $(why_silent other) == other ]]
}

@test "still_endless: a command that ran to its limit is not run again, where neither test needs another" {
  LAB_NEEDS=-
  printf 'areas\tstopped\n' >endless
  lab_ran=grow still_endless
  lab_ran=areas refused still_endless
  [[ $(<"$LAB_NOTES/got") == stopped && $(<"$LAB_NOTES/status") == timeout ]]
  LAB_NEEDS=memory-areas.areas.text
  lab_ran=areas still_endless
}

@test "describe_address: inside, past the end, below, NULL" {
  mappings '10000000-10040000 rw-s 00000000 00:01 7 /work/out.dat' '20000000-20010000 rw-p 00000000 00:00 0 [stack]'
  [[ $(describe_address 0x1000a000 maps) == "40960 bytes into the mapping of out.dat (rw-s)" ]]
  [[ $(describe_address 0x10040010 maps) == "16 bytes past the end of the mapping of out.dat" ]]
  [[ $(describe_address 0x1fffff00 maps) == "256 bytes below [stack]" ]]
  [[ $(describe_address 0x0 maps) == *"NULL pointer" ]]
  [[ $(describe_address 0x10 maps) == *"NULL pointer or MAP_FAILED (-1), and an offset" ]]
}

@test "describe_address: MAP_FAILED, the kernel's half, behind the last mapping" {
  mappings '10000000-10040000 rw-p 00000000 00:00 0 [stack]' 'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]'
  [[ $(describe_address 0xffffffffffffffff maps) == "MAP_FAILED (-1)"* ]]
  [[ $(describe_address 0xffffffffffffffe0 maps) == "MAP_FAILED (-1)"* ]]
  [[ $(describe_address 0xffff800000000000 maps) == *"the kernel's own"* ]]
  [[ $(describe_address 0x10040000 maps) == "0 bytes past the end of [stack]" ]]
}

@test "describe_address: where not all mappings are known, by those close by" {
  mappings '10000000-10040000 rw-s 00000000 00:01 7 /work/out.dat' '70000000-70010000 r--p 00000000 00:00 0 /work/in.dat'
  [[ $(describe_address 0x1000a000 maps traced) == "40960 bytes into the mapping of out.dat (rw-s)" ]]
  [[ $(describe_address 0x10040010 maps traced) == "16 bytes past the end of the mapping of out.dat" ]]
  [[ $(describe_address 0x6ffffff0 maps traced) == "16 bytes below the mapping of in.dat" ]]
  [[ $(describe_address 0x30000000 maps traced) == "in no mapping made by mmap()" ]]
  [[ $(describe_address 0x7fff0000 maps traced) == "above all mappings made by mmap(), about its stack" ]]
}

@test "fault_place: of a traced run, from the trace" {
  facts=([trace]=$PWD/trace) ending=signal code=7
  printf '7 %s\n' 'mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000020000' \
    'mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_SHARED, 4</work/out.dat>, 0) = 0x7f0000000000' \
    '--- SIGBUS {si_signo=SIGBUS, si_code=BUS_ADRERR, si_addr=0x7f0000000040} ---' >trace
  [[ $(how_it_ended) == "killed by SIGBUS at 0x7f0000000040, 64 bytes into the mapping of out.dat (rw-s), where its file has no page: "* ]]
  sed -i 's/0000040}/0010040}/' trace
  [[ $(how_it_ended) == "killed by SIGBUS at 0x7f0000010040, in a mapping, where its file has no page: "* ]]
  sed -i 's/SIGBUS/SIGSEGV/g' trace
  code=11
  [[ $(how_it_ended) == "killed by SIGSEGV at 0x7f0000010040, 64 bytes past the end of the mapping of out.dat" ]]
  sed -i 's/SEGV {si_signo=SIGSEGV, si_code=BUS_ADRERR, si_addr=0x7f0000010040}/SEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}/' trace
  [[ $(how_it_ended) == "killed by SIGSEGV at 0x0, in the first page"*"NULL pointer" ]]
}

@test "traced_maps: what munmap() and a fixed mapping take away is gone, what mremap() moves is elsewhere" {
  local at=0x7f00000 kb64=65536
  facts=([trace]=$PWD/trace) page=4096 near=65536
  printf '7 %s\n' "mmap(NULL, 262100, PROT_READ, MAP_SHARED, 3</work/in.dat>, 0) = ${at}00000" \
    "munmap(${at}00000, $kb64) = 0" \
    "mmap(NULL, 0, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 EINVAL (Invalid argument)" \
    "mmap(${at}20000, $kb64, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = ${at}20000" \
    "mmap(NULL, 100, PROT_READ|PROT_WRITE, MAP_SHARED, 4, 0) = 0x7f0000080000" \
    "mremap(0x7f0000080000, 4096, 8192, MREMAP_MAYMOVE) = 0x7f0000090000" >trace
  run -0 traced_maps ${at}20000
  echo "$output"
  [[ $(sed -e 's/ 0 0 0//' -e 's/ $//' <<<"$output") == '00007f0000010000-00007f0000020000 r--s /work/in.dat
00007f0000020000-00007f0000030000 ---p
00007f0000030000-00007f0000040000 r--s /work/in.dat
00007f0000090000-00007f0000092000 rw-s a file' ]]
  echo "7 munmap(0x7f0000090000, 8192) = 0" >>trace
  traced_maps 0x7f0000090010 >maps
  [[ $(describe_address 0x7f0000090010 maps traced) == "in no mapping made by mmap()" ]]
  traced_maps 0x7fff00000000 >maps
  [[ $(describe_address 0x7fff00000000 maps traced) == "above all mappings made by mmap(), about its stack" ]]
}

@test "why_failed: what mmap() says of an offset, a length or a descriptor comes before what a test thinks" {
  facts=([trace]=$PWD/trace) code=1
  : >trace
  [[ $(why_failed other) == other ]]
  echo "prog: a: Invalid argument" >"$err"
  [[ $(why_failed other) == *offset*"$page bytes"* ]]
  echo '7 mmap(NULL, 0, PROT_READ, MAP_SHARED, 3</work/a>, 0) = -1 EINVAL (Invalid argument)' >trace
  [[ $(why_failed other) == *"at least one byte"* ]]
  [[ $(how_it_ended) == "exit status 1; it says: prog: a: Invalid argument; mmap(NULL, 0, "*"(Invalid argument)" ]]
  echo '7 mmap(NULL, 9, PROT_READ|PROT_WRITE, MAP_SHARED, 3</work/a>, 0) = -1 EACCES (Permission denied)' >trace
  [[ $(why_failed other) == *O_RDWR ]]
  facts=()
  [[ $(why_failed other) == other ]]
}

@test "how_it_ended: signals by name, limits in words" {
  ending=signal code=11
  [[ $(how_it_ended) == "killed by SIGSEGV" ]]
  declare -A facts=([blocked]=read)
  ending=limit code=idle
  [[ $(how_it_ended) == *"blocked in read"* ]]
}

@test "report: 72 columns, points without needless zeroes, texts wrapped" {
  printf 'copy.a.one\t1000\t-\t-\tWhy?\ta: one\ncopy.a.two\t500\t-\t-\tWhy?\ta: two\ncopy.a.three\t1250\tstar\t-\tWhy?\ta: three\n' >rubric.tsv
  printf 'copy.a.one\tpass\t5\ncopy.a.two\tfail\t5\t%s\tgot\\nmore\twhy\tlab/x.md\ncopy.a.three\tpass\t1\n' \
    "$(printf 'word %.0s' {1..40})" >verdicts
  run awk -f "$kit/checker/report.awk" -v topic=copy -v only= -v colour=0 rubric.tsv verdicts
  echo "$output"
  [[ ${lines[1]} =~ ^a:\ one\ \.+\ passed\ \.\.\.\ \ \ 1$ && ${#lines[1]} == 72 ]]
  [[ $output == *" passed ... 1.25"* && $output == *" failed ...   0"* ]]
  [[ -z $(awk 'length > 72' <<<"$output") ]]
}

@test "report: a failure like an earlier one of the same program, but for addresses, takes one line" {
  printf 'copy.%s\t1000\t-\t-\tWhy?\t%s\n' a.one 'a: one' a.two 'a: two' a.three 'a: three' b.one 'b: one' >rubric.tsv
  printf 'copy.%s\tfail\t5\tit waits\t%s\twhy\tlab/x.md\n' a.one 'SIGSEGV at 0x7f10' a.two 'SIGSEGV at 0x80' \
    a.three 'SIGBUS at 0x80' b.one 'SIGSEGV at 0x7f10' >verdicts
  run awk -f "$kit/checker/report.awk" -v topic=copy -v only= -v colour=0 rubric.tsv verdicts
  echo "$output"
  [[ $(grep -c '^      same as   a: one$' <<<"$output") == 1 && ${lines[6]} == "a: two "* && ${lines[7]} == *"same as   a: one" ]]
  [[ $(grep -c '^      expected  it waits$' <<<"$output") == 3 ]]
}

@test "report: a test without a verdict is an error" {
  printf 'copy.a.one\t1000\t-\t-\tWhy?\ta: one\n' >rubric.tsv
  : >verdicts
  run awk -f "$kit/checker/report.awk" -v topic=copy -v only= -v colour=0 rubric.tsv verdicts
  [[ $output == *" error ... "*"left no verdict"* ]]
}

# ---- whole checks ---------------------------------------------------------------------------

# told TOPIC.PROGRAM FILE SED-EXPRESSION - what a check of the solution, edited so, prints of PROGRAM, as one line
told() {
  local topic=${1%%.*}
  mkdir -p "submission/$topic"
  cp "$kit/solutions/$topic"/* "submission/$topic"
  sed -E -i "$3" "submission/$topic/$2"
  ! cmp -s "submission/$topic/$2" "$kit/solutions/$topic/$2"
  check ONLY="$1" SUBMISSION="$PWD/submission" RESULT="$PWD/result.json"
  [[ $status == 1 ]]
  echo "$output"
  text=$(tr -s ' \n' ' ' <<<"$output")
}

@test "told: a program that does not build, its error once, and nothing to read about it" {
  told memory-areas.areas areas.c 's/int on_stack = 0;/int on_stack = 0/'
  [[ $(grep -c 'error: expected' <<<"$output") == 1 && $(grep -c 'same as   areas: text' <<<"$output") == 7 ]]
  [[ $text != *" read "* ]]
  [[ $(jq '[.tests[] | select(.status == "fail" and (.message | contains("error: expected")))] | length' result.json) == 8 ]]
}

@test "told: an endless loop, run to its limit once" {
  told memory-areas.areas areas.c 's/^\tstop\(NULL\);/\tfor (volatile int i = 0;; i++);/'
  [[ $text == *"still computing why a program that waits sleeps"* && $(grep -c 'same as   areas: text' <<<"$output") == 7 ]]
  [[ $(jq -c '[.tests[] | .status] | unique' result.json) == '["timeout"]' ]]
  [[ $(jq '[.tests[] | select(.duration_ms > 5000)] | length' result.json) == 1 ]]
}

@test "told: a greeting that was not flushed" {
  told memory-areas.hello_other hello_other 's/, flush=True//'
  [[ $text == *"got (nothing) why "*flush* ]]
}

@test "told: the page that msync() did not reach" {
  told mmap-file.mmap_write mmap_write.c 's/msync\(page, used \+ length/msync(page, length/'
  [[ $text =~ "got not on the page of bytes "[0-9]+" to "[0-9]+" mmap("[^=]*"= 0x"[0-9a-f]*" msync(0x"[^=]*"= 0 why the length" ]]
}

@test "told: an offset inside a page, a file that did not grow" {
  told mmap-file.mmap_write mmap_write.c 's/size - \(off_t\)used\)/size)/'
  [[ $text == *"ends with exit status 0 got exit status 1; it says: "*"why EINVAL is what mmap() says for an offset"* ]]
  told mmap-file.mmap_write mmap_write.c 's/error = posix_fallocate.*;/error = 0;/'
  [[ $text == *": the rest is missing why "*"Why must the file grow first?"* ]]
}

@test "told: flags that a build of the checker's own had" {
  told alloc_size.alloc_size alloc_size.c 's/^\tstop\("after/\tif (NUM_ALLOCS != 10)\n\t\treturn 3;\n&/'
  [[ $text =~ "expected alloc_size (built with CPPFLAGS='-DNUM_ALLOCS="[0-9]+" -DALLOC_SIZE_KB="[0-9]+"') stops" ]]
}

@test "a heading that a suite gives by itself is one of the topic's chapter" {
  local suite line
  while IFS=: read -r suite line; do
    echo "$suite: $line"
    [[ $line =~ read_in\ \"(.*)\" ]]
    grep -qxF "## ${BASH_REMATCH[1]}" "$kit/lab/$(basename "$suite" .bats).md"
  done < <(grep -H 'read_in "' "$kit"/checker/*.bats)
}
