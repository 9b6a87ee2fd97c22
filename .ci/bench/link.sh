# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# `satupintu link` over a town of its own with known truth, about a million rows at the city's size: how long it takes,
# how much memory, and how well it finds who is written twice. Compared with what the README names.
bin=${bin:-$(build_service release)}
(cd "$ROOT" && cargo build --locked --quiet --release -p satupintu-linkage --example town) || die "the town does not build"
town="$(target_dir)/release/examples/town"
work="$LOCAL/link"
rm -rf "$work"
mkdir -p "$work"
"$town" write "$((HOUSEHOLDS * 2 / 3))" "$work/people.csv" "$work/truth.csv"
begin=$EPOCHREALTIME
"$bin" link --input "$work/people.csv" --output "$work/pairs.csv" >"$work/out" 9>&- &
pid=$!
peak=0
while kill -0 "$pid" 2>/dev/null; do
  now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null || true)
  [ "${now:-0}" -le "$peak" ] || peak=$now
  sleep 0.05
done
wait "$pid" || die "linking failed"
bench link_time "$(since "$begin")" s
bench link_memory "$((peak / 1024))" MB
bench link_rows "$(awk '{ print $1; exit }' "$work/out")" rows
while read -r name value; do
  case "$name" in
    automatic*) unit=pairs ;;
    looks_*) unit=pairs ;;
    human_*) unit=min ;;
    *) unit=share ;;
  esac
  bench "link_$name" "$value" "$unit"
done < <("$town" score "$work/pairs.csv" "$work/truth.csv")
rm -rf "$work"
