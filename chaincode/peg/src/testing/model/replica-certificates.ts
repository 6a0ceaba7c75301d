// SPDX-License-Identifier: Apache-2.0

import { type Batch, type Certificate, encodeBatch, type Packet, type Receipt, signBatch } from '@gridpeg/protocol';
import {
  certify,
  charging,
  city,
  energy,
  grid,
  type Identity,
  identityOf,
  keyNamed,
  laneIdBetween,
  type Member,
  members,
  packetBatchOf,
  packetWith,
  proofOf,
  publicKeyOf,
  receiptBatchOf,
  receiptFor,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import type { CertificateCall, Claim } from './calls';
import { certificateKinds, type Organization } from './certificate-kinds';
import { ends, type LaneName } from './state';

/** Real certificates for those of the model: real proofs, real signatures, real lies. */

export const chainIdOf = { home: city, away: charging } as const;
export const laneIdOf = { out: laneIdBetween(city, charging), back: laneIdBetween(charging, city) } as const;
export const account = 'GridMSP/User1@GridMSP' as Packet['sender'];
/** What one unit of the model is. */
export const unit = 10n;

const memberOf = (name: Organization): Member => members['GMCR'.indexOf(name)] ?? grid;
const { committee } = trustIn(city);
const nextKeyOf = ({ mspId }: Member): ReturnType<typeof keyNamed> => keyNamed(`next ${mspId}`);

/** The committees of both epochs. */
export const committees = [
  committee,
  {
    ...committee,
    epoch: committee.epoch + 1,
    notaries: members.map((member) => ({ mspId: member.mspId, publicKey: publicKeyOf(nextKeyOf(member)) })),
  },
] as const;

export function notaryKeyOf(member: Member, epoch: number): ReturnType<typeof keyNamed> {
  return epoch === 0 ? member.notaryKey : nextKeyOf(member);
}

function strangerAs(member: Member): Identity {
  return identityOf({ ...member, caKey: keyNamed(`not ${member.caName}`) });
}

/** A packet that nobody sent. */
export function inventedPacket(id: string, lane: LaneName, deadlineMs: bigint): Packet {
  const { source, destination } = ends[lane];
  return packetWith({
    ...{ sourceChainId: chainIdOf[source], destinationChainId: chainIdOf[destination] },
    ...{ sender: account, recipient: account, asset: energy, quantity: unit, deadlineMs, memo: '' },
    txId: txIdNamed(`invented ${id}`),
    label: { home: city, path: lane === 'out' ? [] : [laneIdOf.out] },
  });
}

/** The packet as a claim has it. */
export function packetClaimed(packet: Packet, { content }: Claim): Packet {
  if (content === 'altered') return { ...packet, memo: 'altered' };
  return content === 'foreign' ? { ...packet, label: { home: packet.sourceChainId, path: [] } } : packet;
}

/** A receipt that says what the claim says, whether it is so or not. */
export function receiptClaimed(packet: Packet, { outcome }: Claim): Receipt {
  return receiptFor(packet, outcome === 'received' ? {} : { outcome: 'refused', code: 'DEADLINE_PASSED' });
}

/** The batch of a call, of the entries that it claims. */
export function batchOf(packets: readonly Packet[], receipts: readonly Receipt[]): Batch {
  const [first, ...others] = packets;
  if (first === undefined) throw new Error('a batch of nothing');
  return receipts.length > 0 ? receiptBatchOf(first, ...receipts) : packetBatchOf(first, ...others);
}

/** The certificate that peers and notaries of the kind make of the batch. */
export function certificateOf(batch: Batch, { kind: name, epoch, claims }: CertificateCall): Certificate {
  const kind = certificateKinds[name];
  const trust = trustIn(batch.sourceChainId, { committee: committees[epoch === 0 ? 0 : 1] });
  const absent = claims.some(({ outcome }) => outcome === 'absent');
  const proof = proofOf(batch, {
    endorsers: kind.peers.map((peer) => (kind.known ? memberOf(peer).peer : strangerAs(memberOf(peer)))),
    ...(kind.asked === 'send' && { args: ['peg:send', '{}'] }),
    ...(absent && { payload: encodeBatch(batch).replaceAll('"refused"', '"absent"') }),
  });
  const signed = kind.signed ? batch : another(batch);
  const signatures = kind.signers.map((signer) => {
    const { mspId, ...member } = memberOf(signer);
    const key = kind.known ? notaryKeyOf({ mspId, ...member }, epoch) : keyNamed(`not ${mspId}`);
    return signBatch(signed, trust, mspId, key);
  });
  return certify(batch, trust, { proof, signatures });
}

function another(batch: Batch): Batch {
  return batch.kind === 'packets'
    ? { ...batch, entries: batch.entries.map((packet) => ({ ...packet, memo: 'another' })) }
    : { ...batch, entries: batch.entries.map((receipt) => ({ ...receipt, packetHash: '0'.repeat(64) })) };
}
