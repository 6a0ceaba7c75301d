// SPDX-License-Identifier: Apache-2.0

import { packetIdCodec } from '@gridpeg/protocol';
import { type AuditReport } from '../../audit';
import { Measurements } from '../../scenarios/measurements';
import { dayDocument, daySummary } from './day-summary';

const day = {
  date: '2019-05-16',
  dates: ['2019-05-16'],
  faults: [],
  rounding: { requestedWh: 0n, deliveredWh: 3n },
  sessions: [{ id: 's1', stationId: 'A', arrivalMs: 0, departureMs: 1, requestedWh: 5000n, deliveredWh: 3000n }],
};
const report: AuditReport = {
  verdict: 'holds',
  chains: [
    {
      ...{ chain: 'city', chainId: 'city-0', height: 12n, transactions: 9 },
      copies: { organization: 'GridMSP', comparedWith: 'ChargingMSP', compared: 12n },
    },
  ],
  lanes: [
    {
      ...{ laneId: 'city-charging', sourceChain: 'city', destinationChain: 'charging', asset: 'city/energy', path: [] },
      ...{ locked: 6000n, minted: 5000n, burnt: 5000n, released: 2000n, retired: 3000n, refunded: 1000n },
      ...{ inFlight: 0n, escrow: 0n, vouchers: 0n },
    },
  ],
  supply: [{ chain: 'city', asset: 'city/energy', issued: 6000n, retired: 3000n, notes: 3000n, escrow: 0n }],
  unseen: [],
  findings: [],
};
const runOf = (): Parameters<typeof daySummary>[1] => {
  const measurements = new Measurements();
  measurements.carry('city-charging', 2, 6000n);
  for (const milliseconds of [100, 200, 900]) measurements.add('received', milliseconds);
  const packetId = packetIdCodec.decode('a'.repeat(64), '');
  return {
    measurements,
    problems: [],
    sessions: { leftOut: [], settledBefore: [] },
    examples: new Map([['the transfer that missed its deadline', packetId]]),
  };
};

test('dayDocument tells the same to programs, absent latencies left out', () => {
  expect(dayDocument(day, runOf(), report)).toEqual({
    ...{ date: '2019-05-16', sessions: 1, requestedWh: 5000n, deliveredWh: 3000n, faults: [], problems: [] },
    rounding: { requestedWh: 0n, deliveredWh: 3n },
    settledBefore: [],
    leftOut: [],
    carried: [{ laneId: 'city-charging', transactions: 1, packets: 2, quantityWh: 6000n }],
    latency: { commit: undefined, received: { count: 3, p50Ms: 200, p95Ms: 900 } },
    examples: [{ what: 'the transfer that missed its deadline', packetId: 'a'.repeat(64) }],
    audit: report,
  });
});

describe('daySummary', () => {
  const lines = daySummary(day, runOf(), report);

  test('says what was asked for and delivered', () => {
    expect(lines).toContain('2019-05-16: 1 sessions requested 5 000 Wh, 3 000 Wh were delivered');
  });

  test('has a row for each lane of the audit, and the verdict', () => {
    expect(lines.filter((line) => line.startsWith('city-charging'))).toHaveLength(2);
    expect(lines).toContainEqual(expect.stringMatching(/home +6 000 +5 000 +5 000 +2 000 +3 000 +1 000 +0 +0 +0$/));
    expect(lines).toContain('audit: holds');
  });

  test('tells latencies, or that there are none', () => {
    expect(lines).toContainEqual(expect.stringMatching(/^latency, end to end .*: p50 200 ms, p95 900 ms, of 3$/));
    expect(lines).toContainEqual(expect.stringMatching(/^latency, commit .*: nothing was measured$/));
  });

  test('names commands to look further', () => {
    expect(lines).toContain(`  npx gridpeg transfer show ${'a'.repeat(64)}  # the transfer that missed its deadline`);
  });

  test('shows lines left out, problems and findings', () => {
    const fault = { code: 'SESSION_TIME' as const, file: 'day.csv', line: 3, message: 'x' };
    const problems = [{ code: 'STILL_IN_FLIGHT', message: 'packets wait.' }];
    const leftOut = [{ code: 'SESSION_CHANGED', message: 'x.' }];
    const finding = {
      ...{ rule: 'LANE_EQUATION' as const, chain: 'city', block: 7n, txId: 'abc', laneId: 'city-charging' },
      ...{ about: 'escrow', expected: '1', found: '2' },
    };
    const broken: AuditReport = { ...report, verdict: 'broken', findings: [finding] };
    const told = daySummary(
      { ...day, faults: [fault] },
      { ...runOf(), problems, sessions: { leftOut, settledBefore: ['s1'] } },
      broken,
    );
    expect(told).toContainEqual(expect.stringMatching(/; 2 lines left out$/));
    expect(told).toContain('1 of these sessions had been settled on these ledgers before');
    expect(told).toContain('SESSION_CHANGED: x.');
    expect(told).toContain('STILL_IN_FLIGHT: packets wait.');
    expect(told).toContain('LANE_EQUATION on city, block 7, lane city-charging, transaction abc: escrow');
    expect(told).toContain('audit: broken (1 findings)');
  });
});
