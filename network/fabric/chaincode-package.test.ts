// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';

import { chaincodePackage } from './chaincode-package';
import { tarArchive } from './tar-archive';

test('a package has the same id everywhere and every time', () => {
  expect(chaincodePackage('city', '1.0').packageId).toBe(
    'city_1.0:a13ffd3447fbe578124434ca1dad326aa681a50ad72fc9028130a146eac35f81',
  );
});

test('packages of different chaincodes have different ids', () => {
  expect(chaincodePackage('city', '1.0').packageId).not.toBe(chaincodePackage('town', '1.0').packageId);
});

test('the order in which files are given makes no difference', () => {
  const [a, b] = [
    { name: 'a', content: Buffer.from('1') },
    { name: 'b', content: Buffer.alloc(600, '2') },
  ];
  expect(tarArchive([a, b])).toEqual(tarArchive([b, a]));
});

test("an archive is read by the system's tar", () => {
  const { content } = chaincodePackage('city', '1.0');
  const list = execFileSync('tar', ['-tzf', '-'], { input: content, encoding: 'utf8' });
  expect(list).toBe('code.tar.gz\nmetadata.json\n');
});

test('an archive ends with two empty blocks and is a whole number of blocks', () => {
  const tar = gunzipSync(tarArchive([{ name: 'a', content: Buffer.from('1') }]));
  expect(tar).toHaveLength(4 * 512);
  expect(tar.subarray(-1024).every((byte) => byte === 0)).toBe(true);
});
