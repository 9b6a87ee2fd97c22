#!/usr/bin/env bash
# make status: which of this checkout's processes run.
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/pg-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg-lib.sh"

for name in api web; do
  if pid=$(svc_pid "$name"); then echo "$name runs (pid $pid)"; else echo "$name does not run"; fi
done
data=$(readlink -f "$LOCAL/pg/data" || true)
if PG=$(pg_bin) && [ -d "$data" ] && pg_running "$data"; then echo "private Postgres runs"; else echo "private Postgres does not run"; fi
