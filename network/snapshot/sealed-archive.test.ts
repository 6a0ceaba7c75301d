// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NetworkError } from '../runtime/network-error';
import { isSealed, seal, unseal } from './sealed-archive';

const folder = mkdtempSync(join(tmpdir(), 'gridpeg-sealed-'));
const at = (name: string): string => join(folder, name);
const chunk = 65_536;
const headerBytes = 45;
const usualPassphrase = 'three words and Müller';
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  for (const name of ['plain', 'sealed', 'opened']) rmSync(at(name), { force: true });
});

const content = (size: number): Buffer => {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, n) =>
    createHash('sha256').update(String(n)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, size);
};
const sealed = async (size: number): Promise<Buffer> => {
  rmSync(at('sealed'), { force: true });
  writeFileSync(at('plain'), content(size));
  await seal(at('plain'), at('sealed'), usualPassphrase, 14);
  return readFileSync(at('sealed'));
};
const opening = async (file: Buffer, passphrase = usualPassphrase): Promise<Buffer> => {
  rmSync(at('opened'), { force: true });
  writeFileSync(at('sealed'), file);
  await unseal(at('sealed'), at('opened'), passphrase);
  return readFileSync(at('opened'));
};

test.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk])('%d bytes come back as they were', async (size) => {
  const file = await sealed(size);
  expect(file.length).toBe(headerBytes + size + 16 * Math.max(1, Math.ceil(size / chunk)));
  // A few bytes may be among the sealed ones by chance.
  if (size >= 32) expect(file.includes(content(size).subarray(0, 32))).toBe(false);
  expect((await opening(file)).equals(content(size))).toBe(true);
  expect(statSync(at('sealed')).mode & 0o077).toBe(0);
  expect(statSync(at('opened')).mode & 0o077).toBe(0);
});

test('T50: a sealed archive of which any part was changed, cut off, exchanged or added to is refused', async () => {
  const file = await sealed(2 * chunk + 100);
  const places = [
    0,
    26,
    27,
    28,
    29,
    44,
    45,
    headerBytes + chunk,
    headerBytes + chunk + 16,
    file.length - 17,
    file.length - 1,
  ];
  const flipped = places.slice(1).map((place) => {
    const copy = Buffer.from(file);
    copy[place] = (copy[place] ?? 0) ^ 1;
    return copy;
  });
  const [first, second] = [1, 2].map((n) =>
    file.subarray(headerBytes + (n - 1) * (chunk + 16), headerBytes + n * (chunk + 16)),
  );
  const [header, rest] = [file.subarray(0, headerBytes), file.subarray(headerBytes + 2 * (chunk + 16))];
  const cut = [
    30,
    headerBytes,
    headerBytes + 10,
    headerBytes + chunk + 16,
    headerBytes + 2 * (chunk + 16),
    file.length - 1,
  ];
  const changed = [
    ...flipped,
    ...cut.map((length) => file.subarray(0, length)),
    Buffer.concat([header, second!, first!, rest]),
    Buffer.concat([header, second!, rest]),
    Buffer.concat([file, Buffer.alloc(1)]),
    Buffer.concat([file, rest]),
  ];
  for (const [index, other] of changed.entries()) {
    const code = await opening(other).then(
      () => 'opened',
      (error: unknown) => (error instanceof NetworkError ? error.code : 'fault'),
    );
    expect([index, ['SNAPSHOT_BROKEN', 'SNAPSHOT_PASSPHRASE'].includes(code)]).toEqual([index, true]);
  }
});

test('a cost that no machine could pay is refused before it is paid', async () => {
  const file = await sealed(10);
  file[26] = 40;
  await expect(opening(file)).rejects.toMatchObject({ code: 'SNAPSHOT_BROKEN' });
});

test('another passphrase is told as one; the same in another form of Unicode is the same', async () => {
  const file = await sealed(10);
  await expect(opening(file, 'three words and Muller')).rejects.toMatchObject({ code: 'SNAPSHOT_PASSPHRASE' });
  expect(await opening(file, usualPassphrase.normalize('NFD'))).toEqual(content(10));
});

test('two seals of one archive have nothing in common but the title', async () => {
  const [one, two] = [await sealed(100), await sealed(100)];
  expect(one.subarray(29).equals(two.subarray(29))).toBe(false);
  expect(await isSealed(at('sealed'))).toBe(true);
  expect(await isSealed(at('plain'))).toBe(false);
});
