// SPDX-License-Identifier: Apache-2.0
/**
 * `npm run test:mutation`: changes the protocol and the peg's decisions bit by bit, and says which changes no test
 * notices; see docs/mutation.md.
 *
 *   node scripts/test-mutation.mjs [protocol|domain] [FILE...]     all parts, all files, unless named
 *
 * Installs its tools into test/mutation, where nothing else uses them.
 */
import { join } from 'node:path';
import process from 'node:process';

import { installOwnPackages, run } from './own-packages.mjs';
import { root } from './sources.mjs';

const folder = join(root, 'test', 'mutation');

const [first, ...others] = process.argv.slice(2);
const parts = first === undefined ? ['protocol', 'domain'] : [first];
installOwnPackages(folder);
const stryker = join(folder, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const files = others.length > 0 ? ['--mutate', others.join(',')] : [];
const failed = parts.filter(
  (part) => !run(process.execPath, [stryker, 'run', join('test', 'mutation', `${part}.mjs`), ...files], root),
);
if (failed.length > 0) process.exitCode = 1;
