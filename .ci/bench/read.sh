# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# One household by its id, and a filtered page of 50, with real sign-in and scope, at 16 and 64 connections; compared
# in the same run with pgbench -M prepared of the very statements the service sends (taken from the server's log).
need_city
admin() { as_pg "$PG/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$(readlink -f "$LOCAL/pg")" -U postgres "$@"; }
need_api
work="$LOCAL/read"
rm -rf "$work"
mkdir -p "$work"
token social_worker >"$work/token"
get() { curl -fsS -H "Authorization: Bearer $(cat "$work/token")" "$API_URL$1"; }
first=$(get '/api/v1/households?limit=1' | sed 's/.*"data":\[{[^}]*"id":"\([^"]*\)".*/\1/')
sql -c "SELECT '/api/v1/households/' || id FROM households
         WHERE status = 'active' AND district_code = (SELECT district_code FROM households WHERE id = '$first')
         ORDER BY md5(id::text) LIMIT 60" >"$work/by_key.paths"
# Pages of the kecamatan, one decile each, from the front and after a cursor.
for decile in 1 2 3 4 5 6; do
  for sort in created_at -updated_at head_name; do
    path="/api/v1/households?limit=50&decile_min=$decile&decile_max=$decile&sort=$sort"
    echo "$path"
    next=$(get "$path" | sed -n 's/.*"next_cursor":"\([^"]*\)".*/\1/p')
    [ -z "$next" ] || echo "$path&cursor=$next"
  done
done >"$work/page.paths"

# What the service asks the database for each path, parameters and all.
capture() {
  local kind=$1 path
  admin -c "ALTER SYSTEM SET log_statement = 'all'" -c "SELECT pg_reload_conf()" >/dev/null
  sleep 1
  : >"$LOG/postgres.log"
  while read -r path; do
    admin -c "SELECT 'next path'" >/dev/null
    get "$path" >/dev/null
  done <"$work/$kind.paths"
  sleep 2
  admin -c "ALTER SYSTEM RESET log_statement" -c "SELECT pg_reload_conf()" >/dev/null
  node "$ROOT/.ci/bench/statements.mjs" "$LOG/postgres.log" "$work/$kind" 9>&-
}

measure() {
  local kind=$1 connections=$2 scripts=() file ours theirs
  for file in "$work/$kind"/*.sql; do scripts+=(-f "$file@$(cat "${file%.sql}.weight")"); done
  theirs=$("$PG/pgbench" -n -M prepared -c "$connections" -j 2 -T 10 "${scripts[@]}" "$DATABASE_URL" 2>"$LOG/pgbench.log" 9>&- \
    | awk '/^tps/ { printf "%.0f", $3 }')
  PATHS="$work/$kind.paths" TOKEN="$work/token" wrk -t2 -c"$connections" -d10s --latency -s "$ROOT/.ci/bench/read.lua" "$API_URL" >"$work/wrk" 9>&-
  ours=$(awk '/^Requests\/sec/ { printf "%.0f", $2 }' "$work/wrk")
  bench "read_${kind}_c$connections" "$ours" requests/s
  bench "read_${kind}_c${connections}_pgbench" "$theirs" transactions/s
  bench "read_${kind}_c${connections}_ratio" "$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }')" ratio
  bench "read_${kind}_c${connections}_p50" "$(awk '$1 == "50%" { print ms($2) } function ms(t) { return t ~ /us$/ ? t / 1000 : (t ~ /ms$/ ? t + 0 : t * 1000) }' "$work/wrk")" ms
  bench "read_${kind}_c${connections}_p99" "$(awk '$1 == "99%" { print ms($2) } function ms(t) { return t ~ /us$/ ? t / 1000 : (t ~ /ms$/ ? t + 0 : t * 1000) }' "$work/wrk")" ms
  # An answer that is not 2xx is no answer.
  ! grep -q 'Non-2xx' "$work/wrk" || say "bench: $(grep 'Non-2xx' "$work/wrk")"
}

for kind in by_key page; do
  capture "$kind"
  for connections in 16 64; do measure "$kind" "$connections"; done
done
