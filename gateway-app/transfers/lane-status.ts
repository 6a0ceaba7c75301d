// SPDX-License-Identifier: Apache-2.0

import { laneIdCodec, type LaneStatusRecord } from '@gridpeg/protocol';
import { PegError } from '../client';
import { askNotaries } from '../committee/notary-services';
import { type LaneState, type PeggedNetwork } from '../consortium/consortium';
import { GovernedChain } from '../governance/governed-chain';

/** Whether one end of a lane lets it move; `unknown` where that chain is not known here or does not answer. */
type StateOnChain = LaneStatusRecord['state'] | 'unknown';

/** One lane as both its ledgers and the notaries know it. */
export interface LaneStatus {
  readonly laneId: string;
  readonly custody: string;
  readonly source: { readonly chain: string; readonly state: StateOnChain };
  readonly destination: { readonly chain: string; readonly state: StateOnChain };
  /** Packets that have left the source and are not settled there; undefined where it does not answer. */
  readonly inFlight: number | undefined;
  /** MSP ids of the notaries that relay it, each with what keeps its relay from going on, or nothing */
  readonly relays: ReadonlyArray<{ readonly organization: string; readonly lastError: string }>;
}

/** Reads the state of all lanes, or of one. @throws CommandError LANE_UNKNOWN */
export async function laneStatus(
  network: PeggedNetwork,
  stateDir: string,
  laneId: string | undefined,
): Promise<readonly LaneStatus[]> {
  const lanes = laneId === undefined ? network.state.peg.lanes : [network.lane(laneId)];
  const [statusRecords, notaries] = await Promise.all([readStandings(network), askNotaries(network, stateDir)]);
  return Promise.all(
    lanes.map(async (lane) => ({
      ...{ laneId: lane.id, custody: custodyText(lane.custody) },
      source: { chain: lane.source, state: stateOnChain(statusRecords, lane.source, lane.id) },
      destination: { chain: lane.destination, state: stateOnChain(statusRecords, lane.destination, lane.id) },
      inFlight: await countInFlight(network, lane),
      relays: notaries.flatMap(({ organization, health }) =>
        (health?.lanes ?? [])
          .filter((relayed) => relayed.laneId === lane.id)
          .map(({ lastError }) => ({ organization, lastError })),
      ),
    })),
  );
}

/** A custody mode, and for a custodian who it is. */
function custodyText(custody: LaneState['custody']): string {
  return typeof custody === 'string' ? custody : `custodian ${custody.custodian}`;
}

type StatusRecords = ReadonlyMap<string, readonly LaneStatusRecord[] | undefined>;

async function readStandings(network: PeggedNetwork): Promise<StatusRecords> {
  const read = network.state.chains.map(async (chain) => {
    const { governance } = new GovernedChain(network, chain).reader;
    return [chain.name, (await orUndefined(governance.statusRecords()))?.lanes] as const;
  });
  return new Map(await Promise.all(read));
}

/** A lane that the ledger says nothing of was never stopped. */
function stateOnChain(statusRecords: StatusRecords, chain: string, laneId: string): StateOnChain {
  const lanes = statusRecords.get(chain);
  if (lanes === undefined) return 'unknown';
  return lanes.find((lane) => lane.laneId === laneId)?.state ?? 'open';
}

async function countInFlight(network: PeggedNetwork, { id, source }: LaneState): Promise<number | undefined> {
  const chain = network.state.chains.find(({ name }) => name === source);
  if (chain === undefined) return undefined;
  const client = network.client(chain, network.reader(chain));
  return (await orUndefined(client.inFlight(laneIdCodec.decode(id, 'lane'))))?.length;
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof PegError)) throw error;
    return undefined;
  }
}
