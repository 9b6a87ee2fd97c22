#!/usr/bin/env bash
# The private Postgres of this checkout, under .local/, reached by a Unix socket only.
#   .ci/pg.sh start     makes it where it is missing, starts it unless it runs, prints nothing
#   .ci/pg.sh env       prints DATABASE_URL= and MIGRATE_DATABASE_URL= for the shell
#   .ci/pg.sh psql …    psql as the owner
#   .ci/pg.sh stop
#   .ci/pg.sh destroy   stops it and deletes its data
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/pg-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg-lib.sh"

HOME_LINK="$LOCAL/pg"
OWNER=satupintu_owner
SERVICE=satupintu_service
DATABASE=satupintu

pg_home() { [ -d "$HOME_LINK/" ] && (cd "$HOME_LINK" && pwd -P); }

# Inside the checkout where the database user can get there, else beside the machine's other state, with a link.
make_home() {
  if [ -L "$HOME_LINK" ]; then rm "$HOME_LINK"; fi
  if ! give_to_pg "$HOME_LINK"; then
    rmdir "$HOME_LINK" 2>/dev/null || true
    mkdir -p /var/lib/satupintu-local && chmod 711 /var/lib/satupintu-local
    local dir
    dir=$(mktemp -d /var/lib/satupintu-local/XXXXXXXX)
    give_to_pg "$dir" || die "the user $(pg_user) can reach neither $LOCAL nor $dir: move the checkout, or give DATABASE_URL"
    ln -s "$dir" "$HOME_LINK"
  fi
}

# Beside the data where its path is short enough for a socket, else a closed directory under /tmp.
socket_dir() {
  local home=$1 dir
  if socket_fits "$home"; then echo "$home"; return; fi
  dir=$(cat "$LOCAL/pg-socket" 2>/dev/null || true)
  if [ ! -d "$dir" ]; then
    dir=$(mktemp -d /tmp/satupintu-XXXXXX)
    give_to_pg "$dir" || die "the user $(pg_user) cannot write to $dir"
    echo "$dir" >"$LOCAL/pg-socket"
  fi
  echo "$dir"
}

# A quarter of the memory for the buffers up to 2 GB: the city of 330,000 households takes about 1.5 GB.
settings() {
  local mb shared
  mb=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
  shared=$((mb / 4 < 2048 ? mb / 4 : 2048))
  cat <<CONF
# Written by .ci/pg.sh at every start; changes here are lost.
listen_addresses = ''
max_connections = 100
shared_buffers = ${shared}MB
effective_cache_size = $((mb / 2))MB
work_mem = 16MB
maintenance_work_mem = $((mb / 32 < 512 ? (mb / 32 > 64 ? mb / 32 : 64) : 512))MB
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
wal_compression = on
random_page_cost = 1.1
effective_io_concurrency = 100
jit = off
timezone = 'UTC'
# A failed statement holds names and numbers of people; the log keeps the error without it.
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
log_min_duration_statement = -1
log_line_prefix = '%m [%p] %q%u@%d '
CONF
}

admin_psql() { as_pg "$PG/psql" -X -q -v ON_ERROR_STOP=1 -h "$1" -U postgres -d "$2" "${@:3}"; }

# The owner migrates; the service gets no more than it needs (its rights on tables come with the migrations).
ensure_roles() {
  local sock=$1
  if [ ! -f "$LOCAL/db.env" ]; then
    printf 'OWNER_PASSWORD=%s\nSERVICE_PASSWORD=%s\n' "$(random_hex 16)" "$(random_hex 16)" | write_secret "$LOCAL/db.env"
    rm -f "$LOCAL/db.ready"
  fi
  [ -f "$LOCAL/db.ready" ] && return
  # shellcheck disable=SC1091 # written a line above
  . "$LOCAL/db.env"
  # By standard input, so that the passwords stand in no process list.
  admin_psql "$sock" postgres >/dev/null <<SQL
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['$OWNER', '$SERVICE']) AS r
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
ALTER ROLE $OWNER PASSWORD '$OWNER_PASSWORD';
ALTER ROLE $SERVICE PASSWORD '$SERVICE_PASSWORD';
SELECT 'CREATE DATABASE $DATABASE OWNER $OWNER' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$DATABASE') \gexec
REVOKE ALL ON DATABASE $DATABASE FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE $DATABASE TO $SERVICE;
SQL
  touch "$LOCAL/db.ready"
}

start() {
  need_pg
  lock pg.lock 180
  local home sock
  home=$(pg_home) || { make_home; home=$(pg_home); }
  sock=$(socket_dir "$home")
  if [ ! -f "$home/ready" ]; then
    rm -f "$LOCAL/db.ready"
    # Its superuser is the database's system user by peer, everybody else needs a password.
    pg_init "$home/data" peer || die "initdb failed in $home/data"
    as_pg tee "$home/data/pg_hba.conf" >/dev/null <<HBA
local all postgres peer map=local
local all all scram-sha-256
HBA
    as_pg tee "$home/data/pg_ident.conf" >/dev/null <<<"local $(pg_user) postgres"
    as_pg tee -a "$home/data/postgresql.conf" >/dev/null <<<"include = 'satupintu.conf'"
    as_pg touch "$home/ready"
  fi
  local made
  made=$(cat "$home/data/PG_VERSION")
  if [ "$made" != "$(pg_version "$PG" | cut -d. -f1)" ]; then
    die "the private database was made by Postgres $made, this machine has $(pg_version "$PG"): set PG_BIN to the old one, or 'make clean-data'"
  fi
  if ! pg_running "$home/data"; then
    settings | as_pg tee "$home/data/satupintu.conf" >/dev/null
    pg_up "$home/data" "$sock" "$LOG/postgres.log"
  fi
  ensure_roles "$sock"
}

print_env() {
  local home sock
  if ! home=$(pg_home) || [ ! -f "$LOCAL/db.env" ]; then die "there is no private database yet: run 'make db'"; fi
  sock=$(url_encode_path "$(socket_dir "$home")")
  # shellcheck disable=SC1091 # written by ensure_roles
  . "$LOCAL/db.env"
  echo "DATABASE_URL=postgres://$SERVICE:$SERVICE_PASSWORD@$sock/$DATABASE"
  echo "MIGRATE_DATABASE_URL=postgres://$OWNER:$OWNER_PASSWORD@$sock/$DATABASE"
}

stop() {
  local home
  home=$(pg_home) && [ -d "$home/data" ] || return 0
  need_pg
  pg_down "$home/data"
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  env) print_env ;;
  psql)
    need_pg
    url=$(print_env | sed -n 's/^MIGRATE_DATABASE_URL=//p')
    shift
    exec "$PG/psql" "$url" "$@"
    ;;
  destroy)
    stop
    if home=$(pg_home); then rm -rf "$home"; fi
    if dir=$(cat "$LOCAL/pg-socket" 2>/dev/null); then rm -rf "$dir"; fi
    rm -rf "$HOME_LINK" "$LOCAL/db.env" "$LOCAL/db.ready" "$LOCAL/pg-socket"
    ;;
  *) die "usage: .ci/pg.sh start|stop|env|psql|destroy" ;;
esac
