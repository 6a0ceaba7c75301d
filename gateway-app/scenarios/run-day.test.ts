// SPDX-License-Identifier: Apache-2.0

import { PegError } from '../client';
import { dayLanes } from './day-lanes';
import { encodeSessionMemo, sessionMemo } from './session-memo';
import { charging, dayOn, runAll, sessions } from './testing/fake-day';
import { FakeLedgers, sum } from './testing/fake-ledgers';

describe('DayRun', () => {
  test('moves, retires and returns what the sessions say, over all six lanes', async () => {
    const ledgers = new FakeLedgers();
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems).toEqual([]);
    expect(
      run.measurements
        .carried()
        .map(({ laneId }) => laneId)
        .sort(),
    ).toEqual([
      'charging-city',
      'charging-microgrid',
      'city-charging',
      'city-microgrid',
      'microgrid-charging',
      'microgrid-city',
    ]);
    const retired = ledgers.sent
      .filter(({ laneId }) => laneId === 'charging-city')
      .flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'retirement'));
    expect(sum(retired)).toBe(7500n);
    // 2000 + 1000 were not used, 1000 came back because they were late.
    expect(ledgers.total('city', charging)).toBe(4000n);
    expect(ledgers.total('charging', charging)).toBe(0n);
    run.close();
  });

  test('names the session in every packet, and one example of each kind', async () => {
    const ledgers = new FakeLedgers();
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    const asked = ledgers.sent.filter(({ laneId, noteIds }) => laneId === 'city-charging' && noteIds.length === 1);
    const memos = asked.flatMap(({ outputs }) => outputs.map(({ memo }) => memo));
    const credits = sessions.map((session) => encodeSessionMemo(sessionMemo(session, 'credit')));
    const excess = encodeSessionMemo(sessionMemo(sessions[1]!, 'excess'));
    expect(memos.sort()).toEqual(['day/1 2019-05-16 too late', ...credits, excess].sort());
    expect([...run.examples.keys()].sort()).toEqual([
      'the transfer that missed its deadline',
      'what was delivered in a session',
      'what was not used',
    ]);
    run.close();
  });

  test('tries again when the deadline had passed before the lock was endorsed', async () => {
    const ledgers = new FakeLedgers();
    let refusals = 2;
    ledgers.beforeSend = ({ deadlineMs }) => {
      if (deadlineMs > BigInt(Date.now() + 1000) || refusals === 0) return;
      refusals -= 1;
      throw new PegError({ code: 'DEADLINE_PASSED' });
    };
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems).toEqual([]);
    expect(refusals).toBe(0);
    run.close();
  });

  test.each([0, 1_200_000])('counts deadlines by the clocks of the nodes, which are %i ms ahead', async (aheadMs) => {
    const ledgers = new FakeLedgers();
    const aheadsMs: number[] = [];
    ledgers.beforeSend = ({ laneId, deadlineMs }) => {
      if (laneId === 'charging-microgrid') aheadsMs.push(Number(deadlineMs) - Date.now());
    };
    const run = dayOn(ledgers, sessions, aheadMs);
    await runAll(run.tasks());
    run.close();
    expect(aheadsMs.length).toBeGreaterThan(0);
    for (const ahead of aheadsMs) expect(Math.abs(ahead - aheadMs - 15 * 60_000)).toBeLessThan(60_000);
  });

  test('sends again when a peer does not know a note yet', async () => {
    const ledgers = new FakeLedgers();
    let behind = true;
    ledgers.beforeSend = ({ laneId }) => {
      if (laneId !== 'charging-city' || !behind) return;
      behind = false;
      throw new PegError({ code: 'NOTE_SPENT' });
    };
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems).toEqual([]);
    run.close();
  });

  test('goes on with the rest of the day when a lane is dead, and says what waits', async () => {
    const ledgers = new FakeLedgers();
    const run = dayOn(ledgers);
    ledgers.dead.add(dayLanes.cityMicrogrid);
    await runAll(run.tasks());
    expect(run.problems.map(({ code }) => code)).toEqual(['NOT_RECEIVED_IN_TIME', 'STILL_IN_FLIGHT']);
    expect(run.problems[1]!.message).toMatch(/^packets wait on city-microgrid \(2\)\. Relaying needs/);
    expect(ledgers.total('charging', charging)).toBe(0n);
    run.close();
  });

  test('says so when a destination refuses what it should take', async () => {
    const ledgers = new FakeLedgers();
    ledgers.refused.add(dayLanes.cityMicrogrid);
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems[0]).toMatchObject({ code: 'UNEXPECTED_OUTCOME' });
    expect(run.problems[0]!.message).toMatch(/^packet [0-9a-f]{64} was refused \(LANE_UNKNOWN\)\. See .+\.$/);
    run.close();
  });

  test('says so when the transfer that was to come too late is received', async () => {
    const ledgers = new FakeLedgers();
    ledgers.ignoresDeadlines = true;
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems).toMatchObject([{ code: 'DEADLINE_NOT_MISSED' }]);
    run.close();
  });

  test('measures one latency for each packet that it waited for, and one for each commit', async () => {
    const run = dayOn(new FakeLedgers());
    await runAll(run.tasks());
    expect(run.measurements.latency('received')).toMatchObject({ count: 10 });
    expect(run.measurements.latency('commit')!.count).toBe(
      run.measurements.carried().reduce((n, c) => n + c.transactions, 1),
    );
    run.close();
  });
});
