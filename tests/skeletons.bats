# skeletons.bats - a skeleton is what its solution gives, compiles without a word, and says what is to be done
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

# cut FILE-TEXT - the skeleton of a small solution
cut() {
  printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/solution"
  run "$kit/tests/cut-skeleton" "$BATS_TEST_TMPDIR/solution"
}

@test "every skeleton in support/ is in step with its solution" {
  "$kit/tests/skeletons" --check
}

@test "every skeleton has something to do, and no solution has" {
  while IFS=$'\t' read -r topic file _; do
    grep -qE '(/\*|#| \*) TODO: ' "$kit/support/$topic/$file" || [[ $file == predictions.txt ]] ||
      { echo "support/$topic/$file: nothing to do"; return 1; }
  done <"$kit/checker/tasks.tsv"
}

@test "skeletons and demos compile without a warning" {
  cp -R "$kit/support" "$BATS_TEST_TMPDIR/support"
  while IFS= read -r topic; do
    make -s -C "$BATS_TEST_TMPDIR/support/$topic" clean
    run make -s -C "$BATS_TEST_TMPDIR/support/$topic" CFLAGS=-Werror
    echo "$topic: $output"
    [[ $status == 0 && -z $output ]]
  done <"$kit/checker/topics"
}

@test "a block gives way to its note" {
  cut 'int f(void)' '{' $'\t//{ TODO: Return one.' $'\t//| return 0;' $'\treturn 1;' $'\t//}' '}'
  [[ $output == $'int f(void)\n{\n\t/* TODO: Return one. */\n\treturn 0;\n}' ]]
}

@test "a block that never ends is told with its place" {
  cut '#{ TODO: x' 'y'
  [[ $status == 1 && $output == *"solution:"*"never ends"* ]]
}
