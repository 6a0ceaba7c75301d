// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one scenario with all functions, recorded from beginning to end.

import {
  absenceQuestionCodec,
  anyEvidenceCodec,
  certificateRequestCodec,
  committeeHashOf,
  decodeBatch,
  encode,
  evidenceCodec,
  evidenceFrom,
  exportAbsenceFunction,
  firstDigest,
  provePossession,
  questionAbout,
  questionHashOf,
  rotationCodec,
  signBatch,
  signRotation,
  type EscrowId,
  type PacketBatch,
  type ReceiptBatch,
  type TrustRecord,
} from '@gridpeg/protocol';
import {
  certify,
  charging,
  chargingMember,
  city,
  configurationOf,
  energy,
  grid,
  keyNamed,
  laneIdBetween,
  members,
  microgridMember,
  packetBatchOf,
  proofOf,
  publicKeyOf,
  regulator,
  trustIn,
} from '@gridpeg/protocol/testing';
import { agreed, change, configure, dayMs, inForce, propose, setAssets, setLanes } from './govern';
import { type History, RecordedChannel } from './recorded-channel';

const user = 'GridMSP/User1@GridMSP';
const out = laneIdBetween(city, charging);
const { committee } = trustIn(city);
const nextKeys = members.map(({ mspId }) => keyNamed(`next ${mspId}`));
const next = {
  ...{ epoch: committee.epoch + 1, threshold: committee.threshold },
  notaries: members.map(({ mspId }, index) => ({ mspId, publicKey: publicKeyOf(nextKeys[index] ?? raise()) })),
};

/** What two pegged channels were asked in their lives so far: every function of the contracts, at least once. */
export async function recordHistories(): Promise<readonly History[]> {
  return (await recordChannels()).map(({ history }) => history);
}

/** The channels of {@link recordHistories} themselves. */
export async function recordChannels(): Promise<readonly RecordedChannel[]> {
  const town = await RecordedChannel.configured(city);
  const cars = await RecordedChannel.configured(charging);
  const packets = await move(town, cars);
  await look(town, cars, packets);
  await leaveOut(cars);
  await propositions(town);
  await rotationAndEvidence(cars, packets);
  await absence(town, cars, packets);
  return [town, cars];
}

/** A packet from lock to delivery. */
async function move(town: RecordedChannel, cars: RecordedChannel): Promise<PacketBatch> {
  const outputsOf = (...quantities: readonly string[]) =>
    quantities.map((quantity) => ({ recipient: user, quantity, memo: 'm' }));
  const issued = await noteIds(town.call('issue', { asset: energy, outputs: outputsOf('100', '50', '20') }));
  await town.call('transfer', { noteIds: issued.slice(1), outputs: outputsOf('60') });
  const [first = raise()] = issued;
  const left = await noteIds(town.call('retire', { noteIds: [first], quantity: '10' }));
  const sending = outputsOf('40', '20').map((output) => ({ kind: 'transfer', ...output }));
  const deadlineMs = (Date.now() + dayMs).toString();
  const sent = await town.call('send', { laneId: out, noteIds: left, outputs: sending, deadlineMs });
  const { txId } = sent as { readonly txId: string };
  await town.call('mergeEscrow', { laneId: out, escrowIds: [`${txId}-0`, `${txId}-1`] });
  const packets = await batch<PacketBatch>('packets', town, sent);
  const received = await cars.call('receive', certificateRequest(packets, trustIn(city)));
  const receipts = await batch<ReceiptBatch>('receipts', cars, received);
  await town.call('settle', certificateRequest(receipts, trustIn(charging)));
  return packets;
}

/** Every function that writes nothing. */
async function look(town: RecordedChannel, cars: RecordedChannel, { entries }: PacketBatch): Promise<void> {
  const packetId = entries[0]?.id ?? raise();
  const page = { pageSize: 9, bookmark: '' };
  await town.call('getTransfer', { packetId });
  await cars.call('getReceipts', { packetIds: [packetId] });
  for (const name of ['getConfiguration', 'getStandings']) await town.call(name, {});
  await town.call('listNotes', { owner: user, ...page });
  await town.call('listEscrow', { laneId: out, ...page });
  await town.call('listInFlight', { laneId: out, ...page });
}

/**
 * Members of the charging chain no longer take the word of the regulator's peers in the city, from one moment to the
 * next.
 */
async function leaveOut(cars: RecordedChannel): Promise<void> {
  const { chains, ...others } = configurationOf(charging);
  const narrowed = chains.map((trust) =>
    trust.chainId === city
      ? { ...trust, organizations: trust.organizations.filter(({ mspId }) => mspId !== regulator.mspId) }
      : trust,
  );
  await change(cars, { kind: 'configure', configuration: { ...others, sequence: 2, chains: narrowed } });
  await cars.call('getTrustRecords', { chainId: city, epoch: committee.epoch });
}

/** A packet that was never sent: asked about, answered, and submitted. */
async function absence(town: RecordedChannel, cars: RecordedChannel, { entries }: PacketBatch): Promise<void> {
  const [packet = raise()] = entries;
  const invented = packetBatchOf({ ...packet, quantity: 62n });
  const trust = trustIn(city);
  const signatures = [microgridMember, chargingMember].map(({ mspId, notaryKey }) => ({
    publicKey: publicKeyOf(notaryKey),
    signature: signBatch(invented, trust, mspId, notaryKey).signature,
  }));
  const question = questionAbout(packet.id, invented, trust, signatures, firstDigest) ?? raise();
  const questionHash = questionHashOf(question);
  await town.call('declareAbsence', encode(absenceQuestionCodec, question));
  const answered = (await town.call('exportAbsence', { questionHash })) as Readonly<Record<string, unknown>>;
  const answer = Object.fromEntries(Object.entries(answered).filter(([name]) => name !== 'written'));
  const proof = proofOf(invented, {
    args: [exportAbsenceFunction, JSON.stringify({ questionHash })],
    payload: JSON.stringify(answer),
    endorsers: [grid, chargingMember, regulator].map(({ peer }) => peer),
  });
  await cars.call(
    'submitEvidence',
    encode(anyEvidenceCodec, { version: 1, kind: 'absence', sourceChainId: city, proof }),
  );
  await cars.call('list', { pageSize: 9, bookmark: '' });
}

/** Each kind of proposal, carried out; and one that is withdrawn. */
async function propositions(town: RecordedChannel): Promise<void> {
  await change(town, setLanes('paused', 1));
  await change(town, setLanes('open', 2));
  const lanes = inForce.lanes.map((lane) => ({ ...lane, maximumQuantity: 50n }));
  await change(town, configure({ lanes }));
  await change(town, setAssets('paused', 1));
  await change(town, { kind: 'suspend-notary', publicKey: publicKeyOf(regulator.notaryKey) });
  await town.call('withdraw', await propose(town, setLanes('paused', 3)), grid.admin);
  const replacing = await agreed(
    town,
    {
      ...{ kind: 'replace-committee', threshold: next.threshold, notaries: next.notaries },
      chains: [city, charging].map((chainId) => ({ chainId, sequence: 1 })),
    },
    ...[microgridMember, chargingMember],
  );
  await town.call('getProposal', { organization: grid.mspId });
  town.aheadMs = dayMs + 120_000;
  await town.call('execute', replacing);
}

async function rotationAndEvidence(cars: RecordedChannel, packets: PacketBatch): Promise<void> {
  const previous = committeeHashOf(committee);
  const rotation = encode(rotationCodec, {
    ...{ version: 1, previous, next },
    signatures: members.slice(0, 3).map(({ mspId, notaryKey }) => signRotation(previous, next, mspId, notaryKey)),
    possessions: members.map(({ mspId }, index) => provePossession(previous, next, mspId, nextKeys[index] ?? raise())),
  });
  await cars.call('rotate', rotation);
  const lie = { ...packets, entries: packets.entries.map((packet) => ({ ...packet, quantity: 61n })) };
  const trust = trustIn(city);
  const signed = ([packets, lie] as const).map((each) => {
    return {
      batch: each,
      trust,
      form: firstDigest,
      signature: signBatch(each, trust, grid.mspId, grid.notaryKey).signature,
    };
  });
  const [one = raise(), other = raise()] = signed;
  const found = evidenceFrom(publicKeyOf(grid.notaryKey), packets.entries[0]?.id ?? raise(), [one, other]);
  await cars.call('submitEvidence', encode(evidenceCodec, found ?? raise()));
}

async function noteIds(answer: Promise<unknown>): Promise<readonly string[]> {
  return ((await answer) as { readonly noteIds: readonly string[] }).noteIds;
}

async function batch<Kind extends PacketBatch | ReceiptBatch>(
  kind: Kind['kind'],
  channel: RecordedChannel,
  answer: unknown,
): Promise<Kind> {
  const { txId } = answer as { readonly txId: string };
  const name = kind === 'packets' ? 'exportPackets' : 'exportReceipts';
  const { written, ...exported } = (await channel.call(name, { laneId: out, txIds: [txId] })) as { written: number };
  if (written > 0) throw new Error('an export wrote');
  return decodeBatch(kind, JSON.stringify(exported)) as Kind;
}

function certificateRequest(of: PacketBatch | ReceiptBatch, trust: TrustRecord): string {
  const escrowIds: readonly EscrowId[] = [];
  return encode(certificateRequestCodec, { certificate: certify(of, trust), escrowIds });
}

function raise(): never {
  throw new Error('the history lacks something');
}
