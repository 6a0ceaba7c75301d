// SPDX-License-Identifier: Apache-2.0

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of the repository. Paths of chaincode in a topology are relative to it. */
export const repositoryDir = resolve(__dirname, '..', '..', '..');

/** The program `gridpeg`, for processes that the command starts, such as notaries. */
export const launcher = join(repositoryDir, 'gateway-app', 'bin', 'gridpeg.js');

/** The charging sessions that `gridpeg day` settles when no other file is given. */
export const sampleSessions = join(repositoryDir, 'gateway-app', 'data', 'acn-jpl-2019-05-16.csv');

/** The folder for programs of Fabric that were built here; all networks of the user share it. */
export function cacheDir(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'gridpeg');
}
