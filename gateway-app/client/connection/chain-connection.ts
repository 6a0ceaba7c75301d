// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class with all that can be asked of a chain, over one set of peers.

import { type TxId, txIdCodec } from '@gridpeg/protocol';
import { type ChaincodeEvent, type CloseableAsyncIterable, type Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway as gatewayMessages, msp } from '@hyperledger/fabric-protos';
import { pause } from './back-off';
import { callsIn, readCommittedTransaction, type BlockCalls, type CommittedTransaction } from './committed-transaction';
import { type ClientIdentity, type ConnectionOptions } from './connection-options';
import { isRefusalCode } from '../errors/explanations';
import { pegErrorOf } from './gateway-failure';
import { GatewayPeers, type GatewayPeer } from './gateway-peers';
import { Operation } from './operation';
import { PegError } from '../errors/peg-error';
import { settleCommit, type CommitPort } from './settle-commit';
import { withIdleLimit } from './with-idle-limit';

/** A transaction that was endorsed, and committed unless its answer was not wanted. */
export interface Submission {
  readonly answer: string;
  readonly txId: TxId;
  /** Undefined when it was only endorsed, because the caller did not want this answer committed. */
  readonly blockNumber: bigint | undefined;
}

/** A peer's judgement of the transactions of a block, in order. */
export interface BlockCodes {
  readonly number: bigint;
  readonly codes: readonly number[];
}

/** Tries of one submission that loses races, and how long it waits between them. */
const conflictTries = 5;
const conflictBackOff = { baseMs: 50, capMs: 1_000 };
/** Tries of one endorsement that peers disagree on. */
const lagTries = 6;
const lagBackOff = { baseMs: 100, capMs: 1_000 };
/** How long a peer may take for the next block that it has. */
const blockMs = 30_000;

/**
 * The chaincode of one chain, as one identity calls it with texts.
 *
 * Prefers a peer of the identity's own organization and moves on to another when that one does not answer.
 * @see docs/spec/06-ledger.md for the functions
 */
export class ChainConnection {
  readonly channel: string;
  readonly chaincodeName: string;
  readonly mspId: string;
  /** Host names of the peers that may be asked. */
  readonly peerNames: readonly string[];
  readonly #peers: GatewayPeers;
  #creator: Uint8Array;

  private constructor(options: ConnectionOptions) {
    this.channel = options.channel;
    this.chaincodeName = options.chaincodeName;
    this.mspId = options.identity.mspId;
    this.peerNames = options.peers.map(({ hostAlias }) => hostAlias);
    this.#peers = new GatewayPeers(options);
    this.#creator = creatorOf(options.identity);
  }

  /**
   * Connects lazily: an unreachable peer shows at the first call. @throws Error when no peer is given or the key is
   * none
   */
  static connect(options: ConnectionOptions): ChainConnection {
    return new ChainConnection(options);
  }

  /** Reaches the same chain as the same organization with other certificates, keys or addresses from now on. */
  reconnect(options: ConnectionOptions): void {
    this.#peers.reconnect(options);
    this.#creator = creatorOf(options.identity);
  }

  close(): void {
    this.#peers.close();
  }

  /** Asks one peer, preferably of the own organization. @throws PegError */
  async evaluate(functionName: string, argument: string): Promise<string> {
    const bytes = await this.#evaluateOn(this.chaincodeName, functionName, [argument]);
    return Buffer.from(bytes).toString('utf8');
  }

  /**
   * Endorses, submits and waits until the transaction is VALID. A lost race is tried again with a new proposal; an
   * unknown outcome never is: the same transaction is asked for, and at most sent to an orderer once more.
   *
   * @param isWanted - judges the endorsed answer; false leaves it uncommitted
   * @throws PegError
   */
  async submit(
    functionName: string,
    argument: string,
    isWanted: (answer: string) => boolean = () => true,
  ): Promise<Submission> {
    const operation = this.#peers.operation();
    for (let attempt = 0; ; attempt += 1) {
      const transaction = await this.#endorseByAll(functionName, argument, operation);
      const txId = txIdCodec.decode(transaction.getTransactionId(), 'txId');
      const answer = Buffer.from(transaction.getResult()).toString('utf8');
      if (!isWanted(answer)) return { answer, txId, blockNumber: undefined };
      try {
        const submitted = { txId, packetIds: packetIdsIn(answer) };
        const blockNumber = await settleCommit(submitted, this.#commitPort(transaction));
        return { answer, txId, blockNumber };
      } catch (error) {
        if (!isLostRace(error) || attempt + 1 >= conflictTries || operation.leftMs === 0) throw error;
        await pause(conflictBackOff, attempt);
      }
    }
  }

  /**
   * Lets one peer of each organization endorse a query, and does not submit it.
   *
   * @param signal - cancels it when nobody wants it any more
   * @returns the bytes of the transaction's envelope
   * @throws PegError
   */
  async endorse(
    functionName: string,
    argument: string,
    organizations: readonly string[],
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const transaction = await this.#endorse(functionName, argument, this.#peers.operation(signal), organizations);
    const prepared = gatewayMessages.PreparedTransaction.deserializeBinary(transaction.getBytes());
    const envelope = prepared.getEnvelope();
    if (envelope === undefined) throw new PegError({ code: 'ANSWER_MALFORMED', detail: 'no envelope was endorsed' });
    return envelope.serializeBinary();
  }

  /** Events of VALID transactions from a block on, or from now on; the caller closes the stream. @throws PegError */
  async chaincodeEvents(startBlock?: bigint): Promise<CloseableAsyncIterable<ChaincodeEvent>> {
    const options = startBlock === undefined ? {} : { startBlock };
    return this.#guarded('evaluate', () =>
      this.#peers.openStream(({ network }) => network.getChaincodeEvents(this.chaincodeName, options)),
    );
  }

  /** The calls of each block from one on, for ever; the caller closes the stream. @throws PegError */
  async blockCalls(startBlock: bigint): Promise<CloseableAsyncIterable<BlockCalls>> {
    const stream = await this.#guarded('evaluate', () =>
      this.#peers.openStream(({ network }) => network.getBlockEvents({ startBlock })),
    );
    const close = (): void => {
      stream.close();
    };
    const { chaincodeName } = this;
    return {
      ...{ close, [Symbol.dispose]: close },
      async *[Symbol.asyncIterator]() {
        for await (const block of stream) yield callsIn(block, chaincodeName);
      },
    };
  }

  /** The calls of the blocks `from` to `to` - 1, in order. @throws PegError */
  async *callsBetween(from: bigint, to: bigint): AsyncGenerator<BlockCalls, void> {
    for await (const block of this.blocks(from, to)) yield callsIn(block, this.chaincodeName);
  }

  /** What the chaincode says of its contracts, JSON, by the preferred peer. @throws PegError */
  async metadata(): Promise<string> {
    const bytes = await this.#evaluateOn(this.chaincodeName, 'org.hyperledger.fabric:GetMetadata', []);
    return Buffer.from(bytes).toString('utf8');
  }

  /** The number of blocks of the chain, by the preferred peer. @throws PegError */
  async height(): Promise<bigint> {
    const bytes = await this.#evaluateOn('qscc', 'GetChainInfo', [this.channel]);
    return BigInt(common.BlockchainInfo.deserializeBinary(bytes).getHeight());
  }

  /** What a committed transaction called, by the preferred peer. @throws PegError */
  async transaction(txId: TxId): Promise<CommittedTransaction> {
    return readCommittedTransaction(await this.#evaluateOn('qscc', 'GetTransactionByID', [this.channel, txId]));
  }

  /** The number of the block that a transaction is in, by the preferred peer. @throws PegError */
  async blockNumberOf(txId: TxId): Promise<bigint> {
    const bytes = await this.#evaluateOn('qscc', 'GetBlockByTxID', [this.channel, txId]);
    return BigInt(common.Block.deserializeBinary(bytes).getHeader()?.getNumber() ?? 0);
  }

  /** The blocks `from` to `to` - 1, in order. @throws PegError */
  blocks(from: bigint, to: bigint): AsyncGenerator<common.Block, void> {
    return this.#stream(
      { from, to },
      ({ network }) => network.getBlockEvents({ startBlock: from }),
      (block) => block.getHeader()?.getNumber() ?? 0,
    );
  }

  /** The validation codes of the transactions of the blocks `from` to `to` - 1, block by block. @throws PegError */
  async *validationCodes(from: bigint, to: bigint): AsyncGenerator<BlockCodes, void> {
    const blocks = this.#stream(
      { from, to },
      ({ network }) => network.getFilteredBlockEvents({ startBlock: from }),
      (block) => block.getNumber(),
    );
    for await (const block of blocks) {
      const transactions = block.getFilteredTransactionsList();
      yield {
        number: BigInt(block.getNumber()),
        codes: transactions.map((transaction) => transaction.getTxValidationCode()),
      };
    }
  }

  async *#stream<Block>(
    { from, to }: { readonly from: bigint; readonly to: bigint },
    open: (peer: GatewayPeer) => Promise<CloseableAsyncIterable<Block>>,
    numberOf: (block: Block) => number,
  ): AsyncGenerator<Block, void> {
    if (from >= to) return;
    const stream = await this.#guarded('evaluate', () => this.#peers.openStream(open));
    try {
      for await (const block of withIdleLimit(stream, blockMs)) {
        yield block;
        if (BigInt(numberOf(block)) + 1n >= to) return;
      }
    } catch (error) {
      throw pegErrorOf(error, 'evaluate');
    } finally {
      stream.close();
    }
    throw new PegError({ code: 'PEER_UNAVAILABLE', detail: 'the stream of blocks ended early' });
  }

  async #evaluateOn(chaincode: string, functionName: string, args: string[]): Promise<Uint8Array> {
    return this.#guarded('evaluate', () =>
      this.#peers.withPeer('evaluate', this.#peers.operation(), ({ network }, options) =>
        network.getContract(chaincode).newProposal(functionName, { arguments: args }).evaluate(options),
      ),
    );
  }

  /**
   * Peers get a block at slightly different moments. One that is behind refuses what was made possible a moment ago, or
   * answers otherwise than the others; a refusal is believed when the own organization's peer gives it as well.
   */
  async #endorseByAll(functionName: string, argument: string, operation: Operation): Promise<Transaction> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#endorse(functionName, argument, operation);
      } catch (error) {
        if (attempt + 1 >= lagTries || operation.leftMs === 0 || !(await this.#mayBeLag(error, functionName, argument)))
          throw error;
        await pause(lagBackOff, attempt);
      }
    }
  }

  async #mayBeLag(error: unknown, functionName: string, argument: string): Promise<boolean> {
    if (!(error instanceof PegError)) return false;
    if (error.code === 'ENDORSEMENTS_DIFFER') return true;
    if (!isRefusalCode(error.code)) return false;
    return this.evaluate(functionName, argument).then(
      () => true,
      () => false,
    );
  }

  async #endorse(
    functionName: string,
    argument: string,
    operation: Operation,
    organizations?: readonly string[],
  ): Promise<Transaction> {
    const endorsing = organizations === undefined ? {} : { endorsingOrganizations: [...organizations] };
    return this.#guarded('endorse', () =>
      this.#peers.withPeer('endorse', operation, ({ network }, options) =>
        network
          .getContract(this.chaincodeName)
          .newProposal(functionName, { arguments: [argument], ...endorsing })
          .endorse(options),
      ),
    );
  }

  #commitPort(transaction: Transaction): CommitPort {
    const txId = transaction.getTransactionId();
    const request = new gatewayMessages.CommitStatusRequest();
    request.setChannelId(this.channel);
    request.setTransactionId(txId);
    request.setIdentity(this.#creator);
    const signed = new gatewayMessages.SignedCommitStatusRequest();
    signed.setRequest(request.serializeBinary());
    const operation = this.#peers.commitOperation();
    return {
      submit: async () => {
        const bytes = transaction.getBytes();
        await this.#peers.withPeer('submit', operation, ({ gateway }, options) =>
          gateway.newTransaction(bytes).submit(options),
        );
      },
      status: (limitMs) =>
        this.#peers.withPeer(
          'commitStatus',
          limitMs === undefined ? operation : new Operation(Math.min(limitMs, operation.leftMs)),
          ({ gateway }, options) => gateway.newCommit(signed.serializeBinary()).getStatus(options),
        ),
      isOver: () => operation.leftMs === 0,
    };
  }

  async #guarded<T>(step: 'evaluate' | 'endorse', call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw pegErrorOf(error, step);
    }
  }
}

function creatorOf({ mspId, certificate }: ClientIdentity): Uint8Array {
  const creator = new msp.SerializedIdentity();
  creator.setMspid(mspId);
  creator.setIdBytes(Buffer.from(certificate));
  return creator.serializeBinary();
}

/** The packets that an answer names; none where it is of another form. */
function packetIdsIn(answer: string): readonly string[] {
  try {
    const { packetIds } = JSON.parse(answer) as { readonly packetIds?: unknown };
    return Array.isArray(packetIds) ? packetIds.map(String) : [];
  } catch {
    return [];
  }
}

function isLostRace(error: unknown): boolean {
  return (
    error instanceof PegError &&
    ['MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT', 'ENDORSEMENT_POLICY_FAILURE'].includes(error.code)
  );
}
