// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { areSameCollections, parseCollections, readCollections, requireUpgradable } from './collections';

const tariffs = { name: 'tariffs', policy: "OR('AMSP.member')", requiredPeerCount: 0, maxPeerCount: 2 };
const parse = (...collections: readonly unknown[]): ReturnType<typeof parseCollections> =>
  parseCollections(collections, 'the collections given');
const invalid = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'COLLECTIONS_INVALID', message: expect.stringMatching(message) as string });

test('what is left out gets the value that Fabric would take', () => {
  expect(parse(tariffs)).toEqual([{ ...tariffs, blockToLive: 0, memberOnlyRead: false, memberOnlyWrite: false }]);
});

test('the order in which fields are written makes no other collection', () => {
  const { name, ...rest } = tariffs;
  expect(areSameCollections(parse(tariffs), parse({ ...rest, name }))).toBe(true);
});

test.each([
  ['another policy', { policy: "OR('BMSP.member')" }],
  ['another number of peers', { maxPeerCount: 3 }],
  ['reading by anybody', { memberOnlyRead: true }],
  ['an endorsement policy', { endorsementPolicy: { signaturePolicy: "OR('AMSP.member')" } }],
])('%s makes another collection', (_what, change) => {
  expect(areSameCollections(parse(tariffs), parse({ ...tariffs, ...change }))).toBe(false);
});

test('one collection more makes others, and none is the same as an empty list', () => {
  expect(areSameCollections(parse(tariffs), parse(tariffs, { ...tariffs, name: 'meters' }))).toBe(false);
  expect(areSameCollections(undefined, [])).toBe(true);
  expect(areSameCollections(undefined, parse(tariffs))).toBe(false);
});

test.each([
  ['no array', { name: 'tariffs' }, /no collection configuration/],
  ['a field that Fabric does not know', [{ ...tariffs, owner: 'A' }], /"owner"/],
  ['a field that is missing', [{ ...tariffs, policy: undefined }], /0\.policy/],
  ['a name that Fabric refuses', [{ ...tariffs, name: 'a b' }], /0\.name/],
  ['a name that is there twice', [tariffs, tariffs], /1\.name: tariffs is there twice/],
  ['fewer peers at most than at least', [{ ...tariffs, requiredPeerCount: 3 }], /at least requiredPeerCount/],
  ['two endorsement policies', [{ ...tariffs, endorsementPolicy: {} }], /0\.endorsementPolicy/],
])('%s is refused', (_what, value, message) => {
  expect(() => parseCollections(value, 'the collections given')).toThrow(invalid(message) as Error);
});

test('a file is read as Fabric reads it, and refused when it is not JSON', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  const file = join(folder, 'collections.json');
  try {
    writeFileSync(file, JSON.stringify([tariffs]));
    expect(readCollections(file)).toEqual(parse(tariffs));
    writeFileSync(file, '[{');
    expect(() => readCollections(file)).toThrow(invalid(/is not JSON/) as Error);
    expect(() => readCollections(join(folder, 'absent'))).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an upgrade may add and change collections', () => {
  const wanted = parse({ ...tariffs, maxPeerCount: 5 }, { ...tariffs, name: 'meters' });
  expect(() => {
    requireUpgradable(parse(tariffs), wanted);
  }).not.toThrow();
  expect(() => {
    requireUpgradable(undefined, wanted);
  }).not.toThrow();
});

test.each([
  ['drops a collection', [], /collection tariffs exists and is missing/],
  ['drops all', undefined, /collection tariffs exists and is missing/],
  ['lets data live for another time', [{ ...tariffs, blockToLive: 5 }], /blockToLive of collection tariffs is 0/],
])('an upgrade that %s is refused', (_what, wanted, message) => {
  expect(() => {
    requireUpgradable(parse(tariffs), wanted === undefined ? undefined : parse(...wanted));
  }).toThrow(invalid(message) as Error);
});
