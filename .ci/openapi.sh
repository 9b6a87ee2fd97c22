#!/usr/bin/env bash
# make openapi: writes openapi/openapi.json from the code, then the front end's typed client from it.
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/service-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/service-lib.sh"

"$ROOT/.ci/setup.sh" run
find_rust
bin=$(build_service debug)
"$bin" openapi >"$ROOT/openapi/openapi.json.new" && mv "$ROOT/openapi/openapi.json.new" "$ROOT/openapi/openapi.json"
"$ROOT/.ci/front.sh" generate
