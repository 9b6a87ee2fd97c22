# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# What a household's page asks the service for, while twenty officers work: each opens a family, looks through its tabs,
# thinks for half a second, and goes on. Latency of each call as the officer's machine sees it.
need_api
token social_worker >"$LOCAL/desk.token"
TOKEN="$LOCAL/desk.token" API="$API_URL" SECONDS_LONG=20 OFFICERS=20 node "$ROOT/.ci/bench/desk.mjs" 9>&- | while read -r name value unit; do
  bench "$name" "$value" "$unit"
done
