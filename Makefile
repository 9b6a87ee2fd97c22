# The only entry. Settings: API_PORT, WEB_PORT, HOUSEHOLDS, DATABASE_URL, MIGRATE_DATABASE_URL, CARGO_TARGET_DIR.
# Each target is a script in .ci/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run stop restart status clean-data db psql front openapi check fmt test bench ci

help: ## Show this help
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

setup: ## Install what is missing to run and test (apt where root, else says what)
	@.ci/setup.sh test

run: ## Build, start and fill everything here; prints the addresses and demo accounts
	@.ci/up.sh

stop: ## End what make run started, and nothing else
	@.ci/down.sh

restart: stop run ## Stop, then run again with the data as it is

status: ## Say what runs
	@.ci/status.sh

clean-data: ## Stop, and delete the private database and uploads
	@.ci/down.sh --data

db: ## Start the private Postgres and migrate it
	@.ci/db.sh

psql: ## Open the private database as its owner
	@.ci/pg.sh psql

front: ## Build the front end into frontend/dist
	@.ci/setup.sh run
	@.ci/front.sh build

openapi: ## Write openapi/openapi.json from the code, and the typed client from it
	@.ci/openapi.sh

check: ## Fast lints: fmt, clippy, rustdoc, licences, front end
	@.ci/setup.sh run
	@.ci/check.sh

fmt: ## Format everything
	@cargo fmt --all
	@.ci/front.sh npm run --silent fix

test: ## Everything that must pass; ONLY="rust" or "check front e2e" for a part
	@.ci/test.sh

bench: ## The README's figures, one line each; ONLY=import for one group
	@.ci/bench.sh

ci: ## What continuous integration runs
	@.ci/run
