// SPDX-License-Identifier: Apache-2.0
/**
 * Runs the unit tests that read the golden vectors; a repository without either fails. With `--tested` these tests have
 * just been run.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

import { report, root, sourceFiles, textOf } from './sources.mjs';

const files = sourceFiles();
const vectors = files.filter((file) => /^chaincode\/[^/]+\/vectors\/.*\.json$/.test(file));
const tests = files.filter(
  (file) => /^chaincode\/[^/]+\/src\/.*\.test\.ts$/.test(file) && /\bvectors\b/.test(textOf(file)),
);

if (vectors.length === 0 || tests.length === 0) {
  report([`${vectors.length} vector files in chaincode/*/vectors, ${tests.length} tests that read them`], '');
} else if (!process.argv.includes('--tested')) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const compiled = tests.map((file) => file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
  const { status } = spawnSync(process.execPath, [jest, '--silent', '--runTestsByPath', ...compiled], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
