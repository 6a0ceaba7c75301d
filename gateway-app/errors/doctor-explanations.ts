// SPDX-License-Identifier: Apache-2.0

import { type CodeMeaning } from '@gridpeg/protocol';

/** Codes of what `gridpeg doctor` finds on ledgers and at notaries; those of machine and nodes are the network's. */
export const doctorExplanations = {
  PEER_SILENT: {
    summary: 'a peer runs, and does not answer on its channel in time',
    remedy: 'Read its log (`gridpeg logs`); if it lasts, restart it (`gridpeg restart`).',
  },
  ORDERER_SILENT: {
    summary: 'no orderer takes what a peer submits, so nothing can commit through it',
    remedy: 'Start the orderers of the chain (`gridpeg node start`, or where they are run), and read their logs.',
  },
  ORDERERS_WITHOUT_LEADER: {
    summary: 'orderers of a chain run, and too few for Raft to choose a leader, so nothing can commit',
    remedy: 'Start the others (`gridpeg node start`, or where they are run): more than half must run and be connected.',
  },
  PEER_BEHIND: {
    summary: 'a peer has fewer blocks than the others of its chain, and gets no new ones',
    remedy: 'See that the orderers of the chain run; a restart (`gridpeg restart`) makes it connect again.',
  },
  LEDGERS_DIFFER: {
    summary: 'peers of one chain hold different blocks or states at the same height, or a block is damaged on its disk',
    remedy: 'Stop the peer that is named and keep its files; `gridpeg audit` says which transactions are affected.',
  },
  ANCHOR_PEER_MISSING: {
    summary:
      "a member has no anchor peer in the channel's configuration, " +
      "so other organizations' peers do not find its peers",
    remedy: 'Set one with a channel update; the Gateway finds no endorsers of that organization until then.',
  },
  PACKAGE_STALE: {
    summary:
      'a chaincode service runs under another package id than its organization approved, ' +
      'and its peer waits for it in vain',
    remedy: 'Run `gridpeg up`, which starts the service again with the id that the ledger has.',
  },
  NOTARY_SILENT: {
    summary: 'a notary of the committee does not answer, or was never started',
    remedy: 'Read its log (`gridpeg logs`), or let `gridpeg up` start it.',
  },
  NOTARY_CANNOT_SIGN: {
    summary: 'a notary runs, and cannot write down what it signs or reach its key, so it signs nothing',
    remedy: 'Make room on its disk, or mend what its log names (`gridpeg logs`); it tries again by itself.',
  },
  NOTARY_KEY_DIFFERS: {
    summary:
      'the signing key in the state folder is not the one that the ledgers name, so nobody accepts its signatures',
    remedy: 'Restore the key, or let the organizations put the new one in force.',
  },
  LANE_WINDOW_FULL: {
    summary: 'a lane has let in as much as its window allows, and packets wait',
    remedy:
      'Ask `gridpeg transfer why <packet id>`: it says when the next window begins, ' +
      'or that the members must raise the limit.',
  },
  CHECK_UNFINISHED: {
    summary: 'a check did not end in time, so nothing is known about what it looks at',
    remedy: 'See the other findings first. On a busy machine, run `gridpeg doctor` again when there is less to do.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
