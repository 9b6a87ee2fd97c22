#!/usr/bin/env bash
# make run: builds, starts and fills everything on this machine, and returns when it answers.
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/service-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/service-lib.sh"

"$ROOT/.ci/setup.sh" run
lock run.lock
find_rust
find_node
bin=$(build_service release)
"$ROOT/.ci/front.sh" build 9>&-

if [ -n "${DATABASE_URL:-}" ]; then
  # Somebody's own database: the demo city goes there only when asked for by name.
  export DATABASE_URL MIGRATE_DATABASE_URL="${MIGRATE_DATABASE_URL:-$DATABASE_URL}" DEMO="${DEMO:-0}"
else
  "$ROOT/.ci/pg.sh" start 9>&-
  set -a
  eval "$("$ROOT/.ci/pg.sh" env)"
  set +a
  export DEMO="${DEMO:-1}"
fi
service_env

"$bin" migrate >>"$LOG/migrate.log" 2>&1 9>&- || { tail -n 15 "$LOG/migrate.log" >&2; die "the migrations failed; the log is $LOG/migrate.log"; }
if [ "$DEMO" = 1 ]; then
  [ -f "$LOCAL/demo.households" ] || say "loading a demo city of $HOUSEHOLDS households"
  # It leaves a loaded city alone; either way it says which accounts and which machine client there are.
  "$bin" demo >"$LOCAL/demo.txt" 2>>"$LOG/demo.log" 9>&- || { tail -n 15 "$LOG/demo.log" >&2; die "the demo city did not load; the log is $LOG/demo.log"; }
  ! grep -q '^demo city loaded' "$LOCAL/demo.txt" || echo "$HOUSEHOLDS" >"$LOCAL/demo.households"
  grep '^machine client' "$LOCAL/demo.txt" | write_secret "$LOCAL/demo-client.txt"
fi

start_api "$bin"
start_web
wait_for api "$API_URL/readyz" 60
wait_for web "$WEB_URL/" 20

cat <<TEXT

Satu Pintu is running.
  screens   $WEB_URL
  API       $API_URL/api/v1    documentation $API_URL/docs
  logs      .local/log/        stop with: make stop
TEXT
[ "$DEMO" = 1 ] || exit 0
loaded=$(cat "$LOCAL/demo.households" 2>/dev/null || echo "$HOUSEHOLDS")
[ "$loaded" = "$HOUSEHOLDS" ] || echo "  note      the demo city here has $loaded households; 'make clean-data run HOUSEHOLDS=$HOUSEHOLDS' makes another"
echo
grep -v '^demo city' "$LOCAL/demo.txt"
echo "(the machine client is kept in .local/demo-client.txt)"
