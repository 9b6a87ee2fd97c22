# shellcheck shell=bash disable=SC2034 # service-lib.sh reads what is set here
# A service, its screens and a small demo city of their own, on free ports and in the throwaway Postgres; everything is
# gone when the script ends. Source after lib.sh, pg-lib.sh and service-lib.sh.

scratch_ended() {
  local code=$? city
  for city in $(seq 1 "${SCRATCH_CITIES:-1}"); do
    RUN="$scratch_dir/run$city"
    svc_stop web
    svc_stop api
    [ -z "${scratch_database:-}" ] \
      || "$PG/psql" -X -q "$TEST_DATABASE_ADMIN_URL" -c "DROP DATABASE IF EXISTS ${scratch_database}_$city WITH (FORCE)" || true
  done
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
# there are no screens. SCRATCH_CITIES=2 makes equal ones beside it, each with its own database, service and screens: all
# addresses are in $scratch_api_urls and $scratch_web_urls.
scratch_city() {
  scratch_name=$1
  scratch_dir="$LOCAL/$1.$$"
  LOG="$scratch_dir/log" RUN="$scratch_dir/run1" DATA_DIR="$scratch_dir/data1"
  mkdir -p "$LOG" "$RUN"
  HOUSEHOLDS=$2
  unset WEB_ORIGIN PUBLIC_URL SATUPINTU_SECRET
  trap scratch_ended EXIT
  trap 'exit 130' INT TERM

  if [ -z "${TEST_DATABASE_ADMIN_URL:-}" ]; then
    "$ROOT/.ci/test-pg.sh" url >/dev/null || scratch_cluster=1
    TEST_DATABASE_ADMIN_URL=$("$ROOT/.ci/test-pg.sh" start)
  fi
  local bin base city loaded
  bin=$(build_service debug)
  [ "${3:-web}" = api ] || "$ROOT/.ci/front.sh" build

  # An owner and a service role, as in a real installation.
  scratch_database="scratch_${1}_$$"
  "$PG/psql" -X -q -v ON_ERROR_STOP=1 "$TEST_DATABASE_ADMIN_URL" >/dev/null <<SQL
SELECT pg_advisory_lock(823543);
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['scratch_owner', 'scratch_service']) AS r
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
CREATE DATABASE ${scratch_database}_1 OWNER scratch_owner;
SQL
  base=${TEST_DATABASE_ADMIN_URL%/*}
  base=${base##*@}
  export DATABASE_URL="postgres://scratch_service@$base/${scratch_database}_1"
  export MIGRATE_DATABASE_URL="postgres://scratch_owner@$base/${scratch_database}_1"
  export DEMO=1
  scratch_ports
  service_env
  "$bin" migrate >"$LOG/migrate.log" 2>&1 || { cat "$LOG/migrate.log" >&2; die "the migrations failed"; }
  "$bin" demo >"$LOG/demo.log" 2>&1 || { tail -n 20 "$LOG/demo.log" >&2; die "the demo city did not load"; }
  # While nobody is connected to it, the loaded city can be copied.
  loaded=$DATA_DIR
  for city in $(seq 2 "${SCRATCH_CITIES:-1}"); do
    "$PG/psql" -X -q "$TEST_DATABASE_ADMIN_URL" -c "CREATE DATABASE ${scratch_database}_$city TEMPLATE ${scratch_database}_1 OWNER scratch_owner"
    cp -a "$loaded" "$scratch_dir/data$city"
  done
  scratch_start "$bin" "${3:-web}"
  scratch_api_urls=$API_URL scratch_web_urls=$WEB_URL
  for city in $(seq 2 "${SCRATCH_CITIES:-1}"); do
    RUN="$scratch_dir/run$city" DATA_DIR="$scratch_dir/data$city" LOG="$scratch_dir/log$city"
    mkdir -p "$RUN" "$LOG"
    DATABASE_URL="postgres://scratch_service@$base/${scratch_database}_$city"
    scratch_ports
    scratch_start "$bin" "${3:-web}"
    scratch_api_urls+=" $API_URL" scratch_web_urls+=" $WEB_URL"
  done
  API_URL=${scratch_api_urls%% *} WEB_URL=${scratch_web_urls%% *}
}

# The next service's addresses.
scratch_ports() {
  API_PORT=$(free_port) WEB_PORT=$(free_port)
  API_URL="http://127.0.0.1:$API_PORT" WEB_URL="http://127.0.0.1:$WEB_PORT" PUBLIC_URL="http://127.0.0.1:$API_PORT"
}

# scratch_start BINARY web|api: the service, and the screens, of the city that the variables name.
scratch_start() {
  start_api "$1"
  [ "$2" = api ] || start_web
  wait_for api "$API_URL/readyz" 60
  [ "$2" = api ] || wait_for web "$WEB_URL/" 20
}

# token USERNAME: an access token of a demo account.
token() {
  curl -fsS "$API_URL/api/v1/auth/login" -H 'content-type: application/json' \
    -d "{\"username\":\"$1\",\"password\":\"satu-pintu-demo\"}" | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'
}
