// SPDX-License-Identifier: Apache-2.0

import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rotatingLog } from './rotating-log';

describe('a log that rotates', () => {
  let folder: string;
  let opened: number[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-log-'));
    opened = [];
  });
  afterEach(() => {
    for (const fd of opened) closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  const open = (flags: string, name = 'log'): number => {
    const fd = openSync(join(folder, name), flags);
    opened.push(fd);
    return fd;
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  test('moves its content aside beyond the limit, loses no line of the last two files, and grows no further', () => {
    const log = rotatingLog(open('a'), 1_000);
    for (let count = 0; count < 1_000; count += 1) log?.write(`line ${count.toString()}\n`);
    expect(readdirSync(folder).sort()).toEqual(['log', 'log.1']);
    const lines = `${read('log.1')}${read('log')}`.trimEnd().split('\n');
    const first = Number(lines[0]?.split(' ')[1]);
    expect(lines).toEqual(Array.from({ length: 1_000 - first }, (_, at) => `line ${(first + at).toString()}`));
    expect(read('log').length + read('log.1').length).toBeLessThan(2_100);
  });

  test('is no business of what is no file, or was not opened for appending', () => {
    expect(rotatingLog(open('w'))).toBeUndefined();
    const device = openSync('/dev/null', 'a');
    opened.push(device);
    expect(rotatingLog(device)).toBeUndefined();
  });

  test('T48: loses lines and not the program where they cannot be written', () => {
    const fd = openSync(join(folder, 'log'), 'a');
    const log = rotatingLog(fd);
    closeSync(fd);
    expect(() => log?.write('line\n')).not.toThrow();
    expect(read('log')).toBe('');
  });
});
