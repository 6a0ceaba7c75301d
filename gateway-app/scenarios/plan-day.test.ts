// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import type { Session } from './sessions/session';
import { askedWh, maximumSessionsPerBatch, planDay, planMicrogrid } from './plan-day';

const session = (id: string, requestedWh: bigint, deliveredWh: bigint): Session => ({
  id,
  stationId: 'A',
  arrivalMs: 0,
  departureMs: 1,
  requestedWh,
  deliveredWh,
});

const days = fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 200_000n }), fc.bigInt({ min: 0n, max: 200_000n })), {
  minLength: 1,
  maxLength: 120,
});
const sessionsOf = (energies: ReadonlyArray<readonly [bigint, bigint]>): Session[] =>
  energies.map(([requestedWh, deliveredWh], index) => session(`s${index.toString()}`, requestedWh, deliveredWh));

describe('planDay', () => {
  test('retires what was delivered and returns the rest of the credit', () => {
    const { batches } = planDay([session('s1', 5000n, 3000n)], 20);
    expect(batches).toMatchObject([
      {
        name: 'credit',
        settlements: [{ sessionId: 's1', memo: { part: 'credit' }, retiredWh: 3000n, returnedWh: 2000n }],
      },
    ]);
  });

  test('caps what is retired by the credit, and asks for credit of its own for the overshoot', () => {
    const { batches } = planDay([session('s1', 5000n, 5300n)], 20);
    expect(batches.map(({ name, settlements }) => [name, settlements])).toMatchObject([
      ['credit', [{ memo: { part: 'credit' }, retiredWh: 5000n, returnedWh: 0n }]],
      ['additional credit', [{ memo: { part: 'excess' }, retiredWh: 300n, returnedWh: 0n }]],
    ]);
  });

  test('asks nothing for a session without energy, and no first credit for one that requested none', () => {
    expect(planDay([session('s1', 0n, 0n)], 20).batches).toEqual([]);
    expect(planDay([session('s1', 0n, 7n)], 20).batches.map(({ name }) => name)).toEqual(['additional credit']);
  });

  test('numbers batches when there are several', () => {
    const sessions = ['a', 'b', 'c'].map((id) => session(id, 10n, 5n));
    expect(planDay(sessions, 2).batches.map(({ name, settlements }) => [name, settlements.length])).toEqual([
      ['credit 1/2', 2],
      ['credit 2/2', 1],
    ]);
  });

  test('keeps every transaction within 50 outputs, all of them positive', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: maximumSessionsPerBatch }), (energies, size) => {
        for (const { settlements } of planDay(sessionsOf(energies), size).batches) {
          const outputs = settlements
            .flatMap(({ retiredWh, returnedWh }) => [retiredWh, returnedWh])
            .filter((wh) => wh !== 0n);
          expect(outputs.length).toBeLessThanOrEqual(50);
          expect([...outputs, ...settlements.map(askedWh)].every((wh) => wh > 0n)).toBe(true);
        }
      }),
    );
  });

  test('retires exactly what was delivered', () => {
    fc.assert(
      fc.property(days, (energies) => {
        const sessions = sessionsOf(energies);
        const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
        const settlements = planDay(sessions, 20).batches.flatMap((batch) => batch.settlements);
        expect(total(settlements.map(({ retiredWh }) => retiredWh))).toBe(
          total(sessions.map(({ deliveredWh }) => deliveredWh)),
        );
      }),
    );
  });

  test('passes on no more than the microgrid has, at any size of the day', () => {
    for (const requested of [0n, 1n, 199n, 2_000_000n]) {
      const { microgridPartWh } = planDay([session('s1', requested, 0n)], 20);
      const microgrid = planMicrogrid(microgridPartWh);
      expect(microgrid.retiredWh + microgrid.givenBackWh).toBe(microgrid.passedOnWh);
      expect(microgrid.returnedWh).toBeLessThan(microgrid.keptWh + microgrid.givenBackWh);
      expect(microgrid.retiredWh).toBeGreaterThan(0n);
    }
  });
});
