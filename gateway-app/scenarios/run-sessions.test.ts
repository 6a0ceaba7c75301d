// SPDX-License-Identifier: Apache-2.0

import { dayLanes, energy } from './day-lanes';
import { type DayRun } from './run-day';
import { encodeSessionMemo, sessionMemo } from './session-memo';
import { type Session } from './sessions/session';
import { charging, dayOn, microgrid, runAll, sessions, utility } from './testing/fake-day';
import { accountOf, FakeLedgers, sum } from './testing/fake-ledgers';

describe('a session settles once on a ledger', () => {
  const once = 7500n;
  const complete = async (ledgers: FakeLedgers, of?: readonly Session[]): Promise<DayRun> => {
    const run = dayOn(ledgers, of);
    await runAll(run.tasks());
    run.close();
    return run;
  };
  const retired = ({ sent }: FakeLedgers): bigint =>
    sum(
      sent
        .filter(({ laneId }) => laneId === 'charging-city')
        .flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'retirement')),
    );

  test('a second run sends nothing, issues nothing and says what is done', async () => {
    const ledgers = new FakeLedgers();
    await complete(ledgers);
    const [transactions, held] = [ledgers.sent.length, ledgers.total('city', charging)];
    const second = await complete(ledgers);
    expect(second.problems).toEqual([]);
    expect(second.sessions.settledBefore).toEqual(['s0', 's1', 's2']);
    expect(ledgers.sent).toHaveLength(transactions);
    expect(ledgers.total('city', charging)).toBe(held);
    expect(retired(ledgers)).toBe(once);
  });

  test.each(Array.from({ length: 12 }, (_, sends) => sends))(
    'a run that is cut after %d sends is completed by the next one, and nothing stays behind',
    async (sends) => {
      const ledgers = new FakeLedgers();
      ledgers.cutAfter(sends);
      const cut = dayOn(ledgers);
      const ended = await runAll(cut.tasks()).then(
        () => 'completed',
        () => 'cut',
      );
      cut.close();
      ledgers.beforeSend = () => undefined;
      const next = await complete(ledgers);
      expect(next.problems).toEqual([]);
      expect(retired(ledgers)).toBe(once);
      expect(ledgers.total('charging', charging)).toBe(0n);
      expect(ledgers.total('city', charging)).toBe(4000n);
      expect(ledgers.total('microgrid', microgrid) + ledgers.total('city', microgrid)).toBe(318n);
      expect(ended).toBe(sends < 11 ? 'cut' : 'completed');
    },
  );

  test('what a cut run of another file left behind goes home, and that file can be completed later', async () => {
    const ledgers = new FakeLedgers();
    ledgers.beforeSend = ({ laneId }) => {
      if (laneId === 'charging-city') throw new Error('killed');
    };
    const cut = dayOn(ledgers);
    await runAll(cut.tasks()).catch(() => undefined);
    cut.close();
    ledgers.beforeSend = () => undefined;
    const others = sessions.map((session) => ({ ...session, id: `other ${session.id}` }));
    await complete(ledgers, others);
    expect(ledgers.total('charging', charging)).toBe(0n);
    expect(retired(ledgers)).toBe(once);
    await complete(ledgers);
    expect(retired(ledgers)).toBe(2n * once);
    expect(ledgers.total('charging', charging)).toBe(0n);
  });

  test('two runs at the same time settle each session once', async () => {
    const ledgers = new FakeLedgers();
    const runs = [dayOn(ledgers), dayOn(ledgers)];
    await Promise.all(runs.map((run) => runAll(run.tasks())));
    for (const run of runs) run.close();
    const last = await complete(ledgers);
    expect(last.problems).toEqual([]);
    expect(retired(ledgers)).toBe(once);
    expect(ledgers.total('charging', charging)).toBe(0n);
  });

  test.each<readonly [what: string, correction: Partial<Session>]>([
    ['energy', { deliveredWh: 3500n }],
    ['request', { requestedWh: 5001n }],
    ['excess', { deliveredWh: 6000n }],
    ['departure', { departureMs: 2 }],
  ])('a settled session that comes with another %s is left out with SESSION_CHANGED', async (_what, correction) => {
    const ledgers = new FakeLedgers();
    await complete(ledgers);
    const run = await complete(ledgers, [{ ...sessions[0]!, ...correction }]);
    expect(run.sessions.leftOut).toMatchObject([{ code: 'SESSION_CHANGED' }]);
    expect(retired(ledgers)).toBe(once);
  });

  test('credit that a cut run asked for with other energies goes home before it is asked for again', async () => {
    const ledgers = new FakeLedgers();
    ledgers.beforeSend = ({ laneId }) => {
      if (laneId === 'charging-city') throw new Error('killed');
    };
    const cut = dayOn(ledgers);
    await runAll(cut.tasks()).catch(() => undefined);
    cut.close();
    ledgers.beforeSend = () => undefined;
    const corrected = sessions.map((session) => ({ ...session, deliveredWh: session.deliveredWh + 100n }));
    const run = await complete(ledgers, corrected);
    expect(run.problems).toEqual([]);
    expect(retired(ledgers)).toBe(once + 300n);
    expect(ledgers.total('charging', charging)).toBe(0n);
  });

  test.each<readonly [what: string, other: Partial<Session>]>([
    ['at another station', { stationId: 'B' }],
    ['at another time', { arrivalMs: 5, departureMs: 6 }],
    ['with another id', { id: 's9' }],
  ])('a session %s is another one', async (_what, other) => {
    const ledgers = new FakeLedgers();
    await complete(ledgers, [sessions[0]!]);
    await complete(ledgers, [{ ...sessions[0]!, ...other }]);
    expect(retired(ledgers)).toBe(6000n);
  });

  test('a session that got nothing is settled by its return, and not again', async () => {
    const ledgers = new FakeLedgers();
    await complete(ledgers, [sessions[2]!]);
    expect((await complete(ledgers, [sessions[2]!])).sessions.settledBefore).toEqual(['s2']);
  });

  test('credit and excess of one quantity are told apart: twice as much was delivered as was requested', async () => {
    const ledgers = new FakeLedgers();
    const run = await complete(ledgers, [{ ...sessions[0]!, requestedWh: 10_000n, deliveredWh: 20_000n }]);
    expect(run.problems).toEqual([]);
    expect(retired(ledgers)).toBe(20_000n);
    expect(ledgers.total('charging', charging)).toBe(0n);
  });

  test("the same memo in somebody else's packet settles nothing and keeps nothing from being settled", async () => {
    const ledgers = new FakeLedgers();
    const stranger = accountOf('RegulatorMSP');
    const memo = encodeSessionMemo(sessionMemo(sessions[0]!, 'credit'));
    const city = ledgers.party('city', stranger).client;
    const { answer } = await ledgers
      .party('city', utility)
      .client.issue({ asset: energy, outputs: [{ recipient: stranger, quantity: 9n, memo: '' }] });
    const outputs = [{ kind: 'transfer' as const, recipient: stranger, quantity: 9n, memo }];
    const deadlineMs = BigInt(Date.now() + 60_000);
    await city.send({ laneId: dayLanes.cityCharging, noteIds: answer.noteIds, outputs, deadlineMs });
    const run = await complete(ledgers);
    expect(run.sessions.settledBefore).toEqual([]);
    expect(retired(ledgers)).toBe(once);
  });
});
