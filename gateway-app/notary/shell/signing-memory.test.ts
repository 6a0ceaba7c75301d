// SPDX-License-Identifier: Apache-2.0

import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineOf, type SignedEntry } from '../core/signing-record';
import { SigningMemory } from './signing-memory';

const entry = (id: number, content: number): SignedEntry => ({
  subject: `packets city-${'0'.repeat(64)} ${id.toString(16).padStart(64, '0')}`,
  content: content.toString(16).padStart(64, '0'),
});

describe('the memory of what was signed', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-notary-'));
    file = join(folder, 'signed');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('T19: refuses a second content for one packet, also after a restart', async () => {
    const memory = await SigningMemory.open(file);
    await memory.remember([entry(1, 1)]);
    await expect(memory.remember([entry(2, 2), entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await memory.close();
    const again = await SigningMemory.open(file);
    await expect(again.remember([entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await expect(again.remember([entry(1, 1)])).resolves.toBeUndefined();
    await again.close();
  });

  test('T19: refuses two contents for one packet within a batch', async () => {
    const memory = await SigningMemory.open(file);
    await expect(memory.remember([entry(1, 1), entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await memory.close();
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  test('writes before it answers, once for each content, readable by its owner only', async () => {
    const memory = await SigningMemory.open(file);
    await Promise.all([1, 2, 3, 1, 2, 3].map((id) => memory.remember([entry(id, id)])));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await memory.close();
  });

  test('T32: goes on behind a line that a crash cut short', async () => {
    const memory = await SigningMemory.open(file);
    await memory.remember([entry(1, 1)]);
    await memory.close();
    appendFileSync(file, 'packets city-');
    const again = await SigningMemory.open(file);
    await again.remember([entry(2, 2)]);
    await again.close();
    const third = await SigningMemory.open(file);
    await expect(third.remember([entry(2, 3)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await third.close();
  });

  describe('that was put back, of what was signed since', () => {
    const taken = async (own: string, later: string): Promise<string> => {
      const other = join(folder, 'later');
      writeFileSync(file, own);
      writeFileSync(other, later);
      const memory = await SigningMemory.open(file);
      await memory.takePackets(other);
      await memory.close();
      return readFileSync(file, 'utf8');
    };
    const line = (id: number, content: number): string => lineOf(entry(id, content));

    test('T19: takes the packets it does not know, of more than are read at once', async () => {
      const later = Array.from({ length: 9_000 }, (_, id) => line(id, id)).join('');
      expect(later.length).toBeGreaterThan(2 ** 20);
      expect(await taken(line(0, 0), later)).toBe(later);
    });
    test('forgets what was said of receipts, which may come out otherwise', async () => {
      expect(await taken('', line(1, 1).replace('packets', 'receipts'))).toBe('');
    });
    test('keeps its own content of a packet', async () => {
      expect(await taken(line(1, 1), line(1, 2))).toBe(line(1, 1));
    });
    test('T32: takes over no line that a crash cut short, on either side', async () => {
      const cut = line(2, 2).slice(0, -9);
      expect(await taken(line(1, 1) + cut, line(3, 3) + cut)).toBe(line(1, 1) + line(3, 3));
    });
  });
});
