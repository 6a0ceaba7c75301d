// SPDX-License-Identifier: Apache-2.0

import { type CodeMeaning } from '@gridpeg/protocol';

const comparePeers = 'Compare the block with that of other peers: a ledger was altered, or its file is damaged.';
const whoEndorsed =
  'See who endorsed the transaction that is named: ' +
  'their chaincode did what the peg never does. Freeze what it touched.';

/** The rules of docs/spec/07-audit.md that a finding can be of. Stable: programs refer to them. */
export const auditExplanations = {
  BLOCK_HASH: { summary: 'a block does not hold what its hash, or that of the next one, says', remedy: comparePeers },
  CHAIN_ID: { summary: 'the first block is not the one that the chain id names', remedy: comparePeers },
  BLOCK_UNSIGNED: {
    summary: "a block that the chain's orderers did not sign was shown by a peer",
    remedy: comparePeers,
  },
  BLOCK_MALFORMED: { summary: 'a peer gave a block that cannot be read', remedy: comparePeers },
  FLAGS_DIFFER: {
    summary: 'peers of two organizations judge the transactions of a block differently',
    remedy: 'Ask a peer of a third organization: one of the two was altered, or its file is damaged.',
  },
  HEADS_DIFFER: { summary: 'peers of two organizations have different blocks of one number', remedy: comparePeers },
  RECORD_MALFORMED: { summary: 'a record cannot be decoded', remedy: whoEndorsed },
  RECORD_CHANGED: {
    summary: 'a record was changed that is written once, or lacks its counterpart',
    remedy: whoEndorsed,
  },
  WRITER_FOREIGN: { summary: 'a function wrote or deleted a record that it never does', remedy: whoEndorsed },
  KEY_FOREIGN: { summary: 'a function of the peg wrote a key that is not of the peg', remedy: whoEndorsed },
  REQUEST_DIFFERS: { summary: 'a transaction did something else than its maker asked for', remedy: whoEndorsed },
  NOTE_STOLEN: { summary: 'a note was spent by somebody who does not own it', remedy: whoEndorsed },
  ISSUER_FOREIGN: { summary: 'an asset was issued by somebody who may not', remedy: whoEndorsed },
  WINDOW_EXCEEDED: { summary: 'a lane moved more within a window than its record allows', remedy: whoEndorsed },
  COUNTER_DIFFERS: {
    summary: 'the counter of a window is not what the transactions that it counts add up to',
    remedy: whoEndorsed,
  },
  ISSUE_EXCEEDED: {
    summary: 'more of an asset was issued within a window than its record allows',
    remedy: whoEndorsed,
  },
  LANE_MOVED: { summary: 'a lane moved while it was paused or frozen, or the wrong way', remedy: whoEndorsed },
  TRUST_CHANGED: {
    summary: 'what a chain trusts or allows was changed without the approvals that it takes',
    remedy: whoEndorsed,
  },
  ABSENCE_FALSE: {
    summary: 'a ledger denies an entry that it holds, or answers a question that was not asked',
    remedy: 'Accuse nobody on the strength of this absence. See who endorsed the transaction that is named.',
  },
  TIME_AHEAD: {
    summary: 'a transaction is dated later than the clock of this audit',
    remedy:
      'Check the clock here. If it is right, see who endorsed the transaction: ' +
      'windows and deadlines go by its time.',
  },
  NOTE_BALANCE: { summary: 'a transaction made more or less value than it consumed', remedy: whoEndorsed },
  ESCROW_BALANCE: {
    summary: 'a transaction put more or less into escrow than its packets account for',
    remedy: whoEndorsed,
  },
  RETIREMENT_BALANCE: { summary: 'a retirement ended more or less than it says', remedy: whoEndorsed },
  PACKET_UNKNOWN: { summary: 'a packet was received or settled that its source never sent', remedy: whoEndorsed },
  PACKET_DIFFERS: { summary: 'a packet was received with another content than was sent', remedy: whoEndorsed },
  RECEIPT_MISSING: {
    summary: 'a packet was settled as delivered and the destination has no receipt',
    remedy: whoEndorsed,
  },
  REFUND_UNPROVEN: { summary: 'a packet was refunded that the destination did not refuse', remedy: whoEndorsed },
  LANE_EQUATION: {
    summary: 'the escrow of a lane is not what vouchers and transfers under way add up to',
    remedy: 'See the other findings of the lane: the transaction that broke it is among them. Freeze the lane.',
  },
  HOME_SUPPLY: {
    summary: 'notes and escrow at home are not what was issued less what was retired',
    remedy: 'See the other findings of the asset: the transaction that broke it is among them.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
