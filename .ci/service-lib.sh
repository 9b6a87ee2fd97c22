# shellcheck shell=bash
# The service and the front end as processes: built, given their settings, started, stopped. Source after lib.sh.

# build_service release|debug : prints the path of the binary. Cargo's progress goes to standard error.
# SATUPINTU_BIN names a binary that is built already.
build_service() {
  local profile=$1 args=()
  if [ -n "${SATUPINTU_BIN:-}" ]; then echo "$SATUPINTU_BIN"; return; fi
  [ "$profile" = release ] && args+=(--release)
  [ -e "$(target_dir)/$profile/satupintu" ] || say "building the service; the first time takes ten minutes or more on two cores"
  (cd "$ROOT" && cargo build --locked -p satupintu --bin satupintu "${args[@]}" 9>&- >&2) || die "the service does not build"
  echo "$(target_dir)/$profile/satupintu"
}

# The key that seals cursors and encrypts the signing keys of local runs; made once.
local_secret() {
  make_local
  [ -s "$LOCAL/secret" ] || head -c 32 /dev/urandom | base64 -w0 | write_secret "$LOCAL/secret"
  cat "$LOCAL/secret"
}

# What the service reads from its environment when it runs here. The owner's URL is given only to the commands that
# migrate and load.
service_env() {
  export API_PORT WEB_PORT HOUSEHOLDS
  export PUBLIC_URL="${PUBLIC_URL:-$API_URL}"
  export DATA_DIR="${DATA_DIR:-$LOCAL/data}"
  SATUPINTU_SECRET=${SATUPINTU_SECRET:-$(local_secret)}
  export SATUPINTU_SECRET
  mkdir -p "$DATA_DIR"
}

# start_api BINARY and start_web: start them unless the same build with the same settings already runs.
start_api() {
  local as
  as=$(printf '%s\n' "$1" "$(stat -c '%Y %s %i' "$1")" "$DATABASE_URL" "$API_PORT" "${WEB_ORIGIN:-}" "$WEB_PORT" "$PUBLIC_URL" "$DATA_DIR" \
    "$SATUPINTU_SECRET" "${DEMO:-}" "${WORKER:-}" "${RUST_LOG:-}" | sha256sum)
  # Memory taken as it is needed instead of a gigabyte at once holds a seventh less of it.
  start_unless_same api "$API_PORT" "$as" env -u MIGRATE_DATABASE_URL MIMALLOC_ARENA_EAGER_COMMIT=0 "$1" serve
}

start_web() {
  local as
  as="$WEB_PORT $API_URL $(cat "$LOCAL/front.built")"
  start_unless_same web "$WEB_PORT" "$as" env -u DATABASE_URL -u MIGRATE_DATABASE_URL -u SATUPINTU_SECRET \
    API_URL="$PUBLIC_URL" WEB_PORT="$WEB_PORT" node "$ROOT/frontend/scripts/serve.mjs"
}

start_unless_same() {
  local name=$1 port=$2 as="port $2, $3"
  shift 3
  if svc_pid "$name" >/dev/null; then
    case "$(cat "$RUN/$name.as" 2>/dev/null || true)" in
      "$as") return ;;
      "port $port, "*) svc_stop "$name" ;;
    esac
  fi
  if port_is_open "$port"; then
    die "port $port is taken by another program: stop it, or choose another with $(tr '[:lower:]' '[:upper:]' <<<"$name")_PORT=…"
  fi
  svc_stop "$name"
  svc_start "$name" "$@"
  echo "$as" >"$RUN/$name.as"
}
