// SPDX-License-Identifier: Apache-2.0

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decideForRestored, finishRestore, relocate, stageRestored, withPath } from './restored-files';
import { claimStateFolder } from './state-folder';

let parent: string;
let stateDir: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'gridpeg-restored-'));
  stateDir = join(parent, 'state');
  claimStateFolder(stateDir);
  writeFileSync(join(stateDir, 'network.json'), 'old');
  writeFileSync(join(stateDir, 'old.txt'), 'old');
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

function stage(): string {
  const files = stageRestored(stateDir);
  writeFileSync(join(files, 'network.json'), 'new');
  mkdirSync(join(files, 'nodes'));
  writeFileSync(join(files, 'nodes', 'a'), 'new');
  return files;
}

function content(): Readonly<Record<string, string>> {
  const names = readdirSync(stateDir).filter((name) => name.endsWith('.json') || name.endsWith('.txt'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(stateDir, name), 'utf8')]));
}

test('a restore that was not decided is forgotten', async () => {
  stage();
  await finishRestore(stateDir);
  expect(content()).toEqual({ 'network.json': 'old', 'old.txt': 'old' });
  expect(readdirSync(stateDir).sort()).toEqual(['.gridpeg-state', 'network.json', 'old.txt']);
});

test('one that was decided takes the place of what was there', async () => {
  stage();
  decideForRestored(stateDir);
  await finishRestore(stateDir);
  expect(content()).toEqual({ 'network.json': 'new' });
  expect(readdirSync(stateDir).sort()).toEqual(['.gridpeg-state', 'network.json', 'nodes']);
});

test('one that was interrupted while files were moved is completed', async () => {
  const files = stage();
  decideForRestored(stateDir);
  // As after a crash: the old description is gone, one folder is in place.
  rmSync(join(stateDir, 'network.json'));
  mkdirSync(join(stateDir, 'nodes'));
  writeFileSync(join(stateDir, 'nodes', 'a'), 'new');
  rmSync(join(files, 'nodes'), { recursive: true });
  await finishRestore(stateDir);
  expect(content()).toEqual({ 'network.json': 'new' });
  expect(readFileSync(join(stateDir, 'nodes', 'a'), 'utf8')).toBe('new');
  expect(existsSync(join(stateDir, 'restoring'))).toBe(false);
});

/** What a crash after each step leaves: old files go in one order, new ones come in the reverse. */
const steps: ReadonlyArray<readonly [gone: readonly string[], come: readonly string[]]> = [
  [[], []],
  [['network.json'], []],
  [['network.json', 'old.txt'], []],
  [['network.json', 'old.txt', 'plan.json'], []],
  [['network.json', 'old.txt', 'plan.json'], ['plan.json']],
  [
    ['network.json', 'old.txt', 'plan.json'],
    ['plan.json', 'nodes'],
  ],
  [
    ['network.json', 'old.txt', 'plan.json'],
    ['plan.json', 'nodes', 'network.json'],
  ],
];
const damages: ReadonlyArray<readonly [what: string, content: string]> = [
  ['empty', ''],
  ['halved', '["network.json", "no'],
  ['full of NULs', '\0'.repeat(64)],
  ['something else', '{}'],
];
test.each(damages.flatMap((damage) => steps.map((step) => [...damage, ...step] as const)))(
  'one whose decision is %s (%j) is completed all the same, with %j gone and %j come',
  async (_what, damage, gone, come) => {
    writeFileSync(join(stateDir, 'plan.json'), 'old');
    const files = stage();
    writeFileSync(join(files, 'plan.json'), 'new');
    decideForRestored(stateDir);
    for (const entry of gone) rmSync(join(stateDir, entry));
    for (const entry of come) renameSync(join(files, entry), join(stateDir, entry));
    writeFileSync(join(stateDir, 'restoring', 'decided.json'), damage);
    await finishRestore(stateDir);
    expect(content()).toEqual({ 'network.json': 'new', 'plan.json': 'new' });
    expect(readFileSync(join(stateDir, 'nodes', 'a'), 'utf8')).toBe('new');
    expect(readdirSync(stateDir).sort()).toEqual(['.gridpeg-state', 'network.json', 'nodes', 'plan.json']);
  },
);

test('a decision without files removes nothing of the network that is there', async () => {
  for (const decision of ['', '["network.json"]']) {
    mkdirSync(join(stateDir, 'restoring'), { recursive: true });
    writeFileSync(join(stateDir, 'restoring', 'decided.json'), decision);
    writeFileSync(join(stateDir, 'plan.json'), 'whole');
    await finishRestore(stateDir);
    expect(content()).toEqual({ 'network.json': 'old', 'old.txt': 'old', 'plan.json': 'whole' });
  }
});

test('only the path itself is replaced, not one that begins or ends like it', () => {
  const text = '"/a/b" "/a/b/keys" "x=/a/b:/a/b2" "/a/b.bak" "/c/a/b"';
  expect(withPath(text, '/a/b', '/new')).toBe('"/new" "/new/keys" "x=/new:/a/b2" "/a/b.bak" "/c/a/b"');
});

test('descriptions of nodes speak of the new folder', () => {
  const files = stageRestored(stateDir);
  mkdirSync(join(files, 'nodes', 'peer'), { recursive: true });
  writeFileSync(join(files, 'nodes', 'peer', 'node.json'), '{"cwd":"/somewhere/nodes/peer"}');
  relocate(files, '/somewhere', stateDir);
  expect(readFileSync(join(files, 'nodes', 'peer', 'node.json'), 'utf8')).toBe(`{"cwd":"${stateDir}/nodes/peer"}`);
});
