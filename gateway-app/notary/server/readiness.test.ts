// SPDX-License-Identifier: Apache-2.0

import { ReadinessChecks } from './readiness';

describe('the readiness of a notary', () => {
  const well = () => Promise.resolve(undefined);

  test('is there when nothing is wrong with any part', async () => {
    const checks = new ReadinessChecks({ signing: well, ledgers: well, credentials: well });
    expect(await checks.current()).toEqual({
      ready: true,
      checks: { signing: 'ok', ledgers: 'ok', credentials: 'ok' },
    });
  });

  test.each(['signing', 'ledgers', 'credentials'] as const)(
    'is not there when something is with its %s',
    async (part) => {
      const parts = { signing: well, ledgers: well, credentials: well };
      const wrong = new ReadinessChecks({ ...parts, [part]: () => Promise.resolve('SIGNING_KEY_FAILED') });
      expect(await wrong.current()).toMatchObject({ ready: false, checks: { [part]: 'SIGNING_KEY_FAILED' } });
      const failing = new ReadinessChecks({ ...parts, [part]: () => Promise.reject(new Error('/secret')) });
      expect(await failing.current()).toMatchObject({ ready: false, checks: { [part]: 'UNEXPECTED' } });
    },
  );

  test('T34: is checked once in five seconds, however many ask', async () => {
    let checked = 0;
    let nowMs = 0;
    const signing = () => {
      checked += 1;
      return Promise.resolve(undefined);
    };
    const checks = new ReadinessChecks({ signing, ledgers: well, credentials: well }, () => nowMs);
    await Promise.all(Array.from({ length: 100 }, () => checks.current()));
    nowMs = 4_999;
    await checks.current();
    expect(checked).toBe(1);
    nowMs = 5_000;
    await checks.current();
    expect(checked).toBe(2);
  });
});
