// SPDX-License-Identifier: Apache-2.0

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restartNode } from '@gridpeg/network';

/** Lets a peer get no blocks any more, and answer as before. @returns lets it get them again, and waits until it has */
export async function cutOff(stateDir: string, node: string): Promise<() => Promise<void>> {
  const file = join(stateDir, 'nodes', node, 'core.yaml');
  const before = readFileSync(file, 'utf8');
  const cut = before.replace('orgLeader: true', 'orgLeader: false');
  if (cut === before) throw new Error(`${file} does not say who fetches blocks`);
  writeFileSync(file, cut);
  await restartNode({ stateDir, node });
  return async () => {
    writeFileSync(file, before);
    await restartNode({ stateDir, node });
  };
}
