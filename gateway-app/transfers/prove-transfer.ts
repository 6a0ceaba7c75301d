// SPDX-License-Identifier: Apache-2.0

import {
  certificateRequestCodec,
  decode,
  proofIn,
  earlierCertificate,
  type Certificate,
  type PacketId,
  type TrustRecord,
} from '@gridpeg/protocol';
import { CommandError } from '../errors/command-error';
import { type PeggedNetwork } from '../consortium/consortium';
import { findTransfer } from './read-transfer';

const maximumRequestLength = 4 * 1_048_576;

/**
 * What the ledger of one chain knows of another: whose signatures count, and how many.
 *
 * @throws CommandError CHAIN_UNKNOWN when there is no such chain, or one does not trust the other
 */
export async function readTrustRecord(network: PeggedNetwork, of: string, on: string): Promise<TrustRecord> {
  const chain = network.chain(of);
  const ledger = network.chain(on);
  const { chains } = await network.client(ledger, network.reader(ledger)).getConfiguration();
  const trust = chains.find(({ chainId }) => chainId === chain.chainId);
  if (trust !== undefined) return trust;
  throw new CommandError('CHAIN_UNKNOWN', `${on} knows nothing of ${of}`, 'Name a chain with a lane to it.');
}

/**
 * The certificate that the destination took the packet by, or a fresh proof while it has taken none, or none with a
 * proof in it.
 *
 * @throws CommandError PACKET_UNKNOWN, CHAIN_UNKNOWN when the destination is not known here; PegError
 */
export async function proveTransfer(network: PeggedNetwork, packetId: PacketId): Promise<Certificate> {
  const { chain, transfer } = await findTransfer(network, packetId);
  const { packet } = transfer;
  const destination = network.findChain(packet.destinationChainId);
  if (destination === undefined) {
    const remedy = 'Ask a member of it for the proof.';
    throw new CommandError('CHAIN_UNKNOWN', `${packet.destinationChainId} is not known here`, remedy);
  }
  const away = network.client(destination, network.reader(destination));
  const [receipt] = await away.getReceipts([packetId]);
  if (receipt !== undefined) {
    const { args } = await away.connection.transaction(receipt.txId);
    const { certificate } = decode(certificateRequestCodec, args[1] ?? '', maximumRequestLength);
    if (proofIn(certificate) !== undefined) return certificate;
  }
  const { chains } = await away.getConfiguration();
  const trust = chains.find(({ chainId }) => chainId === packet.sourceChainId);
  const organizations = (trust?.organizations ?? []).map(({ mspId }) => mspId).slice(0, trust?.minimumOrganizations);
  const request = { laneId: packet.laneId, txIds: [packet.txId] };
  const source = network.client(chain, network.reader(chain));
  const proof = await source.proveExport('packets', request, organizations);
  return earlierCertificate(proof, trust?.committee.epoch ?? 0, []);
}
