# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# Ten thousand sends over HTTP for 500 seats and money for 400, while the service is killed three times and Postgres is
# restarted once; what must hold afterwards is asked of the database. Then, undisturbed: sends a second against one funding
# source, what the overlap check costs, and sending at 50 a second beside reading (goals: 5 ms more and 50 ms, at p95).
need_api
work="$LOCAL/race"
rm -rf "$work"
mkdir -p "$work"

# program CODE CLASS SEATS AMOUNTS: a published program with a cycle of so many seats and money for so many; $cycle.
program() {
  local code=$1 class=$2 seats=$3 amounts=$4 value=100000
  sql -v code="$code" -v class="$class" -v seats="$seats" -v total="$((amounts * value))" -v value="$value" <<'SQL' | tail -n 1
INSERT INTO programs (id, code, name, organization_id, pillar, needs, access_mode, benefit_kind, benefit_unit, benefit_value_idr,
    benefit_period, overlap_class, claim_unit, status, demo)
SELECT gen_random_uuid(), :'code', jsonb_build_object('id', :'code', 'en', :'code'), (SELECT id FROM organizations WHERE code = 'dinsos'),
    'jaminan_sosial', '{pangan}', 'referral', 'goods', 'paket', :value, 'once', nullif(:'class', ''), 'household', 'published', true;
INSERT INTO program_cycles (id, program_id, name, starts_on, ends_on, seat_kind, seats)
SELECT gen_random_uuid(), id, :'code', '2020-01-01', '2099-12-31', 'stock', :seats FROM programs WHERE code = :'code';
INSERT INTO funding_sources (id, code, kind, organization_id, fiscal_year, name, demo)
SELECT gen_random_uuid(), :'code', 'apbd_kota', organization_id, extract(year FROM now() AT TIME ZONE 'Asia/Jakarta'), :'code', true FROM programs WHERE code = :'code';
INSERT INTO ledger_accounts (id, funding_source_id, cycle_id, bucket)
SELECT gen_random_uuid(), s.id, CASE WHEN b = 'allotted' THEN c.id END, b
FROM funding_sources s, program_cycles c, unnest(ARRAY['origin', 'allotted']) b WHERE s.code = :'code' AND c.name = :'code';
WITH t AS (INSERT INTO ledger_transactions (id, kind, funding_source_id, cycle_id, amount)
    SELECT gen_random_uuid(), 'allot', s.id, c.id, :total FROM funding_sources s, program_cycles c WHERE s.code = :'code' AND c.name = :'code'
    RETURNING id, funding_source_id)
INSERT INTO ledger_entries (transaction_id, line, account_id, amount)
SELECT t.id, CASE a.bucket WHEN 'origin' THEN 1 ELSE 2 END, a.id, CASE a.bucket WHEN 'origin' THEN -:total ELSE :total END
FROM t JOIN ledger_accounts a ON a.funding_source_id = t.funding_source_id;
SELECT id FROM program_cycles WHERE name = :'code';
SQL
}

# drafts CYCLE NUMBER HOUSEHOLDS FILE: so many drafts of verified needs over so many households; their ids in the file.
drafts() {
  sql -v cycle="$1" -v number="$2" -v households="$3" >"$4" <<'SQL'
CREATE TEMP TABLE wanted AS
SELECT gen_random_uuid() AS problem, gen_random_uuid() AS referral, h.id AS household
FROM generate_series(0, :number - 1) n
JOIN (SELECT id, row_number() OVER (ORDER BY md5(id::text || :'cycle')) - 1 AS at FROM households WHERE status = 'active' LIMIT :households) h
    ON h.at = n % :households;
INSERT INTO problems (id, subject_kind, household_id, need_code, severity, source, status, reported_by, verified_by, verified_at, demo)
SELECT problem, 'household', household, 'pangan', 'high', 'village', 'verified', a.id, b.id, now(), true
FROM wanted, (SELECT id FROM accounts WHERE username = 'social_worker') a, (SELECT id FROM accounts WHERE username = 'coordinator') b;
INSERT INTO referrals (id, problem_id, household_id, program_id, cycle_id, to_organization_id, status, amount_idr, created_by, demo)
SELECT referral, problem, household, g.id, c.id, g.organization_id, 'draft', g.benefit_value_idr, (SELECT id FROM accounts WHERE username = 'coordinator'), true
FROM wanted, program_cycles c JOIN programs g ON g.id = c.program_id WHERE c.id = :'cycle';
SELECT referral FROM wanted;
SQL
}

# must NAME VALUE SQL: fails the measurement unless the database answers with the value.
must() {
  local name=$1 want=$2 got
  got=$(sql -c "$3")
  [ "$got" = "$want" ] || die "race: $name is $got, not $want"
}

run="$$"
cycle=$(program "RACE-$run" "bench-race-$run" 500 400)
drafts "$cycle" 10000 9500 "$work/race.ids"
token coordinator >"$work/token"
API="$API_URL" TOKEN="$work/token" IDS="$work/race.ids" MODE=race node "$ROOT/.ci/bench/race.mjs" 9>&- | while read -r name value unit; do
  case "$name" in
    KILL) kill -9 "$(svc_pid api)"; sleep 0.2; start_api "$bin" ;;
    RESTART) "$ROOT/.ci/pg.sh" stop 9>&-; "$ROOT/.ci/pg.sh" start 9>&- ;;
    *) bench "$name" "$value" "$unit" ;;
  esac
done
wait_for api "$API_URL/readyz" 60
must seats 400 "SELECT seats_taken FROM program_cycles WHERE id = '$cycle'"
must "sent referrals" 400 "SELECT count(*) FROM referrals WHERE cycle_id = '$cycle' AND status = 'sent'"
must "awards" 400 "SELECT count(*) FROM awards WHERE cycle_id = '$cycle' AND status = 'held'"
must "households with a claim" 400 "SELECT count(DISTINCT unit_id) FROM claims JOIN awards w ON w.id = award_id WHERE active AND w.cycle_id = '$cycle'"
must "reserved" 40000000 "SELECT balance FROM ledger_accounts WHERE cycle_id = '$cycle' AND bucket = 'reserved'"
must "allotted" 0 "SELECT balance FROM ledger_accounts WHERE cycle_id = '$cycle' AND bucket = 'allotted'"
must "sum of the ledger" 0 "SELECT sum(amount) FROM ledger_entries"
must "balances that differ from their entries" 0 "SELECT count(*) FROM ledger_accounts a LEFT JOIN (SELECT account_id, sum(amount) AS total
  FROM ledger_entries GROUP BY 1) e ON e.account_id = a.id WHERE a.balance <> coalesce(e.total, 0)"
bench race_sent 400 of_10000

token coordinator >"$work/token"
for kind in rate plain checked steady; do
  # A class of its own, so that nobody holds anything of it yet.
  class=bench-$kind-$run
  [ "$kind" = plain ] && class=
  number=400
  [ "$kind" = rate ] && number=2000
  [ "$kind" = steady ] && number=1000
  cycle=$(program "$(tr '[:lower:]' '[:upper:]' <<<"$kind")-$run" "$class" "$number" "$number")
  drafts "$cycle" "$number" "$number" "$work/$kind.ids"
done
sql -c "ANALYZE problems, referrals, program_cycles, ledger_accounts, ledger_transactions, ledger_entries" >/dev/null
for kind in rate plain checked steady; do
  API="$API_URL" TOKEN="$work/token" IDS="$work/$kind.ids" MODE="$kind" node "$ROOT/.ci/bench/race.mjs" 9>&- | while read -r name value unit; do
    bench "$name" "$value" "$unit"
    echo "$value" >"$work/$name"
  done
done
bench race_overlap_check_added_p95 "$(awk -v a="$(cat "$work/race_checked_p95")" -v b="$(cat "$work/race_plain_p95")" 'BEGIN { printf "%.1f", a - b }')" ms
