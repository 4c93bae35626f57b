#!/usr/bin/env bash
# Proves that a cluster leaves nothing behind: up, killed half-way; up; its daemons killed; up, also in KFP's other
# mode; down. What `snapshot` prints is the same before and after. Prints how long each step took and what an idle
# cluster holds in memory. Called by `make cluster-check`; takes about 2 minutes when all is built.
set -euo pipefail
cd "$(dirname "$0")"

scratch=$(mktemp -d)
cluster=$scratch/cluster
up= # the process id of an up in the background
trap '[[ -z $up ]] || kill "$up" 2>/dev/null || true; rm -rf "$scratch"' EXIT

say() { printf '%s\n' "cluster-check: $*" >&2; }
fail() {
  say "FAILED: $*"
  say "make cluster-down takes down what there is of the cluster"
  exit 1
}

# timed runs a verb of the cluster's program and says how long it took.
timed() {
  local what=$1 began=$EPOCHREALTIME
  shift
  "$cluster" "$@" >/dev/null || fail "$what"
  say "$what: $(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", b - a }')"
}

# steady writes what several snapshots agree on: programs of the machine's own come and go meanwhile.
steady() {
  "$cluster" snapshot >"$1"
  for _ in 1 2 3; do
    sleep 1
    "$cluster" snapshot >"$1.again"
    LC_ALL=C comm -12 "$1" "$1.again" >"$1.both"
    mv "$1.both" "$1"
  done
}

# kill_up starts an up and kills it once it has said the words: it gets no chance to clean up.
kill_up() {
  local words=$1 log=$scratch/up.log
  "$cluster" up >/dev/null 2>"$log" &
  up=$!
  until grep -q "$words" "$log"; do
    kill -0 "$up" 2>/dev/null || fail "the up to be killed ended before it said \"$words\": $(tail -n 5 "$log")"
    sleep 0.1
  done
  kill -KILL "$up"
  wait "$up" 2>/dev/null || true # killed on purpose
  up=
}

# pid_of prints the process id of a program of the running cluster, of which there must be one.
pid_of() {
  local pids
  pids=$("$cluster" processes | awk -v name="$1" '$3 == name { print $1 }')
  [[ $pids =~ ^[0-9]+$ ]] || fail "processes that run $1: ${pids:-none}"
  printf '%s\n' "$pids"
}

# kill_daemon kills a program of the running cluster, as the kernel would for want of memory.
kill_daemon() {
  local pid
  pid=$(pid_of "$1")
  kill -KILL "$pid"
}

go build -o "$cluster" .
timed "down before the check" down
steady "$scratch/before"

kill_up "the manifests are applied"
[[ -n $("$cluster" processes) ]] || fail "the killed up left no process, so that it proves nothing"
timed "up after a killed up" up
kill_daemon containerd
kill_daemon kubelet
timed "up after killed daemons" up
etcd=$(pid_of etcd)
timed "up of a healthy cluster" up
timed "switch to multi-user mode" up --multi-user
[[ $(pid_of etcd) == "$etcd" ]] || fail "a healthy cluster was not left as it is"

sleep 10 # what a start costs is over
"$cluster" processes | awk '{ sum += $2 } END { printf "%d processes hold %.2f GiB resident\n", NR, sum / 1048576 }' >"$scratch/idle"
say "idle: $(<"$scratch/idle")"

timed "down" down
[[ -z $("$cluster" processes) ]] || fail "these processes are left: $("$cluster" processes)"
if "$cluster" env >/dev/null 2>&1; then fail "a cluster still answers"; fi
steady "$scratch/after"
diff "$scratch/before" "$scratch/after" >&2 || fail "the machine is not as it was before (<) but otherwise (>)"
say "nothing is left: $(wc -l <"$scratch/after") lines of processes, mounts, links, rules and settings are as before"
