// SPDX-License-Identifier: Apache-2.0

import { type InFlight, type LaneId, type Packet, type ReceiptEntry } from '@gridpeg/protocol';
import { PegError } from '../client';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';

/** A transfer that has left its chain and is not settled there yet. */
interface OpenTransfer {
  readonly packet: Packet;
  /** The name of the chain that it left. */
  readonly source: string;
  /** The name of the chain that it goes to, or its id where that is not known here. */
  readonly destination: string;
  /** The destination's answer; `none` while there is none, `unknown` while the destination cannot be asked. */
  readonly answer: ReceiptEntry['outcome'] | 'none' | 'unknown';
}

/** The transfers that are under way. */
export interface OpenTransfers {
  /** How many there are, whether they are listed or not. */
  readonly total: number;
  readonly transfers: readonly OpenTransfer[];
}

/**
 * Lists transfers that are not settled.
 *
 * @param wanted - `lane`: of one lane, else of all; `limit`: at most so many are listed
 * @throws CommandError LANE_UNKNOWN; PegError when a source does not answer
 */
export async function listTransfers(
  network: PeggedNetwork,
  wanted: { readonly lane?: LaneId | undefined; readonly limit: number },
): Promise<OpenTransfers> {
  const { lane, limit } = wanted;
  const sources = lane === undefined ? network.state.chains : [network.chain(network.lane(lane).source)];
  const found = await Promise.all(sources.map(async (chain) => inFlightOn(network, chain, lane)));
  const all = found.flat();
  const packets = await Promise.all(
    all.slice(0, limit).map(async ({ chain, entry }) => {
      const { packet } = await network.client(chain, network.reader(chain)).getTransfer(entry.packetId);
      return { chain, packet };
    }),
  );
  const answers = await answersTo(
    network,
    packets.map(({ packet }) => packet),
  );
  const transfers = packets.map(({ chain, packet }) => ({
    packet,
    source: chain.name,
    destination: network.nameOf(packet.destinationChainId),
    answer: answers.get(packet.destinationChainId)?.get(packet.id) ?? defaultAnswer(answers, packet),
  }));
  return { total: all.length, transfers };
}

type Answers = ReadonlyMap<string, ReadonlyMap<string, ReceiptEntry['outcome']> | undefined>;

function defaultAnswer(answers: Answers, { destinationChainId }: Packet): 'none' | 'unknown' {
  return answers.get(destinationChainId) === undefined ? 'unknown' : 'none';
}

async function inFlightOn(
  network: PeggedNetwork,
  chain: ChainState,
  lane: LaneId | undefined,
): Promise<ReadonlyArray<{ readonly chain: ChainState; readonly entry: InFlight }>> {
  const entries = await network.client(chain, network.reader(chain)).inFlight(lane);
  return entries.map((entry) => ({ chain, entry }));
}

/** What each destination has answered, by packet; undefined for a chain that is not known here or does not answer. */
async function answersTo(network: PeggedNetwork, packets: readonly Packet[]): Promise<Answers> {
  const chainIds = [...new Set(packets.map(({ destinationChainId }) => destinationChainId))];
  const answers = chainIds.map(async (chainId) => {
    const chain = network.findChain(chainId);
    if (chain === undefined) return [chainId, undefined] as const;
    const ids = packets.filter((packet) => packet.destinationChainId === chainId).map(({ id }) => id);
    try {
      const receipts = await network.client(chain, network.reader(chain)).getReceipts(ids);
      return [chainId, new Map(receipts.map(({ packetId, outcome }) => [packetId, outcome]))] as const;
    } catch (error) {
      if (!(error instanceof PegError)) throw error;
      return [chainId, undefined] as const;
    }
  });
  return new Map(await Promise.all(answers));
}
