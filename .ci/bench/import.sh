# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# The agencies' files of the whole city, read, validated, applied and searchable; compared in the same run with plain
# COPY of the same rows into bare tables and building the same indexes and keys.
need_city
as_superuser() { as_pg "$PG/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$(readlink -f "$LOCAL/pg")" -U postgres "$@"; }
work="$LOCAL/import"
rm -rf "$work"
mkdir -p "$work"
"$bin" demo --households "$HOUSEHOLDS" --write-files "$work" >"$work/written" 9>&-
# A database of its own, empty, of the same owner and service role.
other() { sed -E 's#(://[^?]*/)[^/?]+#\1bench_import#' <<<"$1"; }
owner=$(sql -c 'SELECT current_user')
as_superuser -c 'DROP DATABASE IF EXISTS bench_import' -c "CREATE DATABASE bench_import OWNER $owner" >/dev/null
into() {
  DATABASE_URL=$(other "$DATABASE_URL") MIGRATE_DATABASE_URL=$(other "$MIGRATE_DATABASE_URL") DATA_DIR="$work/spool" WORKER=off "$@"
}
base() { "$PG/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$(other "$MIGRATE_DATABASE_URL")" "$@"; }
into "$bin" migrate >/dev/null 9>&-
part() { find "$work" -name "*$1*.csv" | head -n 1; }
begin=$EPOCHREALTIME
into "$bin" import --profile dtsen --period 2026-10 "families=$(part keluarga)" "members=$(part anggota)" >"$work/import.out" 9>&- &
pid=$!
peak=0
while kill -0 "$pid" 2>/dev/null; do
  # The shell's own function runs in a process between.
  own=$(pgrep -P "$pid" -x satupintu || echo "$pid")
  now=$(awk '/^VmHWM/ { print $2 }' "/proc/$own/status" 2>/dev/null || true)
  [ "${now:-0}" -le "$peak" ] || peak=$now
  sleep 0.1
done
wait "$pid" || { cat "$work/import.out" >&2; die "the import failed"; }
ours=$(since "$begin")
tables="households household_details individuals identifiers welfare_snapshots restricted_facts name_keys"
for table in $tables; do base -c "\\copy $table TO '$work/$table.copy'" >/dev/null; done
base -c 'CREATE SCHEMA bare' >/dev/null
for table in $tables; do base -c "CREATE TABLE bare.$table (LIKE public.$table INCLUDING DEFAULTS INCLUDING CONSTRAINTS)" >/dev/null; done
names=$(sed "s/[^ ]*/'&'/g; s/ /,/g" <<<"$tables")
{
  echo 'SET search_path = bare, public; SET maintenance_work_mem = '"'512MB'"';'
  base -c "SELECT replace(indexdef, ' ON public.', ' ON bare.') || ';' FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ($names)"
  base -c "SELECT format('ALTER TABLE bare.%I ADD CONSTRAINT %I %s;', conrelid::regclass::text, conname, pg_get_constraintdef(oid))
           FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid::regclass::text IN ($names)"
} >"$work/keys.sql"
# References need the primary key, not only its index.
for table in households individuals; do echo "ALTER TABLE bare.$table ADD PRIMARY KEY USING INDEX ${table}_pkey;"; done >"$work/primary.sql"
awk '/ADD CONSTRAINT/ && !done { while ((getline line < primary) > 0) print line; done = 1 } { print }' primary="$work/primary.sql" "$work/keys.sql" >"$work/build.sql"
begin=$EPOCHREALTIME
for table in $tables; do base -c "\\copy bare.$table FROM '$work/$table.copy'" >/dev/null; done
base -f "$work/build.sql" >/dev/null
theirs=$(since "$begin")
bench import_rows "$(sed -n 's/.*"rows":\([0-9]*\).*/\1/p' "$work/import.out" | head -n 1)" rows
bench import_time "$ours" s
bench import_copy_and_indexes "$theirs" s
bench import_ratio "$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }')" x
bench import_memory "$((peak / 1024))" MB
# The same month again: nothing may change, and it should cost less.
begin=$EPOCHREALTIME
into "$bin" import --profile dtsen --period 2026-10 "families=$(part keluarga)" "members=$(part anggota)" >"$work/again.out" 9>&-
again=$(since "$begin")
bench import_again "$again" s
# Beside it, what only reading and validating the same files costs: passing over known rows may at most double it.
begin=$EPOCHREALTIME
into "$bin" import --validate-only --profile dtsen --period 2026-10 "families=$(part keluarga)" "members=$(part anggota)" >"$work/only.out" 9>&-
only=$(since "$begin")
bench import_validate_only "$only" s
bench import_again_to_validate_only "$(awk -v a="$again" -v b="$only" 'BEGIN { printf "%.2f", a / b }')" x
grep -q '"households_created":0,"households_updated":0,"individuals_created":0,"individuals_updated":0' "$work/again.out" || say "bench: importing again changed something: $(cat "$work/again.out")"
as_superuser -c 'DROP DATABASE bench_import' >/dev/null
rm -rf "$work"
