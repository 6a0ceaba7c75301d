#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts the three chains on the test-network of Fabric's samples, by its own network.sh, and pegs them to each other.
set -euo pipefail

usage() {
  cat <<'HELP'
Usage: scripts/deploy-to-test-network.sh [options] <path-to>/test-network

Brings the test-network of Fabric's samples up if it is not, creates the channels city, microgrid and charging, deploys
one chaincode on each as a service (network.sh deployCCAAS), and attaches gridpeg: peg configuration and two notaries.
What is done already is not done again.

Options:
  --redeploy        deploy the chaincodes again, as they are now, under a new version
  --down            take down what this made: notaries, chaincode containers, and the test-network if this brought it up
  --with-network    with --down: the test-network as well, whoever brought it up
  --ca              bring the test-network up with Fabric CA instead of cryptogen
  --state <folder>  gridpeg's folder (default: .gridpeg in the working folder)
  -h, --help        this text

Needs a container engine with Compose, and jq. Fabric's programs and their configuration come from the samples' bin and
config folders, or from PATH; what is missing is built with Go from Fabric's sources. CONTAINER_CLI and
CONTAINER_CLI_COMPOSE are honoured as network.sh does. What network.sh and the engine say goes to a file, which is named
when something fails.

Examples:
  scripts/deploy-to-test-network.sh ../fabric-samples/test-network
  node gateway-app/bin/gridpeg.js day
  scripts/deploy-to-test-network.sh --down ../fabric-samples/test-network
HELP
}

say() { printf 'gridpeg: %s\n' "$*" >&2; }
fail() {
  say "$1: $2"
  exit "${3:-1}"
}

chains=(city microgrid charging)
organizations=(1 2)
nodes=(orderer.example.com peer0.org1.example.com peer0.org2.example.com)
# Both endorse: an organization that lies can't write alone. No blanks: network.sh does not quote it.
policy="AND('Org1MSP.peer','Org2MSP.peer')"
answer_seconds=120
# A slow machine gets more time than the samples give it: their peer command waits three seconds for a connection.
tries=10
export CORE_PEER_CLIENT_CONNTIMEOUT=${CORE_PEER_CLIENT_CONNTIMEOUT:-30s}

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=.gridpeg
redeploy=false down=false with_network=false crypto=()
folder=''
while [ $# -gt 0 ]; do
  case $1 in
    --redeploy) redeploy=true ;;
    --down) down=true ;;
    --with-network) with_network=true ;;
    --ca) crypto=(-ca) ;;
    --state)
      [ $# -gt 1 ] || fail USAGE '--state needs a folder. See --help.' 2
      state=$2
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*) fail USAGE "unknown option $1. See --help." 2 ;;
    *)
      [ -z "$folder" ] || fail USAGE "one test-network at a time, not $folder and $1. See --help." 2
      folder=$1
      ;;
  esac
  shift
done
[ -n "$folder" ] || fail USAGE 'the path of the test-network is missing. See --help.' 2
[ -f "$folder/network.sh" ] ||
  fail TEST_NETWORK_INCOMPLETE "$folder has no network.sh. Name the folder test-network of Fabric's samples."

network=$(cd "$folder" && pwd -P)
mkdir -p "$(dirname "$state")"
state=$(cd "$(dirname "$state")" && pwd)/$(basename "$state")
engine=${CONTAINER_CLI:-docker}
# network.sh takes docker-compose where there is one; the old one by that name can't read all of the samples' files.
if [ -z "${CONTAINER_CLI_COMPOSE:-}" ] && "$engine" compose version >/dev/null 2>&1; then
  export CONTAINER_CLI_COMPOSE="$engine compose"
fi
# Gridpeg's own programs come last: network.sh finds those of the samples before PATH.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gridpeg
programs=$cache/test-network/bin
for built in "$cache"/fabric/*/bin "$programs"; do PATH=$PATH:$built; done
export PATH="$network/../bin:$PATH"
# That this brought the network up, for --down; beside the network, where a second clone of ours finds it too. It holds the
# network's identity: another one may be in its place by then.
mark=$network/.brought-up-by-gridpeg
log=$(mktemp "${TMPDIR:-/tmp}/gridpeg-deploy.XXXXXX.log")
# An empty log, or one of a run that went well, is of no use to anybody.
trap 'if [ $? = 0 ] || [ ! -s "$log" ]; then rm -f "$log"; fi' EXIT

# What it and Fabric's programs say is thousands of lines, and of use only when something fails.
network_sh() {
  printf '\n== network.sh %s\n' "$*" >>"$log"
  (cd "$network" && bash ./network.sh "$@") >>"$log" 2>&1
}
fail_in_log() { fail "$1" "$2: $(last_line). Read $log."; }
# Without colours, and without the full stop that follows here.
last_line() { sed 's/\x1b\[[0-9;]*m//g; s/[.[:space:]]*$//' "$log" | grep . | tail -1; }
gridpeg() { node "$repository/gateway-app/bin/gridpeg.js" --state "$state" "$@"; }

# Tells this network from another one in the same place: the authority of its orderers, and the first block of a channel.
identity() {
  local file authority=organizations/ordererOrganizations/example.com/tlsca/tlsca.example.com-cert.pem
  for file in "$network/$authority" "$network/channel-artifacts/${chains[0]}.block"; do
    if [ -f "$file" ]; then cat "$file"; else echo none; fi
  done | sha256sum | cut -d' ' -f1
}
is_ours() { [ -f "$mark" ] && [ "$(cat "$mark")" = "$(identity)" ]; }

# Whether gridpeg's folder is of this network; the only one there is may be of another network, with its nodes and ledgers.
is_state_of_this() {
  node -e 'process.exit(JSON.parse(require("fs").readFileSync(process.argv[1])).attached === process.argv[2] ? 0 : 1)' \
    "$state/plan.json" "$network" 2>/dev/null
}

# The environment of the peer command, as one organization's administrator.
as_organization() {
  local domain=org$1.example.com msp=Org$1MSP port=7051
  [ "$1" = 1 ] || port=9051
  shift
  local organization=$network/organizations/peerOrganizations/$domain
  FABRIC_CFG_PATH=$network/../config FABRIC_LOGGING_SPEC=error \
    CORE_PEER_TLS_ENABLED=true CORE_PEER_LOCALMSPID=$msp \
    CORE_PEER_ADDRESS=localhost:$port \
    CORE_PEER_TLS_ROOTCERT_FILE=$organization/tlsca/tlsca.$domain-cert.pem \
    CORE_PEER_MSPCONFIGPATH=$organization/users/Admin@$domain/msp \
    "$@"
}

remove_services() {
  local organization
  for organization in "${organizations[@]}"; do
    "$engine" rm -f "peer0org${organization}_$1_ccaas" >/dev/null 2>&1 || true
  done
  # Or it would be left behind without a name when another one takes it.
  "$engine" image rm -f "$1_ccaas_image:latest" >/dev/null 2>&1 || true
}

services_run() {
  local organization
  for organization in "${organizations[@]}"; do runs "peer0org${organization}_$1_ccaas" || return 1; done
}

runs() { [ "$("$engine" inspect -f '{{.State.Status}}' "$1" 2>/dev/null)" = running ]; }

is_up() {
  local node
  [ -d "$network/organizations/peerOrganizations/org2.example.com" ] || return 1
  for node in "${nodes[@]}"; do runs "$node" || return 1; done
}

is_some_up() {
  local node
  for node in "${nodes[@]}"; do if runs "$node"; then return 0; fi; done
  return 1
}

# network.sh returns before its nodes listen, and then gives them a few seconds only.
await_peers() {
  local organization deadline=$((SECONDS + answer_seconds))
  for organization in "${organizations[@]}"; do
    until as_organization "$organization" timeout 20 peer channel list >/dev/null 2>&1; do
      if [ "$SECONDS" -lt "$deadline" ] && is_up; then
        sleep 1
        continue
      fi
      fail TEST_NETWORK_DOWN \
        "orderer and peers do not all run and answer. Read \"$engine ps -a\" and \"$engine logs\" of ${nodes[*]}."
    done
  done
}

# Both peers have joined.
has_channel() {
  local organization
  for organization in "${organizations[@]}"; do
    # Not as a pipe: what grep does not wait for would count as a failure of peer.
    grep -qx "$1" <<<"$(as_organization "$organization" peer channel list 2>/dev/null)" || return 1
  done
  [ -f "$network/channel-artifacts/$1.block" ]
}

committed() { as_organization 1 peer lifecycle chaincode querycommitted --channelID "$1" --name "$1" 2>/dev/null; }

answers() {
  as_organization "$2" timeout 20 peer chaincode query --channelID "$1" --name "$1" \
    --ctor '{"Args":["org.hyperledger.fabric:GetMetadata"]}' 2>&1
}

# deployCCAAS returns before the services listen.
await_answers() {
  local organization answer deadline=$((SECONDS + answer_seconds))
  for organization in "${organizations[@]}"; do
    until answer=$(answers "$1" "$organization"); do
      [ "$SECONDS" -lt "$deadline" ] || fail CHAINCODE_DOES_NOT_ANSWER \
        "chaincode $1 does not answer peer0.org$organization.example.com after $answer_seconds s ($(
          tail -1 <<<"$answer"
        )). Read \"$engine logs peer0org${organization}_$1_ccaas\"."
      sleep 1
    done
  done
}

# What a new version is called: the first is 1.0, each redeployment counts on.
next_version() {
  local before
  before=$(committed "$1" | sed -n 's/^Version: 1\.\([0-9]*\),.*/\1/p' | head -1)
  if [ -n "$before" ]; then echo "1.$((before + 1))"; else echo 1.0; fi
}

deploy() {
  local chain=$1 version
  if ! $redeploy && [ -n "$(committed "$chain")" ] && services_run "$chain"; then
    say "chaincode $chain is there"
  else
    version=$(next_version "$chain")
    say "chaincode $chain $version: deploying"
    # Their names are taken otherwise, and the peers would wait for services of the version before.
    remove_services "$chain"
    network_sh deployCCAAS -c "$chain" -ccn "$chain" -ccp "$repository/chaincode/$chain" -ccv "$version" \
      -ccep "$policy" -r "$tries" ||
      fail_in_log TOOL_FAILED "network.sh deployCCAAS failed for $chain"
  fi
  await_answers "$chain"
}

# The chaincodes' base image is an official one; where no registry has it to give, this machine's Node serves.
provide_base_image() {
  local image root program library
  image=$(sed -n 's/^ARG NODE_IMAGE=//p' "$repository/chaincode/city/Dockerfile")
  "$engine" image inspect "$image" >/dev/null 2>&1 || "$engine" pull -q "$image" >/dev/null 2>&1 && return
  say "image $image: made of this machine's Node, as no registry has it to give"
  root=$(mktemp -d)
  for program in node sh grep; do
    install -D "$(readlink -f "$(command -v "$program")")" "$root/usr/local/bin/$program"
    while read -r library; do install -D "$(readlink -f "$library")" "$root$library"; done \
      < <(ldd "$root/usr/local/bin/$program" | grep -o '/[^ ]*')
  done
  mkdir -p "$root/bin" "$root/etc" "$root/tmp"
  ln -s /usr/local/bin/sh "$root/bin/sh"
  tar -C "$root" --owner=0 --group=0 -c . | "$engine" import -c 'ENV PATH=/usr/local/bin:/bin' - "$image" >/dev/null
  rm -rf "$root"
}

# Where the samples' programs are not installed, those of gridpeg serve, and what it does not have itself is built.
provide_programs() {
  local program missing=() sources
  command -v jq >/dev/null || fail FABRIC_BINARY_MISSING \
    'no jq on PATH, which network.sh needs. Install it (Debian: apt-get install jq).'
  for program in peer configtxgen configtxlator cryptogen osnadmin; do
    command -v "$program" >/dev/null || missing+=("github.com/hyperledger/fabric/cmd/$program")
  done
  if [ ${#missing[@]} = 0 ] && [ -d "$network/../config" ]; then return; fi
  command -v go >/dev/null || fail FABRIC_BINARY_MISSING \
    "the samples' bin and config lack ${missing[*]##*/} core.yaml, and there is no Go to make them with. \
Install the samples' programs: install-fabric.sh binary."
  if [ ${#missing[@]} -gt 0 ]; then
    say "building ${missing[*]##*/}, once: the samples' programs are not installed"
    (
      cd "$repository/network/fabric"
      CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$programs/" "${missing[@]}"
    ) >>"$log" 2>&1 ||
      fail_in_log FABRIC_BUILD_FAILED "building ${missing[*]##*/} failed"
  fi
  if [ ! -d "$network/../config" ]; then
    say "making $(dirname "$network")/config, from Fabric's sources"
    sources=$(cd "$repository/network/fabric" && go mod download github.com/hyperledger/fabric >>"$log" 2>&1 &&
      go list -m -f '{{.Dir}}' github.com/hyperledger/fabric) ||
      fail_in_log FABRIC_BUILD_FAILED "Fabric's sources are not to be had"
    mkdir "$network/../config"
    install -m 644 "$sources"/sampleconfig/*.yaml "$network/../config"
  fi
}

# Compose 1.29 leaves them when network.sh takes the network down, and they would not go with new keys.
remove_ledgers() {
  local node
  for node in "${nodes[@]}"; do "$engine" volume rm -f "compose_$node" >/dev/null 2>&1 || true; done
}

take_down() {
  local chain
  if [ ! -e "$state" ] || is_state_of_this; then
    gridpeg down --yes
  else
    say "$state is of another network, and stays as it is"
  fi
  for chain in "${chains[@]}"; do remove_services "$chain"; done
  if $with_network || is_ours; then
    network_sh down || fail_in_log TOOL_FAILED 'network.sh down failed'
    remove_ledgers
    "$engine" network rm fabric_test >/dev/null 2>&1 || true
    say 'the test-network is down'
  elif is_some_up; then
    say "the test-network was not brought up by this, and goes on: --with-network takes it down, too"
  else
    say 'no test-network runs'
  fi
  rm -f "$mark"
}

node "$repository/scripts/prepare.mjs"
if $down; then
  take_down
  exit 0
fi
if [ -e "$state/plan.json" ] && ! is_state_of_this; then
  fail TOPOLOGY_CHANGED "$state holds another network than the one in $network. Name another folder with --state."
fi
# network.sh finds out half-way, and what it has half made it can't go on with.
provide_programs
"$engine" info >/dev/null 2>&1 || fail CONTAINER_ENGINE_DOWN "$engine does not answer. Start it, and see that you may use it."

if is_up; then
  say 'the test-network is up'
else
  say 'bringing the test-network up'
  [ -d "$network/organizations/peerOrganizations" ] || remove_ledgers
  came_up=true
  network_sh up "${crypto[@]}" || came_up=false
  # What came up in part is ours as well.
  identity >"$mark"
  $came_up || fail_in_log TOOL_FAILED 'network.sh up failed'
fi
await_peers
for chain in "${chains[@]}"; do
  if has_channel "$chain"; then
    say "channel $chain is there"
  else
    # network.sh would make another genesis block for a channel that the orderer has already.
    [ ! -f "$network/channel-artifacts/$chain.block" ] || fail TEST_NETWORK_INCOMPLETE \
      "channel $chain was left half made by an earlier run. Take the test-network down (--down --with-network), then run this again."
    say "channel $chain: creating"
    if is_ours; then ours=true; else ours=false; fi
    network_sh createChannel -c "$chain" -r "$tries" ||
      fail_in_log TOOL_FAILED "network.sh createChannel failed for $chain"
    if $ours; then identity >"$mark"; fi
  fi
done
provide_base_image
for chain in "${chains[@]}"; do deploy "$chain"; done
# What fails from here on is none of network.sh's doing.
: >"$log"
gridpeg attach "$network"
say "next: node gateway-app/bin/gridpeg.js --state $state day"
