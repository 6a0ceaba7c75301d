// SPDX-License-Identifier: Apache-2.0
/**
 * Checks that every code which `gridpeg explain` knows is provoked by a test: a code that nothing raises is a promise
 * nobody keeps.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { report, root, sourceFiles, textOf } from './sources.mjs';

const require = createRequire(import.meta.url);
const { codeEntries } = require(join(root, 'gateway-app', 'dist', 'errors', 'code-tables.js'));

/** Tests of the listing itself provoke nothing. */
const listings = /(^|\/)(code-tables|explain)\.test\.ts$/;
const tests = sourceFiles().filter((file) => file.endsWith('.test.ts') && !listings.test(file));
const said = new Set(tests.flatMap((file) => textOf(file).match(/\b[A-Z]+(?:_[A-Z]+)*\b/g) ?? []));

const problems = codeEntries
  .filter(({ code }) => !said.has(code))
  .map(({ code, part }) => `${code} (${part}) is provoked by no test: write one, or remove the code`);
report(problems, `${codeEntries.length} codes are explained, and each is provoked by a test`);
