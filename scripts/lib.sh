# Sourced by the scripts beside it, which all run with `set -euo pipefail` from the top of the checkout.

say() { if [ -t 2 ]; then printf '\033[1m==>\033[0m %s\n' "$*" >&2; else printf '==> %s\n' "$*" >&2; fi; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# free_port: a loopback TCP port on which nobody listens. Chosen at random, so parallel checkouts rarely meet; the
# caller tries again if somebody takes it in between.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
  return 1
}

# run_and_wait COMMAND…: runs it in a process group of its own and returns its status. INT, TERM and HUP to this script
# go on to the whole group as TERM (INT is ignored in plain background jobs), and then this still waits until it is
# gone. If this script is killed outright, the kernel sends the command TERM (pdeathsig).
run_and_wait() {
  local status=0 child
  set -m
  setpriv --pdeathsig TERM -- "$@" </dev/null &
  child=$!
  set +m
  trap "interrupted=1; kill -TERM -- -$child 2>/dev/null || true" INT TERM HUP
  wait "$child" || status=$?
  while kill -0 "$child" 2>/dev/null; do status=0; wait "$child" || status=$?; done
  trap - INT TERM HUP
  return "$status"
}

# stop PID [SECONDS]: TERM, then KILL if it is still there after a while.
stop() {
  kill -TERM "$1" 2>/dev/null || return 0
  for _ in $(seq $((10 * ${2:-30}))); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  echo "process $1 did not stop; killed" >&2
  kill -KILL "$1" 2>/dev/null || true
}
