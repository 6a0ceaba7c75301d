// SPDX-License-Identifier: Apache-2.0

import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/** Cuts the file of blocks of a peer or an orderer, which must not run, in its middle. */
export function cutBlockFile(stateDir: string, node: string, channel: string): void {
  const data = join(stateDir, 'nodes', node, 'data');
  const files = readdirSync(data, { recursive: true, encoding: 'utf8' });
  const blocks = files.find((file) => file.endsWith(join(channel, 'blockfile_000000')));
  if (blocks === undefined) throw new Error(`${node} has no blocks of ${channel}`);
  truncateSync(join(data, blocks), Math.floor(statSync(join(data, blocks)).size / 2));
}
