// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const beatSeconds = 2;
const deadAfterSeconds = 15;
const pollSeconds = 0.1;

/**
 * Runs `work` while no other process holds the lock file. A holder keeps the file's time fresh, so that the lock of one
 * that crashed is taken over: at once if its process is known to be gone, else after `deadAfterSeconds`.
 */
export async function withLock(file, say, work) {
  const token = `${hostname()} ${process.pid} ${randomUUID()}`;
  let told = false;
  while (!create(file, token)) {
    if (breakIfDead(file, token)) continue;
    if (!told) say(`waiting for another process (${read(file)?.split(' ')[1] ?? 'unknown'}) that prepares this folder`);
    told = true;
    await sleep(pollSeconds * 1000);
  }
  const release = () => {
    if (read(file) === token) rmSync(file, { force: true });
  };
  const beat = setInterval(() => touch(file), beatSeconds * 1000);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

function create(file, token) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, token);
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function breakIfDead(file, token) {
  const content = read(file);
  if (content === undefined) return true;
  if (!isDead(file, content)) return false;
  // Two waiters may see the same dead lock: only the one whose rename moved that very lock has broken it.
  const aside = `${file}.${token.split(' ')[2]}`;
  ignoringMissing(() => {
    renameSync(file, aside);
    if (read(aside) !== content) linkSync(aside, file);
    rmSync(aside, { force: true });
  });
  return true;
}

function isDead(file, content) {
  const age = ignoringMissing(() => (Date.now() - statSync(file).mtimeMs) / 1000);
  if (age === undefined || age > deadAfterSeconds) return true;
  const [host, pid] = content.split(' ');
  return host === hostname() && !isRunning(Number(pid));
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

function touch(file) {
  const now = new Date();
  ignoringMissing(() => utimesSync(file, now, now));
}

function read(file) {
  return ignoringMissing(() => readFileSync(file, 'utf8'));
}

function ignoringMissing(action) {
  try {
    return action();
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
