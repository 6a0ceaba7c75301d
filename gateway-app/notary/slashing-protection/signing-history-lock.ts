// SPDX-License-Identifier: Apache-2.0

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { PegError } from '../../client';

/** How often two processes that start at the same moment and see each other retry, each time after a random pause. */
const tries = 4;
const longestPauseMs = 200;

/** Held by the one process that may write a signing history. */
export interface SigningHistoryLock {
  readonly release: () => Promise<void>;
}

/**
 * Makes sure that no other process uses a signing history, not even one in another container.
 *
 * Each process first listens on a socket of its own beside the file, and then searches for the sockets of others.
 * The kernel refuses connections to the socket of a process that has ended, in whatever way, and accepts them for one
 * that hangs. A socket that was left on another machine says nothing about its process, so it counts as alive unless
 * this machine has been restarted since.
 *
 * @param file - the history, in a folder that exists
 * @throws PegError SIGNING_HISTORY_LOCKED, naming the socket's file
 * @see docs/adr/0025-signing-history-lock.md
 */
export async function lockSigningHistory(file: string): Promise<SigningHistoryLock> {
  const real = existsSync(file) ? await realpath(file) : join(await realpath(dirname(file)), basename(file));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryLock(dirname(real), basename(real));
    } catch (error) {
      if (attempt >= tries || !(error instanceof PegError)) throw error;
      await sleep(Math.random() * longestPauseMs);
    }
  }
}

async function tryLock(folder: string, historyName: string): Promise<SigningHistoryLock> {
  const prefix = `lock-${createHash('sha256').update(historyName).digest('hex').slice(0, 8)}`;
  const { boot, host } = await thisMachine();
  const own = `${prefix}-${boot}-${randomBytes(4).toString('hex')}-${host}`;
  const server = await listenAs(folder, own);
  const release = async (): Promise<void> => {
    server.close();
    await rm(join(folder, own), { force: true });
  };
  try {
    const others = (await readdir(folder)).filter((name) => name.startsWith(`${prefix}-`) && name !== own);
    for (const other of others) {
      if (await isHeld(folder, other, { boot, host })) {
        const data = { socket: join(folder, other), host: other.split('-').slice(4).join('-') };
        throw new PegError({ code: 'SIGNING_HISTORY_LOCKED', details: data });
      }
      await rm(join(folder, other), { force: true });
    }
    return { release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function isHeld(folder: string, name: string, here: { boot: string; host: string }): Promise<boolean> {
  const [, , boot = '', , ...host] = name.split('-');
  if (boot !== here.boot) return host.join('-') !== here.host;
  return inFolder(folder, async (path) => {
    const socket = connect(join(path, name));
    try {
      await once(socket, 'connect');
      return true;
    } catch (error) {
      // Other errors, such as a full queue, do not mean that the process is dead.
      return !(isNativeError(error) && 'code' in error && ['ECONNREFUSED', 'ENOENT'].includes(String(error.code)));
    } finally {
      socket.destroy();
    }
  });
}

/** Listens before the socket can be found under its name, so that nobody takes it for one whose process has ended. */
async function listenAs(folder: string, name: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await inFolder(folder, async (path) => {
    const unnamed = join(path, `new-${name}`);
    const listening = once(server, 'listening');
    server.listen(unnamed);
    await listening;
    await chmod(unnamed, 0o600);
    await rename(unnamed, join(path, name));
  });
  return server.unref();
}

/** The path of a socket has at most 107 bytes, that of a folder may have more: so it is reached by its descriptor. */
async function inFolder<T>(folder: string, action: (path: string) => Promise<T>): Promise<T> {
  const opened = await open(folder, 'r');
  try {
    return await action(`/proc/self/fd/${opened.fd.toString()}`);
  } finally {
    await opened.close();
  }
}

/**
 * @returns what this start of the machine is known by, and the machine's name, in characters that fit into a file name
 */
async function thisMachine(): Promise<{ readonly boot: string; readonly host: string }> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return {
    boot: boot.replaceAll('-', '').slice(0, 8),
    host: hostname()
      .replace(/[^A-Za-z0-9.-]/g, '_')
      .slice(0, 32),
  };
}
