#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prepares this repository, then runs `gridpeg test-network deploy`, or with --down `gridpeg test-network down`, which
# say with --help what they do and which options they take.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
command=deploy
arguments=()
for argument in "$@"; do
  if [ "$argument" = --down ]; then command=down; else arguments+=("$argument"); fi
done
node "$repository/scripts/prepare.mjs"
exec node "$repository/gateway-app/bin/gridpeg.js" test-network "$command" ${arguments[@]+"${arguments[@]}"}
