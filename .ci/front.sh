#!/usr/bin/env bash
# The front end's own tools, with the right Node.
#   .ci/front.sh deps        installs what package-lock.json pins, when that changed
#   .ci/front.sh build       builds frontend/dist, when a source changed
#   .ci/front.sh generate    makes the typed client from openapi/openapi.json
#   .ci/front.sh npm …       npm in frontend/
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

FRONT="$ROOT/frontend"

deps() {
  local want
  want="$(sha256sum <"$FRONT/package-lock.json" | cut -d' ' -f1) $(node --version)"
  [ "$(cat "$FRONT/node_modules/.installed" 2>/dev/null || true)" = "$want" ] && return
  say "installing the front end's packages"
  make_local
  (cd "$FRONT" && npm ci --no-audit --no-fund --loglevel=error </dev/null >"$LOG/npm.log" 2>&1) \
    || { tail -n 20 "$LOG/npm.log" >&2; die "npm ci failed; its log is $LOG/npm.log"; }
  echo "$want" >"$FRONT/node_modules/.installed"
}

build() {
  deps
  local want
  want=$(digest_of "$FRONT/src" "$FRONT/public" "$FRONT/scripts" "$FRONT"/*.*)
  [ -f "$FRONT/dist/index.html" ] && [ "$(cat "$LOCAL/front.built" 2>/dev/null || true)" = "$want" ] && return
  say "building the front end"
  make_local
  rm -f "$LOCAL/front.built"
  (cd "$FRONT" && npm run --silent build </dev/null >"$LOG/front-build.log" 2>&1) \
    || { tail -n 30 "$LOG/front-build.log" >&2; die "the front end does not build; the log is $LOG/front-build.log"; }
  echo "$want" >"$LOCAL/front.built"
}

find_node
command=${1:-build}
shift || true
case "$command" in
  deps) lock front.lock; deps ;;
  build) lock front.lock; build ;;
  generate) lock front.lock; deps; cd "$FRONT" && npm run --silent generate 9>&- ;;
  npm) lock front.lock; deps; exec 9>&-; cd "$FRONT" && exec npm "$@" ;;
  *) die "usage: .ci/front.sh deps|build|generate|npm" ;;
esac
