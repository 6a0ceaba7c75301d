#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: test-docker.sh [JEST-ARGUMENT...]
# Runs the tests on a real network with all its nodes in containers. Images that no registry has are made first. With
# GRIDPEG_START_DOCKERD=1 an engine is started for them where none answers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export GRIDPEG_DRIVER=docker
# Patterns come first: what follows --selectProjects names projects.
# shellcheck disable=SC2016
tests=(bash -c 'node test/dist/harness/docker-images/main.js && exec node_modules/.bin/jest "$@" --selectProjects integration' tests "$@")
if docker info >/dev/null 2>&1; then exec "${tests[@]}"; fi
if [[ ${GRIDPEG_START_DOCKERD:-} == 1 ]]; then exec scripts/with-dockerd.sh "${tests[@]}"; fi
echo 'test:docker: no container engine answers ("docker info"): start one, or set GRIDPEG_START_DOCKERD=1 to have one started as root' >&2
exit 1
