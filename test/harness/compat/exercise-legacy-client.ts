// SPDX-License-Identifier: Apache-2.0

import { runLegacyClient } from './legacy-client';
import { laneId, type TestNetwork } from '../network/test-network';

/**
 * Lets an application on fabric-network 2 send value from the city chain as ChargingMSP, and compares what it saw with
 * the ledger.
 *
 * @param wallet - folder of a wallet with the user of ChargingMSP, as `gridpeg wallet export` names it
 */
export async function exerciseLegacyClient(network: TestNetwork, wallet: string): Promise<void> {
  const { domain, connectionProfile } = network.organization('ChargingMSP');
  const owner = network.account('ChargingMSP');
  const [note] = await network.issue(owner, 30n);
  if (note === undefined) throw new Error('nothing was issued');
  const { channel, chainId, chaincode } = network.chain('city');
  const deadlineMs = (Date.now() + 600_000).toString();
  const outputs = [{ kind: 'transfer', recipient: owner, quantity: '30', memo: '' }];
  const request = { laneId: laneId('city-charging'), noteIds: [note.id], outputs, deadlineMs };
  const { evaluated, submitted, event } = await runLegacyClient({
    profile: connectionProfile.json,
    wallet,
    label: `User1@${domain}`,
    channel,
    chaincode: chaincode.name,
    evaluate: ['peg:getConfiguration', '{}'],
    submit: ['peg:send', JSON.stringify(request)],
  });
  expect(JSON.parse(evaluated)).toMatchObject({ chainId });
  const answer = JSON.parse(submitted) as { readonly txId: string; readonly packetIds: readonly string[] };
  expect(event).toMatchObject({ name: 'peg', transactionId: answer.txId, status: 'VALID' });
  expect(JSON.parse(event.payload)).toMatchObject({ packets: [{ id: answer.packetIds[0], laneId: 'city-charging' }] });
  await network.everywhere('city', Promise.resolve({ blockNumber: (await network.height('city')) - 1n }));
  const remaining = await network.notesOf('city', owner);
  expect(remaining.map(({ id }) => id)).not.toContain(note.id);
}
