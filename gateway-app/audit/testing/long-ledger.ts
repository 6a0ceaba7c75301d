// SPDX-License-Identifier: Apache-2.0

import {
  encode,
  escrowIdOf,
  escrowNoteCodec,
  inFlightCodec,
  laneCodec,
  noteIdOf,
  noteKeyAttributes,
  noteCodec,
  outboxRecordCodec,
  packetIdOf,
  sendRequestCodec,
  stateKey,
  transferRequestCodec,
  type Lane,
  type Note,
  type Packet,
} from '@gridpeg/protocol';
import {
  accountNamed,
  charging,
  city,
  configurationOf,
  energy,
  grid,
  laneIdBetween,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { type AuditBlock, type AuditTransaction, type StateWrite } from '../blocks/audit-block';
import { type BlockSource } from '../ledger-reading';

const owner = accountNamed('GridMSP/User1@GridMSP');
const label = { home: city, path: [] };
const zero = '0'.repeat(64);

/** How many blocks of which kind a ledger has after its configuration; each has one transaction. */
export interface Length {
  /** Transfers of one note from its owner to the same owner. */
  readonly transfers: number;
  /** Sends of one packet each, which are never settled. */
  readonly sends: number;
}

/** A ledger that is made as it is read, once. */
export function longSource(length: Length): BlockSource {
  const ledger = longLedger(length);
  return {
    ...{ name: 'city', chainId: city, chaincodeName: 'gridpeg' },
    height: () => Promise.resolve(BigInt(length.transfers + length.sends + 1)),
    async *blocks(from, to) {
      for (let number = from; number < to; number += 1n) {
        const next = ledger.next();
        if (next.done === true) return;
        yield await Promise.resolve(next.value);
      }
    },
    transactions: () => Promise.resolve([]),
    copies: { organization: 'GridMSP', comparedWith: undefined, compared: 0n },
    takeFindings: () => [],
  };
}

/**
 * Blocks of a city chain of any length, made one by one as they are read. The first one puts the configuration in
 * force, unapproved.
 */
function* longLedger({ transfers, sends }: Length): Generator<AuditBlock, void> {
  const [lane] = configurationOf(city).lanes.filter(({ id }) => id === laneIdBetween(city, charging));
  if (lane === undefined) throw new Error('no lane');
  let number = 0n;
  const block = (transaction: AuditTransaction): AuditBlock => {
    const found = {
      number,
      previousHash: zero,
      dataHash: zero,
      dataHashFound: zero,
      flags: [0],
      transactions: [transaction],
    };
    number += 1n;
    return found;
  };
  let note = noteOf('first', 10n ** 15n);
  yield block(
    transactionOf('first', 'peg:issue', '{}', [
      { key: stateKey('lane', lane.id), value: encode(laneCodec, lane) },
      put(note),
    ]),
  );
  for (let count = 0; count < transfers + sends; count += 1) {
    const name = count.toString();
    const next = noteOf(name, count < transfers ? note.quantity : note.quantity - 1n);
    const spent: StateWrite = { key: put(note).key, value: undefined };
    yield block(count < transfers ? transferred(name, note, next, spent) : sent(name, note, next, spent, lane));
    note = next;
  }
}

function transferred(name: string, from: Note, to: Note, spent: StateWrite): AuditTransaction {
  const outputs = [{ recipient: owner, quantity: from.quantity, memo: '' }];
  return transactionOf(name, 'peg:transfer', encode(transferRequestCodec, { noteIds: [from.id], outputs }), [
    spent,
    put(to),
  ]);
}

function sent(name: string, from: Note, change: Note, spent: StateWrite, lane: Lane): AuditTransaction {
  const txId = txIdNamed(name);
  const id = packetIdOf(city, txId, 0);
  const output = { kind: 'transfer' as const, recipient: owner, quantity: 1n, memo: '' };
  const deadlineMs = 10n ** 13n;
  const packet: Packet = {
    ...{ version: 1, id, laneId: lane.id, sourceChainId: city, destinationChainId: charging, txId, index: 0 },
    ...{ ...output, sender: owner, asset: energy, label, deadlineMs },
  };
  const escrow = { version: 1 as const, id: escrowIdOf(txId, 0), laneId: lane.id, asset: energy, label, quantity: 1n };
  const request = { laneId: lane.id, noteIds: [from.id], outputs: [output], deadlineMs };
  return transactionOf(name, 'peg:send', encode(sendRequestCodec, request), [
    ...[spent, put(change)],
    { key: stateKey('escrow', lane.id, txId, '0'), value: encode(escrowNoteCodec, escrow) },
    {
      key: stateKey('outbox', txId),
      value: encode(outboxRecordCodec, { version: 1, packets: [packet], receipts: [] }),
    },
    {
      key: stateKey('lane-inflight', lane.id, id),
      value: encode(inFlightCodec, { version: 1, packetId: id, laneId: lane.id, txId, index: 0 }),
    },
  ]);
}

function noteOf(name: string, quantity: bigint): Note {
  return { version: 1, id: noteIdOf(owner, txIdNamed(name), 0), owner, asset: energy, label, quantity, memo: '' };
}

function put(note: Note): StateWrite {
  return { key: stateKey('note', ...noteKeyAttributes(note.id)), value: encode(noteCodec, note) };
}

function transactionOf(name: string, call: string, argument: string, writes: readonly StateWrite[]): AuditTransaction {
  return {
    ...{
      txId: txIdNamed(name),
      timeMs: 1_700_000_000_000n,
      writes,
      metadataKeys: [],
      absent: new Set(),
      present: new Map(),
    },
    creator: { mspId: grid.mspId, certificate: grid.client.certificate },
    call: { chaincode: 'gridpeg', name: call, argument },
  };
}
