// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NetworkError } from '../network-error';
import { writeFileAtomic } from '../write-file-atomic';
import { claimStateFolder, finishRemoval, onceInState, removeStateFolder } from './state-folder';

let parent: string;
let stateDir: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'gridpeg-state-'));
  stateDir = join(parent, 'state');
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

test('a folder that does not exist is made, readable by its owner only, and removed whole', async () => {
  claimStateFolder(stateDir);
  expect(statSync(stateDir).mode & 0o777).toBe(0o700);
  writeFileAtomic(join(stateDir, 'keys', 'a'), 'secret');
  expect(statSync(join(stateDir, 'keys', 'a')).mode & 0o777).toBe(0o600);
  await removeStateFolder(stateDir);
  expect(readdirSync(parent)).toEqual([]);
});

test('claiming twice is claiming once', () => {
  claimStateFolder(stateDir);
  expect(() => {
    claimStateFolder(stateDir);
  }).not.toThrow();
});

test('a folder with files of somebody else is neither used nor removed', async () => {
  mkdirSync(stateDir);
  writeFileSync(join(stateDir, 'thesis.txt'), 'x');
  expect(() => {
    claimStateFolder(stateDir);
  }).toThrow(NetworkError);
  await expect(removeStateFolder(stateDir)).rejects.toMatchObject({ code: 'STATE_DIR_FOREIGN' });
  expect(existsSync(join(stateDir, 'thesis.txt'))).toBe(true);
});

test('removing what is not there is no error', async () => {
  await expect(removeStateFolder(stateDir)).resolves.toBeUndefined();
});

test('what an interrupted removal has left is removed, what belongs to a network stays', async () => {
  claimStateFolder(stateDir);
  writeFileAtomic(join(stateDir, 'plan.json'), '{}');
  writeFileAtomic(join(stateDir, 'done', 'joined'), '');
  await finishRemoval(stateDir);
  expect(readdirSync(stateDir).sort()).toEqual(['.gridpeg-state', 'done', 'plan.json']);
  rmSync(join(stateDir, 'plan.json'));
  await finishRemoval(stateDir);
  expect(readdirSync(stateDir)).toEqual(['.gridpeg-state']);
});

test('what is done once is not done again, what failed is', async () => {
  claimStateFolder(stateDir);
  const action = jest.fn<Promise<undefined>, []>().mockRejectedValueOnce(new Error('no')).mockResolvedValue(undefined);
  await expect(onceInState(stateDir, 'a', action)).rejects.toThrow('no');
  await onceInState(stateDir, 'a', action);
  await onceInState(stateDir, 'a', action);
  expect(action).toHaveBeenCalledTimes(2);
});
