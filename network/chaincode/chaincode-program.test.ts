// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { codeDigest, shimProgram } from './chaincode-program';

let root: string;
let chaincode: string;

/** A chaincode that uses a package of its own repository and one that npm installed. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gridpeg-chaincode-'));
  chaincode = join(root, 'city');
  for (const folder of ['city', 'peg', 'node_modules/lodash', 'node_modules/@x']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  symlinkSync(join(root, 'peg'), join(root, 'node_modules', '@x', 'peg'));
  const dependencies = { '@x/peg': '*', lodash: '*' };
  writeFileSync(join(chaincode, 'package.json'), JSON.stringify({ main: 'main.js', dependencies }));
  writeFileSync(join(chaincode, 'main.js'), '1');
  writeFileSync(join(root, 'peg', 'package.json'), '{}');
  writeFileSync(join(root, 'peg', 'peg.js'), '1');
  writeFileSync(join(root, 'node_modules', 'lodash', 'index.js'), '1');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

test("the digest changes with the chaincode's own code", () => {
  const before = codeDigest(chaincode);
  writeFileSync(join(chaincode, 'main.js'), '2');
  expect(codeDigest(chaincode)).not.toBe(before);
});

test('the digest changes with the code of packages of the same repository', () => {
  const before = codeDigest(chaincode);
  writeFileSync(join(root, 'peg', 'peg.js'), '2');
  expect(codeDigest(chaincode)).not.toBe(before);
});

test('the digest does not look into what npm installed', () => {
  const before = codeDigest(chaincode);
  writeFileSync(join(root, 'node_modules', 'lodash', 'index.js'), '2');
  expect(codeDigest(chaincode)).toBe(before);
});

test('a chaincode that was not compiled is an error that says so', () => {
  rmSync(join(chaincode, 'main.js'));
  expect(() => shimProgram(chaincode)).toThrow(expect.objectContaining({ code: 'CHAINCODE_MISSING' }) as Error);
  expect(() => shimProgram(chaincode)).toThrow('npm run build');
});

test('a folder that is no package is an error', () => {
  expect(() => codeDigest(join(root, 'node_modules', 'lodash'))).toThrow('package.json');
});

test('T34: a package.json whose parts are nested without end is refused before it is parsed', () => {
  writeFileSync(join(chaincode, 'package.json'), '['.repeat(100_000));
  expect(() => codeDigest(chaincode)).toThrow(expect.objectContaining({ code: 'NESTING_TOO_DEEP' }) as Error);
});
