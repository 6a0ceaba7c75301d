// SPDX-License-Identifier: Apache-2.0

import { type LaneId, type PacketId } from '@gridpeg/protocol';
import { askNotaries } from '../committee/notary-services';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';
import { describeLie, readFreezing, remedyFor } from '../governance/evidence-report';
import { GovernedChain } from '../governance/governed-chain';
import { judgeTransfer, type LaneFacts, type NotaryFacts, type Waiting, type WindowFacts } from './diagnose-transfer';
import { readTransfer, type TransferReport } from './read-transfer';

/**
 * Says what a transfer waits for, who must act, and what to do, from what both ledgers and the notaries say now.
 *
 * @throws CommandError PACKET_UNKNOWN
 */
export async function explainTransfer(
  network: PeggedNetwork,
  stateDir: string,
  packetId: PacketId,
): Promise<Waiting & Pick<TransferReport, 'state'>> {
  const report = await readTransfer(network, packetId);
  const { packet, state, outcome, ends } = report;
  const { source, destination } = ends;
  const late = packet.deadlineMs !== 0n && BigInt(Date.now()) >= packet.deadlineMs;
  const isReadable = destination.chain !== undefined && destination.problem === undefined;
  const judged = judgeTransfer({
    ...{ state, outcome, late, threshold: network.state.peg.committee.threshold, packet },
    source: {
      ...{ name: source.chain.name, members: source.chain.members, isKnown: true, problem: undefined },
      lane: await laneFacts(network, source.chain, packet.laneId),
    },
    destination: {
      ...{ name: destination.name, members: destination.chain?.members ?? [] },
      ...{ isKnown: destination.chain !== undefined, problem: destination.problem },
      lane: isReadable ? await laneFacts(network, destination.chain, packet.laneId) : { state: 'open' },
    },
    notaries: await notaryFacts(network, stateDir, report),
    window: destination.problem === undefined ? await windowOf(network, report) : undefined,
  });
  return { state, ...judged };
}

/** The lane's window on the destination; undefined where no such lane is configured, or the chain is not known here. */
async function windowOf(network: PeggedNetwork, { packet, ends }: TransferReport): Promise<WindowFacts | undefined> {
  const { chain } = ends.destination;
  if (chain === undefined) return undefined;
  const { lanes } = await network.client(chain, network.reader(chain)).getConfiguration();
  const window = lanes.find(({ id }) => id === packet.laneId)?.window;
  if (window === undefined) return undefined;
  const { lengthMs, quantity, shards } = window;
  const nowMs = BigInt(Date.now());
  return { part: quantity / BigInt(shards), nextMs: nowMs - (nowMs % lengthMs) + lengthMs };
}

async function laneFacts(network: PeggedNetwork, chain: ChainState, laneId: LaneId): Promise<LaneFacts> {
  const governed = new GovernedChain(network, chain);
  const { lanes } = await governed.reader.governance.statusRecords();
  const status = lanes.find((candidate) => candidate.laneId === laneId);
  if (status?.state !== 'frozen') return { state: status?.state ?? 'open' };
  const recorded = await readFreezing(governed, status);
  const { state } = status;
  return {
    state,
    evidence: recorded && { lie: describeLie(recorded), time: recorded.time, remedy: remedyFor(recorded) },
  };
}

async function notaryFacts(
  network: PeggedNetwork,
  stateDir: string,
  { packet }: TransferReport,
): Promise<readonly NotaryFacts[]> {
  const notaries = await askNotaries(network, stateDir);
  return notaries.map(({ organization, health }) => {
    const lane = health?.lanes.find(({ laneId }) => laneId === packet.laneId);
    return { organization, answers: health !== undefined, lastError: lane?.lastError };
  });
}
