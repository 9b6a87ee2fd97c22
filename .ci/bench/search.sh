# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# Names with a slip among 1.15 million people: time and recall of the index in memory; of the same index through the
# API over the demo city; and in the same run of Postgres's trigram index over that city's distinct names.
(cd "$ROOT" && cargo run --quiet --release --locked -p satupintu --example search_bench 9>&-) | grep '^bench '

need_city
sql <<'SQL' | while read -r name value unit; do bench "$name" "$value" "$unit"; done
SET pg_trgm.similarity_threshold = 0.3;
CREATE TEMP TABLE asked (ms double precision, found boolean);
DO $$
DECLARE wanted text; slip text; begun timestamptz; hit boolean;
BEGIN
  FOR wanted IN SELECT name_key FROM name_keys WHERE length(name_key) > 6 ORDER BY md5(name_key) LIMIT 200 LOOP
    -- One letter in the middle is missing.
    slip := overlay(wanted PLACING '' FROM length(wanted) / 2 FOR 1);
    begun := clock_timestamp();
    hit := EXISTS (SELECT FROM (SELECT name_key FROM name_keys WHERE name_key % slip ORDER BY similarity(name_key, slip) DESC LIMIT 10) AS best
                   WHERE best.name_key = wanted);
    INSERT INTO asked VALUES (extract(epoch FROM clock_timestamp() - begun) * 1000, hit);
  END LOOP;
END $$;
SELECT 'search_postgres_names ' || count(*) || ' names' FROM name_keys;
SELECT 'search_postgres_p95 ' || round(percentile_cont(0.95) WITHIN GROUP (ORDER BY ms)::numeric, 1) || ' ms' FROM asked;
SELECT 'search_postgres_recall_at_10 ' || round(avg(found::int), 3) || ' ratio' FROM asked;
SQL

# Through the API, as the coordinator of the whole city.
need_api
for _ in $(seq 120); do curl -fsS "$API_URL/metrics" | grep '^search_index_bytes' >/dev/null && break; sleep 1; done
sql -c "SELECT name FROM (SELECT DISTINCT upper(name) AS name FROM individuals WHERE name ~ '^[A-Za-z ]+$' AND length(name) > 8
    AND name !~* '(muhammad|abdul|siti |ahmad)') AS n ORDER BY md5(name) LIMIT 200" |
  node "$ROOT/.ci/bench/search-http.mjs" "$API_URL" "$(token coordinator)" 9>&- |
  while read -r name value unit; do bench "$name" "$value" "$unit"; done
