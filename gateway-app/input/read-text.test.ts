// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText } from './read-text';
import { judgeEntries, readWalletEntry, reportRefused, walletLabels } from '../consortium/imported/wallet-folder';

const folder = mkdtempSync(join(tmpdir(), 'gridpeg-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(bytes: Buffer): string {
  const file = join(folder, 'text');
  writeFileSync(file, bytes);
  return readText(file);
}
const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;
const big = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('a text that the user named', () => {
  test('is UTF-8', () => {
    expect(read(Buffer.from('{"größe": 1}'))).toBe('{"größe": 1}');
    expect(read(Buffer.alloc(0))).toBe('');
  });
  test.each<[what: string, bytes: Buffer]>([
    ['a byte order mark', Buffer.from('\uFEFF{}')],
    ['UTF-16 with a mark', Buffer.from('\uFEFF{}', 'utf16le')],
    ['UTF-16 of the other order with a mark', big('\uFEFF{}')],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['UTF-16 of the other order', big('{"a":1}')],
    ['Latin-1', Buffer.from('größe', 'latin1')],
  ])('in %s is refused with a code that names it', (_, bytes) => {
    expect(() => read(bytes)).toThrow(withCode('TEXT_ENCODING_UNSUPPORTED'));
  });
  test('is a file, that is there and not endless', () => {
    for (const file of [folder, join(folder, 'none'), join(folder, 'x'.repeat(300))]) {
      expect(() => readText(file)).toThrow(withCode('FILE_UNREADABLE'));
    }
    expect(() => read(Buffer.alloc(4 * 1024 * 1024 + 1, 'a'))).toThrow(/has 4194305 bytes/);
  });
});

describe('a wallet', () => {
  test('that is a file, or whose identity is a folder, is refused with a code', () => {
    const file = join(folder, 'wallet');
    writeFileSync(file, '');
    expect(() => walletLabels(file, [])).toThrow(withCode('FILE_UNREADABLE'));
    expect(() => readWalletEntry(join(folder, '..'), folder.split('/').at(-1) ?? '')).toThrow(
      withCode('FILE_UNREADABLE'),
    );
  });
  test('is judged identity by identity, and says of each why it was left out', () => {
    for (const [label, content] of [
      ['a', '{}'],
      ['b', '\uFEFF{}'],
      ['d', '['.repeat(100_000)],
    ] as const)
      writeFileSync(join(folder, `${label}.id`), content);
    const { accepted, refused } = judgeEntries(['a', 'b', 'c', 'd'], (label) =>
      label === 'c' ? label : readWalletEntry(folder, label),
    );
    expect(accepted).toEqual(['c']);
    expect(refused.map(({ code }) => code)).toEqual([
      'IDENTITY_MALFORMED',
      'TEXT_ENCODING_UNSUPPORTED',
      'NESTING_TOO_DEEP',
    ]);
    expect(() => reportRefused(refused)).toThrow(/identity "a" .* TEXT_ENCODING_UNSUPPORTED: .*b\.id begins with/);
    reportRefused([]);
    const fault = (): never => {
      throw new Error('a fault');
    };
    expect(() => judgeEntries(['a'], fault)).toThrow('a fault');
  });
});
