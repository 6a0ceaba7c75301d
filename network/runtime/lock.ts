// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

import { NetworkError } from './network-error';
import { pollUntil } from './poll-until';

/** How long to wait for another `up`, which may have to build Fabric first. */
export const lockSeconds = 300;

/**
 * Does something that no other process does with the same folder at the same time.
 *
 * The lock is a socket in Linux's abstract namespace: the kernel frees it when its holder ends in whatever way, so it
 * cannot be left behind by a crash, and it is no file in a folder that is about to be removed.
 *
 * @param folder - absolute; stands for what is locked, need not exist
 * @param waitSeconds - how long to wait for another holder
 * @throws NetworkError STATE_LOCKED
 */
export async function withLock<Result>(
  folder: string,
  waitSeconds: number,
  action: () => Promise<Result>,
): Promise<Result> {
  const holder = await pollUntil(() => tryLock(folder), { timeoutMs: waitSeconds * 1000, pollMs: 100 });
  if (holder === undefined) {
    const by = await holderOf(folder);
    throw new NetworkError('STATE_LOCKED', `another gridpeg is busy with ${folder}${by}`, 'Let it end, or end it.');
  }
  try {
    return await action();
  } finally {
    holder.close();
  }
}

/** Who holds the lock, as it says to whoever connects; empty when it does not. */
async function holderOf(folder: string): Promise<string> {
  const socket = connect(socketOf(folder)).setEncoding('utf8').setTimeout(1000);
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  try {
    let message = '';
    for await (const text of socket) message += String(text);
    return message === '' ? '' : `: ${message.slice(0, 300)}`;
  } catch {
    return '';
  }
}

/** What the holder says about itself: its process, and the command after the program's name. */
function self(): string {
  return `process ${String(process.pid)}, ${process.argv.slice(2).join(' ')}`;
}

function socketOf(folder: string): string {
  return `\0gridpeg-${createHash('sha256').update(folder).digest('hex')}`;
}

async function tryLock(folder: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(self());
  });
  try {
    const listening = once(server, 'listening');
    server.listen(socketOf(folder));
    await listening;
    return server.unref();
  } catch {
    return undefined;
  }
}
