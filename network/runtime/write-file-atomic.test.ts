// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeFileAtomic } from './write-file-atomic';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridpeg-write-'));
  file = join(folder, 'new', 'file');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a file is replaced as a whole, readable by its owner only', () => {
  writeFileAtomic(file, 'one');
  writeFileAtomic(file, 'two');
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'new'))).toEqual(['file']);
});

test('T32: a write that fails leaves what was there, and nothing of itself', () => {
  writeFileAtomic(file, 'one');
  // A folder in its way cannot be replaced by a file.
  const taken = join(folder, 'taken');
  mkdirSync(join(taken, 'full'), { recursive: true });
  expect(() => {
    writeFileAtomic(taken, 'two');
  }).toThrow();
  expect(readdirSync(folder).sort()).toEqual(['new', 'taken']);
});

test('T32: content and name are on the disk in this order before a write has ended', () => {
  writeFileSync(join(folder, 'script.js'), tracing(require.resolve('./write-file-atomic'), join(folder, 'file')));
  const steps = execFileSync(process.execPath, [join(folder, 'script.js')], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(steps).toEqual([
    'write file.partial',
    'sync file.partial',
    'rename file',
    `sync ${folder.split('/').at(-1)!}`,
  ]);
});

/** Records what a program asks of the file system. */
function tracing(module: string, target: string): string {
  return `
    const fs = require('node:fs');
    const { basename } = require('node:path');
    const names = new Map();
    const real = { ...fs };
    fs.openSync = (path, ...rest) => {
      const fd = real.openSync(path, ...rest);
      names.set(fd, basename(path));
      return fd;
    };
    fs.fsyncSync = (fd) => { console.log('sync ' + names.get(fd)); real.fsyncSync(fd); };
    fs.writeFileSync = (path, ...rest) => {
      console.log('write ' + basename(path));
      real.writeFileSync(path, ...rest);
    };
    fs.renameSync = (from, to) => { console.log('rename ' + basename(to)); real.renameSync(from, to); };
    require(${JSON.stringify(module)}).writeFileAtomic(${JSON.stringify(target)}, 'content');`;
}
