#!/usr/bin/env bash
# Browser journeys against the real service, a real Postgres and a small demo city, all of their own, on free ports.
# Arguments go to Playwright: .ci/e2e.sh --grep import
#   E2E_CITIES=2   so many equal cities, each with its own journeys at the same time
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/pg-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg-lib.sh"
# shellcheck source=.ci/service-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/service-lib.sh"
# shellcheck source=.ci/scratch-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/scratch-lib.sh"

find_rust
find_node
need_pg
CHROMIUM=$(find_chromium) || die "no Chromium found: run 'make setup'"
export CHROMIUM
# What runs one file needs no second city.
SCRATCH_CITIES=${E2E_CITIES:-2}
[[ " $* " != *.e2e.ts* ]] || SCRATCH_CITIES=${E2E_CITIES:-1}
scratch_city e2e "${E2E_HOUSEHOLDS:-2000}"
export E2E_WEB_URL="$scratch_web_urls" E2E_API_URL="$scratch_api_urls"
"$ROOT/.ci/front.sh" npm run --silent e2e -- "$@"
