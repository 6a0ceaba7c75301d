// SPDX-License-Identifier: Apache-2.0

import { type TxId, txIdCodec } from '@gridpeg/protocol';
import { grid, type Identity, members } from '@gridpeg/protocol/testing';
import { Context } from 'fabric-contract-api';
import { EvidenceContract } from '../contract/evidence-contract';
import { GovernanceContract } from '../contract/governance-contract';
import { PegContract } from '../contract/peg-contract';
import { Channel } from './channel';
import { MemoryStub } from './memory-stub';

/** One call of a contract, with all that its outcome depends on beside the state. */
export interface Call {
  /** The contract and the function. */
  readonly name: string;
  readonly argument: string;
  readonly mspId: string;
  readonly certificate: string;
  readonly txId: TxId;
  readonly timeMs: number;
}
/** One transaction as a block has it: what was asked, by whom, and what was read in vain and written. */
export interface RecordedTransaction {
  readonly call: Call;
  /** Keys that were read and had no value. */
  readonly absent: readonly string[];
  /** Keys that were read and had one. */
  readonly present: readonly string[];
  /** Values in the order of writing; undefined when the key was deleted. */
  readonly writes: ReadonlyArray<readonly [key: string, value: string | undefined]>;
}

/** The calls of a channel from its first on, for another process to do again. */
export interface History {
  readonly channel: string;
  readonly calls: readonly Call[];
}

const contracts: Readonly<Record<string, object>> = {
  peg: new PegContract(),
  governance: new GovernanceContract(),
  evidence: new EvidenceContract(),
};

/** The functions of the contracts, with the contract's name before each. */
export function contractFunctions(): readonly string[] {
  const metadata = Reflect as unknown as { getMetadata: (key: string, target: object) => unknown };
  return Object.entries(contracts).flatMap(([contract, instance]) => {
    const found = metadata.getMetadata('fabric:transactions', Object.getPrototypeOf(instance) as object);
    return (found as readonly { name: string }[]).map(({ name }) => `${contract}:${name}`);
  });
}

/** A channel that writes down what it is asked. */
export class RecordedChannel extends Channel {
  readonly calls: Call[] = [];
  /** Those of the calls that wrote something. */
  readonly transactions: RecordedTransaction[] = [];

  override async call(name: string, request: string | object, caller: Identity = grid.client): Promise<unknown> {
    const known = new Set(this.stub.state.keys());
    let writes: RecordedTransaction['writes'] = [];
    this.stub.beforeCommit = (written) => {
      writes = [...written].map(([key, value]) => [key, value?.toString('utf8')]);
    };
    const answer = await super.call(name, request, caller);
    const argument = typeof request === 'string' ? request : JSON.stringify(request);
    const { txId, timeMs } = this.stub;
    const { mspId, certificate } = caller;
    const contract = Object.entries(contracts).find(([, instance]) => name in instance)?.[0] ?? '';
    const called = { name: `${contract}:${name}`, argument, mspId, certificate, timeMs };
    const call = { ...called, txId: txIdCodec.decode(txId, 'txId') };
    this.calls.push(call);
    const reads = [...this.stub.reads];
    const absent = reads.filter((key) => !known.has(key));
    const present = reads.filter((key) => known.has(key));
    if (writes.length > 0) this.transactions.push({ call, absent, present, writes });
    return answer;
  }

  get history(): History {
    return { channel: this.name, calls: this.calls };
  }
}

type State = ReadonlyMap<string, Buffer>;

/**
 * What a call gives on a state: its answer, what it writes in the order of writing, and its event. The endorser's own
 * clock is left out.
 */
async function perform(channel: string, state: State, call: Call): Promise<readonly [answer: unknown, MemoryStub]> {
  const { name, argument, mspId, certificate, txId, timeMs } = call;
  const stub = new MemoryStub(
    channel,
    { mspId, certificate } as Identity,
    members.map((member) => member.mspId),
  );
  for (const [key, value] of state) stub.state.set(key, value);
  stub.begin(txId, timeMs);
  const context = new Context();
  context.stub = stub.asChaincodeStub();
  const [contract = '', method = ''] = name.split(':');
  const answer = await (contracts[contract] as PegContract)[method as 'issue'](context, argument);
  const writes = [...stub.writes].map(([key, value]) => [key, value?.toString('hex')]);
  return [[answer, writes, stub.event], stub];
}

/** Channels whose histories this process has done again. */
export class Replay {
  readonly #histories: readonly History[];
  /** Before each call, by channel. */
  readonly #states: ReadonlyArray<readonly State[]>;

  private constructor(histories: readonly History[], states: ReadonlyArray<readonly State[]>) {
    [this.#histories, this.#states] = [histories, states];
  }

  static async of(histories: readonly History[]): Promise<Replay> {
    const states: State[][] = [];
    for (const { channel, calls } of histories) {
      const before: State[] = [];
      let state: State = new Map();
      for (const call of calls) {
        before.push(state);
        const [, stub] = await perform(channel, state, call);
        stub.commit();
        state = stub.state;
      }
      states.push(before);
    }
    return new Replay(histories, states);
  }

  /**
   * One of the calls, with changes, on the state as it was before one of them.
   *
   * @returns its name, and a promise of what it gives
   */
  again(
    drawn: { readonly history: number; readonly call: number; readonly on: number },
    change: (call: Call) => Call,
  ): { readonly name: string; readonly result: () => Promise<unknown> } {
    const { channel, calls } = this.#histories[drawn.history % this.#histories.length] ?? raise();
    const states = this.#states[drawn.history % this.#histories.length] ?? raise();
    const call = change(calls[drawn.call % calls.length] ?? raise());
    const state = states[drawn.on % calls.length] ?? raise();
    return { name: call.name, result: async () => (await perform(channel, state, call))[0] };
  }
}

function raise(): never {
  throw new Error('no such call');
}
