#!/usr/bin/env bash
# make test: everything that must pass, on a throwaway Postgres. The last line is the total, alone.
#   ONLY="rust front"   runs only these of: check rust front contract e2e
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/service-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/service-lib.sh"

ONLY=${ONLY:-check rust front contract e2e}
wanted() { [[ " $ONLY " == *" $1 "* ]]; }

passed=0 failed=0 skipped=0
count() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }
# A suite that failed without a failed test (it did not build, or it was cut off) counts as one failure.
judge() { if [ "$2" -ne 0 ] && [ "$3" -eq "$failed" ]; then say "test: $1 failed (exit $2)"; failed=$((failed + 1)); fi; }
field() { node -p "const o = JSON.parse(require('node:fs').readFileSync(process.argv[1])); $2" "$1"; }

# Tests that had begun to take long and never ended: what a suite that was cut off waited for.
STUCK=""
stuck_tests() {
  grep -a 'has been running for over' "$1" | awk '{ print $2 }' | sort -u | while read -r name; do
    grep -aq "^test $name \.\.\. " "$1" || echo "$name"
  done | tr '\n' ' '
}

rust_tests() {
  local code=0 before=$failed p f i
  say "test: the service"
  SATUPINTU_BIN=$(build_service debug) || { judge "the service's build" 1 "$before"; return; }
  export SATUPINTU_BIN
  (cd "$ROOT" && timeout 1800 cargo test --locked --workspace --no-fail-fast) 2>&1 | tee "$LOG/rust-tests.log" || code=$?
  if [ "$code" -eq 124 ]; then STUCK=$(stuck_tests "$LOG/rust-tests.log"); fi
  read -r p f i < <(awk '/^test result:/ { p += $4; f += $6; i += $8 } END { print p + 0, f + 0, i + 0 }' "$LOG/rust-tests.log")
  count "$p" "$f" "$i"
  judge "cargo test" "$code" "$before"
}

front_tests() {
  local code=0 before=$failed out="$LOCAL/vitest.json"
  say "test: the front end's units"
  rm -f "$out"
  timeout 900 "$ROOT/.ci/front.sh" npm run --silent test -- --reporter=default --reporter=json --outputFile.json="$out" || code=$?
  # shellcheck disable=SC2046 # three numbers
  [ ! -f "$out" ] || count $(field "$out" '[o.numPassedTests, o.numFailedTests, o.numPendingTests + o.numTodoTests].join(" ")')
  judge "vitest" "$code" "$before"
  # What the browser has to download, in bytes; the same on a busy machine.
  if "$ROOT/.ci/front.sh" npm run --silent size; then count 1 0 0; else count 0 1 0; fi
}

journeys() {
  local code=0 before=$failed out="$LOCAL/journeys.json"
  say "test: journeys in the browser"
  rm -f "$out"
  PLAYWRIGHT_JSON_OUTPUT_NAME="$out" timeout 2400 "$ROOT/.ci/e2e.sh" --reporter=list,json || code=$?
  # shellcheck disable=SC2046 # three numbers
  [ ! -f "$out" ] || count $(field "$out" '[o.stats.expected + o.stats.flaky, o.stats.unexpected, o.stats.skipped].join(" ")')
  # Again at the end and in short, since whoever reads a log reads its end.
  if [ -f "$out" ]; then node "$ROOT/.ci/journeys.mjs" "$out"; fi
  judge "journeys" "$code" "$before"
}

# The linters, the OAuth libraries and Schemathesis pass together or not.
contract() {
  if timeout 600 "$ROOT/.ci/contract.sh"; then count 1 0 0; else count 0 1 0; fi
}

make_local
"$ROOT/.ci/setup.sh" test
find_rust
find_node

if wanted check; then
  if "$ROOT/.ci/check.sh"; then count 1 0 0; else count 0 1 0; fi
fi
if wanted rust || wanted contract || wanted e2e; then
  # A cluster that somebody already uses is left to him; one that is started here ends here.
  if ! "$ROOT/.ci/test-pg.sh" url >/dev/null; then trap '"$ROOT/.ci/test-pg.sh" stop' EXIT; fi
  TEST_DATABASE_ADMIN_URL=${TEST_DATABASE_ADMIN_URL:-$("$ROOT/.ci/test-pg.sh" start)}
  export TEST_DATABASE_ADMIN_URL
fi
! wanted rust || rust_tests
! wanted front || front_tests
! wanted contract || contract
! wanted e2e || journeys

if [ -n "$STUCK" ]; then say "test: cut off while these ran: $STUCK"; fi
if [ "$failed" -gt 0 ]; then say "test: FAILED after $SECONDS s"; else say "test: all passed in $SECONDS s"; fi
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
