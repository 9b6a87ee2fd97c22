# shellcheck shell=bash
# Finding Postgres and running it as somebody who is not root. Source after lib.sh.

PG_WANTED=15

# The directory with initdb, pg_ctl and postgres, newest first; PG_BIN chooses another.
pg_bin() {
  local dir
  for dir in "${PG_BIN:-}" "$(pg_config --bindir 2>/dev/null || true)" \
    $(find /usr/lib/postgresql /usr/pgsql-* -maxdepth 2 -type d -name bin 2>/dev/null | sort -rV) \
    "$(dirname "$(readlink -f "$(command -v postgres || echo /nowhere/postgres)")")"; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ] && [ -x "$dir/postgres" ] && at_least "$(pg_version "$dir")" "$PG_WANTED"; then
      echo "$dir"
      return
    fi
  done
  return 1
}

pg_version() { "$1/postgres" --version | sed 's/[^0-9]*\([0-9][0-9.]*\).*/\1/'; }

need_pg() { PG=$(pg_bin) || die "no Postgres $PG_WANTED or newer found: run 'make setup', or install postgresql and postgresql-contrib"; }

# Postgres refuses to run as root, so root hands it to the system's database user.
pg_user() {
  if ! is_root; then id -un
  elif id postgres >/dev/null 2>&1; then echo postgres
  else echo nobody
  fi
}

# Runs a command as the database user, from a directory that every user can enter.
as_pg() {
  if is_root; then
    (cd / && exec setpriv --reuid "$(pg_user)" --regid "$(id -gn "$(pg_user)")" --init-groups \
      env -u HOME -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PGPASSWORD "$@")
  else
    (cd / && exec env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PGPASSWORD "$@")
  fi
}

# Makes DIR and gives it to the database user; fails where that user cannot reach it.
give_to_pg() {
  mkdir -p "$1" || return 1
  if is_root; then chown "$(pg_user):" "$1" 2>/dev/null || return 1; fi
  chmod 700 "$1"
  as_pg test -w "$1" 2>/dev/null
}

# UTF-8 with byte order: the same order on every machine, and indexes that serve prefix searches.
# What an interrupted start left in DATA goes first.
pg_init() {
  local data=$1 auth=$2
  rm -rf "$data"
  as_pg "$PG/initdb" -D "$data" -U postgres --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8 --auth="$auth" >/dev/null 2>&1 && return
  rm -rf "$data"
  as_pg "$PG/initdb" -D "$data" -U postgres --encoding=UTF8 --no-locale --auth="$auth" >/dev/null
}

# What stays behind must not keep open what its starter had open: a lock on a file lives as long as its descriptor.
close_inherited() {
  local fd
  for fd in /proc/"$BASHPID"/fd/*; do
    fd=${fd##*/}
    if [ "$fd" -gt 2 ] && [ "$fd" -ne 255 ]; then eval "exec $fd>&-"; fi
  done
}

pg_running() { as_pg "$PG/pg_ctl" status -D "$1" >/dev/null 2>&1; }

# pg_up DATA SOCKET_DIR LOGFILE: starts the cluster and waits until it answers. The log is opened here, so that
# the database user need not reach the checkout.
pg_up() {
  (close_inherited; as_pg "$PG/pg_ctl" start -w -t 120 -s -D "$1" -o "-k '$2'" </dev/null >>"$3" 2>&1) \
    || { tail -n 15 "$3" >&2; die "Postgres did not start; its log is $3"; }
}

pg_down() { as_pg "$PG/pg_ctl" stop -m fast -w -t 60 -s -D "$1" >/dev/null 2>&1 || true; }

# A Unix socket's path may have 107 bytes.
socket_fits() { [ "$(printf %s "$1/.s.PGSQL.5432" | wc -c)" -le 100 ]; }

url_encode_path() { printf %s "$1" | sed 's/%/%25/g; s#/#%2F#g; s/ /%20/g; s/:/%3A/g; s/@/%40/g; s/?/%3F/g; s/#/%23/g'; }
