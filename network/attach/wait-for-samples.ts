// SPDX-License-Identifier: Apache-2.0

import { NetworkError } from '../runtime/network-error';
import { pollUntil } from '../runtime/poll-until';
import { sampleNodes, sampleOrganizations, type SamplesNetwork } from './samples-network';

const answerSeconds = 120;

/**
 * Waits until both peers answer. network.sh returns before its nodes listen, and then gives them a few seconds only.
 *
 * @throws NetworkError TEST_NETWORK_DOWN
 */
export async function waitForSamplesPeers(network: SamplesNetwork): Promise<void> {
  for (const number of sampleOrganizations) {
    const how = await pollUntil(
      async () => {
        if ((await network.peer(number, 'channel', 'list'))?.status === 0) return 'answers';
        return !(await network.isUp()) && 'down';
      },
      { timeoutMs: answerSeconds * 1000, pollMs: 1_000 },
    );
    if (how === 'answers') continue;
    const { engineName } = network;
    throw new NetworkError(
      'TEST_NETWORK_DOWN',
      'orderer and peers do not all run and answer',
      `Read "${engineName} ps -a" and "${engineName} logs" of ${sampleNodes.join(' ')}.`,
    );
  }
}

/**
 * Waits until both peers get an answer from a chaincode. deployCCAAS returns before the services listen.
 *
 * @throws NetworkError CHAINCODE_DOES_NOT_ANSWER
 */
export async function waitForSamplesChaincode(network: SamplesNetwork, chain: string): Promise<void> {
  const question = '{"Args":["org.hyperledger.fabric:GetMetadata"]}';
  for (const number of sampleOrganizations) {
    let log = '';
    const answers = async (): Promise<boolean> => {
      const query = ['chaincode', 'query', '--channelID', chain, '--name', chain, '--ctor', question];
      const answer = await network.peer(number, ...query);
      log = answer?.log ?? 'no answer';
      return answer?.status === 0;
    };
    if ((await pollUntil(answers, { timeoutMs: answerSeconds * 1000, pollMs: 1_000 })) === true) continue;
    const last = log.trim().split('\n').at(-1) ?? '';
    throw new NetworkError(
      'CHAINCODE_DOES_NOT_ANSWER',
      `chaincode ${chain} does not answer peer0.org${String(number)}.example.com ` +
        `after ${String(answerSeconds)} s (${last})`,
      `Read "${network.engineName} logs peer0org${String(number)}_${chain}_ccaas".`,
    );
  }
}
