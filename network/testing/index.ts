// SPDX-License-Identifier: Apache-2.0

import { packageOf } from '../chaincode/chaincode-deployment';
import { officialImage } from '../drivers/docker/images';
import { runTool } from '../drivers/driver/run-tool';
import { fabricBinaries, fabricCaBinaries } from '../fabric/fabric-binaries';
import type { ProgramSearch } from '../fabric/program-set';
import { FabricCommands } from '../nodes/fabric-commands';
import { chainNamed, networkDriver, peersOf, requireOwnPlan } from '../state/plan';

export { externalBuilder } from '../render/external-builder';

/**
 * The official images in which nodes run, each with the program of this machine that it runs.
 *
 * @throws NetworkError when a program is not there and cannot be built
 */
export async function officialImages(
  where: Pick<ProgramSearch, 'fabricBin' | 'environment' | 'cacheDir'>,
): Promise<ReadonlyMap<string, string>> {
  const search = { ...where, run: runTool, onProgress: () => undefined };
  const { peer, orderer } = await fabricBinaries(search);
  const authority = (await fabricCaBinaries(search))['fabric-ca-server'];
  const named = [peer, orderer, authority, process.execPath].map(
    async (program) => [await officialImage(program), program] as const,
  );
  return new Map(await Promise.all(named));
}

/**
 * Approves several versions of a chaincode that is never committed, for one organization and all at once, as runs of
 * `gridpeg` do of which some were killed and their commands not.
 *
 * @throws NetworkError TOOL_FAILED
 */
export async function approveAtOnce(
  stateDir: string,
  chainName: string,
  organization: string,
  versions: readonly string[],
): Promise<void> {
  const plan = requireOwnPlan(stateDir);
  const chain = chainNamed(plan, chainName);
  const peer = peersOf(plan, chain).find((candidate) => candidate.organization.mspId === organization);
  const deployment = plan.deployments.find((candidate) => candidate.chain === chainName);
  if (peer === undefined || deployment === undefined) throw new Error(`${organization} has no peer on ${chainName}`);
  const commands = new FabricCommands(stateDir, plan, networkDriver(stateDir));
  const { packageId } = packageOf(deployment);
  await Promise.all(
    versions.map((version) => {
      const name = ['--channelID', chain.channel, '--name', 'never-committed', '--sequence', '1'];
      return commands.approve(chain, peer, [...name, '--version', version], packageId);
    }),
  );
}
