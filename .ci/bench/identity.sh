# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# The registry as one record per person: what the service answers while somebody is being entered, people of the city with
# a slip in their name and strangers; a search for duplicates over the whole city; its quality counted anew.
need_api
for _ in $(seq 120); do curl -fsS "$API_URL/metrics" | grep '^search_index_bytes' >/dev/null && break; sleep 1; done
coordinator=$(token coordinator)
# A slip in the middle of the name; of every third person only the year of birth is known, and no NIK at all.
sql -c "SELECT overlay(i.name PLACING '' FROM length(i.name) / 2 FOR 1), i.birth_date, coalesce(i.mother_name, ''), h.region_code
    FROM individuals i JOIN households h ON h.id = i.household_id
    WHERE i.birth_date IS NOT NULL AND length(i.name) > 6 AND h.status = 'active' ORDER BY md5(i.id::text) LIMIT 400" |
  node "$ROOT/.ci/bench/entry.mjs" "$API_URL" "$coordinator" 9>&- |
  while read -r name value unit; do bench "$name" "$value" "$unit"; done
# What counts the quality, from nothing: the service looks at it by the clock.
sql -c 'DELETE FROM quality_runs' >/dev/null
begin=$EPOCHREALTIME
districts=$(sql -c "SELECT count(DISTINCT left(region_code, 8)) FROM households WHERE status = 'active'")
until [ "$(sql -c 'SELECT count(*) FROM quality_runs')" -ge "$districts" ]; do sleep 0.5; done
bench quality_count "$(since "$begin")" "s, the wait for the clock included"
ask() { curl -fsS -H "authorization: Bearer $coordinator" "$@"; }
field() { grep -o "\"$1\":\"\{0,1\}[^,\"}]*" | head -n 1 | sed 's/^[^:]*:"\{0,1\}//'; }
for round in first again; do
  begin=$EPOCHREALTIME
  id=$(ask -X POST "$API_URL/api/v1/duplicate-runs" | field id)
  while :; do
    run=$(ask "$API_URL/api/v1/duplicate-runs/$id")
    case $(field state <<<"$run") in succeeded) break ;; failed | cancelled) die "the search failed" ;; esac
    sleep 0.1
  done
  bench "duplicates_run_$round" "$(since "$begin")" s
  for phase in load link store; do bench "duplicates_run_${round}_$phase" "$(field "${phase}_ms" <<<"$run")" ms; done
done
bench duplicates_people "$(field people <<<"$run")" people
bench duplicates_compared "$(field compared <<<"$run")" pairs
bench duplicates_found "$(field found <<<"$run")" "pairs; largest group $(field largest_cluster <<<"$run")"
bench duplicates_memory "$(($(awk '/^VmHWM/ { print $2 }' "/proc/$(svc_pid api)/status") / 1024))" "MB, of the whole service at its peak, search index included"
