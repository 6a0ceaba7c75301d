// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { shellQuote } from './shell-quote';

test.each([
  [''],
  ['plain'],
  ["it's"],
  ["''\\'"],
  ['two words'],
  ['$HOME `id` $(id) !! ; & | > "x" \\ *'],
  ['two\nlines'],
  ['-n'],
  ['später'],
])('a shell takes the quoted %j as that very word', (text) => {
  const seen = execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`]).toString('utf8');
  expect(seen).toBe(text);
});
