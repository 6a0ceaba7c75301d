// SPDX-License-Identifier: Apache-2.0

import { proofOfEnvelope, type ChainConnection } from '@gridpeg/gateway-app';
import {
  certificateRequestCodec,
  certificateCodec,
  decodeRequest,
  encode,
  packetCodec,
  verifyFederation,
  type Certificate,
  type LaneId,
  type TrustRecord,
} from '@gridpeg/protocol';
import { common, peer } from '@hyperledger/fabric-protos';
import { round } from './round';

/** Sizes of certificates as they lie in the destination's blocks; means over all with the same number of packets. */
export interface ProofBytesFigure {
  readonly packets: number;
  readonly certificates: number;
  readonly certificateBytes: number;
  /** The packets' own canonical encoding. */
  readonly packetBytes: number;
  /** What is left, by transfer. */
  readonly proofBytesPerTransfer: number;
}

const maximumCertificateLength = 4 * 1_048_576;

/** Reads all blocks of the destination chain and measures the lane's certificates by number of packets. */
export async function readProofBytes(
  connection: ChainConnection,
  laneId: LaneId,
  trust: TrustRecord,
): Promise<readonly ProofBytesFigure[]> {
  const sizes = new Map<number, Array<{ readonly certificate: number; readonly packets: number }>>();
  for await (const block of connection.blocks(0n, await connection.height())) {
    for (const envelope of block.getData()?.getDataList_asU8() ?? []) {
      const certificate = receivedCertificate(envelope);
      if (certificate === undefined) continue;
      const batch = verifyFederation(certificate, trust, new Set());
      if (batch.kind !== 'packets' || batch.laneId !== laneId) continue;
      const packets = batch.entries.reduce((total, packet) => total + encode(packetCodec, packet).length, 0);
      const found = sizes.get(batch.entries.length) ?? [];
      sizes.set(batch.entries.length, [
        ...found,
        { certificate: encode(certificateCodec, certificate).length, packets },
      ]);
    }
  }
  return [...sizes].sort(([a], [b]) => a - b).map(([packets, found]) => figureOf(packets, found));
}

function figureOf(
  packets: number,
  found: ReadonlyArray<{ readonly certificate: number; readonly packets: number }>,
): ProofBytesFigure {
  const certificateBytes = found.reduce((total, { certificate }) => total + certificate, 0) / found.length;
  const packetBytes = found.reduce((total, size) => total + size.packets, 0) / found.length;
  return {
    ...{ packets, certificates: found.length },
    certificateBytes: round(certificateBytes),
    packetBytes: round(packetBytes),
    proofBytesPerTransfer: round((certificateBytes - packetBytes) / packets),
  };
}

/** The certificate in a transaction that calls `peg:receive`. */
function receivedCertificate(envelope: Uint8Array): Certificate | undefined {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
  );
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  const proposal = Buffer.from(proofOfEnvelope(envelope).proposalPayload, 'base64');
  const input = peer.ChaincodeProposalPayload.deserializeBinary(proposal).getInput_asU8();
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(input).getChaincodeSpec();
  const [name, argument] = spec?.getInput()?.getArgsList_asU8() ?? [];
  if (argument === undefined || Buffer.from(name ?? []).toString() !== 'peg:receive') return undefined;
  const request = Buffer.from(argument).toString('utf8');
  return decodeRequest(certificateRequestCodec, request, maximumCertificateLength).certificate;
}
