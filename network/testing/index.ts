// SPDX-License-Identifier: Apache-2.0

import { packageOf } from '../chaincode/chaincode-deployment';
import { FabricCommands } from '../nodes/fabric-commands';
import { chainNamed, networkDriver, peersOf, requireOwnPlan } from '../state/plan';

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
