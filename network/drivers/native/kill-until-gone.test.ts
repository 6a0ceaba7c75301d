// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { killUntilGone } from './kill-until-gone';

const processOf = (pid: number) => ({ pid, node: 'peer0.grid.example.com', leader: true, paused: false });

test('a process that ignores SIGTERM is ended', async () => {
  const stubborn = spawn(process.execPath, [
    '-e',
    "process.on('SIGTERM', () => 0); console.log(1); setInterval(() => 0, 1e4)",
  ]);
  await once(stubborn.stdout, 'data');
  const ended = once(stubborn, 'exit');
  stubborn.kill('SIGTERM');
  let isThere = true;
  void ended.then(() => {
    isThere = false;
  });
  const found = () => (isThere ? [processOf(stubborn.pid ?? 0)] : []);
  await killUntilGone('/nowhere', found, found);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('a process that does not end even so is waited for until a deadline, and named', async () => {
  const gone = spawn(process.execPath, ['-e', '0']);
  await once(gone, 'exit');
  const { pid = 0 } = gone;
  // As one does that waits for a disk: the kernel ends it when the disk answers.
  const always = () => [processOf(pid)];
  const waiting = killUntilGone('/nowhere', always, always, 0);
  await expect(waiting).rejects.toMatchObject({ code: 'NODE_DID_NOT_END' });
  await expect(waiting).rejects.toThrow(`peer0.grid.example.com (process ${String(pid)})`);
  // One that comes back each time is no different.
  await expect(killUntilGone('/nowhere', always, () => [], 0)).rejects.toMatchObject({ code: 'NODE_DID_NOT_END' });
});
