// SPDX-License-Identifier: Apache-2.0

import { judgeTransfer, type TransferFacts } from './diagnose-transfer';

const notary = (organization: string) => ({ organization, answers: true, lastError: '' });
const valid: TransferFacts = {
  state: 'in-flight',
  source: {
    name: 'city',
    members: ['GridMSP', 'ChargingMSP', 'RegulatorMSP'],
    isKnown: true,
    problem: undefined,
    lane: { state: 'open' },
  },
  destination: {
    name: 'charging',
    members: ['ChargingMSP', 'RegulatorMSP'],
    isKnown: true,
    problem: undefined,
    lane: { state: 'open' },
  },
  outcome: undefined,
  late: false,
  threshold: 3,
  packet: { kind: 'transfer', quantity: 100n },
  window: { part: 100n, nextMs: 1_700_000_000_000n },
  notaries: [
    { organization: 'GridMSP', answers: true, lastError: undefined },
    ...['ChargingMSP', 'RegulatorMSP'].map(notary),
    { organization: 'MicrogridMSP', answers: true, lastError: undefined },
  ],
};
const dead = (...names: readonly string[]): TransferFacts['notaries'] =>
  valid.notaries.map((each) =>
    names.includes(each.organization) ? { ...each, answers: false, lastError: undefined } : each,
  );

test.each<[what: string, change: Partial<TransferFacts>, waitsFor: RegExp, who: readonly string[]]>([
  ['delivered', { state: 'delivered', notaries: dead('GridMSP', 'ChargingMSP') }, /^nothing: it was received/, []],
  ['refunded', { state: 'refunded' }, /^nothing: it was refused/, []],
  ['on its way', {}, /^its certificate, on the way to charging/, []],
  ['late', { late: true }, /^charging to refuse it: its deadline is over/, []],
  [
    'more than any window holds',
    { packet: { kind: 'retirement', quantity: 101n } },
    /^the members of charging to raise the lane's window: it lets in 100 at a time, and this is 101/,
    ['ChargingMSP', 'RegulatorMSP'],
  ],
  ['as much as a window holds', { packet: { kind: 'retirement', quantity: 100n } }, /^its certificate, on the way/, []],
  [
    'held up by a full window',
    {
      notaries: valid.notaries.map((each) =>
        each.lastError === undefined ? each : { ...each, lastError: 'skipped: WINDOW_FULL' },
      ),
    },
    /^room in the lane's window on charging, which starts again at 2023-11-14T22:13:20.000Z/,
    [],
  ],
  ['received', { outcome: 'received' }, /^its receipt, on the way to city/, []],
  ['refused', { outcome: 'refused' }, /^its refusal, on the way to city/, []],
  [
    'sent to a chain that is down',
    { destination: { ...valid.destination, problem: 'PEER_UNAVAILABLE: x' }, notaries: dead('GridMSP', 'ChargingMSP') },
    /^chain charging, which does not answer \(PEER_UNAVAILABLE: x\)/,
    ['ChargingMSP', 'RegulatorMSP'],
  ],
  [
    'received while its source is down',
    { source: { ...valid.source, problem: 'x' }, outcome: 'received' },
    /^chain city, which does not answer/,
    ['GridMSP', 'ChargingMSP', 'RegulatorMSP'],
  ],
  [
    'sent over a lane that is frozen at its end',
    { destination: { ...valid.destination, lane: { state: 'frozen' } }, notaries: dead('GridMSP', 'ChargingMSP') },
    /^charging to open the lane, which is frozen there/,
    ['ChargingMSP', 'RegulatorMSP'],
  ],
  [
    'received while its lane is frozen at its start',
    { source: { ...valid.source, lane: { state: 'frozen' } }, outcome: 'received' },
    /^city to open the lane/,
    ['GridMSP', 'ChargingMSP', 'RegulatorMSP'],
  ],
  [
    'received while its lane is paused at its start',
    { source: { ...valid.source, lane: { state: 'paused' } }, outcome: 'received' },
    /^its receipt, on the way to city/,
    [],
  ],
  [
    'sent to a chain that is not known here',
    { destination: { ...valid.destination, members: [], isKnown: false, problem: 'charging is not known here' } },
    /^charging, which is not known here, or for its answer/,
    [],
  ],
  [
    'in want of notaries',
    { notaries: dead('GridMSP', 'ChargingMSP') },
    /^1 more of 4 notaries: 3 must sign, 2 answer/,
    ['GridMSP', 'ChargingMSP'],
  ],
  [
    'in want of a relay',
    { threshold: 2, notaries: dead('ChargingMSP', 'RegulatorMSP') },
    /^a relay between city and charging/,
    ['ChargingMSP', 'RegulatorMSP'],
  ],
  [
    'failing at every relay',
    {
      notaries: valid.notaries.map((each) =>
        each.lastError === '' ? { ...each, lastError: 'SIGNATURES_TOO_FEW: x' } : each,
      ),
    },
    /last failed: SIGNATURES_TOO_FEW: x/,
    ['ChargingMSP', 'RegulatorMSP'],
  ],
  [
    'failing at one relay of two',
    {
      notaries: valid.notaries.map((each) =>
        each.organization === 'ChargingMSP' ? { ...each, lastError: 'SIGNATURES_TOO_FEW: x' } : each,
      ),
    },
    /^its certificate, on the way/,
    [],
  ],
])('a transfer that is %s says what it waits for and who must act', (_what, change, waitsFor, who) => {
  const judged = judgeTransfer({ ...valid, ...change });
  expect(judged.waitsFor).toMatch(waitsFor);
  expect(judged.who).toEqual(who);
  expect(judged.next).not.toBe('');
});

test('of a lane that evidence has frozen it says who lied, since when, and what comes before the thaw', () => {
  const time = new Date(1_700_000_000_000);
  const evidence = { lie: 'peers of GridMSP gave two contents', time, remedy: 'take them out of the trust record' };
  const lane = { state: 'frozen' as const, evidence };
  const there = judgeTransfer({ ...valid, destination: { ...valid.destination, lane } });
  expect(there).toEqual({
    waitsFor:
      'charging to open the lane, which is frozen there since 2023-11-14T22:13:20.000Z by evidence: ' +
      'peers of GridMSP gave two contents',
    who: ['ChargingMSP', 'RegulatorMSP'],
    next: expect.stringMatching(
      /^take them out of the trust record \(`gridpeg evidence show`\); then more than half .*propose open/,
    ) as string,
  });
  const back = judgeTransfer({ ...valid, outcome: 'received', source: { ...valid.source, lane } });
  expect([back.waitsFor, back.who]).toEqual([
    there.waitsFor.replace('charging', 'city'),
    ['GridMSP', 'ChargingMSP', 'RegulatorMSP'],
  ]);
});

test('of a paused lane it says how it is opened', () => {
  const judged = judgeTransfer({ ...valid, destination: { ...valid.destination, lane: { state: 'paused' } } });
  expect(judged.next).toMatch(/^more than half .*propose open/);
});
