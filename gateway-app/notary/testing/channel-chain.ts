// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one fake of a chain, with all that a daemon asks of it.

import {
  absenceQuestionCodec,
  absenceResponseCodec,
  anyEvidenceCodec,
  type Batch,
  type BatchKind,
  certificateRequestCodec,
  type Certificate,
  type ChainId,
  channelOf,
  decode,
  decodeBatch,
  type EndorsedProof,
  encode,
  evidenceResponseCodec,
  exportAbsenceFunction,
  exportFunctions,
  type ExportRequest,
  exportRequestCodec,
  type Lane,
  type LaneId,
  noteIdOf,
  Refused,
  type Codec,
  trustRecordsRequestCodec,
  trustRecordsResponseCodec,
  type TrustRecord,
  type TxId,
} from '@gridpeg/protocol';
import { change, Channel } from '@gridpeg/peg/testing';
import {
  configurationOf,
  energy,
  laneIdBetween,
  members,
  packetBatchOf,
  packetWith,
  proofOf,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { type BlockCalls, type Committed, type CommittedCall, PegError, parseRefusal } from '../../client';
import { type AccuserParts } from '../watch/accuser';
import { type WatchedChain } from '../watch/certificate-watch';

const user = 'GridMSP/User1@GridMSP';

/**
 * One chain as a daemon sees it, with the real contracts behind it and without Fabric: peers of all members say the
 * truth.
 */
export class ChannelChain {
  /** Which blocks a stream was opened from, one after another. */
  readonly opened: bigint[] = [];
  /** Blocks that the peer cannot deliver. */
  readonly damaged = new Set<bigint>();
  /** While it is set, every call fails with it. */
  failure: PegError | undefined;
  /** Organizations whose peers do not answer. */
  silent: readonly string[] = [];
  readonly #calls: CommittedCall[] = [];
  /** The channel holds one transaction at a time. */
  #lastTurn: Promise<unknown> = Promise.resolve();
  readonly #woken = new Set<() => void>();

  private constructor(
    readonly chainId: ChainId,
    readonly channel: Channel,
  ) {}

  static async start(chainId: ChainId): Promise<ChannelChain> {
    return new ChannelChain(chainId, await Channel.configured(chainId));
  }

  get name(): string {
    return channelOf(this.chainId);
  }

  /** What the daemon has last read. */
  trustOf: (chainId: ChainId) => TrustRecord = trustIn;
  laneOf: (laneId: LaneId) => Lane = (laneId) =>
    configurationOf(this.chainId).lanes.find(({ id }) => id === laneId) ?? raise('no lane');

  readonly client: WatchedChain['client'] & AccuserParts['chains'][number]['client'] = {
    connection: {
      height: () => this.#answering(() => BigInt(this.#calls.length)),
      transaction: (wanted) =>
        this.#answering(() => {
          const { args } = this.#calls.find(({ txId }) => txId === wanted) ?? raise('no transaction');
          return { valid: true, args, creator: user, time: new Date(0) };
        }),
      blockCalls: (from) => Promise.resolve(this.#stream(from)),
      callsBetween: (from, to) => this.#blocks(from, to),
    },
    proveExport: (kind, request, organizations) =>
      this.prove(exportFunctions[kind], encode(exportRequestCodec, request), organizations),
    evidence: {
      declareAbsence: (question) =>
        this.#submit('evidence:declareAbsence', encode(absenceQuestionCodec, question), absenceResponseCodec),
      proveAbsence: (questionHash, organizations) =>
        this.prove(exportAbsenceFunction, JSON.stringify({ questionHash }), organizations),
      trustRecords: async (request) => {
        const answer = await this.#ask('evidence:getTrustRecords', encode(trustRecordsRequestCodec, request));
        return decode(trustRecordsResponseCodec, answer).trustRecords;
      },
    },
    governance: {
      submitEvidence: (evidence) =>
        this.#submit('governance:submitEvidence', encode(anyEvidenceCodec, evidence), evidenceResponseCodec),
    },
  };

  /** Lets a majority of the members put into force what need not wait. */
  govern(action: Parameters<typeof change>[1]): Promise<void> {
    return this.#inTurn(() => change(this.channel, action));
  }

  /** Commits a call under the name that its client gave, as a block of its own. */
  async commit(name: string, argument: string): Promise<unknown> {
    return this.#inTurn(async () => {
      const answer = await this.channel.call(functionIn(name), argument);
      this.append([name, argument], this.channel.stub.txId as TxId);
      return answer;
    });
  }

  /** Adds a block of one transaction that wrote in the chaincode's namespace. */
  append(args: readonly string[], txId: TxId): void {
    this.#calls.push({ txId, args });
    for (const wake of this.#woken) wake();
  }

  /** Sends notes to another chain. @returns what honest peers say of it */
  async send(to: ChainId): Promise<Batch> {
    const laneId = laneIdBetween(this.chainId, to);
    const outputs = [{ recipient: user, quantity: '60', memo: '' }];
    const txId = await this.#inTurn(async () => {
      await this.channel.call('issue', { asset: energy, outputs });
      const sent = await this.channel.call('send', {
        ...{ laneId, noteIds: [noteIdOf(user as never, this.channel.stub.txId as TxId, 0)] },
        outputs: outputs.map((output) => ({ kind: 'transfer', ...output })),
        deadlineMs: (Date.now() + 3_600_000).toString(),
      });
      return (sent as { readonly txId: TxId }).txId;
    });
    return this.export('packets', { laneId, txIds: [txId] });
  }

  /** Executes a transaction that takes a certificate. */
  async take(name: string, certificate: Certificate): Promise<void> {
    await this.commit(name, encode(certificateRequestCodec, { certificate, escrowIds: [] }));
  }

  /** What an honest peer answers. @throws PegError as a peer's refusal */
  async export(kind: BatchKind, request: ExportRequest): Promise<Batch> {
    return decodeBatch(kind, await this.#ask(exportFunctions[kind], encode(exportRequestCodec, request)));
  }

  /** Lets peers of these organizations sign what they answer to a query. */
  async prove(name: string, argument: string, organizations: readonly string[]): Promise<EndorsedProof> {
    if (organizations.some((organization) => this.silent.includes(organization)))
      throw new PegError({ code: 'ENDORSEMENT_FAILED' });
    return proofOf(packetBatchOf(packetWith({ sourceChainId: this.chainId })), {
      args: [name, argument],
      payload: await this.#ask(name, argument),
      endorsers: members.filter(({ mspId }) => organizations.includes(mspId)).map(({ peer }) => peer),
    });
  }

  /** The lanes that are frozen, and the organizations whose keys are suspended, as this ledger has it. */
  async convicted(): Promise<{ readonly frozen: readonly string[]; readonly suspended: readonly string[] }> {
    const { lanes, notaries } = (await this.#inTurn(() => this.channel.call('getStandings', {}))) as {
      readonly lanes: ReadonlyArray<{ readonly laneId: string; readonly state: string }>;
      readonly notaries: ReadonlyArray<{ readonly mspId: string; readonly state: string }>;
    };
    return {
      frozen: lanes.filter(({ state }) => state === 'frozen').map(({ laneId }) => laneId),
      suspended: notaries.filter(({ state }) => state === 'suspended').map(({ mspId }) => mspId),
    };
  }

  #answering<T>(answer: () => T): Promise<T> {
    return this.failure === undefined ? Promise.resolve(answer()) : Promise.reject(this.failure);
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(action);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async #ask(name: string, argument: string, isCommitted = false): Promise<string> {
    await this.#answering(() => undefined);
    try {
      return await this.#inTurn(async () => {
        const answer = await this.channel.text(functionIn(name), argument);
        if (isCommitted) this.channel.stub.commit();
        return answer;
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new PegError({ code: 'ENDORSEMENT_FAILED', ...parseRefusal(error.message) });
    }
  }

  async #submit<T>(name: string, argument: string, codec: Codec<T>): Promise<Committed<T>> {
    const answer = decode(codec, await this.#ask(name, argument, true));
    return { answer, txId: txIdNamed(argument), blockNumber: 0n };
  }

  #blockAt(number: bigint): BlockCalls {
    if (this.damaged.has(number)) throw new Error(`block ${number.toString()} is damaged`);
    return { number, calls: this.#calls.slice(Number(number), Number(number) + 1) };
  }

  async *#blocks(from: bigint, to: bigint): AsyncGenerator<BlockCalls, void> {
    for (let number = from; number < to; number += 1n) yield await Promise.resolve(this.#blockAt(number));
  }

  #stream(from: bigint): AsyncIterable<BlockCalls> & Disposable & { readonly close: () => void } {
    this.opened.push(from);
    let wake = (): void => undefined;
    let isClosed = false;
    const onBlock = (): void => {
      wake();
    };
    this.#woken.add(onBlock);
    const close = (): void => {
      isClosed = true;
      this.#woken.delete(onBlock);
      wake();
    };
    const height = (): number => this.#calls.length;
    const blockAt = (number: bigint): BlockCalls => this.#blockAt(number);
    return {
      ...{ close, [Symbol.dispose]: close },
      async *[Symbol.asyncIterator]() {
        for (let number = from; !isClosed;) {
          if (Number(number) >= height()) {
            await new Promise<void>((resolve) => (wake = resolve));
            continue;
          }
          yield blockAt(number);
          number += 1n;
        }
      },
    };
  }
}

/** A call may name the contract before the function. */
function functionIn(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function raise(reason: string): never {
  throw new Error(reason);
}
