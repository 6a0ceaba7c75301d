// SPDX-License-Identifier: Apache-2.0

/** What a rule demands, for whoever meets a finding of it. */
interface RuleMeaning {
  /** What was found, without a full stop. */
  readonly what: string;
  /** What to do about it, as a whole sentence. */
  readonly todo: string;
}

const comparePeers = 'Compare the block with that of other peers: a ledger was altered, or its file is damaged.';
const whoEndorsed =
  'See who endorsed the transaction that is named: ' +
  'their chaincode did what the peg never does. Freeze what it touched.';

/** The rules of docs/spec/07-audit.md that a finding can be of. Stable: programs refer to them. */
export const auditExplanations = {
  BLOCK_HASH: { what: 'a block does not hold what its hash, or that of the next one, says', todo: comparePeers },
  CHAIN_ID: { what: 'the first block is not the one that the chain id names', todo: comparePeers },
  BLOCK_UNSIGNED: { what: "a block that the chain's orderers did not sign was shown by a peer", todo: comparePeers },
  BLOCK_MALFORMED: { what: 'a peer gave a block that cannot be read', todo: comparePeers },
  FLAGS_DIFFER: {
    what: 'peers of two organizations judge the transactions of a block differently',
    todo: 'Ask a peer of a third organization: one of the two was altered, or its file is damaged.',
  },
  HEADS_DIFFER: { what: 'peers of two organizations have different blocks of one number', todo: comparePeers },
  RECORD_MALFORMED: { what: 'a record cannot be decoded', todo: whoEndorsed },
  RECORD_CHANGED: { what: 'a record was changed that is written once, or lacks its counterpart', todo: whoEndorsed },
  WRITER_FOREIGN: { what: 'a function wrote or deleted a record that it never does', todo: whoEndorsed },
  KEY_FOREIGN: { what: 'a function of the peg wrote a key that is not of the peg', todo: whoEndorsed },
  REQUEST_DIFFERS: { what: 'a transaction did something else than its maker asked for', todo: whoEndorsed },
  NOTE_STOLEN: { what: 'a note was spent by somebody who does not own it', todo: whoEndorsed },
  ISSUER_FOREIGN: { what: 'an asset was issued by somebody who may not', todo: whoEndorsed },
  WINDOW_EXCEEDED: { what: 'a lane moved more within a window than its record allows', todo: whoEndorsed },
  COUNTER_DIFFERS: {
    what: 'the counter of a window is not what the transactions that it counts add up to',
    todo: whoEndorsed,
  },
  ISSUE_EXCEEDED: { what: 'more of an asset was issued within a window than its record allows', todo: whoEndorsed },
  LANE_MOVED: { what: 'a lane moved while it was paused or frozen, or the wrong way', todo: whoEndorsed },
  TRUST_CHANGED: {
    what: 'what a chain trusts or allows was changed without the approvals that it takes',
    todo: whoEndorsed,
  },
  ABSENCE_FALSE: {
    what: 'a ledger denies an entry that it holds, or answers a question that was not asked',
    todo: 'Accuse nobody on the strength of this absence. See who endorsed the transaction that is named.',
  },
  TIME_AHEAD: {
    what: 'a transaction is dated later than the clock of this audit',
    todo:
      'Check the clock here. If it is right, see who endorsed the transaction: ' +
      'windows and deadlines go by its time.',
  },
  NOTE_BALANCE: { what: 'a transaction made more or less value than it consumed', todo: whoEndorsed },
  ESCROW_BALANCE: {
    what: 'a transaction put more or less into escrow than its packets account for',
    todo: whoEndorsed,
  },
  RETIREMENT_BALANCE: { what: 'a retirement ended more or less than it says', todo: whoEndorsed },
  PACKET_UNKNOWN: { what: 'a packet was received or settled that its source never sent', todo: whoEndorsed },
  PACKET_DIFFERS: { what: 'a packet was received with another content than was sent', todo: whoEndorsed },
  RECEIPT_MISSING: { what: 'a packet was settled as delivered and the destination has no receipt', todo: whoEndorsed },
  REFUND_UNPROVEN: { what: 'a packet was refunded that the destination did not refuse', todo: whoEndorsed },
  LANE_EQUATION: {
    what: 'the escrow of a lane is not what vouchers and transfers under way add up to',
    todo: 'See the other findings of the lane: the transaction that broke it is among them. Freeze the lane.',
  },
  HOME_SUPPLY: {
    what: 'notes and escrow at home are not what was issued less what was retired',
    todo: 'See the other findings of the asset: the transaction that broke it is among them.',
  },
} as const satisfies Readonly<Record<string, RuleMeaning>>;
