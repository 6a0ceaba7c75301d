// SPDX-License-Identifier: Apache-2.0

import { chaincodeDefinitionRequest } from '@gridpeg/protocol';
import { message, type Identity } from '@gridpeg/protocol/testing';
import type { ChaincodeResponse, ChaincodeStub } from 'fabric-shim';
import type { StateStub } from '../shim/state-messages';

type Page = Awaited<ReturnType<StateStub['getStateByPartialCompositeKeyWithPagination']>>;

/**
 * A channel's state in memory, with the semantics that matter of Fabric's stub: reads do not see the transaction's own
 * writes, nothing is written unless the transaction is committed, one event a transaction, range reads by composite key
 * and page.
 */
export class MemoryStub implements StateStub {
  readonly state = new Map<string, Buffer>();
  readonly #writes = new Map<string, Buffer | undefined>();
  /** Keys that this transaction read: what makes it invalid when another writes one of them first. */
  readonly reads = new Set<string>();
  /** How many keys range reads gave in this transaction. */
  keysListed = 0;
  /** Names of the stub's functions, as they were called in this transaction. */
  readonly calls: string[] = [];
  event: { readonly name: string; readonly payload: string } | undefined;
  txId = '0'.repeat(64);
  /** Function and arguments of the call. */
  args: string[] = [];
  /** Those that the client signed, if other chaincode calls in its name. */
  signedArgs: readonly string[] | undefined;
  timeMs = 0;

  constructor(
    readonly channel: string,
    public caller: Identity,
    /** MSP ids of the channel's organizations */
    public organizations: readonly string[] = [],
  ) {}

  /** What the transaction would write. */
  get writes(): ReadonlyMap<string, Buffer | undefined> {
    return this.#writes;
  }

  /** Starts the next transaction; what the last one wrote and did not commit is gone. */
  begin(txId: string, timeMs: number, caller = this.caller): void {
    this.#writes.clear();
    this.reads.clear();
    this.calls.length = 0;
    this.keysListed = 0;
    this.event = undefined;
    [this.txId, this.timeMs, this.caller] = [txId, timeMs, caller];
  }

  /** Is called with each transaction's writes before they are committed. */
  beforeCommit: (writes: ReadonlyMap<string, Buffer | undefined>) => void = () => undefined;

  commit(): void {
    this.beforeCommit(this.#writes);
    for (const [key, value] of this.#writes) {
      if (value === undefined) this.state.delete(key);
      else this.state.set(key, value);
    }
    this.#writes.clear();
  }

  getState(key: string): Promise<Uint8Array> {
    this.calls.push('getState');
    this.reads.add(key);
    return Promise.resolve(this.state.get(key) ?? Buffer.alloc(0));
  }

  putState(key: string, value: Uint8Array): Promise<void> {
    this.calls.push('putState');
    this.#writes.set(key, Buffer.from(value));
    return Promise.resolve();
  }

  deleteState(key: string): Promise<void> {
    this.calls.push('deleteState');
    this.#writes.set(key, undefined);
    return Promise.resolve();
  }

  getStateByPartialCompositeKeyWithPagination(
    type: string,
    attributes: string[],
    pageSize: number,
    bookmark = '',
  ): ReturnType<StateStub['getStateByPartialCompositeKeyWithPagination']> {
    this.calls.push('getStateByPartialCompositeKeyWithPagination');
    const prefix = `\u0000${[type, ...attributes].map((part) => `${part}\u0000`).join('')}`;
    const keys = [...this.state.keys()].filter((key) => key.startsWith(prefix) && key >= bookmark).sort();
    const page = keys.slice(0, pageSize);
    this.keysListed += page.length;
    const rest = page.map((key) => ({ key, value: this.state.get(key) ?? Buffer.alloc(0), namespace: '' }));
    const iterator = {
      next: () => {
        const value = rest.shift();
        return Promise.resolve(value === undefined ? { done: true } : { value, done: false });
      },
      close: () => Promise.resolve(),
    };
    const metadata = { fetchedRecordsCount: page.length, bookmark: keys[pageSize] ?? '' };
    return Promise.resolve({ iterator, metadata } as unknown as Page) as ReturnType<
      StateStub['getStateByPartialCompositeKeyWithPagination']
    >;
  }

  getTxID(): string {
    return this.txId;
  }

  getChannelID(): string {
    return this.channel;
  }

  /**
   * The one thing that the peg asks of other chaincode: `_lifecycle`, for the definition of the one that the samples'
   * trust records name.
   */
  invokeChaincode(name: string, parameters: string[]): Promise<ChaincodeResponse> {
    this.calls.push('invokeChaincode');
    if (name !== '_lifecycle' || parameters[0] !== 'QueryChaincodeDefinition') throw new Error(`not here: ${name}`);
    const found = parameters[1] === chaincodeDefinitionRequest('gridpeg');
    const definition = message(
      [1, 1],
      [2, '1.0'],
      ...this.organizations.map((each) => [8, message([1, each], [2, 1])] as const),
    );
    return Promise.resolve({ status: found ? 200 : 404, message: '', payload: found ? definition : Buffer.alloc(0) });
  }

  getArgs(): string[] {
    return this.args;
  }

  /** As far as the peg reads it: a `ChaincodeInvocationSpec` with the arguments. */
  getSignedProposal(): object {
    const input = message(...(this.signedArgs ?? this.args).map((each) => [1, each] as const));
    const invocation = message([1, message([1, 2], [2, message([2, 'gridpeg'])], [3, input])]);
    return { proposal: { payload: { getInput_asU8: () => invocation } } };
  }

  getDateTimestamp(): Date {
    return new Date(this.timeMs);
  }

  getCreator(): { mspid: string; idBytes: Uint8Array } {
    return { mspid: this.caller.mspId, idBytes: Buffer.from(this.caller.certificate) };
  }

  setEvent(name: string, payload: Uint8Array): void {
    this.calls.push('setEvent');
    this.event = { name, payload: Buffer.from(payload).toString('utf8') };
  }

  /** As a contract sees it. */
  asChaincodeStub(): ChaincodeStub {
    return this as unknown as ChaincodeStub;
  }
}
