// SPDX-License-Identifier: Apache-2.0

import { causeIn, didNotStart } from '../drivers/driver/did-not-start';
import type { Driver, ToolResult } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import { chaincodeNode, chainNamed, peersOf, type ChainPeer, type Deployment } from '../state/plan';
import { settleAll } from '../runtime/progress';
import { pollUntil } from '../runtime/poll-until';
import type { DeploymentSite } from './chaincode-deployment';

/** A peer that starts with an empty ledger fetches all blocks first, and the others have to hear of it again. */
const answerSeconds = 120;

/**
 * Waits until every peer of the chain gets an answer from its chaincode service, and knows enough of the other
 * organizations' peers for its Gateway to have transactions endorsed.
 *
 * @throws NetworkError CHAINCODE_DOES_NOT_ANSWER, NODE_DID_NOT_START, DISK_FULL
 */
export async function waitForChaincode(site: DeploymentSite, deployment: Deployment): Promise<void> {
  const chain = chainNamed(site.plan, deployment.chain);
  const { name } = deployment;
  await settleAll(
    peersOf(site.plan, chain).map(async (peer) => {
      await waitForAnswer(site, deployment, peer, () => site.commands.queryMetadata(chain, peer, name), hasAnswered);
      await waitForAnswer(site, deployment, peer, () => site.commands.discoverEndorsers(chain, peer, name), succeeded);
    }),
  );
}

function succeeded({ status }: ToolResult): boolean {
  return status === 0;
}

/** A chaincode that refuses the question, as one without the contract API, has answered; one out of reach has not. */
function hasAnswered(result: ToolResult): boolean {
  return succeeded(result) || (/response: status:\d+/.test(result.log) && !result.log.includes('error in simulation'));
}

async function waitForAnswer(
  { stateDir, driver }: DeploymentSite,
  deployment: Deployment,
  peer: ChainPeer,
  ask: () => Promise<ToolResult>,
  isEnough: (result: ToolResult) => boolean,
): Promise<void> {
  let log = '';
  const hasAnswer = async (): Promise<boolean> => {
    const result = await ask();
    log = result.log;
    if (isEnough(result)) return true;
    // A peer with a damaged ledger listens first, and ends when it opens the ledger.
    if (!(await driver.status()).has(peer.node)) throw await endedAfterStart(stateDir, driver, peer.node);
    return false;
  };
  if ((await pollUntil(hasAnswer, { timeoutMs: answerSeconds * 1000, pollMs: 250 })) === true) return;
  throw new NetworkError(
    'CHAINCODE_DOES_NOT_ANSWER',
    `chaincode ${deployment.name} on ${deployment.chain} does not answer ` +
      `${peer.node} of ${peer.organization.mspId}`,
    `Read the logs of ${chaincodeNode(deployment, peer.organization)} and ${peer.node}.`,
    log.slice(-2000).trim(),
  );
}

async function endedAfterStart(stateDir: string, driver: Driver, node: string): Promise<NetworkError> {
  const pieces: string[] = [];
  for await (const piece of driver.logs(node, { lines: 300 })) pieces.push(piece);
  const words = causeIn(pieces.join('\n'));
  const log = `its log: gridpeg logs ${node}`;
  return didNotStart({ name: node, kind: 'peer' }, 'ended soon after it had started', { words, log, stateDir });
}
