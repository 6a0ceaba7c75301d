// SPDX-License-Identifier: Apache-2.0

import {
  accountCodec,
  encode,
  noteIdOf,
  noteKeyAttributes,
  outboxRecordCodec,
  stateKey,
  txIdCodec,
} from '@gridpeg/protocol';
import { ledgerEntry } from './ledger-entry';

const txId = txIdCodec.decode('a'.repeat(64), 'txId');
const note = noteIdOf(accountCodec.decode('GridMSP/alice', 'account'), txId, 3);
const noteKey = stateKey('note', ...noteKeyAttributes(note));
const receipt = {
  ...({ version: 1, packetId: 'b'.repeat(64), packetHash: 'c'.repeat(64), laneId: 'city-charging' } as const),
  ...({ outcome: 'received', code: '' } as const),
};
const record = encode(outboxRecordCodec, { version: 1, packets: [], receipts: [receipt] } as never);

describe('ledgerEntry', () => {
  test('takes the outbox record and the notes that were spent, and nothing else', () => {
    const writes = [
      { key: stateKey('outbox', txId), value: record },
      { key: noteKey, value: undefined },
      { key: stateKey('escrow', 'city-charging', txId, '0'), value: undefined },
      { key: stateKey('note', ...noteKeyAttributes(note.replace(/3$/, '4'))), value: '{}' },
    ];
    expect(ledgerEntry({ txId, writes })).toEqual({ txId, packets: [], receipts: [receipt], spent: [note] });
  });

  test('is empty for a transaction that sent and spent nothing', () => {
    expect(ledgerEntry({ txId, writes: [] })).toEqual({ txId, packets: [], receipts: [], spent: [] });
  });

  test('refuses a record that cannot be decoded, instead of taking it for absent', () => {
    expect(() => ledgerEntry({ txId, writes: [{ key: stateKey('outbox', txId), value: '{"version":9}' }] })).toThrow();
  });
});
