// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type Client } from '@grpc/grpc-js';
import { signMessage } from '@gridpeg/protocol';
import { connect, hash, type Gateway } from '@hyperledger/fabric-gateway';
import { common, gateway as gatewayMessages, peer } from '@hyperledger/fabric-protos';
import { type ClientIdentity, type PeerEndpoint } from '../connection/connection-options';
import { grpcClient } from '../connection/grpc-client';
import { knowsLeader, type OrdererEndpoint } from './orderer-probe';
import { askOrdering } from './ordering-probe';
import { PegError } from '../errors/peg-error';

const endorserMethod = '/protos.Endorser/ProcessProposal';
const okStatus = 200;

/** The end of a peer's ledger. */
export interface LedgerTip {
  readonly height: bigint;
  /** The hash of the last block's header, hex. */
  readonly blockHash: string;
}

/**
 * Asks one peer, and nobody else, what it knows; the Gateway service would ask whichever peer it likes best.
 *
 * A question is given up at its deadline, a time in milliseconds; all are safe to ask at the same time.
 */
export class PeerProbe {
  readonly #client: Client;
  readonly #gateway: Gateway;
  readonly #key: KeyObject;
  readonly #channel: string;

  /**
   * @param identity - a member of the peer's organization; an administrator for what peers show only to administrators
   */
  constructor(endpoint: PeerEndpoint, channel: string, identity: ClientIdentity) {
    this.#client = grpcClient(endpoint);
    this.#key = createPrivateKey(identity.privateKey);
    this.#gateway = connect({
      client: this.#client,
      identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
      signer: (message) => Promise.resolve(signMessage(this.#key, Buffer.from(message))),
      hash: hash.none,
    });
    this.#channel = channel;
  }

  close(): void {
    this.#gateway.close();
    this.#client.close();
  }

  /** Where the peer's ledger ends. @throws PegError */
  async tip(deadlineMs: number): Promise<LedgerTip> {
    const info = common.BlockchainInfo.deserializeBinary(
      await this.ask('qscc', 'GetChainInfo', [this.#channel], deadlineMs),
    );
    return {
      height: BigInt(info.getHeight()),
      blockHash: Buffer.from(info.getCurrentblockhash_asU8()).toString('hex'),
    };
  }

  /** Why transactions cannot reach an orderer through this peer; undefined when they can. */
  ordering(deadlineMs: number): Promise<string | undefined> {
    return askOrdering(this.#client, this.#channel, deadlineMs);
  }

  /** Whether an orderer of the channel knows who leads; undefined when it does not say. */
  knowsLeader(orderer: OrdererEndpoint, deadlineMs: number): Promise<boolean | undefined> {
    const request = this.#gateway.getNetwork(this.#channel).newBlockEventsRequest({ startBlock: 0n });
    const envelope = common.Envelope.deserializeBinary(request.getBytes());
    envelope.setSignature(signMessage(this.#key, Buffer.from(request.getDigest())));
    return knowsLeader(orderer, envelope, deadlineMs);
  }

  /** One block as it lies on the peer's disk. @throws PegError */
  async block(number: bigint, deadlineMs: number): Promise<common.Block> {
    const bytes = await this.ask('qscc', 'GetBlockByNumber', [this.#channel, number.toString()], deadlineMs);
    return common.Block.deserializeBinary(bytes);
  }

  /** The channel's configuration in force. @throws PegError */
  async channelConfig(deadlineMs: number): Promise<common.Config> {
    return common.Config.deserializeBinary(await this.ask('cscc', 'GetChannelConfig', [this.#channel], deadlineMs));
  }

  /**
   * The package that the peer's organization approved for a chaincode; undefined when it named none. @throws PegError
   */
  async approvedPackage(chaincode: string, deadlineMs: number): Promise<string | undefined> {
    const request = new peer.lifecycle.QueryApprovedChaincodeDefinitionArgs();
    request.setName(chaincode);
    const bytes = await this.ask(
      '_lifecycle',
      'QueryApprovedChaincodeDefinition',
      [request.serializeBinary()],
      deadlineMs,
    );
    const definition = peer.lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(bytes);
    return definition.getSource()?.getLocalPackage()?.getPackageId();
  }

  /**
   * Lets the peer simulate one call.
   *
   * @returns the chaincode's answer
   * @throws PegError PEER_UNAVAILABLE when the peer, or the chaincode behind it, does not answer in time;
   * CHAINCODE_FAILED
   */
  async ask(
    chaincode: string,
    functionName: string,
    args: ReadonlyArray<string | Uint8Array>,
    deadlineMs: number,
  ): Promise<Uint8Array> {
    const proposal = this.#gateway
      .getNetwork(this.#channel)
      .getContract(chaincode)
      .newProposal(functionName, { arguments: [...args] });
    const proposed = gatewayMessages.ProposedTransaction.deserializeBinary(proposal.getBytes()).getProposal();
    const signed = new peer.SignedProposal();
    signed.setProposalBytes(proposed?.getProposalBytes_asU8() ?? '');
    signed.setSignature(signMessage(this.#key, Buffer.from(proposal.getDigest())));
    const answer = await this.#process(signed, deadlineMs);
    const response = answer.getResponse();
    if (response?.getStatus() !== okStatus) {
      throw new PegError({ code: 'CHAINCODE_FAILED', detail: response?.getMessage() ?? '' });
    }
    return response.getPayload_asU8();
  }

  #process(signed: peer.SignedProposal, deadline: number): Promise<peer.ProposalResponse> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        endorserMethod,
        (message: peer.SignedProposal) => Buffer.from(message.serializeBinary()),
        (bytes: Buffer) => peer.ProposalResponse.deserializeBinary(bytes),
        signed,
        { deadline },
        (error, answer) => {
          if (answer !== undefined) resolve(answer);
          else reject(new PegError({ code: 'PEER_UNAVAILABLE', detail: error?.message ?? '', cause: error }));
        },
      );
    });
  }
}
