// SPDX-License-Identifier: Apache-2.0

import { certificateRequestShape, decode, type AbsenceEvidence, type PacketId } from '@gridpeg/protocol';
import { claimedBatch } from '../client';
import { proveAbsence, questionOf } from '../notary';
import { CommandError } from '../errors/command-error';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';

const maximumRequestLength = 1_048_576;

/**
 * Asks the source of a packet that a chain has received whether it ever sent it, and lets its peers sign that it did not.
 *
 * @throws CommandError EVIDENCE_NONE when the chain has no receipt of the packet, or its notaries have changed since
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
    throw new CommandError('EVIDENCE_NONE', `${destination.name} has no receipt of packet ${packetId}.`);
  }
  const { args } = await there.connection.transaction(receipt.txId);
  const { certificate } = decode(certificateRequestShape, args[1] ?? '', maximumRequestLength);
  const batch = claimedBatch(certificate.proof);
  const { chains } = await there.getConfiguration();
  const trust = chains.find(({ chainId }) => chainId === batch.sourceChainId);
  const question = trust && questionOf({ certificate, batch, trust, packetId });
  if (trust === undefined || question === undefined) {
    const reason = 'was signed under another trust record than that of now';
    throw new CommandError('EVIDENCE_NONE', `The certificate of packet ${packetId} ${reason}.`);
  }
  const { sourceChainId } = batch;
  const source = network.chain(network.nameOf(sourceChainId));
  const reader = network.reader(source);
  const client = network.client(source, reader);
  const { answer } = await client.evidence.declareAbsence(question);
  const proof = await proveAbsence(client, answer.questionHash, trust, client.connection.mspId);
  return { version: 1, kind: 'absence', sourceChainId, proof };
}
