#!/usr/bin/env bash
# make stop: ends what make run started here, and nothing else. With --data it deletes the private data as well.
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -d "$LOCAL" ] || exit 0
lock run.lock
svc_stop web
svc_stop api
"$ROOT/.ci/pg.sh" stop 9>&-
if [ "${1:-}" = --data ]; then
  "$ROOT/.ci/pg.sh" destroy 9>&-
  rm -rf "$LOCAL/data" "$LOCAL/demo.txt" "$LOCAL/demo-client.txt" "$LOCAL/demo.households"
fi
