// SPDX-License-Identifier: Apache-2.0
/**
 * `npm run test:mutation`: changes the protocol and the peg's decisions bit by bit, and tells which changes no test notices; docs/mutation.md.
 *
 *   node scripts/test-mutation.mjs [protocol|domain] [FILE...]     all parts, all files, unless named
 *
 * Installs its tools into test/mutation, where nothing else uses them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { root } from './sources.mjs';

const folder = join(root, 'test', 'mutation');

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status === 0;
}

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = join(folder, 'node_modules', '.gridpeg-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  if (!run('npm', ['install', ...options], folder)) throw new Error('npm could not install the tools');
  writeFileSync(stamp, wanted);
}

const [first, ...others] = process.argv.slice(2);
const parts = first === undefined ? ['protocol', 'domain'] : [first];
install();
const stryker = join(folder, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const files = others.length > 0 ? ['--mutate', others.join(',')] : [];
const failed = parts.filter(
  (part) => !run(process.execPath, [stryker, 'run', join('test', 'mutation', `${part}.mjs`), ...files], root),
);
if (failed.length > 0) process.exitCode = 1;
