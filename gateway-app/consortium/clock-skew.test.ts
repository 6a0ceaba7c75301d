// SPDX-License-Identifier: Apache-2.0

import { PegError } from '../client';
import { networkTimeMs, orClockSkew, type AskClock } from './clock-skew';

const clock =
  (aheadMs: number): AskClock =>
  () =>
    Promise.resolve({ node: 'peer0', aheadMs });
const nobody: AskClock = () => Promise.resolve(undefined);
const broken: AskClock = () => Promise.reject(new Error('no network'));
const timeBy = async (ask: AskClock): Promise<{ readonly offMs: number; readonly told: readonly string[] }> => {
  const told: string[] = [];
  const before = Date.now();
  const time = await networkTimeMs({ stateDir: '/none', printMessage: (line) => told.push(line) }, ask);
  return { offMs: Number(time) - before, told };
};

test.each([45_000, 1_200_000, -45_000])('time is counted by the nodes, which are %d ms ahead', async (aheadMs) => {
  const { offMs, told } = await timeBy(clock(aheadMs));
  expect(Math.abs(offMs - aheadMs)).toBeLessThan(1000);
  const seconds = (Math.abs(aheadMs) / 1000).toString();
  const how = aheadMs > 0 ? 'behind' : 'ahead of';
  expect(told).toEqual([
    expect.stringContaining(`CLOCK_SKEW: this machine's clock is ${seconds} s ${how} that of peer0`),
  ]);
});

test.each([clock(1500), clock(-1500), nobody, broken])(
  "time is this machine's where nothing says otherwise",
  async (ask) => {
    const { offMs, told } = await timeBy(ask);
    expect(Math.abs(offMs)).toBeLessThan(1000);
    expect(told).toEqual([]);
  },
);

test('what a wrong clock causes is named as that, with how far it is off', async () => {
  for (const code of ['PEER_UNAVAILABLE', 'CLOCK_SKEW', 'IDENTITY_REJECTED'] as const) {
    const named = await orClockSkew('/none', new PegError({ code }), clock(1_200_000));
    expect(named).toMatchObject({ code: 'CLOCK_SKEW' });
    expect((named as Error).message).toContain("this machine's clock is 1200 s behind that of peer0");
  }
});

test('another failure stays, as does one while the clocks agree', async () => {
  const other = new PegError({ code: 'NOTE_SPENT' });
  expect(await orClockSkew('/none', other, clock(1_200_000))).toBe(other);
  const silent = new PegError({ code: 'PEER_UNAVAILABLE' });
  for (const ask of [clock(1000), clock(-20_000), nobody, broken])
    expect(await orClockSkew('/none', silent, ask)).toBe(silent);
});
