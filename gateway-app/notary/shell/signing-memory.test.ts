// SPDX-License-Identifier: Apache-2.0

import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryFileOf, type SignedEntry } from '../core/signing-record';
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
    file = join(folder, memoryFileOf('a key'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('T19: refuses a second content for one packet, also after a restart', async () => {
    const memory = await SigningMemory.open(folder, 'a key');
    await memory.remember([entry(1, 1)]);
    await expect(memory.remember([entry(2, 2), entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await memory.close();
    const again = await SigningMemory.open(folder, 'a key');
    await expect(again.remember([entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await expect(again.remember([entry(1, 1)])).resolves.toBeUndefined();
    await again.close();
  });

  test('T19: refuses two contents for one packet within a batch', async () => {
    const memory = await SigningMemory.open(folder, 'a key');
    await expect(memory.remember([entry(1, 1), entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await memory.close();
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  test('writes before it answers, once for each content, readable by its owner only', async () => {
    const memory = await SigningMemory.open(folder, 'a key');
    await Promise.all([1, 2, 3, 1, 2, 3].map((id) => memory.remember([entry(id, id)])));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await memory.close();
  });

  test('T32: goes on behind a line that a crash cut short', async () => {
    const memory = await SigningMemory.open(folder, 'a key');
    await memory.remember([entry(1, 1)]);
    await memory.close();
    appendFileSync(file, 'packets city-');
    const again = await SigningMemory.open(folder, 'a key');
    await again.remember([entry(2, 2)]);
    await again.close();
    const third = await SigningMemory.open(folder, 'a key');
    await expect(third.remember([entry(2, 3)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await third.close();
  });
});
