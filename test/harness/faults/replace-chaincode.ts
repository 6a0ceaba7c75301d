// SPDX-License-Identifier: Apache-2.0

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killNode, startNode } from '@gridpeg/network';
import { repositoryDir } from '../cli/gridpeg';

/** A chaincode service of a network. */
export interface ServiceAddress {
  readonly stateDir: string;
  readonly node: string;
}

/**
 * Lets a chaincode service run another build, as an organization could that owns the machine: by changing what the
 * state folder says of its node. So the build runs wherever the driver runs nodes.
 *
 * @param folder - absolute; a package as `tamperedChaincode` makes it
 * @returns puts the true build back
 */
export async function replaceBuild(address: ServiceAddress, folder: string): Promise<() => Promise<void>> {
  const file = join(address.stateDir, 'nodes', address.node, 'node.json');
  const before = readFileSync(file, 'utf8');
  const run = async (spec: string): Promise<void> => {
    await killNode(address);
    writeFileSync(file, spec);
    await startNode(address);
  };
  const spec = JSON.parse(before) as Readonly<Record<string, unknown>>;
  await run(JSON.stringify({ ...spec, cwd: folder, reads: [folder, repositoryDir] }));
  return () => run(before);
}
