#!/usr/bin/env bash
# make db: the private Postgres, migrated, without the rest.
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=.ci/service-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/service-lib.sh"

"$ROOT/.ci/setup.sh" run
find_rust
bin=$(build_service debug)
"$ROOT/.ci/pg.sh" start
set -a
eval "$("$ROOT/.ci/pg.sh" env)"
set +a
service_env
"$bin" migrate
say "the private database is ready: 'make psql' opens it, '.ci/pg.sh env' prints its addresses"
