// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationCodec, encode } from '@gridpeg/protocol';
import { city, configurationOf } from '@gridpeg/protocol/testing';
import { readCollections } from '@gridpeg/network';
import { readByCodec } from './read-json-file';

const folder = mkdtempSync(join(tmpdir(), 'gridpeg-json-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'file.json');

test('a configuration is read by its shape', () => {
  writeFileSync(file, encode(configurationCodec, configurationOf(city)));
  expect(readByCodec(configurationCodec, file)).toEqual(configurationOf(city));
});

test('T34: a configuration or collection whose parts are nested without end is refused before it is parsed', () => {
  writeFileSync(file, `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  const refused = expect.objectContaining({ code: 'NESTING_TOO_DEEP' }) as Error;
  expect(() => readByCodec(configurationCodec, file)).toThrow(refused);
  expect(() => readCollections(file)).toThrow(refused);
});
