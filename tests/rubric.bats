# rubric.bats - the rubric, the suites and the contract's points agree
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

# points TOPIC[.PROGRAM] - the milli-points of its rows that are no stars
points() {
  awk -F '\t' -v prefix="$1." 'index($1, prefix) == 1 && $3 == "-" { sum += $2 } END { print sum + 0 }' "$kit/checker/rubric.tsv"
}

@test "the points of each topic are the contract's, 100 in all" {
  local topic wanted sum=0
  while read -r topic wanted; do
    echo "$topic: $(points "$topic")"
    [[ $(points "$topic") == "$wanted" ]]
    sum=$((sum + wanted))
  done <<'END'
memory-areas 16000
static-dynamic 8000
multithreaded 10000
modify-areas 10000
alloc_size 14000
copy 22000
mmap-file 8000
file-access 6000
shared-memory 6000
END
  [[ $sum == 100000 ]]
}

@test "the points of each program are the contract's" {
  local program wanted
  while read -r program wanted; do
    echo "$program: $(points "$program")"
    [[ $(points "$program") == "$wanted" ]]
  done <<'END'
memory-areas.areas 8000
memory-areas.minipmap 6000
memory-areas.hello_other 2000
static-dynamic.hello-dynamic 2000
static-dynamic.hello-static 1500
static-dynamic.hello-static-pie 1500
static-dynamic.footprint 3000
multithreaded.thread_stacks 8000
multithreaded.threads_other 2000
modify-areas.grow 10000
alloc_size.alloc_size 4000
alloc_size.brk_or_mmap 6000
alloc_size.find_threshold 4000
copy.read_write_copy 10000
copy.mmap_copy 12000
mmap-file.mmap_read 2000
mmap-file.mmap_write 3000
mmap-file.mappable 2000
mmap-file.slack 1000
file-access.stdio 1000
file-access.syscall 1000
file-access.mmap 1000
file-access.predictions 3000
shared-memory.shared_counter 2000
shared-memory.shm_pipe 2000
shared-memory.cow 2000
END
}

@test "every test of a suite has its row, and every row its test, in order" {
  while IFS= read -r topic; do
    diff <(sed -n 's/^@test "\(.*\)" {$/\1/p' "$kit/checker/$topic.bats") \
      <(grep "^$topic\." "$kit/checker/rubric.tsv" | cut -f 6) || { echo "$topic"; return 1; }
  done <"$kit/checker/topics"
}

@test "titles are short sentences with their program, ids are unique and plain" {
  run awk -F '\t' 'NF != 6 || length($6) > 50 || $6 !~ /^[a-z_.A-Z-]+: [^:#]+$/ || $1 !~ /^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]+\.[a-z0-9_]+$/ || seen[$1]++ || titles[$6 $1]++' "$kit/checker/rubric.tsv"
  echo "$output"
  [[ -z $output ]]
}

@test "what a failure says to read is a heading of the topic's chapter" {
  while IFS=$'\t' read -r id _ _ _ heading _; do
    grep -qxF "## $heading" "$kit/lab/${id%%.*}.md" || { echo "$id: $heading"; return 1; }
  done <"$kit/checker/rubric.tsv"
}

@test "a test needs only tests that stand before it in its suite" {
  run awk -F '\t' '{ split($1, me, "."); n = split($4, needs, ","); for (i = 1; i <= n; i++) { split(needs[i], its, "."); if (needs[i] != "-" && (!(needs[i] in seen) || its[1] != me[1])) print $1, needs[i] } seen[$1] = 1 }' "$kit/checker/rubric.tsv"
  echo "$output"
  [[ -z $output ]]
}

@test "the files that a student changes have a solution and a skeleton" {
  while IFS=$'\t' read -r topic file _; do
    [[ -f $kit/solutions/$topic/$file && -f $kit/support/$topic/$file ]] || { echo "$topic/$file"; return 1; }
  done <"$kit/checker/tasks.tsv"
  diff <(cd "$kit/solutions" && find . -type f -not -name '*.h' | sort) \
    <(awk -F '\t' '{ print "./" $1 "/" $2 }' "$kit/checker/tasks.tsv" | sort)
}
