// SPDX-License-Identifier: Apache-2.0

import { pollUntil } from './poll-until';

const never = { timeoutMs: 3_600_000, pollMs: 0 };

test('the first answer ends the waiting, and what is false or undefined is none', async () => {
  const answers = [undefined, false, undefined, 0, 1] as const;
  let asked = 0;
  expect(await pollUntil(() => answers[asked++], never)).toBe(0);
  expect(asked).toBe(4);
});

test('it asks once where there is no time, and once more when the time is over', async () => {
  let asked = 0;
  const ask = (): false => {
    asked += 1;
    return false;
  };
  expect(await pollUntil(ask, { timeoutMs: 0, pollMs: 3_600_000 })).toBeUndefined();
  expect(asked).toBe(1);
  // The pause is cut short at the deadline; a timer may fire a little early, so that there is one more.
  expect(await pollUntil(ask, { timeoutMs: 1, pollMs: 3_600_000 })).toBeUndefined();
  expect(asked).toBeGreaterThan(2);
});

test('what the question throws ends the waiting', async () => {
  await expect(pollUntil(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
});

test('an abort ends it, and the pause as well', async () => {
  const stop = new AbortController();
  const waiting = pollUntil(() => false, { timeoutMs: 3_600_000, pollMs: 3_600_000, signal: stop.signal });
  stop.abort();
  expect(await waiting).toBeUndefined();
});
