# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# Plans for generated cities of three sizes: value against the proven bound, time and memory; the instant fallback, the
# greedy by value per rupiah and first come beside them; and budgets where one award is a large part of a line.
for households in 10000 100000 330000; do
  (cd "$ROOT" && cargo run --quiet --release --locked -p satupintu-allocation --example allocation_bench "$households" 9>&-)
done
