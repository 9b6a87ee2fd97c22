#!/usr/bin/env bash
# make check: what reads the sources without a database or a browser, cheap first. Every failure names its remedy.
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

find_rust
find_node
failed=()

# step NAME REMEDY COMMAND…
step() {
  local name=$1 remedy=$2 begin=$SECONDS
  shift 2
  say "check: $name"
  if ! (cd "$ROOT" && "$@"); then
    failed+=("$name: $remedy")
    say "check: $name FAILED"
  fi
  [ $((SECONDS - begin)) -lt 30 ] || say "check: $name took $((SECONDS - begin)) s"
}

skip_unless() { have "$1" || { say "check: $1 is not installed, left out"; return 1; }; }

step "rustfmt" "run 'cargo fmt'" cargo fmt --all --check
if skip_unless shellcheck; then step "shellcheck" "see its advice" shellcheck -x .ci/run .ci/*.sh .ci/bench/*.sh; fi
step "licences" "see deny.toml" node .ci/licences.mjs
step "clippy" "run 'cargo clippy --workspace --all-targets'" cargo clippy --locked --quiet --workspace --all-targets -- -D warnings
step "rustdoc" "run 'cargo doc --no-deps'" env RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" cargo doc --locked --quiet --workspace --no-deps --document-private-items
if skip_unless cargo-deny; then step "cargo-deny" "see deny.toml" cargo deny --offline --log-level error check bans licenses sources; fi
step "front end lint" "run '.ci/front.sh npm run fix'" .ci/front.sh npm run --silent lint
step "front end types" "run '.ci/front.sh npm run types'" .ci/front.sh npm run --silent types

if [ ${#failed[@]} -gt 0 ]; then
  printf 'check failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
say "check: all passed"
