// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { charging, city } from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { WatchedBlocks } from './watched-blocks';

describe('how far certificates were compared', () => {
  let folder: string;
  let file: string;
  let lines: string[] = [];
  const opened = (): WatchedBlocks =>
    new WatchedBlocks(file, pino({ level: 'warn' }, { write: (line) => void lines.push(line) }));
  const load = async () => [...(await opened().load([city, charging]))];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-watched-'));
    file = join(folder, 'watched.json');
    lines = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('is read as it was written, and written for the owner alone', async () => {
    opened().save(new Map([[charging, 2n ** 53n + 1n]]));
    expect(await load()).toEqual([[charging, 2n ** 53n + 1n]]);
    expect([readdirSync(folder), statSync(file).mode & 0o777, lines]).toEqual([['watched.json'], 0o600, []]);
  });

  test('is nothing where it was never written', async () => {
    expect([await load(), lines]).toEqual([[], []]);
  });

  test.each<[string, () => void]>([
    ['is empty', () => writeFileSync(file, '')],
    ['was cut in half', () => writeFileSync(file, `{"${charging}":"2`)],
    ['is full of NULs', () => writeFileSync(file, Buffer.alloc(40))],
    ['is null', () => writeFileSync(file, 'null')],
    ['is a list', () => writeFileSync(file, '["1"]')],
    ['names no chain', () => writeFileSync(file, '{"cars":"2"}')],
    ['has a number', () => writeFileSync(file, `{"${charging}":2}`)],
    ['has a negative block', () => writeFileSync(file, `{"${charging}":"-1"}`)],
    ['has a block in hexadecimal', () => writeFileSync(file, `{"${charging}":"0x2"}`)],
    ['has no block', () => writeFileSync(file, `{"${charging}":""}`)],
    ['has one block that is none', () => writeFileSync(file, `{"${city}":"7","${charging}":"x"}`)],
    ['is a folder', () => mkdirSync(file)],
  ])('T48: is nothing known where the file %s: all is looked at from the first block on', async (_, damage) => {
    damage();
    expect(await load()).toEqual([
      [city, 0n],
      [charging, 0n],
    ]);
    expect(lines).toEqual([expect.stringContaining('WATCH_FILE_DAMAGED')]);
  });

  test('T48: is said once while it cannot be written, and written as soon as it can', () => {
    const blocks = opened();
    mkdirSync(file);
    blocks.save(new Map([[city, 1n]]));
    blocks.save(new Map([[city, 2n]]));
    expect(lines).toEqual([expect.stringContaining('WATCH_FILE_FAILED')]);
    expect(readdirSync(folder)).toEqual(['watched.json']);
    rmSync(file, { recursive: true });
    blocks.save(new Map([[city, 2n]]));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ [city]: '2' });
  });
});
