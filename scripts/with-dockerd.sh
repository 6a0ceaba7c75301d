#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: with-dockerd.sh COMMAND [ARGUMENT...]
# Runs a command with a container engine of its own, started as root (Debian: docker.io containerd runc iptables), and ends
# it with everything that it made: containers, images, networks, firewall rules, files. Other engines of this machine must not run.
set -euo pipefail

say() { echo "with-dockerd: $*" >&2; }

[[ $(id -u) == 0 ]] || { say 'dockerd has to be started as root'; exit 1; }
for program in dockerd containerd runc iptables-save; do
  command -v "$program" >/dev/null || {
    say "$program is not installed (Debian: apt-get install docker.io containerd runc iptables)"
    exit 1
  }
done

folder=$(mktemp -d /tmp/gridpeg-dockerd.XXXXXX)
forwarding=$(cat /proc/sys/net/ipv4/ip_forward)
iptables-save >"$folder/rules"
engine=

# The firewall as it was: a table that was not there before had no rules.
restore_rules() {
  grep -q '^\*nat$' "$folder/rules" || printf '*nat\n:%s ACCEPT\n:%s ACCEPT\n:%s ACCEPT\n:%s ACCEPT\nCOMMIT\n' \
    PREROUTING INPUT OUTPUT POSTROUTING >>"$folder/rules"
  grep -q '^\*filter$' "$folder/rules" || printf '*filter\n:%s ACCEPT\n:%s ACCEPT\n:%s ACCEPT\nCOMMIT\n' \
    INPUT FORWARD OUTPUT >>"$folder/rules"
  iptables-restore <"$folder/rules"
}

# Called by the trap only.
# shellcheck disable=SC2317,SC2329
finish() {
  local status=$?
  trap '' INT TERM HUP
  if [[ -n $engine ]]; then
    # Interfaces of networks would outlive the engine.
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force >/dev/null || true
    docker network prune --force >/dev/null || true
    kill "$engine" 2>/dev/null || true
    wait "$engine" || true
    restore_rules
    echo "$forwarding" >/proc/sys/net/ipv4/ip_forward
  fi
  while read -r _ mounted _; do
    if [[ $mounted == "$folder"/* ]]; then umount "$mounted" || true; fi
  done </proc/mounts
  rm -rf --one-file-system "$folder"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

export DOCKER_HOST="unix://$folder/docker.sock"
dockerd --host "$DOCKER_HOST" --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" \
  --bridge none >"$folder/log" 2>&1 &
engine=$!
for ((tries = 0; ; tries++)); do
  if docker info >/dev/null 2>&1; then break; fi
  if [[ $tries == 300 ]] || ! kill -0 "$engine" 2>/dev/null; then
    say 'dockerd did not start; the end of what it said:'
    tail -n 20 "$folder/log" >&2
    exit 1
  fi
  sleep 0.2
done

"$@"
