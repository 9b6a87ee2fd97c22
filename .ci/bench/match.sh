# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# Matching: the engine alone over generated cities of 10,000, 100,000 and 330,000 households with 300 programs (seconds by
# phase, memory), then the service over the demo city: a whole run from Postgres and back, one program, one household.
(cd "$ROOT" && cargo build --locked --quiet --release -p satupintu-rules --example rules_bench) || die "the measurement does not build"
engine="$(target_dir)/release/examples/rules_bench"
for households in 10000 100000 330000; do
  "$engine" "$households" 300 | sed "s/^bench rules_/bench match_engine_${households}_/"
done
need_api
coordinator=$(token coordinator)
ask() { curl -fsS -H "authorization: Bearer $coordinator" "$@"; }
# The first member of that name: lists hold many.
field() { grep -o "\"$1\":\"\{0,1\}[^,\"}]*" | head -n 1 | sed 's/^[^:]*:"\{0,1\}//'; }
# run BODY: asks for a run and waits for its end; its answer is in $run.
run() {
  local id
  id=$(ask "$API_URL/api/v1/matching-runs" -H 'content-type: application/json' -d "$1" | field id)
  while :; do
    run=$(ask "$API_URL/api/v1/matching-runs/$id")
    case $(field status <<<"$run") in succeeded) return ;; failed | cancelled) die "the run failed" ;; esac
    sleep 0.05
  done
}
for round in first again; do
  begin=$EPOCHREALTIME
  run '{}'
  bench "match_run_$round" "$(since "$begin")" s
  for phase in load evaluate store; do bench "match_run_${round}_$phase" "$(field "${phase}_ms" <<<"$run")" "ms, load by the clock, the others summed over two threads"; done
done
bench match_pairs "$(field eligible <<<"$run")" "eligible, $(field needs_data <<<"$run") needs_data"
program=$(ask "$API_URL/api/v1/programs?limit=1&q=RUTILAHU&status=published" | field id)
begin=$EPOCHREALTIME
run "{\"program_id\":\"$program\"}"
bench match_one_program "$(since "$begin")" s
household=$(ask "$API_URL/api/v1/programs/$program/matches?limit=1&outcome=needs_data" | field household_id)
for ((i = 0; i < 200; i++)); do
  ask -o /dev/null -w '%{time_total}\n' "$API_URL/api/v1/households/$household/matches/$program"
done | sort -n | awk '{ t[NR] = $1 } END { printf "bench match_explain_p95 %.1f ms\n", t[int(NR * 0.95)] * 1000 }'
node "$ROOT/.ci/bench/follow.mjs" "$API_URL" "$coordinator" "$program" 9>&- | while read -r name value unit; do bench "$name" "$value" "$unit"; done
bench match_memory "$(($(awk '/^VmHWM/ { print $2 }' "/proc/$(svc_pid api)/status") / 1024))" "MB, of the whole service at its peak, search index included"
