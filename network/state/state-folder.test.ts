// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NetworkError } from '../runtime/network-error';
import { builtInTopology, loadTopology } from '../topology/load-topology';
import { writeFileAtomic } from '../runtime/write-file-atomic';
import { bringUp } from '../lifecycle/bring-up';
import { claimStateFolder, finishRemoval, runOnce, removeStateFolder, requireUsablePath } from './state-folder';

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

test.each(['$', '"', '\\', '\n', '\r', '\t', '\x00', '\x7f'])(
  'a path with %j is refused before anything is made',
  async (character) => {
    const folder = join(parent, `a${character}b`);
    const refused = expect.objectContaining({ code: 'PATH_UNUSABLE' }) as Error;
    expect(() => {
      requireUsablePath(folder);
    }).toThrow(refused);
    const topology = loadTopology(builtInTopology('dev'));
    const wanted = {
      stateDir: join(folder, 'below'),
      topology,
      repositoryDir: parent,
      environment: {},
      cacheDir: parent,
    };
    await expect(bringUp(wanted)).rejects.toMatchObject({ code: 'PATH_UNUSABLE' });
    expect(readdirSync(parent)).toEqual([]);
  },
);

test.each([' ', '#', 'ü', "'", '%', '&', '*', '{'])('a path with %j is used', (character) => {
  const folder = join(parent, `a${character}b`);
  expect(() => {
    requireUsablePath(folder);
  }).not.toThrow();
});

test('a colon ends a path for containers only', () => {
  requireUsablePath('/a:b');
  expect(() => {
    requireUsablePath('/a:b', true);
  }).toThrow(expect.objectContaining({ code: 'PATH_UNUSABLE' }) as Error);
});

test('removing what is not there is no error', async () => {
  await expect(removeStateFolder(stateDir)).resolves.toBeUndefined();
});

test('what an interrupted removal has left is removed, what belongs to a network stays', async () => {
  claimStateFolder(stateDir);
  writeFileAtomic(join(stateDir, 'done', 'joined'), '');
  await finishRemoval(stateDir);
  expect(readdirSync(stateDir).sort()).toEqual(['.gridpeg-state', 'done']);
  writeFileSync(join(stateDir, '.gridpeg-removing'), '');
  await finishRemoval(stateDir);
  expect(readdirSync(stateDir)).toEqual(['.gridpeg-state']);
});

test('what is done once is not done again, what failed is', async () => {
  claimStateFolder(stateDir);
  const action = jest.fn<Promise<undefined>, []>().mockRejectedValueOnce(new Error('no')).mockResolvedValue(undefined);
  await expect(runOnce(stateDir, 'a', action)).rejects.toThrow('no');
  await runOnce(stateDir, 'a', action);
  await runOnce(stateDir, 'a', action);
  expect(action).toHaveBeenCalledTimes(2);
});
