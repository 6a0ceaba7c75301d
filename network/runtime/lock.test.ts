// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { withLock } from './lock';

const folder = `/nowhere/${String(process.pid)}`;

test('two that want the same folder take turns', async () => {
  const order: string[] = [];
  const turn = (name: string) => async (): Promise<void> => {
    order.push(`${name} begins`);
    await sleep(50);
    order.push(`${name} ends`);
  };
  const first = withLock(folder, 5, turn('first'));
  await sleep(10);
  await Promise.all([first, withLock(folder, 5, turn('second'))]);
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('whoever waits too long is told which folder is busy, and which process with it', async () => {
  await withLock(folder, 1, async () => {
    const waiting = withLock(folder, 0, () => Promise.resolve());
    await expect(waiting).rejects.toMatchObject({ code: 'STATE_LOCKED' });
    await expect(waiting).rejects.toThrow(`${folder}: process ${String(process.pid)}, `);
  });
});

test('a failure gives the lock back', async () => {
  await expect(withLock(folder, 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(withLock(folder, 0, () => Promise.resolve('free'))).resolves.toBe('free');
});

test('a holder that was killed holds nothing', async () => {
  const script = `require(${JSON.stringify(require.resolve('./lock'))})
    .withLock(${JSON.stringify(folder)}, 1, () => {
      console.log('held');
      return new Promise(() => setInterval(() => 0, 1000));
    });`;
  const holder = spawn(process.execPath, ['-e', script]);
  await once(holder.stdout, 'data');
  await expect(withLock(folder, 0, () => Promise.resolve())).rejects.toMatchObject({ code: 'STATE_LOCKED' });
  holder.kill('SIGKILL');
  await expect(withLock(folder, 5, () => Promise.resolve('free'))).resolves.toBe('free');
});
