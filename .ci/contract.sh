#!/usr/bin/env bash
# Holds the API's document, and a running service, against other people's tools; see tests/contract/README.md.
#   .ci/contract.sh          linters, then OAuth libraries and Schemathesis against a service of its own
#   .ci/contract.sh lint     linters only
#   .ci/contract.sh oauth    OAuth libraries only
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/pg-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg-lib.sh"
# shellcheck source=.ci/service-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/service-lib.sh"
# shellcheck source=.ci/scratch-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/scratch-lib.sh"

HERE="$ROOT/tests/contract"
VENV="$LOCAL/contract-venv"
DOCUMENT="$ROOT/openapi/openapi.json"

lint_tools() {
  local want
  want="$(sha256sum <"$HERE/package-lock.json") $(node --version)"
  [ "$(cat "$HERE/node_modules/.installed" 2>/dev/null || true)" = "$want" ] && return
  make_local
  (cd "$HERE" && npm ci --no-audit --no-fund --loglevel=error </dev/null >"$LOG/contract-npm.log" 2>&1) \
    || { tail -n 20 "$LOG/contract-npm.log" >&2; die "npm ci failed in tests/contract"; }
  echo "$want" >"$HERE/node_modules/.installed"
}

fuzz_tools() {
  local want
  want=$(sha256sum <"$HERE/requirements.txt")
  [ "$(cat "$VENV/.installed" 2>/dev/null || true)" = "$want" ] && return
  make_local
  rm -rf "$VENV"
  { python3 -m venv "$VENV" && "$VENV/bin/pip" install --quiet --disable-pip-version-check -r "$HERE/requirements.txt"; } \
    </dev/null >"$LOG/contract-pip.log" 2>&1 || { tail -n 20 "$LOG/contract-pip.log" >&2; die "pip could not install tests/contract/requirements.txt"; }
  echo "$want" >"$VENV/.installed"
}

lint() {
  say "contract: redocly"
  (cd "$HERE" && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true node_modules/.bin/redocly lint --config redocly.yaml --format stylish "$DOCUMENT")
  say "contract: spectral with the OWASP rules"
  (cd "$HERE" && node_modules/.bin/spectral lint --fail-severity warn --ruleset spectral.yaml "$DOCUMENT")
}

oauth() {
  say "contract: OAuth libraries"
  PYTHONDONTWRITEBYTECODE=1 CONTRACT_URL="$API_URL" "$VENV/bin/python" "$HERE/oauth.py"
  CONTRACT_URL="$API_URL" node "$HERE/oauth.mjs"
}

# What it remembers between runs goes with the service. One worker: with two, Python 3.11 may stop in the middle of reading
# code ("AST constructor recursion depth mismatch").
fuzz() {
  say "contract: schemathesis for ${CONTRACT_SECONDS:-90} s as ${CONTRACT_AS:-coordinator}"
  (
    cd "$scratch_dir"
    export CONTRACT_URL="$API_URL" SCHEMATHESIS_HOOKS="$HERE/hooks.py" PYTHONDONTWRITEBYTECODE=1
    "$VENV/bin/schemathesis" --config-file "$HERE/schemathesis.toml" run "$API_URL/api/v1/openapi.json" \
      --url "$API_URL" --checks all --phases examples,coverage,fuzzing,stateful --max-time "${CONTRACT_SECONDS:-90}" \
      --seed "${CONTRACT_SEED:-20261101}" --workers 1 --request-timeout 20 --suppress-health-check all --warnings off
  )
}

find_node
lint_tools
[ "${1:-}" = oauth ] || lint
[ "${1:-}" != lint ] || exit 0
fuzz_tools
find_rust
need_pg
scratch_city contract "${CONTRACT_HOUSEHOLDS:-200}" api
oauth
[ "${1:-}" != oauth ] || exit 0
fuzz
