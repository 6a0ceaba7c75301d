// SPDX-License-Identifier: Apache-2.0

import { type ProposalBytes } from '@gridpeg/protocol';
import { grid, members } from '@gridpeg/protocol/testing';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';
import { common, gateway as gatewayMessages, peer } from '@hyperledger/fabric-protos';

/** What a client asks of a channel. */
export interface Question {
  readonly channel: string;
  readonly functionName: string;
  readonly argument: string;
}

/** Proposals as Fabric's own client library writes them, without a network, by clients of several organizations. */
export function realProposals(questions: readonly Question[]): readonly ProposalBytes[] {
  const client = new Client('localhost:1', credentials.createInsecure());
  const gateways = members.map(({ client: { mspId, certificate, key } }) =>
    connect({
      client,
      identity: { mspId, credentials: Buffer.from(certificate) },
      signer: signers.newPrivateKeySigner(key),
      hash: hash.sha256,
    }),
  );
  try {
    return questions.map(({ channel, functionName, argument }, index) => {
      const gateway = gateways[index % gateways.length];
      if (gateway === undefined) throw new Error(`${grid.mspId} and the others have no client`);
      const contract = gateway.getNetwork(channel).getContract('gridpeg');
      const bytes = contract.newProposal(functionName, { arguments: [argument] }).getBytes();
      return partsOf(gatewayMessages.ProposedTransaction.deserializeBinary(bytes));
    });
  } finally {
    for (const gateway of gateways) gateway.close();
    client.close();
  }
}

function partsOf(proposed: gatewayMessages.ProposedTransaction): ProposalBytes {
  const signed = proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array();
  const proposal = peer.Proposal.deserializeBinary(signed);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  return {
    channelHeader: Buffer.from(header.getChannelHeader_asU8()),
    signatureHeader: Buffer.from(header.getSignatureHeader_asU8()),
    proposalPayload: Buffer.from(proposal.getPayload_asU8()),
  };
}

/** The message that a client signs and a peer reads. */
export function proposalMessage({ channelHeader, signatureHeader, proposalPayload }: ProposalBytes): Buffer {
  const header = new common.Header();
  header.setChannelHeader(channelHeader);
  header.setSignatureHeader(signatureHeader);
  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(proposalPayload);
  return Buffer.from(proposal.serializeBinary());
}
