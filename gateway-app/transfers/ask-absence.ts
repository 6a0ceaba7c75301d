// SPDX-License-Identifier: Apache-2.0

import {
  certificateRequestCodec,
  custodianOf,
  decode,
  evidenceOf,
  type AbsenceEvidence,
  type PacketId,
} from '@gridpeg/protocol';
import { claimedBatch } from '../client';
import { proveAbsence, questionOf, signedUnder } from '../notary';
import { CommandError } from '../errors/command-error';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';

const maximumRequestLength = 1_048_576;

const evidenceElsewhere = 'Look for evidence about another packet (`gridpeg evidence find`).';

/**
 * Asks the source of a packet that a chain has received whether it ever sent it, and lets its peers sign that it did
 * not.
 *
 * @throws CommandError EVIDENCE_NONE when the chain has no receipt of the packet, or signed it under a trust record
 *   that counts no more
 * @throws PegError ENTRY_COMMITTED when the source did send it
 */
export async function askAbsence(
  network: PeggedNetwork,
  destination: ChainState,
  packetId: PacketId,
): Promise<AbsenceEvidence> {
  const there = network.client(destination, network.reader(destination));
  const [receipt] = await there.getReceipts([packetId]);
  if (receipt === undefined) {
    throw new CommandError(
      'EVIDENCE_NONE',
      `${destination.name} has no receipt of packet ${packetId}`,
      evidenceElsewhere,
    );
  }
  const { args } = await there.connection.transaction(receipt.txId);
  const { certificate } = decode(certificateRequestCodec, args[1] ?? '', maximumRequestLength);
  const batch = claimedBatch(certificate);
  const { sourceChainId } = batch;
  const trusts = await there.evidence.trustRecords({ chainId: sourceChainId, epoch: evidenceOf(certificate).epoch });
  const { lanes } = await there.getConfiguration();
  const lane = lanes.find(({ id }) => id === batch.laneId);
  const taken = { certificate, batch, custodian: lane && custodianOf(lane.custody) };
  const trust = signedUnder(taken, trusts);
  const question = trust && questionOf(taken, trust, packetId);
  if (question === undefined) {
    const reason = 'was signed under a trust record by which evidence is judged no more';
    throw new CommandError('EVIDENCE_NONE', `the certificate of packet ${packetId} ${reason}`, evidenceElsewhere);
  }
  const source = network.chain(network.nameOf(sourceChainId));
  const reader = network.reader(source);
  const client = network.client(source, reader);
  const { answer } = await client.evidence.declareAbsence(question);
  const proof = await proveAbsence(client, answer.questionHash, trusts, client.connection.mspId);
  return { version: 1, kind: 'absence', sourceChainId, proof };
}
