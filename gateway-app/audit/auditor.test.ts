// SPDX-License-Identifier: Apache-2.0
/* eslint-disable max-lines -- two lives of the same ledgers serve the tests of every rule */

import { encode, ownerTagOf, pastCommitteeCodec, stateKey, type Account } from '@gridpeg/protocol';
import {
  charging,
  chargingMember,
  city,
  laneIdBetween,
  microgridMember,
  regulator,
  trustIn,
  type Member,
} from '@gridpeg/protocol/testing';
import { recordLedgers, type RecordedLedger } from '@gridpeg/peg/testing';
import { type AuditTransaction, type StateWrite } from './blocks/audit-block';
import { type FindingRule } from './report/finding';
import { readLedgers, transactionsOf, type Change } from './testing/recorded-blocks';

type Lives = Awaited<ReturnType<typeof recordLedgers>>;
type Theft = readonly [what: string, rule: FindingRule, life: keyof Lives, change: Change];

let lives: Lives;
beforeAll(async () => {
  lives = await recordLedgers();
});

const typeOf = ({ key }: StateWrite): string => key.split('\u0000')[1] ?? '';

/** Changes one transaction: the `nth` call of a function on a chain, counted from 0. */
function at(chain: string, name: string, nth: number, change: (found: AuditTransaction) => AuditTransaction): Change {
  let count = -1;
  return (transaction, on) => {
    if (on !== chain || transaction.call.name !== name) return transaction;
    count += 1;
    return count === nth ? change(transaction) : transaction;
  };
}

const writing =
  (change: (writes: readonly StateWrite[]) => readonly StateWrite[]) =>
  (transaction: AuditTransaction): AuditTransaction => ({ ...transaction, writes: change(transaction.writes) });

const isEntry = (write: StateWrite): boolean => typeOf(write) === 'lane-inflight';

/** In-flight entries where they lay before each lane had a range of its own. */
const writtenUnderFormerKeys = (writes: readonly StateWrite[]): readonly StateWrite[] =>
  writes.map((write) =>
    isEntry(write) ? { ...write, key: stateKey('inflight', write.key.split('\u0000').at(-2)!) } : write,
  );
const underFormerKeys: Change = writing(writtenUnderFormerKeys);

const without = (type: string) => (writes: readonly StateWrite[]) => writes.filter((write) => typeOf(write) !== type);

/** Changes the text of what is written of a type. */
const rewriting = (type: string, from: string | RegExp, to: string) =>
  writing((writes) =>
    writes.map((write) =>
      typeOf(write) === type && write.value !== undefined ? { ...write, value: write.value.replace(from, to) } : write,
    ),
  );

const quantityIn = (type: string) => rewriting(type, /"quantity":"\d+"/u, '"quantity":"999999"');

const calledBy =
  (member: Member, role: 'client' | 'admin' = 'client') =>
  (found: AuditTransaction) => ({
    ...found,
    creator: { mspId: member.mspId, certificate: member[role].certificate },
  });

const adding = (write: (found: AuditTransaction) => StateWrite) => (found: AuditTransaction) => ({
  ...found,
  writes: [...found.writes, write(found)],
});

/** Gives each note that a transaction makes to another owner, key and id with it. */
const redirected = writing((writes) =>
  writes.map((write) => {
    if (typeOf(write) !== 'note' || write.value === undefined) return write;
    const note = JSON.parse(write.value) as { id: string; owner: string };
    const owner = 'RegulatorMSP/thief';
    const id = `${ownerTagOf(owner as Account)}${note.id.slice(16)}`;
    return {
      key: write.key.replace(note.id.slice(0, 16), id.slice(0, 16)),
      value: write.value.replace(note.id, id).replace(note.owner, owner),
    };
  }),
);

const statusWrite = (laneId: string, state: string): StateWrite => ({
  key: `\u0000standing\u0000${laneId}\u0000`,
  value: JSON.stringify({ version: 1, laneId, sequence: 1, state, txId: 'a'.repeat(64) }),
});

/** A lane that is written as paused or frozen by the first thing that happens after its configuration. */
const stopped = (chain: string, laneId: string, state: string): Change =>
  at(
    chain,
    'governance:commitConfiguration',
    0,
    adding(() => statusWrite(laneId, state)),
  );

const trustText = (from: string | RegExp, to: string) => rewriting('trust', from, to);

describe('an audit of what the contracts themselves wrote', () => {
  test('PEG-1: holds for every step that value can take', async () => {
    const { verdict, findings, lanes } = await readLedgers(lives.value);
    expect(findings).toEqual([]);
    expect(verdict).toBe('holds');
    // Value lies in escrow, and has gone every way.
    const [out] = lanes.filter(({ laneId }) => laneId === laneIdBetween(city, charging));
    for (const sum of [out?.locked, out?.minted, out?.burnt, out?.released, out?.retired, out?.refunded, out?.escrow]) {
      expect(sum).toBeGreaterThan(0n);
    }
  });

  test('holds for every change of what a chain trusts and allows', async () => {
    expect((await readLedgers(lives.governance)).findings).toEqual([]);
  });

  test('holds for packets that left before in-flight entries lay by lane, whenever they were settled', async () => {
    expect((await readLedgers(lives.value, underFormerKeys)).findings).toEqual([]);
  });

  test('T27: finds an in-flight entry that stays, because another key was deleted', async () => {
    const elsewhere: readonly Change[] = [
      (transaction, on) => (transaction.call.name === 'peg:settle' ? underFormerKeys(transaction, on) : transaction),
      (transaction, on) => (transaction.call.name === 'peg:settle' ? transaction : underFormerKeys(transaction, on)),
    ];
    for (const change of elsewhere) {
      const { findings } = await readLedgers(lives.value, change);
      expect(findings).toContainEqual(expect.objectContaining({ rule: 'RECORD_CHANGED' }));
    }
  });

  test('T27: finds a second in-flight entry of a packet, and one under another lane', async () => {
    const twice = at('city', 'peg:send', 0, (found) => ({
      ...found,
      writes: [...found.writes, ...writtenUnderFormerKeys(found.writes.filter((write) => isEntry(write)))],
    }));
    expect((await readLedgers(lives.value, twice)).findings).toContainEqual(
      expect.objectContaining({ rule: 'RECORD_CHANGED', about: 'in-flight entries' }),
    );
    const astray = at('city', 'peg:settle', 0, (found) => ({
      ...found,
      writes: found.writes.map((write) =>
        isEntry(write) ? { ...write, key: write.key.replace('city-to-charging', 'city-to-microgrid') } : write,
      ),
    }));
    expect((await readLedgers(lives.value, astray)).findings).toContainEqual(
      expect.objectContaining({ rule: 'RECORD_CHANGED' }),
    );
  });

  test('T27: finds one unit more in whatever carries a quantity, in the transaction that made it', async () => {
    const ledgers = withoutApprovals(lives.value);
    for (const { ledger, write, txId } of everyWrite(ledgers)) {
      if (!['note', 'escrow', 'supply', 'outbox'].includes(typeOf(write))) continue;
      const more = write.value?.replace(/"quantity":"(\d+)"/u, (_, digits: string) => {
        return `"quantity":"${(BigInt(digits) + 1n).toString()}"`;
      });
      if (more === undefined || more === write.value) continue;
      const { findings } = await readLedgers(ledgers, replacing(ledger, write, { ...write, value: more }));
      expect(findings).toContainEqual(expect.objectContaining({ txId }));
    }
  });

  test('T27: finds each write of value that is missing', async () => {
    const ledgers = withoutApprovals(lives.value);
    const { findings: known } = await readLedgers(ledgers);
    for (const { ledger, write } of everyWrite(ledgers)) {
      // What a shard has moved the audit counts itself.
      if (['usage', 'asset-usage'].includes(typeOf(write))) continue;
      const { findings } = await readLedgers(ledgers, replacing(ledger, write, undefined));
      expect([findings.length > known.length, write.key]).toEqual([true, write.key]);
    }
  });
});

describe('T27: an audit finds', () => {
  test.each<Theft>([
    ['a note that somebody else spent', 'NOTE_STOLEN', 'value', at('city', 'peg:transfer', 0, calledBy(regulator))],
    ['a payment that went to somebody else', 'REQUEST_DIFFERS', 'value', at('city', 'peg:transfer', 0, redirected)],
    ['value minted for somebody else', 'REQUEST_DIFFERS', 'value', at('charging', 'peg:receive', 0, redirected)],
    ['a refund that went to somebody else', 'REQUEST_DIFFERS', 'value', at('city', 'peg:settle', 1, redirected)],
    ['an issue by somebody else', 'ISSUER_FOREIGN', 'value', at('city', 'peg:issue', 0, calledBy(chargingMember))],
    [
      'notes made by a function that makes none',
      'WRITER_FOREIGN',
      'value',
      at('city', 'peg:issue', 0, (found) => ({ ...found, call: { ...found.call, name: 'governance:withdraw' } })),
    ],
    [
      'notes made in the name of another chaincode',
      'WRITER_FOREIGN',
      'value',
      at('city', 'peg:issue', 0, (found) => ({ ...found, call: { ...found.call, chaincode: 'other' } })),
    ],
    [
      'a packet for somebody else than was asked',
      'REQUEST_DIFFERS',
      'value',
      at('city', 'peg:send', 0, rewriting('outbox', /"recipient":"[^"]+"/u, '"recipient":"RegulatorMSP/thief"')),
    ],
    [
      'a receipt that was written over',
      'RECORD_CHANGED',
      'value',
      at('charging', 'peg:receive', 0, (found) => ({ ...found, absent: new Set<string>() })),
    ],
    [
      'a receipt that was deleted',
      'WRITER_FOREIGN',
      'value',
      at(
        'charging',
        'peg:send',
        0,
        adding(() => ({ key: `\u0000receipt\u0000${'a'.repeat(64)}\u0000`, value: undefined })),
      ),
    ],
    [
      'a key that the peg does not have',
      'KEY_FOREIGN',
      'value',
      at(
        'city',
        'peg:send',
        0,
        adding(() => ({ key: 'door', value: 'open' })),
      ),
    ],
    [
      'a key with a policy of its own',
      'KEY_FOREIGN',
      'value',
      at('city', 'peg:send', 0, (found) => ({ ...found, metadataKeys: ['\u0000configuration\u0000'] })),
    ],
    [
      'a lane that sends while it is paused',
      'LANE_MOVED',
      'value',
      stopped('city', laneIdBetween(city, charging), 'paused'),
    ],
    [
      'a lane that receives while it is paused',
      'LANE_MOVED',
      'value',
      stopped('charging', laneIdBetween(city, charging), 'paused'),
    ],
    [
      'a lane that settles while it is frozen',
      'LANE_MOVED',
      'value',
      stopped('city', laneIdBetween(city, charging), 'frozen'),
    ],
    [
      'a transaction of the day after tomorrow',
      'TIME_AHEAD',
      'value',
      at('city', 'peg:send', 0, (found) => ({ ...found, timeMs: found.timeMs + 2n * 86_400_000n })),
    ],
    ['more than a window allows', 'WINDOW_EXCEEDED', 'value', narrowed('charging')],
    [
      "more issued than an asset's window allows",
      'ISSUE_EXCEEDED',
      'value',
      at(
        'city',
        'governance:commitConfiguration',
        0,
        rewriting('asset', /"quantity":"\d+","shards":1/u, '"quantity":"999","shards":1'),
      ),
    ],
    [
      'a certificate authority that nobody approved',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:execute', 2, trustText('"minimumOrganizations":2', '"minimumOrganizations":1')),
    ],
    [
      'a configuration that not all approved',
      'TRUST_CHANGED',
      'governance',
      at(
        'city',
        'governance:approveConfiguration',
        0,
        writing(() => []),
      ),
    ],
    [
      'an approval in the name of another organization',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:approveConfiguration', 0, calledBy(microgridMember, 'admin')),
    ],
    [
      'an approval by no administrator',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:approve', 0, calledBy(microgridMember)),
    ],
    [
      'a proposal carried out with too few consents',
      'TRUST_CHANGED',
      'governance',
      at(
        'city',
        'governance:approve',
        0,
        writing(() => []),
      ),
    ],
    [
      'a lane opened that was to be paused',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:execute', 0, rewriting('standing', '"paused"', '"open"')),
    ],
    [
      'a committee replaced before its time',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:execute', 5, (found) => ({ ...found, timeMs: found.timeMs - 86_400_000n })),
    ],
    [
      'a rotation to another committee than was signed',
      'TRUST_CHANGED',
      'governance',
      at('charging', 'governance:rotate', 0, (found) => ({
        ...found,
        call: { ...found.call, argument: found.call.argument?.replace('"threshold":3', '"threshold":4') },
      })),
    ],
    [
      'a key suspended by evidence of nothing',
      'TRUST_CHANGED',
      'governance',
      at('charging', 'governance:submitEvidence', 0, (found) => ({
        ...found,
        call: { ...found.call, argument: found.call.argument?.replace('"quantity":"61"', '"quantity":"60"') },
      })),
    ],
    [
      'a past committee that is not the one replaced',
      'TRUST_CHANGED',
      'governance',
      at('charging', 'governance:rotate', 0, rewriting('committee', '"threshold":3', '"threshold":2')),
    ],
    [
      'a past committee that is left out',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:execute', 5, writing(without('committee'))),
    ],
    [
      'a past committee where none was replaced',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:execute', 0, adding(pastCommittee)),
    ],
    [
      'a consent dated back, so that its delay is over',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:approve', 0, rewriting('consent', /"timeMs":"\d+"/u, '"timeMs":"1"')),
    ],
    [
      'a proposal dated ahead, so that it never lapses',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:propose', 0, rewriting('proposal', /"timeMs":"\d+"/u, '"timeMs":"9999999999999"')),
    ],
    [
      'a proposal of something else than was asked',
      'TRUST_CHANGED',
      'governance',
      at('city', 'governance:propose', 1, rewriting('proposal', '"state":"open"', '"state":"paused"')),
    ],
    [
      'evidence that accuses who did not lie',
      'TRUST_CHANGED',
      'governance',
      at(
        'charging',
        'governance:submitEvidence',
        1,
        rewriting('evidence', '"organizations":[]', '"organizations":["RegulatorMSP"]'),
      ),
    ],
    [
      'evidence that is recorded about another packet',
      'RECORD_MALFORMED',
      'governance',
      at(
        'charging',
        'governance:submitEvidence',
        1,
        rewriting('evidence', /"packetId":"\w+"/u, `"packetId":"${'a'.repeat(64)}"`),
      ),
    ],
    [
      'an absence that answers another question',
      'ABSENCE_FALSE',
      'governance',
      at('city', 'evidence:declareAbsence', 0, (found) => ({
        ...found,
        call: { ...found.call, argument: found.call.argument?.replace('"quantity":"62"', '"quantity":"63"') },
      })),
    ],
    [
      'an absence of what was not looked up',
      'ABSENCE_FALSE',
      'governance',
      at('city', 'evidence:declareAbsence', 0, (found) => ({ ...found, present: new Map<string, bigint>() })),
    ],
    [
      'an absence of what the ledger has, long settled',
      'ABSENCE_FALSE',
      'governance',
      at('city', 'peg:send', 0, rewriting('outbox', '"quantity":"40"', '"quantity":"62"')),
    ],
    [
      'an absence that was written over',
      'RECORD_CHANGED',
      'governance',
      at('city', 'evidence:declareAbsence', 0, (found) => ({ ...found, absent: new Set<string>() })),
    ],
    ['escrow that is more than was locked', 'ESCROW_BALANCE', 'value', at('city', 'peg:send', 0, quantityIn('escrow'))],
    ['supply that is more than the notes', 'HOME_SUPPLY', 'value', at('city', 'peg:issue', 0, quantityIn('supply'))],
    [
      'a retirement that ends more than it says',
      'RETIREMENT_BALANCE',
      'value',
      (transaction) => (transaction.call.name === 'peg:receive' ? quantityIn('supply')(transaction) : transaction),
    ],
    [
      'a packet that counts as delivered without a receipt',
      'RECEIPT_MISSING',
      'value',
      at(
        'charging',
        'peg:receive',
        0,
        writing((writes) => writes.filter((write) => typeOf(write) !== 'receipt')),
      ),
    ],
    [
      'a record that is none',
      'RECORD_MALFORMED',
      'value',
      at('city', 'peg:issue', 0, rewriting('note', /^.*$/u, '{}')),
    ],
  ])('%s: %s', async (_what, rule, life, change) => {
    const { verdict, findings } = await readLedgers(lives[life], change);
    expect(verdict).toBe('broken');
    expect(findings.map((finding) => finding.rule)).toContain(rule);
  });

  describe('in the timing of a proposal', () => {
    const timing = async (change: Change) => {
      const { findings } = await readLedgers(lives.governance, change);
      return findings.filter(({ rule }) => rule === 'TRUST_CHANGED').map(({ expected }) => expected.split(' 1')[0]);
    };

    test('a configuration that could move value, carried out before its delay was over', async () => {
      // It was to lower a limit, which waits for nothing here.
      const raised = everywhere('city', '"maximumQuantity":"50"', '"maximumQuantity":"2000000"');
      expect(await timing(raised)).toEqual(['not before']);
    });

    test('one that had lapsed', async () => {
      const late = at('city', 'governance:execute', 0, (found) => ({
        ...found,
        timeMs: found.timeMs + 60n * 86_400_000n,
      }));
      expect(await timing(late)).toEqual(['not after']);
    });

    test('one that replaces what has changed since', async () => {
      // Its lanes are opened as number 2.
      const overtaken = at('city', 'governance:propose', 1, (found) => ({
        ...rewriting('proposal', /"sequence":2/gu, '"sequence":3')(found),
        call: { ...found.call, argument: found.call.argument?.replace(/"sequence":2/gu, '"sequence":3') },
      }));
      expect(await timing(overtaken)).toEqual(['what it replaces, unchanged']);
    });
  });

  test('T01: value minted for a packet that the source never sent', async () => {
    const { findings } = await readLedgers(lives.value, (transaction, chain) =>
      chain === 'city' && transaction.call.name !== 'governance:commitConfiguration' ? [] : transaction,
    );
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'PACKET_UNKNOWN', chain: 'charging' }));
  });

  test('T04: a receipt for another content than the source sent', async () => {
    const other = 'e'.repeat(64);
    const change = at('charging', 'peg:receive', 0, (found) =>
      rewriting('receipt', /"packetHash":"\w+"/u, `"packetHash":"${other}"`)(found),
    );
    const { findings } = await readLedgers(lives.value, change);
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'PACKET_DIFFERS', chain: 'charging' }));
  });

  test('PEG-3: a refund whose packet was received on the other chain', async () => {
    const change = at('charging', 'peg:receive', 1, (found) =>
      rewriting('receipt', '"refused"', '"received"')(rewriting('outbox', '"refused"', '"received"')(found)),
    );
    const { findings } = await readLedgers(lives.value, change);
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'REFUND_UNPROVEN', chain: 'city' }));
  });
});

describe('an audit of some of the chains', () => {
  const only = (...chainIds: readonly string[]): readonly RecordedLedger[] =>
    lives.value.filter(({ chainId }) => chainIds.includes(chainId));

  test('T27: says what it could not see, and calls nothing broken', async () => {
    const { verdict, findings, unseen } = await readLedgers(only(charging));
    expect(findings).toEqual([]);
    expect(verdict).toBe('unknown');
    expect(unseen).toContainEqual(
      expect.objectContaining({ laneId: laneIdBetween(city, charging), chainId: city, arrivals: 3n }),
    );
  });

  test('T27: still finds what is wrong on the chain that it sees', async () => {
    const { verdict } = await readLedgers(only(charging), at('charging', 'peg:receive', 0, redirected));
    expect(verdict).toBe('broken');
  });
});

/** Another text in all that a chain was asked and wrote. */
function everywhere(chain: string, from: string, to: string): Change {
  return (transaction, on) => {
    if (on !== chain) return transaction;
    const { call, writes } = transaction;
    return {
      ...transaction,
      call: { ...call, argument: call.argument?.replaceAll(from, to) },
      writes: writes.map(({ key, value }) => ({ key, value: value?.replaceAll(from, to) })),
    };
  };
}

/** The committee in force, as one of the past. */
function pastCommittee(): StateWrite {
  const { committee } = trustIn(charging);
  return {
    key: stateKey('committee', charging, committee.epoch.toString()),
    value: encode(pastCommitteeCodec, { version: 1, chainId: charging, committee }),
  };
}

/** Lanes of a chain with a window that a shard's first packet is too large for. */
function narrowed(chain: string): Change {
  const small = /"quantity":"100000000","shards":4/gu;
  return at(chain, 'governance:commitConfiguration', 0, rewriting('lane', small, '"quantity":"1600","shards":4'));
}

function everyWrite(ledgers: readonly RecordedLedger[]): ReadonlyArray<{
  readonly ledger: RecordedLedger;
  readonly write: StateWrite;
  readonly txId: string;
}> {
  return ledgers.flatMap((ledger) =>
    transactionsOf(ledger)
      .filter(({ call }) => call.name.startsWith('peg:'))
      .flatMap(({ writes, txId }) => writes.map((write) => ({ ledger, write, txId }))),
  );
}

/** Their text is long, and says nothing about value; that they are missing is a finding of the configuration. */
function withoutApprovals(ledgers: readonly RecordedLedger[]): readonly RecordedLedger[] {
  return ledgers.map(({ chainId, transactions }) => ({
    chainId,
    transactions: transactions.filter(({ call }) => call.name !== 'governance:approveConfiguration'),
  }));
}

/** Puts another write, or none, in the place of one. */
function replacing(ledger: RecordedLedger, write: StateWrite, other: StateWrite | undefined): Change {
  return (transaction, chain) => {
    if (!ledger.chainId.startsWith(`${chain}-`)) return transaction;
    const isIt = ({ key, value }: StateWrite): boolean => key === write.key && value === write.value;
    const writes = transaction.writes.flatMap((found) => (isIt(found) ? (other ?? []) : found));
    return { ...transaction, writes };
  };
}
