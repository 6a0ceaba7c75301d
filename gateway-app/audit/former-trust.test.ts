// SPDX-License-Identifier: Apache-2.0

import { recordLedgers, type RecordedLedger } from '@gridpeg/peg/testing';
import { type AuditTransaction, type StateWrite } from './blocks/audit-block';
import { readLedgers, type Change } from './testing/recorded-blocks';

/** The life of the charging chain: an urgent change leaves the regulator out, whose peer is a witness afterwards. */
let ledgers: readonly RecordedLedger[];
beforeAll(async () => {
  ledgers = (await recordLedgers()).governance;
});

const dayMs = 86_400_000n;
const typeOf = ({ key }: StateWrite): string => key.split('\u0000')[1] ?? '';
/** Changes the writes of what the charging chain executed. */
const executing =
  (change: (writes: readonly StateWrite[]) => readonly StateWrite[]): Change =>
  (found, chain) =>
    chain === 'charging' && found.call.name === 'governance:execute'
      ? { ...found, writes: change(found.writes) }
      : found;
const rewriting = (writes: readonly StateWrite[], type: string, from: RegExp | string, to: string) =>
  writes.map((write) => (typeOf(write) === type ? { ...write, value: write.value?.replace(from, to) } : write));
const withoutFormer = (writes: readonly StateWrite[]): readonly StateWrite[] =>
  writes.filter((write) => typeOf(write) !== 'former-trust');
const findings = async (change?: Change): Promise<readonly string[]> =>
  (await readLedgers(ledgers, change)).findings.map(({ rule, about }) => `${rule} ${about}`);
const found = 'TRUST_CHANGED former trust record';
/** The evidence by answers of the source, which is judged under the former trust record. */
const isJudged = ({ call }: AuditTransaction): boolean =>
  call.name === 'governance:submitEvidence' && call.argument?.includes('"kind":"absence"') === true;

test('T44: a judgment under a trust record that still counts is none', async () => {
  expect(await findings()).toEqual([]);
});

test('T44: a judgment under one that counts no more is a finding, from the very moment on', async () => {
  const change = ledgers
    .flatMap(({ transactions }) => transactions)
    .find(({ writes }) => writes.some(([key]) => key.startsWith('\u0000former-trust\u0000')));
  const untilMs = BigInt(change!.call.timeMs) + dayMs + 120_000n;
  const judgedAt = (timeMs: bigint) => findings((each) => (isJudged(each) ? { ...each, timeMs } : each));
  expect(await judgedAt(untilMs)).toContain('TRUST_CHANGED evidence');
  expect(await judgedAt(untilMs - 1n)).not.toContain('TRUST_CHANGED evidence');
});

test.each<[string, (writes: readonly StateWrite[]) => readonly StateWrite[]]>([
  ['that is missing', withoutFormer],
  ['that counts longer', (writes) => rewriting(writes, 'former-trust', /"untilMs":"1/u, '"untilMs":"2')],
  ['that says something else', (writes) => rewriting(writes, 'former-trust', '"RegulatorMSP"', '"OtherMSP"')],
  [
    'in another place',
    (writes) =>
      rewriting(writes, 'former-trust', '"slot":0', '"slot":1').map((write) =>
        typeOf(write) === 'former-trust'
          ? { ...write, key: write.key.replace('\u00000\u0000', '\u00001\u0000') }
          : write,
      ),
  ],
])('T27: finds a former trust record %s', async (_, change) => {
  expect(await findings(executing(change))).toContain(found);
});

test('T27: finds one that no urgent change left behind', async () => {
  const written = ledgers
    .flatMap(({ transactions }) => transactions)
    .flatMap(({ writes }) => writes)
    .find(([key]) => key.startsWith('\u0000former-trust\u0000'));
  const extra = { key: written![0], value: written![1] };
  const change: Change = (each, chain) =>
    chain === 'city' && each.call.name === 'governance:execute' ? { ...each, writes: [...each.writes, extra] } : each;
  expect(await findings(change)).toContain(found);
});

test('T27: expects none of chaincode from before there were such records, but once it knows them, of all', async () => {
  const before: Change = (each, chain) => {
    if (chain !== 'charging') return each;
    const writes = rewriting(withoutFormer(each.writes), 'chain', '"version":3', '"version":2');
    return { ...each, writes };
  };
  expect(await findings(before)).not.toContain(found);
  const back = executing((writes) => rewriting(withoutFormer(writes), 'chain', '"version":3', '"version":2'));
  expect(await findings(back)).toContain(found);
});
