# lint.bats - the kit's own C, shell, Bats and Markdown pass make lint
bats_require_minimum_version 1.5.0
source "$BATS_TEST_DIRNAME/kit.bash"

@test "make lint finds nothing" {
  "$kit/tests/lint"
}

@test "a dead link is found" {
  printf '# A\n[x](nowhere.md) [y](#b)\n' >"$BATS_TEST_TMPDIR/a.md"
  run "$kit/tests/links" "$BATS_TEST_TMPDIR/a.md"
  [[ $status == 1 && ${#lines[@]} == 2 ]]
}
