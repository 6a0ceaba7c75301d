// SPDX-License-Identifier: Apache-2.0

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockSigningHistory } from './signing-history-lock';
import { SigningHistory } from './signing-history';

const locked = { code: 'SIGNING_HISTORY_LOCKED', class: 'fatal' };

describe('T48: the lock of a signing history', () => {
  let folder: string;
  let file: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-lock-'));
    file = join(folder, 'signed');
    writeFileSync(file, '');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Another process that holds the lock. */
  const holder = async (): Promise<ChildProcess> => {
    const script = `require(${JSON.stringify(require.resolve('./signing-history-lock'))})
      .lockSigningHistory(${JSON.stringify(file)}).then(() => { console.log('held'); setInterval(() => 0, 1000); });`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const sockets = (): readonly string[] => readdirSync(folder).filter((name) => name !== 'signed');
  /** Lets a socket look as if another start of a machine, or another machine, had left it. */
  const disguise = (part: 2 | 4, as: string): void => {
    const [name = ''] = sockets();
    renameSync(
      join(folder, name),
      join(
        folder,
        name
          .split('-')
          .map((old, at) => (at === part ? as : old))
          .join('-'),
      ),
    );
  };

  test('keeps a second one of this process and of another out, until it is released', async () => {
    const lock = await lockSigningHistory(file);
    await expect(lockSigningHistory(file)).rejects.toMatchObject(locked);
    expect(statSync(join(folder, sockets()[0]!)).mode & 0o777).toBe(0o600);
    await lock.release();
    expect(sockets()).toEqual([]);
    await holder();
    await expect(lockSigningHistory(file)).rejects.toMatchObject(locked);
    await expect(SigningHistory.open(file)).rejects.toMatchObject(locked);
    expect(sockets()).toHaveLength(1);
  });

  test('is taken over from a process that was killed', async () => {
    await kill(await holder());
    expect(sockets()).toHaveLength(1);
    await (await lockSigningHistory(file)).release();
    expect(sockets()).toEqual([]);
  });

  test('is not taken over from a process that hangs', async () => {
    const child = await holder();
    child.kill('SIGSTOP');
    await expect(lockSigningHistory(file)).rejects.toMatchObject(locked);
    await kill(child);
  });

  test('is taken over after this machine has been restarted, whoever has its process id now', async () => {
    await kill(await holder());
    disguise(2, '00000000');
    await (await lockSigningHistory(file)).release();
  });

  test('is not taken over from another machine, which only an operator knows to be gone', async () => {
    await kill(await holder());
    disguise(2, '00000000');
    disguise(4, 'elsewhere');
    await expect(lockSigningHistory(file)).rejects.toMatchObject({ ...locked, details: { host: 'elsewhere' } });
    rmSync(join(folder, sockets()[0]!));
    await (await lockSigningHistory(file)).release();
  });

  test('is one for all ways to a file, however long, and another for another file', async () => {
    const deep = join(folder, ...Array.from({ length: 10 }, () => 'd'.repeat(100)));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'signed'), '');
    symlinkSync(deep, join(folder, 'link'));
    symlinkSync(join(deep, 'signed'), join(folder, 'signed-as-well'));
    const lock = await lockSigningHistory(join(deep, 'signed'));
    await expect(lockSigningHistory(join(folder, 'link', 'signed'))).rejects.toMatchObject(locked);
    await expect(lockSigningHistory(join(folder, 'signed-as-well'))).rejects.toMatchObject(locked);
    await (await lockSigningHistory(file)).release();
    await lock.release();
  });

  test('is held by at most one of many that start at once', async () => {
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => lockSigningHistory(file)));
    const held = ends.filter((end) => end.status === 'fulfilled');
    expect(held.length).toBeLessThanOrEqual(1);
    for (const { value } of held) await value.release();
    await (await lockSigningHistory(file)).release();
  });

  test('a history that was killed in the middle of its writes knows all that it answered for', async () => {
    const hex = (id: number): string => id.toString(16).padStart(64, '0');
    const script = `(async () => {
      const { SigningHistory } = require(${JSON.stringify(require.resolve('./signing-history'))});
      const history = await SigningHistory.open(${JSON.stringify(file)});
      for (let id = 0; ; id += 1) {
        const hex = id.toString(16).padStart(64, '0');
        await history.record([{ subject: 'packets city-0 ' + hex, content: hex }]);
        console.log(id);
      }
    })();`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let told = '';
    child.stdout.on('data', (piece: Buffer) => {
      told += piece.toString();
      if (told.includes('20\n')) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const answered = told.slice(0, told.lastIndexOf('\n')).split('\n').map(Number);
    const signingHistory = await SigningHistory.open(file);
    for (const id of answered) {
      const second = signingHistory.record([{ subject: `packets city-0 ${hex(id)}`, content: hex(id + 1) }]);
      await expect(second).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    }
    await signingHistory.close();
  });
});
