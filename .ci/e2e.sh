#!/usr/bin/env bash
# Browser journeys against the real service, a real Postgres and a small demo city, all of their own, on free ports.
# Arguments go to Playwright: .ci/e2e.sh --grep import
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/pg-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg-lib.sh"
# shellcheck source=.ci/service-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/service-lib.sh"

find_rust
find_node
need_pg
E2E="$LOCAL/e2e.$$"
LOG="$E2E/log" RUN="$E2E/run" DATA_DIR="$E2E/data"
mkdir -p "$LOG" "$RUN"
HOUSEHOLDS=${E2E_HOUSEHOLDS:-2000}
API_PORT=$(free_port) WEB_PORT=$(free_port)
API_URL="http://127.0.0.1:$API_PORT" WEB_URL="http://127.0.0.1:$WEB_PORT"
unset WEB_ORIGIN PUBLIC_URL DEMO

started_cluster=
finish() {
  local code=$?
  svc_stop web
  svc_stop api
  [ -z "${database:-}" ] || "$PG/psql" -X -q "$TEST_DATABASE_ADMIN_URL" -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" || true
  [ -z "$started_cluster" ] || "$ROOT/.ci/test-pg.sh" stop
  # The logs of a failed run stay to be read.
  rm -rf "$LOCAL/e2e"
  if [ "$code" -eq 0 ]; then rm -rf "$E2E"; else mv "$E2E" "$LOCAL/e2e"; say "the journeys' logs are in .local/e2e/log"; fi
}
trap finish EXIT

if [ -z "${TEST_DATABASE_ADMIN_URL:-}" ]; then
  "$ROOT/.ci/test-pg.sh" url >/dev/null || started_cluster=1
  TEST_DATABASE_ADMIN_URL=$("$ROOT/.ci/test-pg.sh" start)
fi
bin=$(build_service debug)
"$ROOT/.ci/front.sh" build

# An owner and a service role, as in a real installation.
database="journeys_$$"
"$PG/psql" -X -q -v ON_ERROR_STOP=1 "$TEST_DATABASE_ADMIN_URL" >/dev/null <<SQL
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['journeys_owner', 'journeys_service']) AS r
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
CREATE DATABASE $database OWNER journeys_owner;
SQL
base=${TEST_DATABASE_ADMIN_URL%/*}
hostpart=${base##*@}
export DATABASE_URL="postgres://journeys_service@$hostpart/$database"
export MIGRATE_DATABASE_URL="postgres://journeys_owner@$hostpart/$database"
export DEMO=1
service_env
"$bin" migrate >"$LOG/migrate.log" 2>&1 || { cat "$LOG/migrate.log" >&2; die "the migrations failed"; }
"$bin" demo >"$LOG/demo.log" 2>&1 || { tail -n 20 "$LOG/demo.log" >&2; die "the demo city did not load"; }
start_api "$bin"
start_web
wait_for api "$API_URL/readyz" 60
wait_for web "$WEB_URL/" 20

export E2E_WEB_URL="$WEB_URL" E2E_API_URL="$API_URL"
CHROMIUM=$(chromium) || die "no Chromium found: run 'make setup'"
export CHROMIUM
"$ROOT/.ci/front.sh" npm run --silent e2e -- "$@"
