// SPDX-License-Identifier: Apache-2.0

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository: what chaincode paths of a topology are relative to. */
export const repositoryDir = resolve(__dirname, '..', '..', '..');

/** The command's own launcher, for what it starts. */
export const launcher = join(repositoryDir, 'gateway-app', 'bin', 'gridpeg.js');

/** The sample that `gridpeg day` runs unless told otherwise. */
export const sampleSessions = join(repositoryDir, 'gateway-app', 'data', 'acn-jpl-2019-05-16.csv');

/** Where builds of Fabric are kept between networks. */
export function cacheDir(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'gridpeg');
}
