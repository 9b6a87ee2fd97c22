# shellcheck shell=bash disable=SC2034 # service-lib.sh reads what is set here
# A service, its screens and a small demo city of their own, on free ports and in the throwaway Postgres; everything is
# gone when the script ends. Source after lib.sh, pg-lib.sh and service-lib.sh.

scratch_ended() {
  local code=$?
  svc_stop web
  svc_stop api
  [ -z "${scratch_database:-}" ] \
    || "$PG/psql" -X -q "$TEST_DATABASE_ADMIN_URL" -c "DROP DATABASE IF EXISTS $scratch_database WITH (FORCE)" || true
  [ -z "${scratch_cluster:-}" ] || "$ROOT/.ci/test-pg.sh" stop
  # The logs of a failed run stay to be read.
  rm -rf "${LOCAL:?}/$scratch_name"
  if [ "$code" -eq 0 ]; then
    rm -rf "$scratch_dir"
  else
    mv "$scratch_dir" "$LOCAL/$scratch_name"
    say "the service's logs of this run are in .local/$scratch_name/log"
  fi
}

# scratch_city NAME HOUSEHOLDS [api]: afterwards the service answers at $API_URL and the screens at $WEB_URL; with api
# there are no screens.
scratch_city() {
  scratch_name=$1
  scratch_dir="$LOCAL/$1.$$"
  LOG="$scratch_dir/log" RUN="$scratch_dir/run" DATA_DIR="$scratch_dir/data"
  mkdir -p "$LOG" "$RUN"
  HOUSEHOLDS=$2
  API_PORT=$(free_port) WEB_PORT=$(free_port)
  API_URL="http://127.0.0.1:$API_PORT" WEB_URL="http://127.0.0.1:$WEB_PORT"
  unset WEB_ORIGIN PUBLIC_URL SATUPINTU_SECRET
  trap scratch_ended EXIT
  trap 'exit 130' INT TERM

  if [ -z "${TEST_DATABASE_ADMIN_URL:-}" ]; then
    "$ROOT/.ci/test-pg.sh" url >/dev/null || scratch_cluster=1
    TEST_DATABASE_ADMIN_URL=$("$ROOT/.ci/test-pg.sh" start)
  fi
  local bin base
  bin=$(build_service debug)
  [ "${3:-web}" = api ] || "$ROOT/.ci/front.sh" build

  # An owner and a service role, as in a real installation.
  scratch_database="scratch_${1}_$$"
  "$PG/psql" -X -q -v ON_ERROR_STOP=1 "$TEST_DATABASE_ADMIN_URL" >/dev/null <<SQL
SELECT pg_advisory_lock(823543);
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['scratch_owner', 'scratch_service']) AS r
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
CREATE DATABASE $scratch_database OWNER scratch_owner;
SQL
  base=${TEST_DATABASE_ADMIN_URL%/*}
  base=${base##*@}
  export DATABASE_URL="postgres://scratch_service@$base/$scratch_database"
  export MIGRATE_DATABASE_URL="postgres://scratch_owner@$base/$scratch_database"
  export DEMO=1
  service_env
  "$bin" migrate >"$LOG/migrate.log" 2>&1 || { cat "$LOG/migrate.log" >&2; die "the migrations failed"; }
  "$bin" demo >"$LOG/demo.log" 2>&1 || { tail -n 20 "$LOG/demo.log" >&2; die "the demo city did not load"; }
  start_api "$bin"
  [ "${3:-web}" = api ] || start_web
  wait_for api "$API_URL/readyz" 60
  [ "${3:-web}" = api ] || wait_for web "$WEB_URL/" 20
}

# token USERNAME: an access token of a demo account.
token() {
  curl -fsS "$API_URL/api/v1/auth/login" -H 'content-type: application/json' \
    -d "{\"username\":\"$1\",\"password\":\"satu-pintu-demo\"}" | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'
}
