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
  # It leaves a loaded city alone; what it prints the first time (the machine client's secret) is kept.
  "$bin" demo >"$LOCAL/demo.new" 2>>"$LOG/demo.log" 9>&- || { tail -n 15 "$LOG/demo.log" "$LOCAL/demo.new" >&2; die "the demo city did not load; the log is $LOG/demo.log"; }
  if grep -q '^client_secret' "$LOCAL/demo.new"; then
    write_secret "$LOCAL/demo-client.txt" <"$LOCAL/demo.new"
    echo "$HOUSEHOLDS" >"$LOCAL/demo.households"
  fi
  rm -f "$LOCAL/demo.new"
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
cat <<'TEXT'

Demo accounts, password satu-pintu-demo:
  admin              accounts, API clients, reference data; no case data
  coordinator        the whole city (coordinator2 for the second key)
  social_worker      one kecamatan (social_worker2 supervises)
  village_operator   one kelurahan of that kecamatan (village_operator2 for the second pair of eyes)
  agency_officer     the programs and referrals of one city agency
  partner            the programs and referrals of one foundation
  auditor            everything without identities
  citizen            one person and the shared facts of that household
TEXT
if [ -f "$LOCAL/demo-client.txt" ]; then
  echo "Demo machine client (kept in .local/demo-client.txt):"
  sed -n 's/^client_/  client_/p' "$LOCAL/demo-client.txt"
fi
