// SPDX-License-Identifier: Apache-2.0
/* eslint-disable max-lines -- one pair of ledgers, made by hand, serves the tests of every rule */

import { createHash } from 'node:crypto';
import {
  accountShape,
  assetIdShape,
  chainIdShape,
  encode,
  escrowIdOf,
  escrowNoteShape,
  inFlightShape,
  laneIdShape,
  laneShape,
  noteIdOf,
  noteKeyAttributes,
  noteShape,
  outboxRecordShape,
  packetHashOf,
  packetIdOf,
  receiptEntryShape,
  settledShape,
  stateKey,
  supplyRecordShape,
  txIdShape,
  type ChainId,
  type EscrowNote,
  type Label,
  type Lane,
  type Note,
  type Packet,
  type Settled,
} from '@gridpeg/protocol';
import { blockHashOf, type AuditBlock, type StateWrite } from './audit-block';
import { auditBlocks, type ChainBlocks } from './audit-blocks';
import { type FindingRule } from './audit-report';

/**
 * Two ledgers by hand: 1000 Wh issued, 600 locked and minted, of the voucher 100 retired and 200 released, 50 refused and refunded, 20
 * in flight at the end.
 */
const zero = '0'.repeat(64);
const tx = (name: string): ReturnType<typeof txIdShape.read> =>
  txIdShape.read(createHash('sha256').update(name).digest('hex'), 'txId');
const genesis = (): AuditBlock => block(0n, '', []);
const cityId = chainIdShape.read(`city-${blockHashOf(genesis())}`, 'chainId');
// Another first block, so another chain.
const chargingGenesis: AuditBlock = { ...genesis(), dataHash: `1${zero.slice(1)}`, dataHashFound: `1${zero.slice(1)}` };
const chargingId = chainIdShape.read(`charging-${blockHashOf(chargingGenesis)}`, 'chainId');
const out = laneIdShape.read('city-charging', 'laneId');
const back = laneIdShape.read('charging-city', 'laneId');
const asset = assetIdShape.read('city/energy', 'asset');
const alice = accountShape.read('GridMSP/alice', 'account');
const bob = accountShape.read('ChargingMSP/bob', 'account');
const atHome: Label = { home: cityId, path: [] };
const away: Label = { home: cityId, path: [out] };

function block(
  number: bigint,
  previousHash: string,
  transactions: ReadonlyArray<readonly [string, readonly StateWrite[]]>,
): AuditBlock {
  const hash = number === 0n ? zero : createHash('sha256').update(number.toString()).digest('hex');
  return {
    number,
    previousHash,
    dataHash: hash,
    dataHashFound: hash,
    transactions: transactions.map(([name, writes]) => ({ txId: tx(name), writes })),
  };
}

const lane = (id: Lane['id'], returnLaneId: Lane['id'], source: ChainId, destination: ChainId): StateWrite => ({
  key: stateKey('lane', id),
  value: encode(laneShape, {
    ...{ version: 2, id, returnLaneId, sourceChainId: source, destinationChainId: destination },
    ...{ custody: 'federation', assets: [asset], maximumQuantity: 10n ** 12n },
    window: { lengthMs: 3_600_000n, quantity: 10n ** 14n, shards: 64 },
  }),
});
const lanes = [lane(out, back, cityId, chargingId), lane(back, out, chargingId, cityId)];

function noteOf(owner: Note['owner'], name: string, index: number, label: Label, quantity: bigint): Note {
  return { version: 1, id: noteIdOf(owner, tx(name), index), owner, asset, label, quantity, memo: '' };
}
const noteKey = (note: Note): string => stateKey('note', ...noteKeyAttributes(note.id));
const put = (note: Note): StateWrite => ({ key: noteKey(note), value: encode(noteShape, note) });
const spend = (note: Note): StateWrite => ({ key: noteKey(note), value: undefined });

function escrowOf(name: string, quantity: bigint): EscrowNote {
  return { version: 1, id: escrowIdOf(tx(name), 0), laneId: out, asset, label: atHome, quantity };
}
const escrowKey = (note: EscrowNote): string => stateKey('escrow', note.laneId, ...note.id.split('-'));
const lock = (note: EscrowNote): StateWrite => ({ key: escrowKey(note), value: encode(escrowNoteShape, note) });
const unlock = (note: EscrowNote): StateWrite => ({ key: escrowKey(note), value: undefined });

const supply = (name: string, kind: 'issued' | 'retired', quantity: bigint): StateWrite => ({
  key: stateKey('supply', tx(name), '0'),
  value: encode(supplyRecordShape, { version: 1, kind, asset, quantity, account: kind === 'issued' ? alice : bob }),
});

function packet(name: string, index: number, given: Pick<Packet, 'laneId' | 'kind' | 'quantity'>): Packet {
  const home = given.laneId === out;
  const [sourceChainId, destinationChainId] = home ? [cityId, chargingId] : [chargingId, cityId];
  const [sender, recipient] = home ? [alice, bob] : [bob, given.kind === 'retirement' ? bob : alice];
  const id = packetIdOf(sourceChainId, tx(name), index);
  const deadlineMs = given.kind === 'retirement' ? 0n : 1n;
  return {
    ...{ version: 1, id, laneId: given.laneId, sourceChainId, destinationChainId, txId: tx(name), index },
    ...{ kind: given.kind, sender, recipient, asset, label: home ? atHome : away, quantity: given.quantity },
    ...{ memo: '', deadlineMs },
  };
}

const sent = (name: string, packets: readonly Packet[]): readonly StateWrite[] => [
  { key: stateKey('outbox', tx(name)), value: encode(outboxRecordShape, { version: 1, packets, receipts: [] }) },
  ...packets.map(({ id: packetId, laneId, txId, index }) => ({
    key: stateKey('inflight', packetId),
    value: encode(inFlightShape, { version: 1, packetId, laneId, txId, index }),
  })),
];

function answered(
  name: string,
  outcomes: ReadonlyArray<readonly [Packet, 'received' | 'refused']>,
): readonly StateWrite[] {
  const receipts = outcomes.map(([found, outcome]) => ({
    ...({ version: 1, packetId: found.id, packetHash: packetHashOf(found), laneId: found.laneId, outcome } as const),
    code: outcome === 'refused' ? 'DEADLINE_PASSED' : '',
  }));
  return [
    { key: stateKey('outbox', tx(name)), value: encode(outboxRecordShape, { version: 1, packets: [], receipts }) },
    ...receipts.map((receipt) => ({
      key: stateKey('receipt', receipt.packetId),
      value: encode(receiptEntryShape, { ...receipt, txId: tx(name) }),
    })),
  ];
}

const settledAs = (name: string, found: Packet, outcome: Settled['outcome']): readonly StateWrite[] => [
  { key: stateKey('inflight', found.id), value: undefined },
  {
    key: stateKey('settled', found.id),
    value: encode(settledShape, {
      ...{ version: 1, packetId: found.id, laneId: found.laneId, txId: found.txId, index: found.index, outcome },
      ...{ code: outcome === 'refunded' ? 'DEADLINE_PASSED' : '', settledTxId: tx(name) },
    }),
  },
];

const issued = noteOf(alice, 'issue', 0, atHome, 1000n);
const change = noteOf(alice, 'lock', 1, atHome, 400n);
const voucher = noteOf(bob, 'mint', 0, away, 600n);
const kept = noteOf(bob, 'burn', 2, away, 300n);
const late = packet('late', 0, { laneId: out, kind: 'transfer', quantity: 50n });
const locked = packet('lock', 0, { laneId: out, kind: 'transfer', quantity: 600n });
const retirement = packet('burn', 0, { laneId: back, kind: 'retirement', quantity: 100n });
const returned = packet('burn', 1, { laneId: back, kind: 'transfer', quantity: 200n });
const onTheWay = packet('fly', 0, { laneId: out, kind: 'transfer', quantity: 20n });
const rest = noteOf(alice, 'late', 1, atHome, 350n);

const cityTransactions: ReadonlyArray<readonly [string, readonly StateWrite[]]> = [
  ['configure', lanes],
  ['issue', [put(issued), supply('issue', 'issued', 1000n)]],
  ['lock', [spend(issued), put(change), lock(escrowOf('lock', 600n)), ...sent('lock', [locked])]],
  ['settle', settledAs('settle', locked, 'delivered')],
  [
    'release',
    [
      ...[unlock(escrowOf('lock', 600n)), lock(escrowOf('release', 300n)), supply('release', 'retired', 100n)],
      put(noteOf(alice, 'release', 0, atHome, 200n)),
      ...answered('release', [
        [retirement, 'received'],
        [returned, 'received'],
      ]),
    ],
  ],
  ['late', [spend(change), put(rest), lock(escrowOf('late', 50n)), ...sent('late', [late])]],
  [
    'refund',
    [
      unlock(escrowOf('late', 50n)),
      put(noteOf(alice, 'refund', 0, atHome, 50n)),
      ...settledAs('refund', late, 'refunded'),
    ],
  ],
  [
    'fly',
    [
      ...[spend(rest), put(noteOf(alice, 'fly', 1, atHome, 330n)), lock(escrowOf('fly', 20n))],
      ...sent('fly', [onTheWay]),
    ],
  ],
];
const chargingTransactions: ReadonlyArray<readonly [string, readonly StateWrite[]]> = [
  ['configure', lanes],
  ['mint', [put(voucher), ...answered('mint', [[locked, 'received']])]],
  ['burn', [spend(voucher), put(kept), ...sent('burn', [retirement, returned])]],
  ['refuse', answered('refuse', [[late, 'refused']])],
];

/** Changes one write; `undefined` leaves it out. */
type Mutate = (write: StateWrite, name: string) => StateWrite | undefined;

function chainOf(
  first: AuditBlock,
  transactions: ReadonlyArray<readonly [string, readonly StateWrite[]]>,
  mutate: Mutate,
): readonly AuditBlock[] {
  const blocks = [first];
  for (const [name, writes] of transactions) {
    const mutated = writes.map((write) => mutate(write, name)).filter((write) => write !== undefined);
    blocks.push(block(BigInt(blocks.length), blockHashOf(blocks[blocks.length - 1]!), [[name, mutated]]));
  }
  return blocks;
}

function ledgers(mutate: Mutate = (write) => write): readonly [ChainBlocks, ChainBlocks] {
  const city = chainOf(genesis(), cityTransactions, mutate);
  const charging = chainOf(chargingGenesis, chargingTransactions, mutate);
  return [
    { name: 'city', chainId: cityId, blocks: city, floor: BigInt(city.length) },
    { name: 'charging', chainId: chargingId, blocks: charging, floor: BigInt(charging.length) },
  ];
}

const plusOne = (text: string): string =>
  text.replace(/"quantity":"(\d+)"/u, (_, digits: string) => `"quantity":"${(BigInt(digits) + 1n).toString()}"`);

describe('an audit', () => {
  test('holds for ledgers on which everything is accounted for', () => {
    const report = auditBlocks(ledgers());
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('holds');
  });

  test('PEG-1: adds each lane and class up', () => {
    expect(auditBlocks(ledgers()).lanes).toEqual([
      {
        ...{ laneId: out, sourceChain: 'city', destinationChain: 'charging', asset, path: [] },
        ...{ locked: 670n, minted: 600n, burnt: 300n, released: 200n, retired: 100n, refunded: 50n },
        ...{ inFlight: 20n, escrow: 320n, vouchers: 300n },
      },
    ]);
  });

  test('adds the supply at home up', () => {
    expect(auditBlocks(ledgers()).supply).toEqual([
      { chain: 'city', asset, issued: 1000n, retired: 100n, notes: 580n, escrow: 320n },
    ]);
  });

  const valued = [
    ...cityTransactions.map(([name, writes]) => ['city', name, writes] as const),
    ...chargingTransactions.map(([name, writes]) => ['charging', name, writes] as const),
  ].flatMap(
    ([chain, name, writes]) =>
      writes
        .filter(({ value }) => value?.includes('"quantity":') === true)
        .map(({ key }) => [chain, name, key.split('\u0000')[1] ?? '', key] as const)
        .filter(([, , type]) => type !== 'lane'), // its window has a quantity too, and no value
  );

  test.each(valued)('T27: finds one watt-hour more on %s, in transaction %s, in its %s', (chain, name, _type, key) => {
    const report = auditBlocks(
      ledgers((write, at) =>
        at === name && write.key === key && write.value !== undefined ? { key, value: plusOne(write.value) } : write,
      ),
    );
    expect(report.verdict).toBe('broken');
    expect(report.findings).toContainEqual(expect.objectContaining({ chain, txId: tx(name) }));
  });

  const everyWrite = [...cityTransactions, ...chargingTransactions]
    .filter(([name]) => name !== 'configure')
    .flatMap(([name, writes]) =>
      writes.map(({ key }) => [name, key.split('\u0000').slice(1, 3).join(' '), key] as const),
    );

  test.each(everyWrite)('T27: finds that in transaction %s the write of %s is missing', (name, _about, key) => {
    const report = auditBlocks(ledgers((write, at) => (at === name && write.key === key ? undefined : write)));
    expect(report.verdict).toBe('broken');
  });

  const named = (type: string, at: string, change: (value: string) => string | undefined): Mutate => {
    return (write, name) =>
      name === at && write.key.split('\u0000')[1] === type && write.value !== undefined
        ? { key: write.key, value: change(write.value) }
        : write;
  };
  test.each<readonly [rule: FindingRule, where: object, mutate: Mutate]>([
    ['ESCROW_BALANCE', { txId: tx('lock') }, named('escrow', 'lock', plusOne)],
    ['RETIREMENT_BALANCE', { txId: tx('release') }, named('supply', 'release', plusOne)],
    ['NOTE_BALANCE', { txId: tx('issue') }, named('supply', 'issue', plusOne)],
    ['HOME_SUPPLY', { about: asset }, named('supply', 'issue', plusOne)],
    [
      'RECEIPT_MISSING',
      { txId: tx('mint') },
      named('outbox', 'mint', (value) => value.replace('"received"', '"refused"')),
    ],
    [
      'RECORD_CHANGED',
      { txId: tx('fly') },
      (write, name) => (name === 'late' && write.key === noteKey(rest) ? undefined : write),
    ],
    ['RECORD_MALFORMED', { txId: tx('issue') }, named('note', 'issue', () => '{}')],
  ])('names %s where it is', (rule, where, mutate) => {
    expect(auditBlocks(ledgers(mutate)).findings).toContainEqual(expect.objectContaining({ rule, ...where }));
  });

  const hash = packetHashOf(locked);
  const received = (value: string): string => value.replace('"refused"', '"received"');
  test.each<readonly [what: string, rule: FindingRule, at: string, mutate: Mutate]>([
    [
      'T04: a receipt for another content',
      'PACKET_DIFFERS',
      'mint',
      named('receipt', 'mint', (value) => value.replace(hash, zero)),
    ],
    ['PEG-3: a refund whose packet was received', 'REFUND_UNPROVEN', 'refund', named('receipt', 'refuse', received)],
  ])('finds %s', (_what, rule, at, mutate) => {
    expect(auditBlocks(ledgers(mutate)).findings).toContainEqual(expect.objectContaining({ rule, txId: tx(at) }));
  });

  test('T01: finds value minted for a packet that the source never sent', () => {
    const [city, charging] = ledgers();
    const withoutLock = city.blocks.slice(0, 3);
    const report = auditBlocks([{ ...city, blocks: withoutLock }, charging]);
    expect(report.findings).toContainEqual(expect.objectContaining({ rule: 'PACKET_UNKNOWN', chain: 'charging' }));
  });

  test('finds a block whose data, number or predecessor does not fit its header', () => {
    const [city, charging] = ledgers();
    const broken = city.blocks.map((found, index) => (index === 2 ? { ...found, dataHashFound: zero } : found));
    expect(auditBlocks([{ ...city, blocks: broken }, charging]).findings).toEqual([
      expect.objectContaining({ rule: 'BLOCK_HASH', chain: 'city', block: 2n, about: 'data hash' }),
    ]);
    const shortened = [...city.blocks.slice(0, 1), ...city.blocks.slice(2)];
    expect(auditBlocks([{ ...city, blocks: shortened }, charging]).findings).toContainEqual(
      expect.objectContaining({ rule: 'BLOCK_HASH', block: 2n, about: 'previous hash' }),
    );
  });

  test('finds that the ledger is of another chain of the same name', () => {
    const [city, charging] = ledgers();
    const other = { ...city, blocks: [chargingGenesis, ...city.blocks.slice(1)] };
    expect(auditBlocks([other, charging]).findings).toContainEqual(expect.objectContaining({ rule: 'CHAIN_ID' }));
  });

  test('leaves newer blocks out whose packets or receipts lie beyond what was read', () => {
    const [city, charging] = ledgers();
    // The city was read up to its configuration first, and a moment later as far as the issue; the side chain in one go after that.
    const report = auditBlocks([
      { ...city, blocks: city.blocks.slice(0, 3), floor: 2n },
      { ...charging, floor: 2n },
    ]);
    expect(report.findings).toEqual([]);
    expect(report.chains.map(({ height }) => height)).toEqual([3n, 2n]);
  });
});
