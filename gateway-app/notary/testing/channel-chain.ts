// SPDX-License-Identifier: Apache-2.0

import {
  absenceQuestionShape,
  absenceResponseShape,
  anyEvidenceShape,
  type Batch,
  type BatchKind,
  certificateRequestShape,
  type Certificate,
  type ChainId,
  channelOf,
  decode,
  decodeBatch,
  type EndorsedProof,
  encode,
  evidenceAnswerShape,
  exportAbsenceFunction,
  exportFunctions,
  type ExportRequest,
  exportRequestShape,
  noteIdOf,
  Refused,
  type Shape,
  type TxId,
} from '@gridpeg/protocol';
import { Channel } from '@gridpeg/peg/testing';
import {
  energy,
  laneIdBetween,
  members,
  packetBatchOf,
  packetWith,
  proofOf,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { type Committed, PegError, PegEventStream, parseRefusal } from '../../client';
import { type AccuserParts } from '../shell/accuser';
import { type WatchedChain } from '../shell/certificate-watch';

/** What a stream of chaincode events gives; only these fields are read. */
interface SentEvent {
  readonly chaincodeName: string;
  readonly eventName: string;
  readonly payload: Uint8Array;
  readonly transactionId: string;
  readonly blockNumber: bigint;
}
/** One transaction, which is also one block. */
interface Block extends SentEvent {
  readonly args: readonly string[];
}

const user = 'GridMSP/User1@GridMSP';

/** One chain as a daemon sees it, with the real contracts behind it and without Fabric: peers of all members tell the truth. */
export class ChannelChain {
  /** Which blocks a stream of events was opened from, one after another. */
  readonly opened: Array<bigint | undefined> = [];
  /** While it is set, every call fails with it. */
  failure: PegError | undefined;
  /** Organizations whose peers do not answer. */
  silent: readonly string[] = [];
  readonly #blocks: Block[] = [];
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

  readonly trustOf = trustIn;

  readonly client: WatchedChain['client'] & AccuserParts['chains'][number]['client'] = {
    connection: {
      height: () => this.#answering(() => BigInt(this.#blocks.length)),
      transaction: (txId) =>
        this.#answering(() => {
          const { args } = this.#blocks.find(({ transactionId }) => transactionId === txId) ?? raise('no transaction');
          return { valid: true, args, creator: user, time: new Date(0) };
        }),
    },
    pegEvents: (options) =>
      new PegEventStream(
        { chaincodeName: 'gridpeg', chaincodeEvents: (from) => Promise.resolve(this.#events(from) as never) },
        options?.startBlock,
        options?.onSkipped,
      ),
    proveExport: (kind, request, organizations) =>
      this.prove(exportFunctions[kind], encode(exportRequestShape, request), organizations),
    evidence: {
      declareAbsence: (question) =>
        this.#submit('evidence:declareAbsence', encode(absenceQuestionShape, question), absenceResponseShape),
      proveAbsence: (questionHash, organizations) =>
        this.prove(exportAbsenceFunction, JSON.stringify({ questionHash }), organizations),
    },
    governance: {
      submitEvidence: (evidence) =>
        this.#submit('governance:submitEvidence', encode(anyEvidenceShape, evidence), evidenceAnswerShape),
    },
  };

  /** Commits a call under the name that its client gave, with its event, as a block of its own. */
  async commit(name: string, argument: string): Promise<unknown> {
    return this.#inTurn(async () => {
      const answer = await this.channel.call(functionIn(name), argument);
      this.append(name, argument, this.channel.stub.event?.payload ?? '', this.channel.stub.txId);
      return answer;
    });
  }

  /** Adds a block that says it is of a transaction. */
  append(name: string, argument: string, payload: string, transactionId: string): void {
    const of = { chaincodeName: 'gridpeg', eventName: 'peg', transactionId, blockNumber: BigInt(this.#blocks.length) };
    this.#blocks.push({ ...of, args: [name, argument], payload: Buffer.from(payload) });
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

  /** Takes a certificate. */
  async take(name: string, certificate: Certificate): Promise<void> {
    await this.commit(name, encode(certificateRequestShape, { certificate, escrowIds: [] }));
  }

  /** What an honest peer answers. @throws PegError as a peer's refusal */
  async export(kind: BatchKind, request: ExportRequest): Promise<Batch> {
    return decodeBatch(kind, await this.#ask(exportFunctions[kind], encode(exportRequestShape, request)));
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

  async #submit<T>(name: string, argument: string, shape: Shape<T>): Promise<Committed<T>> {
    const answer = decode(shape, await this.#ask(name, argument, true));
    return { answer, txId: txIdNamed(argument), blockNumber: 0n };
  }

  #events(from: bigint | undefined): AsyncIterable<SentEvent> & { readonly close: () => void } {
    this.opened.push(from);
    const blocks = this.#blocks;
    const woken = this.#woken;
    let next = Number(from ?? BigInt(blocks.length));
    let wake = (): void => undefined;
    let isClosed = false;
    woken.add(() => {
      wake();
    });
    return {
      close: () => {
        isClosed = true;
        wake();
      },
      async *[Symbol.asyncIterator]() {
        while (!isClosed) {
          const block = blocks[next];
          if (block === undefined) {
            await new Promise<void>((resolve) => (wake = resolve));
            continue;
          }
          next += 1;
          yield block;
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
