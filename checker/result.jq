# result.jq - the rubric and the verdicts as one result (schema result/1); every amount in milli-points
#
# max_mp comes from the rubric, never from which tests ran: a row without a verdict is an error.

def rows: split("\n") | map(select(. != "") | split("\t"));
def text: gsub("\\\\(?<c>[nt\\\\])"; {"n": "\n", "t": "\t", "\\": "\\"}[.c]);

$ARGS.positional as $topics
| ($verdicts | rows | map({key: .[0], value: .}) | from_entries) as $verdict
| [ $topics[] as $topic
    | $rubric | rows[]
    | .[0] as $id | ($id | split(".")) as $part
    | select($part[0] == $topic and ($only == "" or $part[1] == $only))
    | ($verdict[$id] // [$id, "error", "0", "", "the test left no verdict", "", ""]) as $v
    | ($v[4] // "" | text) as $got
    | (.[1] | tonumber) as $points
    | {id: $id, group: $topic, name: .[5],
       score_mp: (if $v[1] == "pass" then $points else 0 end), max_mp: $points, star: (.[2] == "star"),
       status: (if $v[1] == "absent" then "skip" else $v[1] end), testable: ($v[1] != "absent"),
       duration_ms: ($v[2] | tonumber), visibility: "visible",
       message: (if ($v[3] // "") == "" then $got else "expected: " + ($v[3] | text) + "\ngot: " + $got end),
       hint: ([($v[5] // ""), ($v[6] // "" | if . == "" then . else "read " + . end)] | map(select(. != "") | text) | join("\n")),
       output: "", truncated: ($got | length > 7900)} ] as $tests
| ($tests | any(.status == "error")) as $broken
| def sum(f): map(select(f)) | map(.max_mp) | add // 0;
{ schema: "result/1",
  lab: {id: "process-memory", version: $version, rubric_sha256: $rubric_digest},
  submission: {id: $id, sha256: $digest, submitted_at: null, user: {login: "", email: "", sis_id: ""}},
  run: {id: ($started + "-" + $digest[0:12]), attempt: 1, started: $started, duration_ms: $duration,
        processor_ms: $processor, jobs_ms: $jobs,
        confinement: $level,
        env: {arch: $arch, kernel: $kernel, page_size: $page,
              tools: {gcc: $gcc, libc: $libc, bats: $bats, strace: $strace, valgrind: $valgrind}}},
  status: (if $broken then "infra_error" else "graded" end),
  score_mp: ($tests | sum((.star | not) and .status == "pass")),
  max_mp: ($tests | sum(.star | not)),
  testable_mp: ($tests | sum((.star | not) and .testable)),
  star_mp: ($tests | sum(.star and .status == "pass")),
  max_star_mp: ($tests | sum(.star)),
  message: (if $broken then "the checker could not do its work: " + ([$tests[] | select(.status == "error") | .id] | join(" ")) else "" end),
  tests: ($tests | map(del(.testable))) }
