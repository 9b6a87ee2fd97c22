# shellcheck shell=bash disable=SC2034 # the names are for the scripts that source this
# What the scripts beside this file share. Source it; on its own it only defines names.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# Everything that is made here and belongs to nobody else. The benchmarks keep theirs apart.
LOCAL=${SATUPINTU_LOCAL:-$ROOT/.local}
LOG="$LOCAL/log"
RUN="$LOCAL/run"

API_PORT=${API_PORT:-8080}
WEB_PORT=${WEB_PORT:-5173}
HOUSEHOLDS=${HOUSEHOLDS:-10000}
API_URL="http://127.0.0.1:$API_PORT"
WEB_URL="http://127.0.0.1:$WEB_PORT"

say() { printf '%s\n' "$*" >&2; }
die() { printf 'satupintu: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# A directory of the checkout's own that only its user can read.
make_local() { mkdir -p "$LOCAL" "$LOG" "$RUN"; }

# Writes standard input to a file that only its owner can read.
write_secret() { (umask 077; cat >"$1.new") && mv "$1.new" "$1"; }

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# One line that changes when any file below the given paths does.
digest_of() {
  find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 2>/dev/null \
    | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}

# Only one of these scripts changes the services of this checkout at a time. The lock lies on descriptor 9;
# whatever is started to stay closes it (9>&-), or the lock would live as long as the service.
lock() {
  make_local
  exec 9>"$LOCAL/$1"
  flock -w "${2:-900}" 9 || die "another make is still working on this checkout ($LOCAL/$1 is held)"
}

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A TCP port that nobody listens on right now.
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 10000))
    port_is_open "$port" || { echo "$port"; return; }
  done
  die "found no free port between 20000 and 30000"
}

# Where cargo puts what it builds: CARGO_TARGET_DIR, a setting of the user's, or target/.
target_dir() {
  if [ -n "${CARGO_TARGET_DIR:-}" ]; then
    (cd "$ROOT" && mkdir -p "$CARGO_TARGET_DIR" && cd "$CARGO_TARGET_DIR" && pwd -P)
  else
    (cd "$ROOT" && cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
  fi
}

# A toolchain installed for another HOME is still this machine's toolchain: point rustup and cargo at it.
find_rust() {
  have cargo || { [ -x "$HOME/.cargo/bin/cargo" ] && export PATH="$HOME/.cargo/bin:$PATH"; }
  have cargo || die "no Rust toolchain: install Rust $(rust_wanted) or newer with rustup, then run this again"
  local bin home
  bin=$(command -v cargo)
  home=$(dirname "$(dirname "$bin")")
  if ! cargo --version >/dev/null 2>&1 && [ -d "$(dirname "$home")/.rustup" ]; then
    RUSTUP_HOME="$(dirname "$home")/.rustup"; export RUSTUP_HOME
  fi
  if [ -z "${CARGO_HOME:-}" ] && [ ! -d "$HOME/.cargo/registry" ] && [ -d "$home/registry" ] && [ -w "$home/registry" ]; then
    export CARGO_HOME="$home"
  fi
  local found
  found=$(cargo --version 2>/dev/null | cut -d' ' -f2) || true
  [ -n "$found" ] || die "cargo at $bin has no toolchain: run 'rustup toolchain install $(rust_wanted)'"
  at_least "$found" "$(rust_wanted)" || die "Rust $found is too old: $(rust_wanted) or newer is needed (rustup update)"
}

rust_wanted() { sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$ROOT/Cargo.toml" | head -1; }

# at_least 22.14.0 22.12 : is the first version the second or newer?
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]; }

# The Node that builds the front end: the system's where it is new enough, else the one that setup keeps in .local.
NODE_WANTED=22.12
find_node() {
  local own="$ROOT/.local/node/bin"
  if [ -x "$own/node" ]; then
    export PATH="$own:$PATH"
  elif ! have node || ! at_least "$(node --version | tr -d v)" "$NODE_WANTED"; then
    die "Node $NODE_WANTED or newer is needed for the front end: run 'make setup'"
  fi
}

# --- processes -------------------------------------------------------------------------------------------------

# The kernel's start time of a process: a recycled pid has another one.
started_at() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086 # the fields are numbers and letters
  set -- $stat
  [ "$1" != Z ] && echo "${20}"
}

# svc_pid NAME: its pid, if the very process that svc_start wrote down still runs.
svc_pid() {
  local pid start
  read -r pid start 2>/dev/null <"$RUN/$1.pid" || return 1
  [ -n "$start" ] && [ "$(started_at "$pid" || true)" = "$start" ] && echo "$pid"
}

# svc_start NAME COMMAND…: runs it detached, output to .local/log/NAME.log, and writes its pid and start time down.
svc_start() {
  local name=$1 pid
  shift
  make_local
  [ ! -f "$LOG/$name.log" ] || [ "$(stat -c %s "$LOG/$name.log")" -lt 50000000 ] || mv "$LOG/$name.log" "$LOG/$name.log.1"
  (cd "$ROOT" && exec setsid "$@" </dev/null >>"$LOG/$name.log" 2>&1 9>&-) &
  pid=$!
  echo "$pid $(started_at "$pid" || true)" >"$RUN/$name.pid"
  disown "$pid" 2>/dev/null || true
}

# svc_stop NAME: asks it to end, waits, and insists after 20 s. Touches no process but the one written down.
svc_stop() {
  local pid
  if pid=$(svc_pid "$1"); then
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 200); do
      svc_pid "$1" >/dev/null || break
      sleep 0.1
    done
    if svc_pid "$1" >/dev/null; then
      say "$1 did not end within 20 s of being asked; ending it"
      kill -KILL "$pid" 2>/dev/null || true
    fi
  fi
  rm -f "$RUN/$1.pid" "$RUN/$1.as"
}

# wait_for NAME URL SECONDS: until the address answers 2xx; says why not when the process ends first.
wait_for() {
  local deadline=$((SECONDS + $3))
  until curl -fsS -o /dev/null --max-time 2 "$2" 2>/dev/null; do
    svc_pid "$1" >/dev/null || { tail -n 15 "$LOG/$1.log" >&2; die "$1 ended before it answered; its log is $LOG/$1.log"; }
    [ $SECONDS -lt "$deadline" ] || { tail -n 15 "$LOG/$1.log" >&2; die "$1 did not answer $2 within $3 s; its log is $LOG/$1.log"; }
    sleep 0.1
  done
}

# The browser of the journeys; CHROMIUM chooses another.
find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && type -P "$name" && return
  done
  return 1
}
