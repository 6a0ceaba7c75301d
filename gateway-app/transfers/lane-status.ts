// SPDX-License-Identifier: Apache-2.0

import { laneIdCodec, type LaneCustody, type LaneStatusRecord } from '@gridpeg/protocol';
import { PegError } from '../client';
import { askNotaries } from '../committee/notary-services';
import { type LaneState, type PeggedNetwork } from '../consortium/consortium';
import { GovernedChain } from '../governance/governed-chain';

/** Whether one end of a lane lets it move; `unknown` where that chain is not known here or does not answer. */
type StateOnChain = LaneStatusRecord['state'] | 'unknown';

/** One lane as both its ledgers and the notaries know it. */
export interface LaneStatus {
  readonly laneId: string;
  /** The custody mode by the ledgers, of packets and of receipts where they differ; `unknown` where none answers. */
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
  const [statusRecords, custodies, notaries] = await Promise.all([
    readStandings(network),
    readCustodies(network),
    askNotaries(network, stateDir),
  ]);
  return Promise.all(
    lanes.map(async (lane) => ({
      ...{ laneId: lane.id, custody: custodyText(lane, custodies) },
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

/** What each chain that answers says of the custody of its lanes, by the chain's name and the lane's id. */
type Custodies = ReadonlyMap<string, ReadonlyMap<string, string>>;

async function readCustodies(network: PeggedNetwork): Promise<Custodies> {
  const read = network.state.chains.map(async (chain) => {
    const configuration = await orUndefined(new GovernedChain(network, chain).reader.getConfiguration());
    const lanes = (configuration?.lanes ?? []).map(({ id, custody }) => [id, nameOf(custody)] as const);
    return [chain.name, new Map<string, string>(lanes)] as const;
  });
  return new Map(await Promise.all(read));
}

/** A custody mode, and for a custodian who it is. */
function nameOf(custody: LaneCustody): string {
  return custody.mode === 'custodian' ? `custodian ${custody.custodian.mspId}` : custody.mode;
}

/** The destination judges packets and the source receipts; while a change is under way they differ. */
function custodyText({ id, source, destination }: LaneState, custodies: Custodies): string {
  const [packets, receipts] = [custodies.get(destination)?.get(id), custodies.get(source)?.get(id)];
  if (packets === undefined || receipts === undefined) return packets ?? receipts ?? 'unknown';
  return packets === receipts ? packets : `${packets}, receipts ${receipts}`;
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
