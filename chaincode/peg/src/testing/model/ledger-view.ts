// SPDX-License-Identifier: Apache-2.0

import {
  type Action as GovernanceAction,
  decode,
  type EscrowNote,
  type LaneStatusRecord,
  type NotaryStatusRecord,
  type OutboxRecord,
  outboxRecordCodec,
  type Packet,
  packetHashOf,
  type ReceiptEntry,
  type Settled,
  type TrustRecord,
} from '@gridpeg/protocol';
import { city, grid, laneIdBetween, microgrid, publicKeyOf } from '@gridpeg/protocol/testing';
import type { Replica } from './replica';
import { chainIdOf, committees, inventedPacket, laneIdOf, unit } from './replica-certificates';
import { type ChainName, chainNames, ends, laneNames, type PacketState, type State } from './state';

/** What model and ledgers are compared by, after every step. */

type View = Readonly<Record<string, unknown>>;

export function viewOfModel({ chains, packets }: State): View {
  const ofChain = (name: ChainName): View => {
    const { notes, proposal, ...ledger } = chains[name];
    const consents = proposal && { ...proposal, counted: undefined, completeAt: undefined };
    return { ...ledger, notes: notes.length, proposal: consents, alarmed: undefined };
  };
  return { home: ofChain('home'), away: ofChain('away'), packets: packets.map(answerInModel) };
}

function answerInModel({ id, receipt, content, settled }: PacketState): View {
  return { id, receipt, asSent: receipt === '' || content === 'true', settled };
}

/** The same of the ledgers; the model's state says which packets there are. */
export function viewOfLedgers(replica: Replica, { packets }: State): View {
  const names = replica.names();
  const outboxes = chainNames.flatMap((chain) => recordsOf(replica, chain, 'outbox'));
  const sent = outboxes
    .flatMap((text) => decode(outboxRecordCodec, text).packets satisfies OutboxRecord['packets'])
    .filter(({ id }) => names.has(id));
  const named = new Map(sent.map((packet) => [names.get(packet.id) ?? '', packet]));
  const ofEscrow = replica.escrowNames();
  return {
    home: ledgerView(replica, 'home', ofEscrow),
    away: ledgerView(replica, 'away', ofEscrow),
    packets: packets.map(({ id, lane }) => {
      const packet = named.get(id) ?? inventedPacket(id, lane, 1_900_000_000_000n);
      return answerOnLedgers(replica, id, packet, ends[lane]);
    }),
  };
}

function recordsOf(replica: Replica, chain: ChainName, type: string): string[] {
  const found = [...replica.channels[chain].stub.state].filter(([key]) => key.startsWith(`\u0000${type}\u0000`));
  return found.map(([, value]) => value.toString('utf8'));
}

/** Records as plain JSON: quantities are text. */
function parsed<T>(replica: Replica, chain: ChainName, type: string): T[] {
  return recordsOf(replica, chain, type).map((text) => JSON.parse(text) as T);
}

function answerOnLedgers(replica: Replica, id: string, packet: Packet, { source, destination }: Ends): View {
  const receipt = parsed<ReceiptEntry>(replica, destination, 'receipt').find((each) => each.packetId === packet.id);
  const settled = parsed<Settled>(replica, source, 'settled').find((each) => each.packetId === packet.id);
  const asSent = receipt === undefined || receipt.packetHash === packetHashOf(packet);
  return { id, receipt: receipt?.outcome ?? '', asSent, settled: settled?.outcome ?? '' };
}
type Ends = (typeof ends)[keyof typeof ends];

function ledgerView(replica: Replica, chain: ChainName, ofEscrow: ReadonlyMap<string, string>): View {
  const escrow = parsed<EscrowNote>(replica, chain, 'escrow');
  const other = laneIdBetween(city, microgrid);
  const laneStatuses = parsed<LaneStatusRecord>(replica, chain, 'standing');
  const usages = parsed<{ laneId: string; used: string }>(replica, chain, 'usage');
  const perLane = <T>(of: (laneId: string) => T): Record<string, T> =>
    Object.fromEntries(laneNames.map((lane) => [lane, of(laneIdOf[lane])]));
  return {
    notes: parsed(replica, chain, 'note').length,
    escrow: escrow.flatMap(({ laneId, id }) => (laneId === laneIdOf.out ? (ofEscrow.get(id) ?? id) : [])).sort(),
    otherEscrow: escrow.filter(({ laneId }) => laneId === other).length,
    used: perLane((laneId) => Number(BigInt(usages.find((each) => each.laneId === laneId)?.used ?? 0) / unit)),
    laneStatuses: perLane((laneId) => {
      const { state, sequence } = laneStatuses.find((each) => each.laneId === laneId) ?? { state: 'open', sequence: 0 };
      return { state, sequence };
    }),
    epoch: epochOf(replica, chain),
    ...liarOn(replica, chain),
    proposal: proposalOn(replica, chain),
  };
}

/** Of the committee that a chain trusts for the other one. */
function epochOf(replica: Replica, chain: ChainName): number | undefined {
  const other = chainIdOf[chain === 'home' ? 'away' : 'home'];
  const trust = parsed<TrustRecord>(replica, chain, 'trust').find(({ chainId }) => chainId === other);
  return trust && trust.committee.epoch - committees[0].epoch;
}

function liarOn(replica: Replica, chain: ChainName): View {
  const key = publicKeyOf(grid.notaryKey);
  const notary = parsed<NotaryStatusRecord>(replica, chain, 'notary').find(({ publicKey }) => publicKey === key);
  const accused = laneNames.filter((lane) => notary?.lanes.includes(laneIdOf[lane]));
  return { suspended: notary?.state === 'suspended', accused: [...accused].sort() };
}

function proposalOn(replica: Replica, chain: ChainName): View | undefined {
  type Open = { readonly id: string; readonly action: Extract<GovernanceAction, { kind: 'set-lanes' }> };
  const [proposal] = parsed<Open>(replica, chain, 'proposal');
  if (proposal === undefined) return undefined;
  const { state, lanes } = proposal.action;
  const sequenceOf = (laneId: string): number | undefined => lanes.find((lane) => lane.laneId === laneId)?.sequence;
  const consents = parsed<{ proposalId: string }>(replica, chain, 'consent');
  return {
    state,
    sequences: { out: sequenceOf(laneIdOf.out), back: sequenceOf(laneIdOf.back) },
    organizations: consents.filter(({ proposalId }) => proposalId === proposal.id).length,
    counted: undefined,
    completeAt: undefined,
  };
}
