// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { builtInTopology, parseTopology } from '../topology/load-topology';
import { checkNesting } from './check-nesting';

const depth = 100_000;
const block = Array.from({ length: 200 }, (_, column) => `${' '.repeat(column)}a:`).join('\n');

test.each<[string, string]>([
  ['lists', '['.repeat(depth) + ']'.repeat(depth)],
  ['lists that do not end', '['.repeat(depth)],
  ['maps', '{a: '.repeat(depth)],
  ['JSON', `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`],
  ['explicit keys', '? '.repeat(depth)],
  ['explicit keys of lists', '? - '.repeat(depth)],
  ['entries of lists', '- '.repeat(depth)],
  ['keys in one line', 'a: '.repeat(depth)],
  ['indented keys', block],
  ['a second document', `---\na: b\n---\n${'['.repeat(depth)}`],
])('T34: %s nested without end are refused before a document is made of them', (_, text) => {
  const remedy = expect.stringMatching(/^[A-Z].+\.$/) as string;
  const refused = expect.objectContaining({ code: 'NESTING_TOO_DEEP', remedy }) as Error;
  expect(() => {
    checkNesting(text, 'x.yaml');
  }).toThrow(refused);
  expect(() => parseTopology(text, 'x.yaml')).toThrow(refused);
});

test('T34: so is a text longer than any file of a kind that is asked for', () => {
  expect(() => {
    checkNesting('a'.repeat(4 * 1_048_576 + 1), 'x.yaml');
  }).toThrow('x.yaml has more than');
});

test('brackets in texts and comments, many parts, and what comes with the package nest nothing', () => {
  const many = Array.from({ length: 1000 }, () => '- [{a: "[[[["}]').join('\n');
  for (const text of [
    many,
    `# ${'['.repeat(100)}\na: '${'{'.repeat(100)}'`,
    readFileSync(builtInTopology('bft'), 'utf8'),
  ]) {
    expect(() => {
      checkNesting(text, 'x.yaml');
    }).not.toThrow();
  }
});
