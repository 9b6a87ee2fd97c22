#!/usr/bin/env bash
# make bench: measures the README's figures on this machine, one line each: bench <name> <value> <unit>
#   ONLY="start read"   only these groups; each is a script in .ci/bench/ and says what it compares with
#   HOUSEHOLDS=330000   the size of the city measured (default 330000; smaller sizes give other figures)
# Progress goes to standard error. The database measured is a private one of its own, kept in .local/bench.
HOUSEHOLDS=${HOUSEHOLDS:-330000}
SATUPINTU_LOCAL=${SATUPINTU_LOCAL:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/.local/bench}
export HOUSEHOLDS SATUPINTU_LOCAL
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/pg-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg-lib.sh"
# shellcheck source=.ci/service-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/service-lib.sh"

groups=()
for script in "$ROOT"/.ci/bench/*.sh; do groups+=("$(basename "$script" .sh)"); done
ONLY=${ONLY:-${groups[*]}}

"$ROOT/.ci/setup.sh" bench
lock bench.lock 7200
find_rust
find_node
need_pg
API_PORT=$(free_port) WEB_PORT=$(free_port)
API_URL="http://127.0.0.1:$API_PORT"
unset WEB_ORIGIN PUBLIC_URL DATABASE_URL MIGRATE_DATABASE_URL

finish() {
  svc_stop web
  svc_stop api
  "$ROOT/.ci/pg.sh" stop 9>&-
}
trap finish EXIT
trap 'exit 130' INT TERM

bench() { printf 'bench %s %s %s\n' "$1" "$2" "$3"; }

# need_city: the service's binary as $bin, and its database migrated and loaded with the demo city, once for all groups.
need_city() {
  [ -z "${bin:-}" ] || return 0
  bin=$(build_service release)
  "$ROOT/.ci/pg.sh" start 9>&-
  set -a
  eval "$("$ROOT/.ci/pg.sh" env)"
  DEMO=1
  set +a
  service_env
  "$bin" migrate >>"$LOG/migrate.log" 2>&1 9>&- || { tail -n 15 "$LOG/migrate.log" >&2; die "the migrations failed"; }
  if [ "$(cat "$LOCAL/demo.households" 2>/dev/null || true)" != "$HOUSEHOLDS" ]; then
    if [ -f "$LOCAL/demo.households" ]; then
      "$ROOT/.ci/pg.sh" destroy 9>&-
      rm -f "$LOCAL/demo.households"
      unset bin
      need_city
      return
    fi
    say "loading a city of $HOUSEHOLDS households"
    local begin=$EPOCHREALTIME
    "$bin" demo >"$LOG/demo.out" 2>>"$LOG/demo.log" 9>&- || { tail -n 15 "$LOG/demo.log" >&2; die "the demo city did not load"; }
    bench demo_load "$(since "$begin")" s
    echo "$HOUSEHOLDS" >"$LOCAL/demo.households"
  fi
}

since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }'; }

# need_api: the service on $API_URL over that city.
need_api() {
  need_city
  start_api "$bin"
  wait_for api "$API_URL/readyz" 60
}

# token USERNAME: an access token of a demo account.
token() {
  curl -fsS "$API_URL/api/v1/auth/login" -H 'content-type: application/json' \
    -d "{\"username\":\"$1\",\"password\":\"satu-pintu-demo\"}" | sed 's/.*"access_token":"\([^"]*\)".*/\1/'
}

# sql [psql options] : as the owner, values only.
sql() { "$PG/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$MIGRATE_DATABASE_URL" "$@"; }

for group in $ONLY; do
  [ -f "$ROOT/.ci/bench/$group.sh" ] || die "there is no group '$group'; there are: ${groups[*]}"
  say "bench: $group"
  # shellcheck source=/dev/null
  . "$ROOT/.ci/bench/$group.sh"
done
