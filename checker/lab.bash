# lab.bash - what the suites share: build, run, watch and judge a student's program from outside
#
# A suite opens with
#
#     source "$LAB_CHECKER/lab.bash"
#     setup_file() { topic copy; }
#     setup() { scratch; }
#     teardown() { leave; }
#
# and its tests run programs with `try`, `traced`, `memchecked` or `start … finish`, then call the
# assertions below. Every run is a job of the confined runner (confine/); there is one sandbox a test.
# What a program printed is only data: files that assertions compare, never text that is evaluated.
#
# Given by `suites` in the environment:
#   LAB_CHECKER     this folder                      LAB_SUPPORT  the kit's own support/
#   LAB_SUBMISSION  the collected files, a folder per topic
#   LAB_RUN         this topic's own scratch folder, with the verdicts
#   LAB_DISK        this topic's disk for what it builds and for what its programs write: they may fill it
#   LAB_DEADLINE    when (EPOCHSECONDS) this topic's jobs have taken long enough
#   LAB_LEVEL       namespaces, landlock or none
#   LAB_CONFINE, LAB_INIT  the runner's two programs
#   LAB_ONLY        a program's name, or empty: only that one is built
#   LAB_BRIEF       not empty: once a test failed, the others are skipped (a mutation run asks no more)
#
# Left by the runs for the assertions and the tests:
#   ending  exit, signal or limit    code    its number or the limit's name
#   out err files with what it printed       trace  strace's file    pid  a started program's PID

page=$(getconf PAGESIZE)
declare -gA traces=() # strace's file of a job, if it has one

# ---- building -------------------------------------------------------------------------------

# topic NAME - lay out the topic's folder from the kit's files and the student's, and build it
topic() {
  trap - DEBUG
  export LAB_TOPIC=$1
  export LAB_BUILD=$LAB_DISK/build LAB_BIN=$LAB_DISK/bin
  mkdir -p "$LAB_BUILD" "$LAB_BIN" "$LAB_RUN/errors"
  cp -R "$LAB_SUPPORT/common.mk" "$LAB_SUPPORT/lab.h" "$LAB_SUPPORT/$1" "$LAB_BUILD"
  grep "^$1\." "$LAB_CHECKER/rubric.tsv" >"$LAB_RUN/rubric"
  : >"$LAB_RUN/verdicts"
  take_files "$1"
  LAB_WORK=$LAB_BUILD
  local file kind builds program
  while IFS=$'\t' read -r _ file kind builds _; do
    case $kind in
      c) for program in ${builds//,/ }; do build "$program"; done ;;
      script) place_script "$file" ;;
    esac
  done < <(tasks "$1")
  close_sandbox
}

# tasks TOPIC - the rows of tasks.tsv that this run is about
tasks() {
  local row file
  while IFS= read -r row; do
    file=${row#*$'\t'}
    file=${file%%$'\t'*}
    [[ -z ${LAB_ONLY-} || $file == "$LAB_ONLY" || $file == "$LAB_ONLY".* ||
      $row == *$'\t'Makefile$'\t'* ]] && printf '%s\n' "$row"
  done < <(grep "^$1"$'\t' "$LAB_CHECKER/tasks.tsv")
  return 0
}

# take_files TOPIC - put the student's files in place of the kit's skeletons
take_files() {
  local file
  while IFS=$'\t' read -r _ file _; do
    rm -f "${LAB_BUILD:?}/$1/$file"
  done < <(grep "^$1"$'\t' "$LAB_CHECKER/tasks.tsv")
  [[ -d $LAB_SUBMISSION/$1 ]] && cp -R "$LAB_SUBMISSION/$1/." "$LAB_BUILD/$1"
  return 0
}

# build PROGRAM - make PROGRAM confined; a failure's first line goes to errors/PROGRAM
build() {
  build_as "$1" "$1"
}

# build_as NAME PROGRAM [VARIABLE=VALUE] - the same, perhaps with other flags, kept as NAME; built.NAME says of what
build_as() {
  local name=$1 program=$2
  shift 2
  (($# == 0)) || printf '%s\t%s\n' "$program" "${1%%=*}='${1#*=}'" >"$LAB_RUN/built.$name"
  LAB_WORK=${LAB_WORK:-$LAB_BUILD}
  rm -f "${LAB_BUILD:?}/$LAB_TOPIC/$program"
  if ((EPOCHSECONDS >= LAB_DEADLINE)); then
    echo "the topic's programs took too long to build" >"$LAB_RUN/errors/$name"
    return
  fi
  with cwd="$(inside build)/$LAB_TOPIC" env=LC_ALL=C cpu=60 wall=120000 fsize=$((256 << 20)) rss=$((2 << 20)) light=0
  job build /usr/bin/make -s "$@" "$program"
  keep_artefact "$program" "$name"
}

# keep_artefact FILE NAME - copy what the build made to bin/NAME: a regular file with one link of at most 32 MiB, or nothing
keep_artefact() {
  local made=$LAB_BUILD/$LAB_TOPIC/$1
  rm -f "${LAB_BIN:?}/$2"
  if [[ $ending$code == exit0 && ! -L ${made%/*} && -f $made && ! -L $made && $(stat -c %h -- "$made") == 1 && $(stat -c %s -- "$made") -le $((32 << 20)) ]]; then
    cp -P -- "$made" "$LAB_BIN/$2" && chmod 755 "$LAB_BIN/$2" && return 0
  fi
  build_error >"$LAB_RUN/errors/$2"
}

# build_error - why the last build left no program, in a line or two
build_error() {
  local text
  text=$(grep -m1 -E 'error|undefined reference|No rule to make' "$err" || true)
  if [[ $ending != exit ]]; then
    how_it_ended
  elif [[ $code == 0 ]]; then
    echo "make ends with status 0, but left no program: a plain file of at most 32 MiB, no link"
  elif [[ $text == *"No rule to make"* ]]; then
    echo "its source is not in the submission, or not a plain file"
  else
    printf '%s\n' "${text:-$(head -n 1 "$err")}"
  fi
}

# wanted PROGRAM - this run is about it, and it builds
wanted() {
  [[ -z ${LAB_ONLY-} || $LAB_ONLY == "$1" ]] && [[ ! -s $LAB_RUN/errors/$1 ]]
}

# tool OUT NAME.c [FLAG…] - compile the kit's own NAME.c of this topic; OUT in LAB_BIN is seen by jobs, in LAB_RUN not
tool() {
  local made=$1 source=$2
  shift 2
  gcc -std=gnu17 -D_GNU_SOURCE -O1 -o "$made" "$LAB_CHECKER/$LAB_TOPIC/$source" "$@"
}

# place_script FILE - a student's script, run by its #! line whatever mode it came with
place_script() {
  local file=$LAB_BUILD/$LAB_TOPIC/$1
  if [[ -f $file && ! -L $file ]]; then
    cp -P -- "$file" "$LAB_BIN/$1" && chmod 755 "$LAB_BIN/$1"
  else
    echo "it is not in the submission, or not a plain file" >"$LAB_RUN/errors/${1%.sh}"
  fi
}

# ---- a test's life --------------------------------------------------------------------------

# scratch - a fresh folder of the student's, entered; a test whose prerequisite failed ends here
scratch() {
  trap - DEBUG # bats' own runs before every command here, for a line number that no verdict needs
  LAB_BEGAN=${EPOCHREALTIME//[.,]/}
  LAB_WORK=$LAB_DISK/work
  rm -rf "${LAB_WORK:?}" && mkdir -m 700 "$LAB_WORK" && cd "$LAB_WORK" || return
  LAB_NOTES=$LAB_RUN/notes.$BATS_TEST_NUMBER
  mkdir -p "$LAB_NOTES"
  trap 'forget' PIPE
  find_row
  [[ -z ${LAB_BRIEF-} || ! $(<"$LAB_RUN/verdicts") =~ $'\t'(fail|timeout)$'\t' ]] || skip "a test has failed already"
  [[ $LAB_NEEDS == - ]] || check_prerequisites
  local program=${BATS_TEST_DESCRIPTION%%:*}
  if [[ -s $LAB_RUN/errors/$program ]]; then
    LAB_READ='' # what the compiler says is in no chapter
    flunk "$program builds" "$(<"$LAB_RUN/errors/$program")" \
      "nothing of it can be tested before it builds"
  fi
}

# find_row - LAB_ID, LAB_NEEDS and LAB_READ of this test, from the rubric
find_row() {
  local id title needs heading
  LAB_ID='' LAB_NEEDS=- LAB_READ=''
  while IFS=$'\t' read -r id _ _ needs heading title; do
    if [[ $title == "$BATS_TEST_DESCRIPTION" ]]; then
      LAB_ID=$id LAB_NEEDS=$needs LAB_READ="lab/$LAB_TOPIC.md: $heading"
      return
    fi
  done <"$LAB_RUN/rubric"
  broken "rubric.tsv has no row for '$BATS_TEST_DESCRIPTION'"
}

# check_prerequisites - skip, in one line, a test that needs another one that did not pass; where that one cannot be
# tested, neither can this one
check_prerequisites() {
  local need id status rest verdicts
  verdicts=$'\n'$(<"$LAB_RUN/verdicts")
  for need in ${LAB_NEEDS//,/ }; do
    [[ $verdicts == *$'\n'"$need"$'\t'pass$'\t'* ]] && continue
    [[ $verdicts != *$'\n'"$need"$'\t'absent$'\t'* ]] || echo absent >"$LAB_NOTES/status"
    while IFS=$'\t' read -r id _ _ _ _ rest; do
      [[ $id == "$need" ]] && skip "needs: $rest"
    done <"$LAB_RUN/rubric"
    broken "rubric.tsv: $LAB_ID needs $need, which is not there"
  done
}

# read_in HEADING - what this failure is about is explained there, and not where the rubric's row says
read_in() {
  LAB_READ="lab/$LAB_TOPIC.md: $1"
}

# unless_level LEVEL WHAT - skip a test that only LEVEL can run; its points leave the maximum
unless_level() {
  [[ $LAB_LEVEL == "$1" ]] && return
  echo absent >"$LAB_NOTES/status"
  skip "not testable here: $2 needs $1 (see make doctor)"
}

# leave - end the sandbox and write down the verdict
leave() {
  local status=fail filled=0 now=${EPOCHREALTIME//[.,]/}
  if [[ -n ${BATS_TEST_SKIPPED-} ]]; then
    status=skip
    note got "$BATS_TEST_SKIPPED"
  elif [[ ${BATS_TEST_COMPLETED-} == 1 ]]; then
    status=pass
  elif [[ ! -e $LAB_NOTES/expected ]]; then
    status=error
  fi
  [[ ! -e $LAB_NOTES/status ]] || status=$(<"$LAB_NOTES/status")
  [[ ${status:-error} != error ]] || ! disk_filled || filled=1 # as long as its processes live: a file may have no name
  close_sandbox
  cd "$LAB_RUN" || return
  fresh "${LAB_WORK:?}"
  if ((filled)); then
    status=fail
    note expected "room on the disk for the test's own files"
    note got "none: the program filled it with its files"
  fi
  {
    printf '%s\t%s\t%s' "${LAB_ID:-unknown.$BATS_TEST_DESCRIPTION}" "${status:-error}" $(((now - LAB_BEGAN) / 1000))
    if [[ $status != pass ]]; then
      local field
      for field in expected got why read; do printf '\t%s' "$(noted "$field")"; done
    fi
    printf '\n'
  } >>"$LAB_RUN/verdicts"
  rm -rf "$LAB_NOTES"
}

# disk_filled - the topic's disk is full; where it is the machine's own, by the student's files
disk_filled() {
  (($(stat -f -c '%a * %S' "$LAB_DISK") < 1 << 20)) &&
    { [[ $LAB_LEVEL == namespaces ]] || (($(du -sk "$LAB_WORK" 2>/dev/null | cut -f 1) > 256 << 10)); }
}

# note FIELD TEXT - keep a piece of a failure's explanation, made harmless
note() {
  harmless "$2" >"$LAB_NOTES/$1"
}

# noted FIELD - that piece as one line, \n and \t written out
noted() {
  local text=''
  [[ ! -e $LAB_NOTES/$1 ]] || text=$(<"$LAB_NOTES/$1")
  text=${text//\\/\\\\}
  text=${text//$'\t'/\\t}
  printf '%s' "${text//$'\n'/\\n}"
}

# harmless TEXT - TEXT as printable ASCII that cannot pass for a line of the checker's own; a blank at a line's end is told
harmless() {
  printf '%s\n' "$1" | head -c 8000 | LC_ALL=C cat -v |
    LC_ALL=C sed -e 's/[Tt][Oo][Tt][Aa][Ll]:/Total\\:/g' -e 's/\.\.\./. . ./g' -e 's/[[:blank:]]$/& <- ends with a blank/'
}

# flunk EXPECTED GOT [WHY] - end the test, at once, with its explanation and the heading to read
flunk() {
  note expected "$1"
  note got "$2"
  note why "${3-}"
  note read "${LAB_READ-}"
  [[ ${ending-} != limit ]] || echo timeout >"$LAB_NOTES/status"
  exit 1 # not return: under `if` and `||` that would not end the test
}

# broken WHAT - the checker's own fault: no mark comes of it
broken() {
  note got "$1"
  echo error >"$LAB_NOTES/status"
  exit 1
}

# ---- running --------------------------------------------------------------------------------

# inside build|bin|work - where the jobs see that folder
inside() {
  case $LAB_LEVEL:$1 in
    namespaces:build) echo /lab ;;
    namespaces:bin) echo "/programs" ;;
    namespaces:work) echo /work ;;
    *:build) echo "$LAB_BUILD" ;;
    *:bin) echo "$LAB_BIN" ;;
    *:work) echo "$LAB_WORK" ;;
  esac
}

# disk KB - this test's sandbox has a disk of that size as /small instead of one of 512 KB; before its first job
disk() {
  sandbox_options+=(--small-kb "$1")
}

# open_sandbox - one a test, started by its first job
open_sandbox() {
  [[ -z ${sandbox_to-} ]] || return 0
  local folders
  if [[ $LAB_WORK == "$LAB_BUILD" ]]; then
    mkdir -p "$LAB_DISK/void"
    folders=(--work "$LAB_DISK/void" --bind "$LAB_BUILD=$(inside build)")
  else
    folders=(--work "$LAB_WORK" --ro "$LAB_BIN=$(inside bin)")
  fi
  coproc SANDBOX {
    exec "$LAB_CONFINE" --level "$LAB_LEVEL" --init "$LAB_INIT" "${folders[@]}" "${sandbox_options[@]}" \
      2>>"$LAB_RUN/confine.log" 3>&- 4>&-
  }
  sandbox_pid=$SANDBOX_PID
  exec {sandbox_from}<&"${SANDBOX[0]}" {sandbox_to}>&"${SANDBOX[1]}"
}

# close_sandbox - end it; what its jobs used themselves is kept for the benchmark
close_sandbox() {
  [[ -n ${sandbox_to-} ]] || return 0
  echo "${jobs_us:-0}" >>"$LAB_RUN/jobs_us"
  ask quit
  exec {sandbox_from}<&- {sandbox_to}>&-
  wait "$sandbox_pid" 2>/dev/null || true
  sandbox_to=''
}

# forget - the runner is gone (SIGPIPE)
forget() {
  sandbox_to=''
  broken "the confined runner ended: $(tail -n 1 "$LAB_RUN/confine.log")"
}

# ask VERB ARG… - one request to the runner, its reply in `answer`
ask() {
  open_sandbox
  { printf '%d\n' $# && printf '%s\0' "$@"; } >&"$sandbox_to"
  IFS= read -r answer <&"$sandbox_from" || forget
}

# with OPTION… - options of the next job, in the runner's words (as=BYTES in=FILE env=K=V …)
with() {
  job_options+=("$@")
}

# spawn JOB PROGRAM ARG… - start a job; its output goes to JOB.out and JOB.err in LAB_NOTES
spawn() {
  local name=$1 program=$2 option
  shift 2
  [[ -z ${LAB_ID-} ]] || in_time
  [[ $program == */* ]] || program=$(inside bin)/$program
  traces[$name]=''
  for option in "${job_options[@]}"; do
    [[ $option != trace=* ]] || traces[$name]=${option#trace=}
  done
  out=${LAB_NOTES:-$LAB_RUN}/$name.out err=${LAB_NOTES:-$LAB_RUN}/$name.err
  ask spawn "$name" out="$out" err="$err" "cwd=$(inside work)" cpu=10 wall=180000 "${job_options[@]}" -- "$program" "$@"
  job_options=()
  case $answer in
    started*) pid=${answer##* } ending=running code='' ;;
    unstartable*) ending=unstartable code=${answer##* } ;;
    *) broken "the runner said: $answer" ;;
  esac
}

# in_time - all jobs of a topic together have a limit, too, so that a check ends
in_time() {
  ((EPOCHSECONDS < LAB_DEADLINE)) && return
  echo timeout >"$LAB_NOTES/status"
  flunk "all programs of the topic together end within the time limit" "they have taken longer"
}

# await JOB - until it has ended
await() {
  out=${LAB_NOTES:-$LAB_RUN}/$1.out err=${LAB_NOTES:-$LAB_RUN}/$1.err
  [[ $ending == unstartable ]] && return
  ask wait "$1"
  take_ending
}

# take_ending - read `ended JOB KIND VALUE KEY=VALUE…` into ending, code and the map `facts`
take_ending() {
  local word words
  declare -gA facts=()
  read -ra words <<<"$answer"
  [[ ${words[0]} == ended ]] || broken "the runner said: $answer"
  ending=${words[2]} code=${words[3]}
  for word in "${words[@]:4}"; do facts[${word%%=*}]=${word#*=}; done
  [[ -z ${traces[${words[1]}]-} ]] || facts[trace]=${traces[${words[1]}]}
  jobs_us=$((${jobs_us:-0} + ${facts[cpu_us]:-0}))
  [[ ${facts[tracer]-} != lost ]] || broken "strace did not live to the end of the run"
}

# job NAME PROGRAM ARG… - run it to its end
job() {
  spawn "$@"
  await "$1"
}

# named PROGRAM ARG… - sets lab_program and, for explanations, lab_ran: the command, long operands cut, and how to build it
named() {
  local program=$1 flags='' operand
  lab_program=$1
  [[ ! -e $LAB_RUN/built.$1 ]] || IFS=$'\t' read -r program flags <"$LAB_RUN/built.$1"
  lab_ran=$program
  for operand in "${@:2}"; do
    ((${#operand} <= 64)) || operand="${operand:0:16}[${#operand} bytes]"
    lab_ran+=" $operand"
  done
  lab_ran+=${flags:+" (built with $flags)"}
}

# try PROGRAM ARG… - run a program of the submission to its end
try() {
  named "$@"
  job it "$@"
}

# traced PROGRAM ARG… - the same with its system calls in the file `trace` (strace -f -y)
#
# Set `calls` before to narrow the calls that are written down (strace -e trace=).
traced() {
  named "$@"
  trace=$LAB_NOTES/trace
  with trace="$trace" strace=-y strace=-qq strace=-s strace=0 strace=-e "strace=trace=${calls:-all}"
  job it "$@"
  calls=''
  join_calls
}

# join_calls - in the trace of several tasks, make one line of a call that others interrupted (unfinished … resumed)
join_calls() {
  grep -q ' <unfinished \.\.\.>$' "$trace" 2>/dev/null || return 0
  awk '
    / <pid changed to [0-9]+ \.\.\.>$/ { # a thread called execve(): its number is the main one from there on
      task = $(NF - 1)
      sub(/ <pid changed to [0-9]+ \.\.\.>$/, "")
      begun[task] = $0
      next
    }
    $3 == "superseded" && $8 in begun { begun[$1] = begun[$8]; delete begun[$8] }
    / <unfinished \.\.\.>$/ { sub(/ <unfinished \.\.\.>$/, ""); begun[$1] = $0; next }
    /^[0-9]+ +<\.\.\. [a-z0-9_]+ resumed>/ {
      task = $1
      sub(/^[0-9]+ +<[^>]*>/, "")
      print begun[task] $0
      delete begun[task]
      next
    }
    { print }
    END { for (task in begun) print begun[task] " <unfinished ...>" }' "$trace" >"$trace.joined" &&
    mv "$trace.joined" "$trace"
}

# injected INJECTION PROGRAM ARG… - the same, with strace changing some calls (strace -e inject=)
injected() {
  local injection=$1
  shift
  with strace=-e strace=inject="$injection"
  traced "$@"
}

# memchecked PROGRAM ARG… - under memcheck: exit status 99 for any error or any block not freed
memchecked() {
  local program=$1
  named "$@"
  shift
  trace=$LAB_NOTES/trace
  with light=0 cpu=120 idle=10000 as=unlimited
  with trace="$trace" strace=-qq strace=-s strace=0 strace=-e strace=signal=none
  with strace=-e strace=trace=execve,execveat,clone,clone3,fork,vfork
  job it "$(command -v valgrind)" --quiet --command-line-only=yes --error-exitcode=99 --vgdb=no \
    --trace-children=yes --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all \
    "$(inside bin)/$program" "$@"
  join_calls
  stayed_itself
}

# stayed_itself - under memcheck the program was one process to its end, which memcheck saw: of a program that it has
# become, or of a child that does the work, the exit status would tell nothing about it
stayed_itself() {
  local tool='/[^"]*/memcheck-[^"]*' other
  other=$(sed -E "1,\\@execve\\(\"$tool\".* = 0\$@d" "$trace" | grep -v CLONE_THREAD | grep -E ' = [0-9]+$' || true)
  [[ -z $other ]] || flunk "$lab_ran stays one process, and the same program, to its end" \
    "under memcheck it makes another one: $(head -n 1 <<<"$other")"
}

# start PROGRAM ARG… - start a program and let it run until it waits for its input; PID in `pid`
start() {
  local why="a program that has ended has no memory to look at: /proc/PID/maps is gone with it"
  named "$@"
  still_endless
  with in=pipe
  spawn it "$@"
  [[ $ending == unstartable ]] || ask settle it
  case $answer in
    waiting*) ;;
    *)
      [[ $ending == unstartable ]] || take_ending
      if [[ $ending == limit ]]; then
        why="a program that waits sleeps in read() or the like until its input comes; a loop that goes on does not wait"
        [[ $LAB_NEEDS != - ]] || printf '%s\t%s\n' "$lab_ran" "$(how_it_ended)" >>"$LAB_RUN/endless"
      fi
      never_waited "$(how_it_ended)" "$why"
      ;;
  esac
}

# never_waited GOT WHY - fail for a started program that has not come to wait
never_waited() {
  flunk "$lab_ran prints its lines and waits for a line on standard input" "$1" "$2"
}

# still_endless - the very command that ran to its limit in an earlier test is not run to it again. Only where both tests
# need no other one: there it is the program's plain use that never ends, and not what one test asks of it.
still_endless() {
  local command how
  [[ $LAB_NEEDS == - && -e $LAB_RUN/endless ]] || return 0
  while IFS=$'\t' read -r command how; do
    [[ $command == "$lab_ran" ]] || continue
    ending=limit
    never_waited "$how" "it did so in an earlier test, and was not run again"
  done <"$LAB_RUN/endless"
}

# enter - give the started program a line, and let it run until it waits again or has ended
enter() {
  ask input it $'\n'
  ask settle it
  case $answer in
    waiting*) ending=running ;;
    *) take_ending ;;
  esac
}

# finish - end the started program's wait: it must clean up and exit 0, leaving nothing behind
finish() {
  ask input it $'\n'
  ask eof it
  await it
  [[ $ending$code == exit0 ]] ||
    flunk "$lab_ran ends with status 0 when its input gives a line" "$(how_it_ended)"
  [[ ${facts[leftover]-0} == 0 ]] ||
    flunk "no process is left when $lab_ran has ended" "${facts[leftover]} still ran"
}

# pause - a moment between two looks, without a process
pause() {
  [[ -n ${quiet-} ]] || exec {quiet}<> <(:)
  read -rt 0.003 -u "$quiet" || true
}

# eventually COMMAND… - look until COMMAND succeeds; status 1 when it has not within 10 seconds
eventually() {
  local limit=$((SECONDS + 10))
  until "$@"; do
    ((SECONDS < limit)) || return 1
    pause
  done
}

# ---- telling --------------------------------------------------------------------------------

# how_it_ended - the last job's end in the words of memory
how_it_ended() {
  case $ending in
    running) echo "still running" ;;
    unstartable) echo "could not be started: $code" ;;
    exit) printf 'exit status %s%s%s\n' "$code" "$(said)" "$(refused_mapping '; ')" ;;
    signal) printf 'killed by SIG%s%s%s%s\n' "$(kill -l "$code")" "$(fault_place)" "$(said)" "$(refused_mapping '; ')" ;;
    limit)
      case $code in
        idle) echo "never ended: blocked in ${facts[blocked]-a system call}, with nothing left to wake it" ;;
        wall) echo "stopped by the time limit" ;;
        cpu) echo "stopped by the limit on processor time: it was still computing" ;;
        memory) echo "stopped: it and its children held more memory than the limit" ;;
        output) echo "stopped: it printed more than the limit" ;;
        *) echo "stopped by the limit: $code" ;;
      esac
      ;;
  esac
}

# said - what the last job wrote on standard error, if anything, its first line
said() {
  local line=''
  [[ ! -s $err ]] || IFS= read -r -d $'\n' line < <(tr -d '\0' <"$err")
  [[ -z $line ]] || printf '; it says: %s' "${line:0:200}"
}

# refused_mapping [BEFORE] - the traced job's last mmap() that failed, if one did, as strace shows it, with BEFORE in front
refused_mapping() {
  local call
  [[ -n ${facts[trace]-} ]] || return 0
  call=$(trace=${facts[trace]} calls_of 'mmap2?' | grep -E "$refused" | tail -n 1)
  [[ -z $call ]] || printf '%s%s' "${1-}" "$call"
}

# why_failed WHY - why the last job failed: what its mmap() was refused for, where the call shows it, or else WHY
why_failed() {
  local call
  call=$(refused_mapping)
  if [[ $call == *'mmap'*'(NULL, 0, '*EINVAL* ]]; then
    echo "a mapping has at least one byte: mmap() of 0 bytes is EINVAL"
  elif [[ $call == *PROT_WRITE*MAP_SHARED*EACCES* ]]; then
    echo "a shared mapping to write takes a descriptor that may read, too: open() with O_RDWR"
  elif [[ $ending == exit && -n ${facts[trace]-} ]] && grep -aqF "Invalid argument" "$err"; then
    # of an offset the C library says that itself: no call is to be seen
    echo "EINVAL is what mmap() says for an offset that is no multiple of the page size, which is ${seen_page:-$page} bytes here"
  else
    printf '%s\n' "${1-}"
  fi
}

# why_silent WHY - WHY, or of a program that waits and has printed nothing, where that may be
why_silent() {
  if [[ $ending == running && ! -s $out ]]; then
    echo "what it prints to a pipe or a file stays in a buffer of its own until it flushes it, fflush(stdout) in C: do that before it waits"
  else
    printf '%s\n' "${1-}"
  fi
}

# fault_place - where a fatal fault happened: the address, its area, how far from its edge
fault_place() {
  local addr=${facts[addr]-} maps=$err.maps known=all place
  if [[ -n ${facts[trace]-} ]]; then # strace shows the address, and what was mapped
    addr=$(grep -e "--- SIG$(kill -l "$code") {" "${facts[trace]}" | tail -n 1 |
      sed -En 's/^.* si_code=SEGV_[A-Z]+, si_addr=NULL\} ---$/0x0/p; s/^.* si_addr=(0x[0-9a-f]+)\} ---$/\1/p')
    maps=$LAB_NOTES/traced.maps known=traced
    [[ -z $addr ]] || traced_maps "$addr" >"$maps"
    [[ -z $addr || -s $maps ]] || printf ' at %s' "$addr" # no call of mmap() was traced
  fi
  [[ -n $addr && -s $maps ]] || return 0
  place=$(describe_address "$addr" "$maps" $known)
  if [[ $(kill -l "$code") == BUS ]]; then # only a mapping that is there can have no page to give
    [[ $place == *' into '* ]] || place="in a mapping"
    place+=", where its file has no page: it ends before, or the disk is full"
  fi
  printf ' at %s, %s' "$addr" "$place"
}

near=$((16 * page)) # so far from a mapping an address is still told by it, where not all mappings are known

# traced_maps ADDR - what mmap() and mremap() made in the last trace, and munmap() left, near ADDR, and the highest of all,
# as lines of maps in address order. The program's own file, the heap and the stack are not among it: execve() and brk()
# make those.
traced_maps() {
  local call start length old prot flags name perms at='' addr=$(($1)) top=0 top_size=0
  local -a size=() about=() # by address
  while read -r call start length old prot flags name; do
    start=$((start)) length=$(((length + page - 1) / page * page)) old=$((old))
    case $call in
      mmap)
        [[ $flags != *MAP_FIXED* ]] || cut_mappings "$start" "$length"
        perms=---p
        [[ $prot != *PROT_READ* ]] || perms=r${perms:1}
        [[ $prot != *PROT_WRITE* ]] || perms=${perms:0:1}w${perms:2}
        [[ $prot != *PROT_EXEC* ]] || perms=${perms:0:2}x${perms:3}
        [[ $flags != *MAP_SHARED* ]] || perms=${perms:0:3}s
        about[start]="$perms 0 0 0 $name"
        ;;
      mremap)
        about[start]=${about[old]-"rw-p 0 0 0 "}
        unset "size[$old]"
        ;;
      munmap)
        cut_mappings "$start" "$length"
        continue
        ;;
    esac
    ((start < top)) || top=$start top_size=$length
    ((start > addr + near || start + length < addr - near)) || size[start]=$length
  done < <(sed -En -e 's/^[0-9]+ +//' \
    -e 's/^(mmap2?\(.*, [0-9]+)(, (0|0x[0-9a-f]+)\))/\1<a file>\2/' \
    -e 's/^mmap2?\([^,]*, ([0-9]+), ([A-Z_|]+), ([A-Z_|]+), (-1|[0-9]+<([^>]*)>), .* = (0x[0-9a-f]+)$/mmap \6 \1 0 \2 \3 \5/p' \
    -e 's/^mremap\((0x[0-9a-f]+), [0-9]+, ([0-9]+), .* = (0x[0-9a-f]+)$/mremap \3 \2 \1/p' \
    -e 's/^munmap\((0x[0-9a-f]+), ([0-9]+)\) += 0$/munmap \1 \2 0/p' "${facts[trace]}")
  if ((top && ! ${size[top]-0})); then # it is not near, or gone: then only that there was one above is told
    ((top <= addr + near && top + top_size >= addr - near)) || at=$top
    size[${at:-addr + near + page}]=$top_size
  fi
  for at in "${!size[@]}"; do
    printf '%016x-%016x %s\n' "$at" $((at + size[at])) "${about[at]}"
  done
}

# cut_mappings START LENGTH - take that range out of traced_maps' `size` and `about`
cut_mappings() {
  local at end cut_end=$(($1 + $2))
  for at in "${!size[@]}"; do
    end=$((at + size[at]))
    ((at < cut_end && end > $1)) || continue
    unset "size[$at]"
    ((at >= $1)) || size[at]=$(($1 - at))
    ((end <= cut_end)) || size[cut_end]=$((end - cut_end)) about[cut_end]=${about[at]}
  done
}

# describe_address ADDR MAPS-FILE [traced] - `40960 bytes into the mapping of out.dat (rw-s)` and the like; traced: the
# file does not have all mappings, so only what lies close to one is told by it
describe_address() {
  local addr=$(($1)) known=${3-all} lines line range perms name start end below='' below_end above='' above_start
  if ((addr < 0 && addr >= -page)); then
    echo "MAP_FAILED (-1) or right beside it: an mmap() that failed, which was not looked for"
    return
  elif ((addr < 0)); then
    echo "among the kernel's own addresses, which no program may touch"
    return
  elif ((addr < page)); then
    echo "in the first page, which is never mapped: a NULL pointer$( ((addr == 0)) || echo ' or MAP_FAILED (-1), and an offset')"
    return
  fi
  mapfile -t lines <"$2"
  for line in "${lines[@]}"; do
    range=${line%% *}
    start=$((16#${range%-*})) end=$((16#${range#*-}))
    ((start >= 0)) || continue # [vsyscall], among the kernel's
    above=$line above_start=$start
    ((end <= addr)) || break
    below=$line below_end=$end above=''
  done
  read -r _ perms _ _ _ name <<<"$above"
  if [[ -n $above ]] && ((addr >= above_start)); then
    printf '%d bytes into %s (%s)\n' $((addr - above_start)) "$(area_name "$name")" "$perms"
  elif [[ -n $below ]] && { [[ -z $above ]] || ((addr - below_end < above_start - addr)); } && is_near $((addr - below_end)); then
    read -r _ _ _ _ _ name <<<"$below"
    printf '%d bytes past the end of %s\n' $((addr - below_end)) "$(area_name "$name")"
  elif [[ -n $above ]] && is_near $((above_start - addr)); then
    printf '%d bytes below %s\n' $((above_start - addr)) "$(area_name "$name")"
  else
    [[ -n $above ]] && echo "in no mapping made by mmap()" || echo "above all mappings made by mmap(), about its stack"
  fi
}

# is_near DISTANCE - so close to a mapping that describe_address tells by it; where all are known, the nearest one always is
is_near() {
  [[ $known == all ]] || (($1 < near))
}

area_name() {
  case $1 in
    '') echo "an anonymous mapping" ;;
    '['*) echo "$1" ;;
    *) echo "the mapping of ${1##*/}" ;;
  esac
}

# shown FILE - a file's text for an explanation: whole when short, its beginning when long
shown() {
  if [[ ! -s $1 ]]; then
    echo "(nothing)"
  else
    head -c 600 "$1" | tr -d '\0' | head -n 12
  fi
}

# ---- asserting ------------------------------------------------------------------------------

# succeeds - the last program exited 0 and wrote nothing on standard error
succeeds() {
  [[ $ending$code == exit0 ]] || flunk "$lab_ran ends with exit status 0" "$(how_it_ended)" "$(why_failed "${1-}")"
  [[ ! -s $err ]] || flunk "$lab_ran writes nothing on standard error" "$(shown "$err")" "${1-}"
}

# fails [WHY] - the last program exited 1 with a reason on standard error
fails() {
  [[ $ending$code == exit1 ]] ||
    flunk "exit status 1 and a reason on standard error" "$(how_it_ended)" "${1-}"
  [[ -s $err ]] || flunk "a reason on standard error: PROGRAM: OPERAND: REASON" "nothing" "${1-}"
}

# usage_error - the last program exited 2 with `usage: …` on standard error
usage_error() {
  [[ $ending$code == exit2 && $(head -c 6 "$err") == usage: ]] ||
    flunk "$lab_ran: exit status 2 and 'usage: PROGRAM OPERANDS' on standard error" "$(how_it_ended)"
}

# prints TEXT [WHY] - the last program's standard output is exactly TEXT and a newline
# (empty TEXT: nothing at all)
prints() {
  local wanted=${1:+$1$'\n'}
  cmp -s "$out" <(printf '%s' "$wanted") ||
    flunk "$lab_ran prints: ${1:-nothing}" "$(shown "$out")" "$(why_silent "${2-}")"
}

# prints_match REGEX [WHY] - its standard output is one line that matches the extended REGEX
prints_match() {
  local text
  text=$(tr '\0' '\1' <"$out" && echo .) # the dot keeps the last newline
  [[ $text =~ ^($1)$'\n.'$ ]] || flunk "$lab_ran prints one line of the form: $1" "$(
    shown "$out"
    [[ $text == *$'\n.' || $text == . ]] || echo "(and no newline at the end)"
  )" "$(why_silent "${2-}")"
}

# plain FILE - true when the student left FILE in the scratch folder as a regular file
plain() {
  [[ -f $1 && ! -L $1 ]]
}

# same_bytes COPY ORIGINAL [WHY] - COPY holds exactly what ORIGINAL does
same_bytes() {
  plain "$1" || flunk "$1 is a regular file" "$(stat -c %F -- "$1" 2>/dev/null || echo 'no such file')" "${3-}"
  local difference
  difference=$(LC_ALL=C cmp -- "$1" "$2" 2>&1) && return
  flunk "$1 holds the same $(stat -c %s "$2") bytes as $2" \
    "$(stat -c %s "$1") bytes; ${difference#cmp: }" "${3-}"
}

# difference COPY ORIGINAL - how long COPY is, and where it first differs from ORIGINAL
difference() {
  local text has size at
  has=$(stat -c %s -- "$1") size=$(stat -c %s -- "$2")
  text=$(LC_ALL=C cmp -- "$1" "$2" 2>&1) || true
  if [[ $text == *'EOF on '* ]] && ((has > size)); then
    echo "$((has - size)) bytes too many after the right $size"
  elif [[ $text == *'EOF on '* ]]; then
    echo "$has bytes of $size: the rest is missing"
  elif [[ $text =~ (byte|char)\ ([0-9]+) ]]; then
    at=$((BASH_REMATCH[2] - 1))
    echo "$has bytes, of which byte $at is the first wrong one$(instead "$(excerpt "$1" $at)" "$(excerpt "$2" $at)")"
  fi
}

# excerpt FILE OFFSET - some bytes from there on, if they are text, or that they are zeros; else nothing
excerpt() {
  local text
  text=$(tail -c +$(($2 + 1)) -- "$1" | head -c 16 | tr '\0' '\1' && echo .) # the dot keeps a newline
  text=${text%.}
  if [[ -z ${text//$'\1'/} ]]; then
    echo zeros
  elif [[ ${text//$'\n'/} != *[![:print:]]* ]]; then
    echo "'${text//$'\n'/\\n}'"
  fi
}

# instead GOT WANTED - `: GOT instead of WANTED`, if there are both
instead() {
  [[ -z $1 || -z $2 ]] || echo ": $1 instead of $2"
}

# The calls that move bytes, in groups, as strace names them; and what it is to write down, without read and write and with
# them, for a test to see which way a program went: mappings, and other programs that it starts, are among it.
read_calls='read|readv|pread64|preadv|preadv2'
write_calls='write|writev|pwrite64|pwritev|pwritev2'
copy_calls='copy_file_range|sendfile|sendfile64|splice|tee|vmsplice'
message_calls='sendto|sendmsg|sendmmsg|recvfrom|recvmsg|recvmmsg|mq_timedsend|mq_timedreceive'
# how the line of a call ends that failed; within it, a path may hold what looks like that
refused=' = -1 E[A-Z0-9]+ \([^<>]*\)$'
shortcuts="/^($copy_calls|ioctl|mmap2?|mremap|munmap|msync|execve|execveat)\$"
moving_calls="/^($read_calls|$write_calls|$message_calls|${shortcuts#/^(}"

# calls_of GROUP [PATH] - the lines of the last trace whose call is in GROUP (read, write, copy, message, or a
# regular expression of names) and, with PATH, one of whose descriptors is that file of the scratch folder; without the
# number of the process that made it
calls_of() {
  local names=$1 group=$1_calls
  [[ $1 != @(read|write|copy|message) ]] || names=${!group}
  if [[ -n ${2-} ]]; then
    sed -En "s/^([0-9]+ +)?(($names)\()/\2/p" "$trace" | grep -F "<$(inside work)/$2>" || true
  else
    sed -En "s/^([0-9]+ +)?(($names)\()/\2/p" "$trace"
  fi
}

# own_calls - the lines of the last trace from the program's own part, without the process number; of the loader's only
# where the heap began, brk(NULL). The trace has to show set_tid_address(), which comes between the two.
own_calls() {
  sed -E 's/^[0-9]+ +//' "$trace" | awk '
    /^set_tid_address\(/ { n = began != ""; next }
    /^brk\(NULL\)/ && began == "" { began = line[1] = $0; n = 1; next }
    { line[++n] = $0 }
    END { for (i = 1; i <= n; i++) print line[i] }'
}

# assert_call GROUP PATH [WHY] - the traced program made such a call on PATH
assert_call() {
  [[ -n $(calls_of "$1" "$2") ]] ||
    flunk "$lab_ran makes a $1 call on $2" "none in its system calls" "${3-}"
}

# assert_no_call GROUP PATH [WHY] - the traced program made no such call on PATH
assert_no_call() {
  local found
  found=$(calls_of "$1" "${2-}")
  [[ -z $found ]] || flunk "$lab_ran makes no $1 call on ${2:-anything}" "$(head -n 2 <<<"$found")" "${3-}"
}

# own_mappings - the calls of the last trace that map a file other than the system's; /dev/zero is but memory
own_mappings() {
  calls_of 'mmap2?' | grep '<' | grep -vE "<(/(usr|lib[0-9a-z]*|etc)/|/dev/zero[<>]|$(inside bin)/)" || true
}

# data_calls - the calls of the last trace that move bytes of anything but the system's files and the standard streams:
# read, write and copy groups, messages, and clones, which make two files share their blocks. strace shows no name of a
# descriptor whose path is too long, so one without a name is suspect.
data_calls() {
  local task='^([0-9]+ +)?[a-z0-9_]+' system='[0-9]+</(usr|lib[0-9a-z]*|etc|sys|proc)/'
  {
    calls_of read | grep -vE "$task\((0</dev/null|$system)" || true
    calls_of write | grep -vE "$task\(([12]<(pipe:|/dev/null)|$system)" || true
  } | grep -vE "$refused" || true
  calls_of 'p?(read|write)(64|v|v2)?' | grep -E '\([0-9]+</proc/[^>]*/mem>' || true
  calls_of copy
  calls_of message
  clone_calls
}

clone_calls() {
  calls_of ioctl | grep -E 'CLONE|DEDUPE' || true
}

# assert_mapped PATH FLAG [WHY] - the traced program mapped PATH, with FLAG (PROT_READ, MAP_SHARED…) among the
# arguments
assert_mapped() {
  local maps
  maps=$(calls_of 'mmap2?' "$1" | grep -F "$2" | grep -vE "$refused" || true)
  [[ -n $maps ]] || flunk "$lab_ran maps $1 ($2)" "no such mmap() call succeeds" "${3-}"
}

# assert_alone [WHY] - the last program started no other one; a traced one's trace has to show execve() and execveat()
assert_alone() {
  local started=''
  if [[ ! -v facts[execs] ]]; then
    started=$(grep -E '(execve|execveat)(\(| resumed).* = 0$' "$trace" | sed -E '1d; s/^[0-9]+ +//')
  elif ((facts[execs] > 1)); then
    started="execve() $((facts[execs] - 1)) times"
  fi
  [[ -z $started ]] || flunk "$lab_ran does the work itself" "it starts another program: $(head -n 1 <<<"$started")" \
    "${1-}"
}

# the names of shells, with a version or none, as a pattern; tclsh, wish and pwsh are other languages' interpreters
shells='@(sh|?(r)bash|dash|ash|?(l|m|o|r|pd)ksh|?(r)zsh|?(t)csh|fish|yash|posh|rc|es|busybox|toybox)?(-static)*([-.0-9])'

# no_shell_line SCRIPT - it begins with a #! line, which names no shell: that could have become any program by now
no_shell_line() {
  local line word shell=''
  local -a words
  line=$(head -c 256 "$LAB_BIN/$1" | head -n 1 | tr -d '\0') # the kernel reads no more
  [[ $line == '#!'* ]] || flunk "the first line, #!, names an interpreter" "it has no such line" \
    "a script is a text that the kernel has an interpreter read"
  # about as env -S takes it apart
  read -ra words < <(sed -E 's/^#!//; s/\$\{[^}]*\}|["'\'']//g; s/\\[_fnrtv]/ /g; s/\\//g' <<<"$line")
  for word in "${words[@]}"; do
    # shellcheck disable=SC2053 # a pattern
    [[ ${word##*/} != $shells ]] || shell=$word
  done
  [[ -z $shell ]] || flunk "the first line, #!, names an interpreter of a language other than C or shell" "it is $line" \
    "what a shell runs is a shell script, whatever program it becomes in the end"
}

# running_exe - the file that the kernel runs as the started program
running_exe() {
  readlink "/proc/$pid/exe" || echo "none: its main thread has ended"
}

# runs_itself - the started program is the one that was built, and has not become another
runs_itself() {
  [[ /proc/$pid/exe -ef $LAB_BIN/$lab_program ]] || flunk "$lab_ran does the work itself" "what waits is $(running_exe)" \
    "the exercise is to write it in C"
}

# runs_in_interpreter SCRIPT - the started script has one of another language run it, `exe`, and so have its children
runs_in_interpreter() {
  local one
  no_shell_line "$1"
  exe=$(running_exe)
  is_interpreter "$exe" ||
    flunk "the running process is an interpreter of a language other than C or shell" "it is $exe" \
      "the kernel starts what the #! line names, and maps that program, not the script"
  ask pids it
  for one in ${answer#pids it }; do
    one=$(readlink "/proc/$one/exe") || continue # it has ended
    is_interpreter "$one" || flunk "its interpreter does the work itself" "it has $one do something" \
      "the exercise is to write it in the language that the #! line names"
  done
}

# is_interpreter EXE - what the kernel runs there is a language's interpreter, as far as its name tells: no shell, and
# none of the programs that only print files, run another program or hold C code
is_interpreter() {
  local name=${1##*/}
  # shellcheck disable=SC2053 # a pattern
  [[ $1 == /usr/* && $name != $shells && $name != @(ld[.-]*|ld*.so*|env|make|gmake|xargs|find|timeout|nohup|nice|stdbuf|setsid|strace|*valgrind*|gdb|tcc|ed|ex|vi*) &&
    $name != @(cat|tac|sed|head|tail|tee|less|more|*grep|cut|paste|sort|uniq|fold|fmt|pr|nl|od|dd|expand|unexpand|comm|join|split|csplit|shuf|cp|echo|printf|yes|coreutils) ]]
}

# ---- making things --------------------------------------------------------------------------

# fresh NAME… - nothing of that name is in the scratch folder any more: what a program left there may be a link to
# anywhere, so no name is written to a second time
fresh() {
  { rm -rf -- "$@" 2>/dev/null && [[ -w . && -x . ]]; } || { chmod -R u+rwX "$LAB_WORK" && rm -rf -- "$@"; }
}

# make_file NAME SIZE - SIZE random bytes (suffixes K, M as for head -c), other ones each time
make_file() {
  head -c "$2" /dev/urandom >"$1"
}

# letters N - N random letters, digits and the like, without a newline
letters() {
  head -c "$1" /dev/urandom | base64 -w 0 | head -c "$1"
}

# make_fifo - a FIFO that this test holds open at both ends, as descriptor `fifo`: whoever opens it need not wait
make_fifo() {
  fresh fifo
  mkfifo fifo
  open_sandbox # first: it must not inherit the FIFO, which would then never end
  exec {fifo}<>fifo
}

# ---- looking at a running program -----------------------------------------------------------

# area_of ADDR [MAPS-FILE] - sets area_start area_end area_perms area_offset area_name of the mapping
# that holds ADDR in the started program; status 1 if none does
area_of() {
  local addr=$(($1)) line range lines
  mapfile -t lines <"${2-/proc/$pid/maps}" # at once: the kernel would walk through it anew for each line
  for line in "${lines[@]}"; do
    range=${line%% *}
    area_start=$((16#${range%-*})) area_end=$((16#${range#*-}))
    ((addr >= area_start && addr < area_end)) || continue
    read -r _ area_perms area_offset _ _ area_name <<<"$line"
    return
  done
  return 1
}

# section_of PROGRAM ADDR - the ELF section of PROGRAM that holds ADDR in the started process; empty if none.
# The load bias is the start of the program's first mapping less the first PT_LOAD's page.
section_of() {
  local addr=$(($2)) base='' path name vaddr bias first line lines
  [[ -s $LAB_NOTES/$1.sections ]] || read_sections "$1"
  path=$(inside bin)/$1
  mapfile -t lines <"/proc/$pid/maps"
  for line in "${lines[@]}"; do
    [[ $line == *" $path" ]] && base=${line%%-*} && break
  done
  [[ -n $base ]] || return 0
  first=$(<"$LAB_NOTES/$1.load")
  bias=$((16#$base - (first / page * page)))
  while read -r name vaddr size; do
    vaddr=$((16#$vaddr + bias))
    if ((addr >= vaddr && addr < vaddr + 16#$size)); then
      echo "$name"
      return
    fi
  done <"$LAB_NOTES/$1.sections"
}

# read_sections PROGRAM - NAME ADDRESS SIZE of its allocated sections, and its first PT_LOAD's address; readelf
# reads a hostile file, so it runs confined too
read_sections() {
  local kept_pid=$pid kept_ending=$ending kept_out=$out kept_err=$err
  job elf /usr/bin/readelf --wide --sections --segments "$(inside bin)/$1"
  sed -n 's/^ *\[ *[0-9]*\] \(\.[^ ]*\) *[A-Z_]* *\([0-9a-f]\{8,\}\) [0-9a-f]\{6,\} \([0-9a-f]\{6,\}\) .*A.*/\1 \2 \3/p' "$out" \
    >"$LAB_NOTES/$1.sections"
  echo $(($(awk '$1 == "LOAD" { print $3; exit }' "$out"))) >"$LAB_NOTES/$1.load"
  pid=$kept_pid ending=$kept_ending out=$kept_out err=$kept_err
}
