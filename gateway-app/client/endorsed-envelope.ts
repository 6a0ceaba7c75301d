// SPDX-License-Identifier: Apache-2.0

import { type EndorsedProof } from '@gridpeg/protocol';
import { common, peer } from '@hyperledger/fabric-protos';
import { PegError } from './errors/peg-error';

/**
 * Takes an endorsed, unsubmitted envelope apart into the parts that peers signed, byte for byte as they came.
 *
 * @param envelope - serialized `common.Envelope` of an endorser transaction
 * @throws PegError ANSWER_MALFORMED
 * @see docs/spec/04-proof.md section 4.2
 */
export function proofOfEnvelope(envelope: Uint8Array): EndorsedProof {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const header = payload.getHeader();
  if (header === undefined || action === undefined) throw malformed('the envelope holds no transaction');
  const chaincode = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = chaincode.getAction();
  if (endorsed === undefined) throw malformed('the envelope holds no endorsements');
  return {
    channelHeader: base64(header.getChannelHeader_asU8()),
    signatureHeader: base64(header.getSignatureHeader_asU8()),
    proposalPayload: base64(chaincode.getChaincodeProposalPayload_asU8()),
    responsePayload: base64(endorsed.getProposalResponsePayload_asU8()),
    endorsements: endorsed.getEndorsementsList().map((endorsement) => ({
      endorser: base64(endorsement.getEndorser_asU8()),
      signature: base64(endorsement.getSignature_asU8()),
    })),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function malformed(detail: string): PegError {
  return new PegError({ code: 'ANSWER_MALFORMED', detail });
}
