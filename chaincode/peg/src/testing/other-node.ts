// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const otherNodeDir = join(__dirname, '..', '..', '..', '..', 'test', 'other-node');

/** The versions in test/other-node/package.json, by their first number. */
export const otherVersions = { 22: 'v22.23.3', 24: 'v24.11.1' } as const;

/**
 * The program of another version of Node, installed when first needed and by nothing else.
 *
 * @returns this one's where there is none for the platform
 */
export function otherNode(version: keyof typeof otherVersions): string {
  const platform = `${process.platform}-${process.arch}`;
  if (!['linux-x64', 'darwin-x64'].includes(platform)) return process.execPath;
  const program = join(otherNodeDir, 'node_modules', `node-${version.toString()}-${platform}`, 'bin', 'node');
  if (!existsSync(program)) {
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: otherNodeDir });
  }
  return program;
}
