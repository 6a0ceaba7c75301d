// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey } from 'node:crypto';
import { type ConnectionOptions } from '@gridpeg/gateway-app';
import { txIdCodec, type TxId } from '@gridpeg/protocol';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, signers, StatusCode, type Gateway } from '@hyperledger/fabric-gateway';
import { common, gateway as gatewayMessages, peer } from '@hyperledger/fabric-protos';

/** A transaction that peers have endorsed and nobody has sent to an orderer yet. */
export interface HeldTransaction {
  readonly txId: TxId;
  readonly answer: string;
  /** `common.Envelope`, as a relay gets it. */
  readonly envelope: Uint8Array;
  /** Submits it now. @returns name of the validation code that the peers gave it */
  readonly submit: () => Promise<string>;
}

/** Fabric's own Gateway client, for what the typed client never does: holding an endorsed transaction back. */
export class RawGateway {
  readonly #options: ConnectionOptions;
  readonly #client: Client;
  readonly #gateway: Gateway;

  constructor(options: ConnectionOptions) {
    const { identity, peers } = options;
    const own = peers.find(({ mspId }) => mspId === identity.mspId);
    if (own === undefined) throw new Error(`${identity.mspId} has no peer on ${options.channel}`);
    this.#options = options;
    this.#client = new Client(own.endpoint, credentials.createSsl(Buffer.from(own.tlsCaCert)), {
      'grpc.ssl_target_name_override': own.hostAlias,
    });
    this.#gateway = connect({
      client: this.#client,
      identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
      signer: signers.newPrivateKeySigner(createPrivateKey(identity.privateKey)),
      hash: hash.sha256,
    });
  }

  close(): void {
    this.#gateway.close();
    this.#client.close();
  }

  /**
   * @param organizations - whose peers shall endorse; as the chaincode's policy asks for unless given
   * @param offSeconds - how far the client's clock is off
   */
  async endorse(
    functionName: string,
    argument: string | readonly string[],
    organizations?: readonly string[],
    offSeconds = 0,
  ): Promise<HeldTransaction> {
    const { channel, chaincodeName } = this.#options;
    const contract = this.#gateway.getNetwork(channel).getContract(chaincodeName);
    const endorsing = organizations === undefined ? {} : { endorsingOrganizations: [...organizations] };
    const args = typeof argument === 'string' ? [argument] : [...argument];
    const proposal = contract.newProposal(functionName, { arguments: args, ...endorsing });
    const transaction = await this.#gateway.newProposal(dated(proposal.getBytes(), offSeconds)).endorse();
    const prepared = gatewayMessages.PreparedTransaction.deserializeBinary(transaction.getBytes());
    const envelope = prepared.getEnvelope();
    if (envelope === undefined) throw new Error('no envelope was endorsed');
    return {
      txId: txIdCodec.decode(transaction.getTransactionId(), 'txId'),
      answer: Buffer.from(transaction.getResult()).toString('utf8'),
      envelope: envelope.serializeBinary(),
      submit: async () => {
        const commit = await transaction.submit();
        const { code } = await commit.getStatus();
        return Object.entries(StatusCode).find(([, value]) => value === code)?.[0] ?? code.toString();
      },
    };
  }
}

/** The same proposal, not signed yet, made by a client whose clock is off. */
function dated(bytes: Uint8Array, offSeconds: number): Uint8Array {
  const proposed = gatewayMessages.ProposedTransaction.deserializeBinary(bytes);
  const signed = proposed.getProposal() ?? new peer.SignedProposal();
  const proposal = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  // The messages' types leave this one open.
  const timestamp = channelHeader.getTimestamp() as
    { readonly getSeconds: () => number; readonly setSeconds: (seconds: number) => void } | undefined;
  timestamp?.setSeconds(timestamp.getSeconds() + offSeconds);
  header.setChannelHeader(channelHeader.serializeBinary());
  proposal.setHeader(header.serializeBinary());
  signed.setProposalBytes(proposal.serializeBinary());
  proposed.setProposal(signed);
  return proposed.serializeBinary();
}
