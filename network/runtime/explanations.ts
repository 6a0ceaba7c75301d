// SPDX-License-Identifier: Apache-2.0

/** What a code means, for whoever meets it without its message. */
interface CodeMeaning {
  /** What happened, without a full stop. */
  readonly what: string;
  /** What to do about it, as a whole sentence. */
  readonly todo: string;
}

/**
 * Every code of this package: it exists by having its meaning here, so none is without. Codes are stable: programs and
 * documentation refer to them.
 */
export const networkExplanations = {
  TOPOLOGY_INVALID: {
    what: 'the topology file cannot be read, or says something that no network can be made of',
    todo: 'Correct the line that is named; the message says what is allowed there.',
  },
  NESTING_TOO_DEEP: { what: 'a file is nested too deep, or too long', todo: 'Name one of the kind that is asked for.' },
  TOPOLOGY_CHANGED: {
    what:
      'the network in the state folder was made of another topology, ' +
      'and the one given does not only add chains to it',
    todo:
      'Give the topology it has, with more chains (and organizations, peers, lanes, assets of those), ' +
      'or take it down first (`gridpeg down`).',
  },
  FABRIC_BINARY_MISSING: {
    what: "the folder named by GRIDPEG_FABRIC_BIN or FABRIC_BIN lacks one of Fabric's programs",
    todo: 'Name the folder `bin` of a Fabric 3.1 release, or unset the variable: Fabric is then built with Go.',
  },
  FABRIC_BINARY_VERSION: {
    what: "Fabric's programs in the folder that was named are too old",
    todo: 'Name the folder of Fabric 3.1 or later, or unset the variable: Fabric is then built with Go.',
  },
  FABRIC_BUILD_FAILED: {
    what: "Go could not build Fabric's programs",
    todo: 'Read what Go said below the message; it needs a module proxy or a filled module cache, and disk space.',
  },
  GO_MISSING: {
    what: 'there are no programs of Fabric on this machine and no Go to build them with',
    todo: 'Install Go 1.26.1 or later (https://go.dev/dl), or name a folder with the programs in GRIDPEG_FABRIC_BIN.',
  },
  GO_VERSION: {
    what: 'the Go on PATH is too old to build Fabric',
    todo: 'Install Go 1.26.1 or later (https://go.dev/dl), or name a folder with the programs in GRIDPEG_FABRIC_BIN.',
  },
  C_COMPILER_MISSING: {
    what:
      'the topology asks for Fabric CA, there are no programs of it on this machine, ' +
      'and no C compiler to build them',
    todo:
      'Install one (Debian: `apt-get install gcc libc6-dev`), put Fabric CA on PATH, ' +
      'or leave `ca` out of the topology.',
  },
  ENROLMENT_FAILED: {
    what: 'a certificate authority did not give an identity its certificate',
    todo:
      'Read what it said below the message, then its log (`gridpeg logs ca.<domain>`); ' +
      '`gridpeg up` goes on from there.',
  },
  CERTIFICATES_NOT_RENEWABLE: {
    what: "the network's certificates were made once by cryptogen, which cannot renew them",
    todo: 'Make a network of a topology with `ca: true`; those of cryptogen hold ten years.',
  },
  TOOL_FAILED: {
    what: "one of Fabric's commands, or another tool, ended with an error",
    todo: 'Read its last lines, which follow the message; `gridpeg doctor` looks for the usual causes.',
  },
  TOOL_TIMEOUT: {
    what: "one of Fabric's commands, or another tool, did not end in time and was ended",
    todo: 'Try again; if it lasts, `gridpeg doctor` finds nodes that hang.',
  },
  PORT_TAKEN: {
    what: 'another program listens at the port of a node',
    todo: 'End that program (`gridpeg doctor` names it), then run `gridpeg up` again.',
  },
  PORT_NONE_FREE: {
    what: 'not enough TCP ports between 20000 and 31999 are free',
    todo: 'End programs that listen there; `ss -ltn` lists them.',
  },
  STATE_TAKEN: {
    what: 'the state folder holds another network: one of its own, or one that was imported',
    todo: 'Name another folder with --state, or take that network down (`gridpeg down`).',
  },
  NETWORK_NOT_IMPORTED: {
    what: 'the state folder holds no network that was imported',
    todo: 'Name the folder of one with --state, or make it with `gridpeg profile import`.',
  },
  STATE_DIR_FOREIGN: {
    what:
      'the state folder holds files that gridpeg did not make, ' +
      'and it will neither write among them nor remove them',
    todo: 'Name an empty folder with --state, or one that does not exist.',
  },
  PATH_UNUSABLE: {
    what: 'the path of the state folder has a character that programs which get it take for something else',
    todo:
      'Name another folder with --state: no $, quotation mark, backslash or control character, ' +
      'and with containers no colon.',
  },
  STATE_LOCKED: {
    what: 'another gridpeg is at work on the same network and did not end in time',
    todo: 'Let it end, or end it; nothing has to be removed.',
  },
  STATE_UNREADABLE: {
    what: "a file of the network's state is damaged",
    todo:
      'Run `gridpeg up`, which puts it back or writes it anew; ' +
      'where it cannot, put back the file that is named from a backup.',
  },
  STATE_VERSION: {
    what: "a file of the network's state is whole, and of a form that another version of gridpeg writes",
    todo: 'Use that version for this network, whose chaincode is of it too; for a new network name another folder.',
  },
  NETWORK_ATTACHED: {
    what:
      'the network was attached, not brought up here: others run its nodes and chaincode, ' +
      'and keep its ledgers and keys',
    todo:
      'Deploy and archive with what brought it up, such as `network.sh deployCCAAS` with the ' +
      'next -ccs and another -ccv.',
  },
  NETWORK_NOT_UP: {
    what: 'there is no network in the state folder, or only half of one',
    todo: 'Run `gridpeg up`, or name another folder with --state.',
  },
  SNAPSHOT_UNWRITABLE: {
    what: 'the file that a snapshot shall go to exists, or lies in the folder that is archived',
    todo: 'Name a new file elsewhere; the message says which one is in the way.',
  },
  SNAPSHOT_BROKEN: {
    what: 'the file to restore is damaged, cut short, or no archive at all; nothing was changed',
    todo: 'Take another copy of it (compare their sizes), or another snapshot.',
  },
  SNAPSHOT_FOREIGN: {
    what: 'the file to restore is an archive that `gridpeg snapshot` did not make; nothing was changed',
    todo: 'Name a file that `gridpeg snapshot` wrote.',
  },
  SNAPSHOT_PASSPHRASE: {
    what:
      'the file to restore is sealed, and no passphrase was given or not the one that it was taken ' +
      'with; nothing was changed',
    todo: 'Name the file of its passphrase with --passphrase-file, or type it on a terminal.',
  },
  SNAPSHOT_CHAINCODE: {
    what: 'the file to restore names chaincode that is not of this repository and would be run; nothing was changed',
    todo: 'Look at what lies there, and name its folder with --chaincode if you trust it.',
  },
  SNAPSHOT_VERSION: {
    what: 'the snapshot was taken by a version of gridpeg whose format this one does not know; nothing was changed',
    todo: 'Restore it with the version that took it.',
  },
  RESTORE_WOULD_REPLACE: {
    what: 'there is a network in the folder to restore into, and restoring would end and remove it',
    todo: 'Name another folder with --state, or say --force if that network may go.',
  },
  NETWORK_RUNS_ELSEWHERE: {
    what: 'nodes of the very network that shall be restored run in another folder; two copies would be two histories',
    todo: 'Take that network down first (`gridpeg --state <folder> down`), then restore again.',
  },
  NODE_UNKNOWN: {
    what: 'the network has no node of that name',
    todo: 'Name one that `gridpeg status` lists.',
  },
  NODE_DID_NOT_START: {
    what: 'a node ended while it started, or did not listen in time',
    todo: 'Read its last lines, which follow the message, or all of them with `gridpeg logs`; then `gridpeg doctor`.',
  },
  NODE_DID_NOT_END: {
    what: 'a process of the network was killed and did not end in time',
    todo: 'See with `ps` what the process that is named waits for, a disk for example; then repeat the command.',
  },
  SEVERAL_FAILED: {
    what: 'several things that were done at the same time failed of different causes; all others were done',
    todo: 'Look at each, which the lines below the message name; what they have in common is often the cause.',
  },
  DISK_FULL: {
    what: 'the file system is full, or the quota of this user is used up',
    todo: 'Make room, and run the command again.',
  },
  NOT_REFILLABLE: {
    what: 'the ledger of this node cannot be filled again from others: only a peer can, or an orderer under SmartBFT',
    todo: 'Start it as it is (`gridpeg node start`), or put its data back from a backup (`gridpeg restore`).',
  },
  NODE_NOT_RUNNING: {
    what: 'only a node that runs can be paused or resumed',
    todo: 'Start it first (`gridpeg node start`).',
  },
  CHAIN_UNKNOWN: {
    what: 'the network has no chain of that name',
    todo: 'Name one that `gridpeg status` lists.',
  },
  CHAINCODE_MISSING: {
    what: 'the folder of a chaincode is not there, not built, or its dependencies are not installed',
    todo: 'Correct the path in the topology, or run `npm install` and `npm run build`.',
  },
  CHAINCODE_VERSION_INVALID: {
    what: "the version given for an upgrade is none by the rules of Fabric's life cycle",
    todo: 'Use letters, digits, dots, dashes, + and _, at most 64 of them.',
  },
  CHAINCODE_VERSION_TAKEN: {
    what: 'the chaincode of a chain has changed, and the version for it is the one it has already',
    todo: 'Give another with --version: a version stands for one code.',
  },
  DEV_DRIVER_UNSUITABLE: {
    what: 'the chaincode of this network runs in containers, whose images would have to be built for every change',
    todo: 'Bring a network up natively for development (`gridpeg --state .gridpeg-dev up --driver native`).',
  },
  CHAINCODE_DEFINITION_DIFFERS: {
    what: 'the chaincode is committed on the chain with another endorsement policy',
    todo: 'Deploy it with the policy it has, or under another name.',
  },
  CHAINCODE_DOES_NOT_ANSWER: {
    what: 'a chaincode service runs, or should, and its peer gets no answer from it',
    todo: "Read the service's log (`gridpeg logs`); `gridpeg doctor` tells a dead, a paused and a stale one apart.",
  },
  COLLECTIONS_INVALID: {
    what: 'private data collections that Fabric would not take: malformed, or an upgrade drops one that exists',
    todo: 'Correct the collections that the message names. Keep existing ones with the blockToLive they have.',
  },
  CONTAINER_CLI_MISSING: {
    what: 'the command of the container engine cannot be run',
    todo: 'Install Docker (https://docs.docker.com/engine/install), or use `--driver native`.',
  },
  CONTAINER_ENGINE_DOWN: {
    what: 'the container engine does not answer',
    todo: 'Start it and see that you may use it (`docker info`), or use `--driver native`.',
  },
  COMPOSE_MISSING: {
    what: 'neither Compose v2 nor docker-compose can be run',
    todo: 'Install one of them, or name it in CONTAINER_CLI_COMPOSE.',
  },
  CONTAINER_COMMAND_FAILED: {
    what: 'the container engine could not do what was asked',
    todo: 'Read what it said below the message, look at `docker info` and `docker ps -a`, then try again.',
  },
  IMAGE_BUILD_FAILED: {
    what: 'an image could be neither pulled nor built',
    todo: 'Let the engine reach a registry, or see that it has disk space and the programs named are on PATH.',
  },
  TEST_NETWORK_INCOMPLETE: {
    what: "the folder named is no test-network of Fabric's samples, or its channels or chaincodes are not there yet",
    todo: 'Run scripts/deploy-to-test-network.sh on it; the message names everything that is missing.',
  },
  TEST_NETWORK_DOWN: {
    what: 'the test-network was taken down, or a peer does not listen at the address in its connection profile',
    todo: 'Start it with its network.sh, or run scripts/deploy-to-test-network.sh, which does.',
  },
  TEST_NETWORK_REPLACED: {
    what: 'the test-network was taken down and brought up anew since it was attached, so its chains are others',
    todo: 'Run scripts/deploy-to-test-network.sh on it: the new one is pegged, the old one cannot be had back.',
  },
  PLATFORM_UNSUPPORTED: {
    what: 'the native driver finds its processes in /proc, which this system does not have',
    todo: 'Use Linux (on Windows: WSL 2), with /proc mounted.',
  },
  NODEJS_MISSING: {
    what: 'chaincode services and scripts need a "node" on PATH, and there is none that works',
    todo: 'Install Node 20.19 or later (https://nodejs.org) and put it on PATH.',
  },
  NODEJS_VERSION: {
    what: 'the Node that runs gridpeg, or the one on PATH, is too old',
    todo: 'Install Node 20.19 or later (https://nodejs.org) and put it on PATH.',
  },
  DISK_LOW: {
    what: 'the file system of the state folder is nearly full',
    todo: 'Make room, or name a folder elsewhere with --state.',
  },
  MEMORY_LOW: {
    what: 'too little memory is left for a network',
    todo: 'End other programs; a network needs about 1.5 GB.',
  },
  OPEN_FILES_LOW: {
    what: 'a process may open too few files and connections for a peer to work',
    todo: 'Raise the limit (ulimit -n 4096), and restart the nodes.',
  },
  CLOCK_SKEWED: {
    what: "the clocks of this machine and of a node differ, or a certificate's validity lies in the future",
    todo: 'Synchronise the clocks (timedatectl set-ntp true): chaincode refuses what is more than a minute off.',
  },
  CERTIFICATE_EXPIRED: {
    what: 'the certificate of a node, a user or an authority has expired',
    todo: 'Run `gridpeg certificates renew`; those of cryptogen hold ten years and cannot be renewed.',
  },
  CERTIFICATE_EXPIRING: {
    what: 'the certificate of a node, a user or an authority expires within a month, and most of its life is over',
    todo: 'Run `gridpeg certificates renew` before that day; those of cryptogen hold ten years and cannot be renewed.',
  },
  CERTIFICATE_UNREADABLE: {
    what: 'a file that should be a certificate is none',
    todo: 'Run `gridpeg up`, which puts back its copy; where there is none, put it back from a backup.',
  },
  KEY_UNREADABLE: {
    what: 'a private key is damaged, or its owner may not read it',
    todo:
      'Set mode 600 (`gridpeg doctor --fix` does); where it is damaged, run `gridpeg up`, ' +
      'which puts back its copy.',
  },
  KEY_EXPOSED: {
    what: 'a private key can be read by other users of this machine',
    todo: 'Set mode 600; `gridpeg doctor --fix` does.',
  },
  KEY_MISMATCH: {
    what: 'a private key is not that of the certificate beside it',
    todo: 'Put the one that belongs there back from a backup; a snapshot holds it too.',
  },
  NODE_DEAD: {
    what: 'a node was started once and does not run',
    todo: 'Start it (`gridpeg node start`, or `gridpeg doctor --fix`); `gridpeg logs` says why it ended.',
  },
  ENVIRONMENT_VARIABLE: {
    what: 'a variable of the environment changes what libraries, Node or Go do',
    todo: 'Unset it unless you mean it; the message says what it does.',
  },
  ENVIRONMENT_PROXY: {
    what: 'calls to peers on other machines go through the proxy that a variable of the environment names',
    todo: 'Name these hosts in no_proxy, or unset the variable, unless the proxy passes gRPC on.',
  },
  NODE_PAUSED: {
    what: 'a node is halted: it keeps its connections and answers nothing',
    todo: 'Let it go on (`gridpeg node resume`, or `gridpeg doctor --fix`).',
  },
  NODE_HANGS: {
    what: 'a node runs and its operations service does not answer',
    todo: 'Read its log (`gridpeg logs`); if it lasts, restart it (`gridpeg restart`).',
  },
  NODE_UNWELL: {
    what: 'a node answers that it is not well',
    todo: 'Read its log (`gridpeg logs`).',
  },
  NETWORK_HALF_STARTED: {
    what: 'a `gridpeg up` of this network did not come to its end',
    todo: 'Run `gridpeg up` again, which goes on where it stopped, or `gridpeg down`.',
  },
  STATE_MOVED: {
    what: 'the state folder was moved or copied: its files name another folder, and maybe the ports of another network',
    todo: 'Move it back. To have it elsewhere, move it back, take a snapshot, and restore that with --state.',
  },
  PARTIAL_FILES: {
    what: 'a crash left files half written',
    todo: 'Remove them; `gridpeg doctor --fix` does. Nothing reads them.',
  },
  PROCESS_LEFT_OVER: {
    what: 'nodes of a network run on though its state folder, or all that was in it, is gone',
    todo: 'End them (`gridpeg --state <the folder> down`, or `gridpeg doctor --fix`).',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
