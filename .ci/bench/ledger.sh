# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# A statement of a million ledger lines: the first page, one far down, one of a rare kind, burn, trial balance, and the whole
# as a file (goals: the first page under 50 ms, the export written as it is read).
need_api
source=$(sql <<'SQL' | tail -n 1
CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS source, 'LEDGER-' || extract(epoch FROM now())::bigint AS code;
INSERT INTO funding_sources (id, code, kind, organization_id, fiscal_year, name, demo)
SELECT source, code, 'apbd_kota', (SELECT id FROM organizations WHERE code = 'dinsos'), extract(year FROM now() AT TIME ZONE 'Asia/Jakarta'), code, true FROM made;
INSERT INTO ledger_accounts (id, funding_source_id, bucket) SELECT gen_random_uuid(), source, b FROM made, unnest(ARRAY['origin', 'available']) b;
ALTER TABLE ledger_entries DISABLE TRIGGER USER;
ALTER TABLE ledger_transactions DISABLE TRIGGER USER;
CREATE TEMP TABLE moves AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, 500000) n;
INSERT INTO ledger_transactions (id, kind, funding_source_id, amount, reference, at)
SELECT m.id, CASE WHEN n % 100000 = 0 THEN 'revise' ELSE 'appropriate' END, source, 1000, 'SP2D ' || n, now() - n * interval '1 minute' FROM moves m, made;
INSERT INTO ledger_entries (transaction_id, line, account_id, amount)
SELECT m.id, CASE bucket WHEN 'origin' THEN 1 ELSE 2 END, a.id, CASE bucket WHEN 'origin' THEN -1000 ELSE 1000 END
FROM moves m, made JOIN ledger_accounts a ON a.funding_source_id = made.source;
UPDATE ledger_accounts a SET balance = CASE bucket WHEN 'origin' THEN -500000000 ELSE 500000000 END FROM made WHERE a.funding_source_id = made.source;
INSERT INTO ledger_months (account_id, month, gained, lost)
SELECT e.account_id, date_trunc('month', t.at AT TIME ZONE 'Asia/Jakarta')::date, sum(greatest(e.amount, 0)), sum(greatest(-e.amount, 0))
FROM made JOIN ledger_transactions t ON t.funding_source_id = made.source JOIN ledger_entries e ON e.transaction_id = t.id GROUP BY 1, 2;
ALTER TABLE ledger_entries ENABLE TRIGGER USER;
ALTER TABLE ledger_transactions ENABLE TRIGGER USER;
ANALYZE ledger_transactions, ledger_entries, ledger_accounts;
SELECT source FROM made;
SQL
)
token=$(token coordinator)
path="$API_URL/api/v1/funding-sources/$source"
# p95 NAME URL: of forty, one after the other.
p95() {
  for _ in $(seq 40); do
    curl -fsS -o /dev/null -w '%{time_total}\n' -H "Authorization: Bearer $token" "$2"
  done | sort -n | awk -v name="$1" '{ all[NR] = $1 } END { printf "%s %.1f ms\n", name, all[int(NR * 0.95)] * 1000 }' |
    while read -r name value unit; do bench "$name" "$value" "$unit"; done
}
bench ledger_lines "$(sql -c "SELECT count(*) FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id WHERE a.funding_source_id = '$source'")" lines
p95 ledger_first_page_p95 "$path/ledger?limit=50"
p95 ledger_first_page_counted_p95 "$path/ledger?limit=50&include_total=true"
p95 ledger_rare_kind_p95 "$path/ledger?limit=50&kind=revise"
p95 ledger_burn_p95 "$path/burn"
p95 ledger_trial_balance_p95 "$API_URL/api/v1/trial-balance"
cursor=
for _ in $(seq 100); do
  cursor=$(curl -fsS -H "Authorization: Bearer $token" "$path/ledger?limit=200${cursor:+&cursor=$cursor}" | sed -n 's/.*"next_cursor":"\([^"]*\)".*/\1/p')
done
p95 ledger_page_100_p95 "$path/ledger?limit=200&cursor=$cursor"
memory() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$(svc_pid api)/status"; }
for format in csv ndjson; do
  before=$(memory)
  curl -fsS -H "Authorization: Bearer $token" "$path/statement?format=$format" -w '%{time_starttransfer} %{time_total}\n' -o "$LOCAL/ledger.$format" >"$LOCAL/ledger.time" &
  reader=$!
  most=$before
  while kill -0 "$reader" 2>/dev/null; do
    now=$(memory)
    [ "$now" -le "$most" ] || most=$now
    sleep 0.2
  done
  wait "$reader"
  read -r first all <"$LOCAL/ledger.time"
  bench "ledger_export_${format}_rows" "$(wc -l <"$LOCAL/ledger.$format")" rows
  bench "ledger_export_${format}_first_byte" "$first" s
  bench "ledger_export_${format}" "$all" s
  bench "ledger_export_${format}_more_memory" "$((most - before))" MB
  rm -f "$LOCAL/ledger.$format"
done
