#!/usr/bin/env bash
# The throwaway Postgres of the tests: in memory where the machine has room, nothing in it worth keeping.
#   .ci/test-pg.sh start   starts it unless it runs, prints its superuser URL
#   .ci/test-pg.sh stop    stops it and deletes it
#   .ci/test-pg.sh url     prints the URL, or fails when it does not run
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/pg-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg-lib.sh"

STATE="$LOCAL/test-pg"

home() { [ -f "$STATE" ] && cat "$STATE"; }

url() { echo "postgres://postgres@$(url_encode_path "$1")/postgres"; }

# tmpfs makes creating a database ten times faster; a container's /dev/shm may be too small to hold one.
room() {
  local free
  free=$(df -Pm /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
  if [ -w /dev/shm ] && [ "${free:-0}" -ge 2000 ]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi
}

start() {
  need_pg
  lock test-pg.lock 120
  local dir
  if dir=$(home) && pg_running "$dir/data"; then url "$dir"; return; fi
  [ -z "${dir:-}" ] || rm -rf "$dir"
  dir=$(mktemp -d "$(room)/satupintu-test-XXXXXX")
  give_to_pg "$dir" || { rm -rf "$dir"; die "the user $(pg_user) cannot write to $dir"; }
  pg_init "$dir/data" trust
  # The socket's directory is closed to other users, so trust is trust in this user alone.
  as_pg tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
max_connections = 200
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 1GB
checkpoint_timeout = 1h
autovacuum = off
jit = off
random_page_cost = 1.1
max_locks_per_transaction = 256
timezone = 'UTC'
log_min_messages = warning
log_min_error_statement = panic
CONF
  as_pg touch "$dir/log"
  pg_up "$dir/data" "$dir" "$dir/log"
  echo "$dir" >"$STATE"
  url "$dir"
}

stop() {
  local dir
  dir=$(home) || return 0
  need_pg
  lock test-pg.lock 120
  as_pg "$PG/pg_ctl" stop -m immediate -w -t 30 -s -D "$dir/data" >/dev/null 2>&1 || true
  rm -rf "$dir" "$STATE"
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  url) need_pg; dir=$(home) && pg_running "$dir/data" && url "$dir" ;;
  *) die "usage: .ci/test-pg.sh start|stop|url" ;;
esac
