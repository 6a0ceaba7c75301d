// SPDX-License-Identifier: Apache-2.0
/** Runs shellcheck on every shell script. Where it is not installed, that is a notice; in CI it is a failure. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

import { root, sourceFiles, textOf } from './sources.mjs';

const scripts = sourceFiles().filter(
  (file) => file.endsWith('.sh') || /^#!.*\b(ba|da)?sh\b/.test(textOf(file).slice(0, 80)),
);
const { error, status } = spawnSync('shellcheck', ['--external-sources', ...scripts], { cwd: root, stdio: 'inherit' });
if (error?.code === 'ENOENT') {
  console.error(
    `notice: shellcheck is not installed (Debian: apt-get install shellcheck): ${scripts.length} scripts unchecked`,
  );
  process.exitCode = process.env.CI ? 1 : 0;
} else if (error) {
  throw error;
} else {
  if (status === 0) console.log(`${scripts.length} shell scripts`);
  process.exitCode = status ?? 1;
}
