// SPDX-License-Identifier: Apache-2.0

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { followLines, lastLines } from './log-lines';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridpeg-log-'));
  file = join(folder, 'a.log');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('the last lines are whole and in order', async () => {
  writeFileSync(file, 'one\ntwo\nthree\n');
  expect(await lastLines(file, 2)).toBe('two\nthree');
});

test('a log that does not exist yet is empty', async () => {
  expect(await lastLines(file, 2)).toBe('');
});

test('following gives the past once, then whole lines only', async () => {
  writeFileSync(file, 'one\ntwo\n');
  const abort = new AbortController();
  const seen: string[] = [];
  for await (const piece of followLines(file, 1, abort.signal)) {
    seen.push(piece);
    if (seen.length === 1) {
      appendFileSync(file, 'three\nfo');
      setTimeout(() => {
        appendFileSync(file, 'ur\n');
      }, 300);
    }
    if (seen.join('\n').endsWith('four')) abort.abort();
  }
  expect(seen).toEqual(['two', 'three', 'four']);
});

test('following goes on with a log that was rotated', async () => {
  writeFileSync(file, 'one\ntwo\nthree\n');
  const abort = new AbortController();
  const seen: string[] = [];
  for await (const piece of followLines(file, 1, abort.signal)) {
    seen.push(piece);
    if (seen.length === 1) writeFileSync(file, 'four\n');
    else abort.abort();
  }
  expect(seen).toEqual(['three', 'four']);
});
