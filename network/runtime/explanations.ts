// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, the codes of the network with their meanings.

import { type CodeMeaning } from '@gridpeg/protocol';

/**
 * Every code of this package: it exists by having its meaning here, so none is without. Codes are stable: programs and
 * documentation refer to them.
 */
export const networkExplanations = {
  TOPOLOGY_INVALID: {
    summary: 'the topology file cannot be read, or says something that no network can be made of',
    remedy: 'Correct the line that is named; the message says what is allowed there.',
  },
  NESTING_TOO_DEEP: {
    summary: 'a file is nested too deep, or too long',
    remedy: 'Name one of the kind that is asked for.',
  },
  TOPOLOGY_CHANGED: {
    summary:
      'the network in the state folder was made of another topology, ' +
      'and the one given does not only add chains to it',
    remedy:
      'Give the topology it has, with more chains (and organizations, peers, lanes, assets of those), ' +
      'or take it down first (`gridpeg down`).',
  },
  FABRIC_BINARY_MISSING: {
    summary: "the folder named by GRIDPEG_FABRIC_BIN or FABRIC_BIN lacks one of Fabric's programs",
    remedy: 'Name the folder `bin` of a Fabric 3.1 release, or unset the variable: Fabric is then built with Go.',
  },
  FABRIC_BINARY_VERSION: {
    summary: "Fabric's programs in the folder that was named are too old",
    remedy: 'Name the folder of Fabric 3.1 or later, or unset the variable: Fabric is then built with Go.',
  },
  FABRIC_BUILD_FAILED: {
    summary: "Go could not build Fabric's programs",
    remedy: 'Read what Go said below the message; it needs a module proxy or a filled module cache, and disk space.',
  },
  GO_MISSING: {
    summary: 'there are no programs of Fabric on this machine and no Go to build them with',
    remedy: 'Install Go 1.26.1 or later (https://go.dev/dl), or name a folder with the programs in GRIDPEG_FABRIC_BIN.',
  },
  GO_VERSION: {
    summary: 'the Go on PATH is too old to build Fabric',
    remedy: 'Install Go 1.26.1 or later (https://go.dev/dl), or name a folder with the programs in GRIDPEG_FABRIC_BIN.',
  },
  C_COMPILER_MISSING: {
    summary:
      'the topology asks for Fabric CA, there are no programs of it on this machine, ' +
      'and no C compiler to build them',
    remedy:
      'Install one (Debian: `apt-get install gcc libc6-dev`), put Fabric CA on PATH, ' +
      'or leave `ca` out of the topology.',
  },
  ENROLMENT_FAILED: {
    summary: 'a certificate authority did not give an identity its certificate',
    remedy:
      'Read what it said below the message, then its log (`gridpeg logs ca.<domain>`); ' +
      '`gridpeg up` goes on from there.',
  },
  CERTIFICATES_NOT_RENEWABLE: {
    summary: "the network's certificates were made once by cryptogen, which cannot renew them",
    remedy: 'Make a network of a topology with `ca: true`; those of cryptogen hold ten years.',
  },
  TOOL_FAILED: {
    summary: "one of Fabric's commands, or another tool, ended with an error",
    remedy: 'Read its last lines, which follow the message; `gridpeg doctor` looks for the usual causes.',
  },
  TOOL_TIMEOUT: {
    summary: "one of Fabric's commands, or another tool, did not end in time and was ended",
    remedy: 'Try again; if it lasts, `gridpeg doctor` finds nodes that hang.',
  },
  PORT_TAKEN: {
    summary: 'another program listens at the port of a node',
    remedy: 'End that program (`gridpeg doctor` names it), then run `gridpeg up` again.',
  },
  PORT_NONE_FREE: {
    summary: 'not enough TCP ports between 20000 and 31999 are free',
    remedy: 'End programs that listen there; `ss -ltn` lists them.',
  },
  STATE_TAKEN: {
    summary: 'the state folder holds another network: one of its own, or one that was imported',
    remedy: 'Name another folder with --state, or take that network down (`gridpeg down`).',
  },
  NETWORK_NOT_IMPORTED: {
    summary: 'the state folder holds no network that was imported',
    remedy: 'Name the folder of one with --state, or make it with `gridpeg profile import`.',
  },
  STATE_DIR_FOREIGN: {
    summary:
      'the state folder holds files that gridpeg did not make, ' +
      'and it will neither write among them nor remove them',
    remedy: 'Name an empty folder with --state, or one that does not exist.',
  },
  PATH_UNUSABLE: {
    summary: 'the path of the state folder has a character that programs which get it take for something else',
    remedy:
      'Name another folder with --state: no $, quotation mark, backslash or control character, ' +
      'and with containers no colon.',
  },
  STATE_LOCKED: {
    summary: 'another gridpeg is at work on the same network and did not end in time',
    remedy: 'Let it end, or end it; nothing has to be removed.',
  },
  STATE_UNREADABLE: {
    summary: "a file of the network's state is damaged",
    remedy:
      'Run `gridpeg up`, which puts it back or writes it again; ' +
      'where it cannot, put back the file that is named from a backup.',
  },
  STATE_VERSION: {
    summary: "a file of the network's state is whole, and of a form that another version of gridpeg writes",
    remedy: 'Use that version for this network, whose chaincode is of it too; for a new network name another folder.',
  },
  NETWORK_ATTACHED: {
    summary:
      'the network was attached, not brought up here: others run its nodes and chaincode, ' +
      'and keep its ledgers and keys',
    remedy:
      'Deploy and archive with what brought it up, such as `network.sh deployCCAAS` with the ' +
      'next -ccs and another -ccv.',
  },
  NETWORK_NOT_UP: {
    summary: 'there is no network in the state folder, or only half of one',
    remedy: 'Run `gridpeg up`, or name another folder with --state.',
  },
  SNAPSHOT_UNWRITABLE: {
    summary: 'the file that a snapshot shall go to exists, or lies in the folder that is archived',
    remedy: 'Name a new file elsewhere; the message says which one is in the way.',
  },
  SNAPSHOT_BROKEN: {
    summary: 'the file to restore is damaged, cut short, or no archive at all; nothing was changed',
    remedy: 'Take another copy of it (compare their sizes), or another snapshot.',
  },
  SNAPSHOT_FOREIGN: {
    summary: 'the file to restore is an archive that `gridpeg snapshot` did not make; nothing was changed',
    remedy: 'Name a file that `gridpeg snapshot` wrote.',
  },
  SNAPSHOT_PASSPHRASE: {
    summary:
      'the file to restore is sealed, and no passphrase was given or not the one that it was taken ' +
      'with; nothing was changed',
    remedy: 'Name the file of its passphrase with --passphrase-file, or type it on a terminal.',
  },
  SNAPSHOT_CHAINCODE: {
    summary: 'the file to restore names chaincode that is not of this repository and would be run; nothing was changed',
    remedy: 'Look at what lies there, and name its folder with --chaincode if you trust it.',
  },
  SNAPSHOT_VERSION: {
    summary: 'the snapshot was taken by a version of gridpeg whose format this one does not know; nothing was changed',
    remedy: 'Restore it with the version that took it.',
  },
  RESTORE_WOULD_REPLACE: {
    summary: 'there is a network in the folder to restore into, and restoring would end and remove it',
    remedy: 'Name another folder with --state, or say --force if that network may go.',
  },
  NETWORK_RUNS_ELSEWHERE: {
    summary:
      'nodes of the very network that shall be restored run in another folder; two copies would be two histories',
    remedy: 'Take that network down first (`gridpeg --state <folder> down`), then restore again.',
  },
  NODE_UNKNOWN: {
    summary: 'the network has no node of that name',
    remedy: 'Name one that `gridpeg status` lists.',
  },
  NODE_DID_NOT_START: {
    summary: 'a node ended while it started, or did not listen in time',
    remedy: 'Read its last lines, which follow the message, or all of them with `gridpeg logs`; then `gridpeg doctor`.',
  },
  NODE_DID_NOT_END: {
    summary: 'a process of the network was killed and did not end in time',
    remedy: 'See with `ps` what the process that is named waits for, a disk for example; then repeat the command.',
  },
  SEVERAL_FAILED: {
    summary: 'several things that were done at the same time failed of different causes; all others were done',
    remedy: 'Look at each, which the lines below the message name; what they have in common is often the cause.',
  },
  DISK_FULL: {
    summary: 'the file system is full, or the quota of this user is used up',
    remedy: 'Make room, and run the command again.',
  },
  NOT_REFILLABLE: {
    summary: 'this node is no peer or orderer, or no node runs that has the ledger which it lacks',
    remedy: 'Start another node of its chain and of its kind, or put all back from a backup (`gridpeg restore`).',
  },
  NODE_NOT_RUNNING: {
    summary: 'only a node that runs can be paused or resumed',
    remedy: 'Start it first (`gridpeg node start`).',
  },
  CHAIN_UNKNOWN: {
    summary: 'the network has no chain of that name',
    remedy: 'Name one that `gridpeg status` lists.',
  },
  CHAINCODE_MISSING: {
    summary: 'the folder of a chaincode is not there, not built, or its dependencies are not installed',
    remedy: 'Correct the path in the topology, or run `npm install` and `npm run build`.',
  },
  CHAINCODE_VERSION_INVALID: {
    summary: "the version given for an upgrade is none by the rules of Fabric's life cycle",
    remedy: 'Use letters, digits, dots, dashes, + and _, at most 64 of them.',
  },
  CHAINCODE_VERSION_TAKEN: {
    summary: 'the chaincode of a chain has changed, and the version for it is the one it has already',
    remedy: 'Give another with --version: a version stands for one code.',
  },
  DEV_DRIVER_UNSUITABLE: {
    summary: 'the chaincode of this network runs in containers, whose images would have to be built for every change',
    remedy: 'Bring a network up natively for development (`gridpeg --state .gridpeg-dev up --driver native`).',
  },
  CHAINCODE_DEFINITION_DIFFERS: {
    summary: 'the chaincode is committed on the chain with another endorsement policy',
    remedy: 'Deploy it with the policy it has, or under another name.',
  },
  CHAINCODE_DOES_NOT_ANSWER: {
    summary: 'a chaincode service runs, or should, and its peer gets no answer from it',
    remedy: "Read the service's log (`gridpeg logs`); `gridpeg doctor` tells a dead, a paused and a stale one apart.",
  },
  COLLECTIONS_INVALID: {
    summary: 'private data collections that Fabric would not take: malformed, or an upgrade drops one that exists',
    remedy: 'Correct the collections that the message names. Keep existing ones with the blockToLive they have.',
  },
  CONTAINER_CLI_MISSING: {
    summary: 'the command of the container engine cannot be run',
    remedy: 'Install Docker (https://docs.docker.com/engine/install), or use `--driver native`.',
  },
  CONTAINER_ENGINE_DOWN: {
    summary: 'the container engine does not answer',
    remedy: 'Start it and see that you may use it (`docker info`), or use `--driver native`.',
  },
  COMPOSE_MISSING: {
    summary: 'neither Compose v2 nor docker-compose can be run',
    remedy: 'Install one of them, or name it in CONTAINER_CLI_COMPOSE.',
  },
  CONTAINER_COMMAND_FAILED: {
    summary: 'the container engine could not do what was asked',
    remedy: 'Read what it said below the message, look at `docker info` and `docker ps -a`, then try again.',
  },
  IMAGE_BUILD_FAILED: {
    summary: 'an image could not be pulled, or the image of a chaincode could not be built',
    remedy: 'Let the engine reach a registry or give it an image of that name, and see that it has disk space.',
  },
  TEST_NETWORK_INCOMPLETE: {
    summary: "the folder named is no test-network of Fabric's samples, or its channels or chaincodes are not there yet",
    remedy: 'Run `gridpeg test-network deploy` on it; the message names everything that is missing.',
  },
  TEST_NETWORK_DOWN: {
    summary: 'the test-network was taken down, or a peer does not listen at the address in its connection profile',
    remedy: 'Start it with its network.sh, or run `gridpeg test-network deploy`, which does.',
  },
  TEST_NETWORK_REPLACED: {
    summary: 'the test-network was taken down and brought up again since it was attached, so its chains are others',
    remedy: 'Run `gridpeg test-network deploy` on it: the new one is pegged, the old one cannot be had back.',
  },
  PLATFORM_UNSUPPORTED: {
    summary: 'the native driver finds its processes in /proc, which this system does not have',
    remedy: 'Use Linux (on Windows: WSL 2), with /proc mounted.',
  },
  NODEJS_MISSING: {
    summary: 'chaincode services and scripts need a "node" on PATH, and there is none that works',
    remedy: 'Install Node 20.19 or later (https://nodejs.org) and put it on PATH.',
  },
  NODEJS_VERSION: {
    summary: 'the Node that runs gridpeg, or the one on PATH, is too old',
    remedy: 'Install Node 20.19 or later (https://nodejs.org) and put it on PATH.',
  },
  DISK_LOW: {
    summary: 'the file system of the state folder is nearly full',
    remedy: 'Make room, or name a folder elsewhere with --state.',
  },
  MEMORY_LOW: {
    summary: 'too little memory is left for a network',
    remedy: 'End other programs; a network needs about 1.5 GB.',
  },
  OPEN_FILES_LOW: {
    summary: 'a process may open too few files and connections for a peer to work',
    remedy: 'Raise the limit (ulimit -n 4096), and restart the nodes.',
  },
  CLOCK_SKEWED: {
    summary: "the clocks of this machine and of a node differ, or a certificate's validity lies in the future",
    remedy: 'Synchronise the clocks (timedatectl set-ntp true): chaincode refuses what is more than a minute off.',
  },
  CERTIFICATE_EXPIRED: {
    summary: 'the certificate of a node, a user or an authority has expired',
    remedy: 'Run `gridpeg certificates renew`; those of cryptogen hold ten years and cannot be renewed.',
  },
  CERTIFICATE_EXPIRING: {
    summary: 'the certificate of a node, a user or an authority expires within a month, and most of its life is over',
    remedy:
      'Run `gridpeg certificates renew` before that day; those of cryptogen hold ten years and cannot be renewed.',
  },
  CERTIFICATE_UNREADABLE: {
    summary: 'a file that should be a certificate is none',
    remedy: 'Run `gridpeg up`, which puts back its copy; where there is none, put it back from a backup.',
  },
  KEY_UNREADABLE: {
    summary: 'a private key is damaged, or its owner may not read it',
    remedy:
      'Set mode 600 (`gridpeg doctor --fix` does); where it is damaged, run `gridpeg up`, ' +
      'which puts back its copy.',
  },
  KEY_EXPOSED: {
    summary: 'a private key can be read by other users of this machine',
    remedy: 'Set mode 600; `gridpeg doctor --fix` does.',
  },
  KEY_MISMATCH: {
    summary: 'a private key is not that of the certificate beside it',
    remedy: 'Put the one that belongs there back from a backup; a snapshot holds it too.',
  },
  NODE_DEAD: {
    summary: 'a node was started once and does not run',
    remedy: 'Start it (`gridpeg node start`, or `gridpeg doctor --fix`); `gridpeg logs` says why it ended.',
  },
  ENVIRONMENT_VARIABLE: {
    summary: 'a variable of the environment changes what libraries, Node or Go do',
    remedy: 'Unset it unless you mean it; the message says what it does.',
  },
  ENVIRONMENT_PROXY: {
    summary: 'calls to peers on other machines go through the proxy that a variable of the environment names',
    remedy: 'Name these hosts in no_proxy, or unset the variable, unless the proxy passes gRPC on.',
  },
  NODE_PAUSED: {
    summary: 'a node is halted: it keeps its connections and answers nothing',
    remedy: 'Let it go on (`gridpeg node resume`, or `gridpeg doctor --fix`).',
  },
  NODE_HANGS: {
    summary: 'a node runs and its operations service does not answer',
    remedy: 'Read its log (`gridpeg logs`); if it lasts, restart it (`gridpeg restart`).',
  },
  NODE_UNWELL: {
    summary: 'a node answers that it is not well',
    remedy: 'Read its log (`gridpeg logs`).',
  },
  NETWORK_HALF_STARTED: {
    summary: 'a `gridpeg up` of this network did not come to its end',
    remedy: 'Run `gridpeg up` again, which goes on where it stopped, or `gridpeg down`.',
  },
  STATE_MOVED: {
    summary:
      'the state folder was moved or copied: its files name another folder, and maybe the ports of another network',
    remedy: 'Move it back. To have it elsewhere, move it back, take a snapshot, and restore that with --state.',
  },
  PARTIAL_FILES: {
    summary: 'a crash left files half written',
    remedy: 'Remove them; `gridpeg doctor --fix` does. Nothing reads them.',
  },
  PROCESS_LEFT_OVER: {
    summary: 'nodes of a network run on though its state folder, or all that was in it, is gone',
    remedy: 'End them (`gridpeg --state <the folder> down`, or `gridpeg doctor --fix`).',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
