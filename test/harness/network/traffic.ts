// SPDX-License-Identifier: Apache-2.0

import { limits, type PacketId } from '@gridpeg/protocol';
import { inAnHour } from './manual-relay';
import { freshAccount, laneId, type ChainName, type TestNetwork } from './test-network';
import { waitUntil } from '../wait-until';

/**
 * Issues energy on the city chain and sends it over a lane that begins there; the notaries carry it.
 *
 * @returns the packet on its way
 */
export async function sendFromCity(
  network: TestNetwork,
  lane: 'city-charging' | 'city-microgrid',
  { quantity = 10n, seconds = 600 }: { readonly quantity?: bigint; readonly seconds?: number } = {},
): Promise<PacketId> {
  const [note] = await network.issue(network.account('ChargingMSP'), quantity);
  if (note === undefined) throw new Error('nothing was issued');
  const recipient = freshAccount('ChargingMSP', 'traveller');
  const { answer } = await network.client('city', 'ChargingMSP').send({
    laneId: laneId(lane),
    noteIds: [note.id],
    outputs: [{ kind: 'transfer', recipient, quantity, memo: '' }],
    deadlineMs: BigInt(Date.now() + seconds * 1000),
  });
  const [packetId] = answer.packetIds;
  if (packetId === undefined) throw new Error('nothing was sent');
  return packetId;
}

/** Sends packets of one unit each from the city chain, as many in a transaction as one takes. */
export async function sendMany(
  network: TestNetwork,
  lane: 'city-charging' | 'city-microgrid',
  count: number,
): Promise<readonly PacketId[]> {
  const sent: PacketId[] = [];
  while (sent.length < count) {
    const packets = Math.min(count - sent.length, limits.outputs);
    const [note] = await network.issue(network.account('ChargingMSP'), BigInt(packets));
    if (note === undefined) throw new Error('nothing was issued');
    const recipient = freshAccount('ChargingMSP', 'traveller');
    const { answer } = await network.client('city', 'ChargingMSP').send({
      laneId: laneId(lane),
      noteIds: [note.id],
      outputs: Array.from({ length: packets }, () => ({ kind: 'transfer', recipient, quantity: 1n, memo: '' })),
      deadlineMs: inAnHour(),
    });
    sent.push(...answer.packetIds);
  }
  return sent;
}

/** Waits until a transfer that began on the city chain is settled there. @returns how */
export function settled(network: TestNetwork, packetId: PacketId): Promise<'delivered' | 'refunded'> {
  return waitUntil(
    `transfer ${packetId} is settled`,
    async () => {
      const { state } = await network.client('city', 'ChargingMSP').getTransfer(packetId);
      return state === 'delivered' || state === 'refunded' ? state : undefined;
    },
    180,
  );
}

/** Heights of all chains once nothing is on its way: they stay until somebody sends again. */
export async function quietHeights(network: TestNetwork): Promise<Readonly<Record<ChainName, bigint>>> {
  const heights = async (): Promise<Record<ChainName, bigint>> => ({
    city: await network.height('city'),
    microgrid: await network.height('microgrid'),
    charging: await network.height('charging'),
  });
  for (const chain of ['city', 'microgrid', 'charging'] as const) {
    await waitUntil(`nothing of ${chain} is on its way`, async () => {
      return (await network.client(chain, 'RegulatorMSP').inFlight()).length === 0;
    });
  }
  return heights();
}
