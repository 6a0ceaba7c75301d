// SPDX-License-Identifier: Apache-2.0

import { channelOf, configurationCodec, encode, Refused, type ChainId, type Configuration } from '@gridpeg/protocol';
import { configurationOf, grid, members, txIdNamed, type Identity } from '@gridpeg/protocol/testing';
import { Context } from 'fabric-contract-api';
import { EvidenceContract } from '../contract/evidence-contract';
import { GovernanceContract } from '../contract/governance-contract';
import { PegContract } from '../contract/peg-contract';
import { MemoryStub } from './memory-stub';

const contracts = [new PegContract(), new GovernanceContract(), new EvidenceContract()];

/** One channel with its contracts; each call is a transaction, committed when it succeeds. */
export class Channel {
  readonly stub: MemoryStub;
  /** Milliseconds that the clocks of peers and clients are ahead of this machine's. */
  aheadMs = 0;
  /** Milliseconds that the next client's clock alone is off. */
  offMs = 0;
  #count = 0;

  constructor(readonly name: string) {
    this.stub = new MemoryStub(
      name,
      grid.client,
      members.map(({ mspId }) => mspId),
    );
  }

  /** A channel whose first configuration is in force. */
  static async configured<Kind extends Channel>(
    this: new (name: string) => Kind,
    chainId: ChainId,
    changes: Partial<Configuration> = {},
  ): Promise<Kind> {
    const channel = new this(channelOf(chainId));
    const text = encode(configurationCodec, configurationOf(chainId, changes));
    for (const { admin } of members) await channel.call('approveConfiguration', text, admin);
    await channel.call('commitConfiguration', text);
    return channel;
  }

  /** A channel that goes on from what is committed on this one; neither sees what the other does from then on. */
  copy(): Channel {
    const copy = new Channel(this.name);
    for (const [key, value] of this.stub.state) copy.stub.state.set(key, value);
    copy.#count = this.#count;
    return copy;
  }

  /** @returns the answer, and how many keys were written */
  async call(name: string, request: string | object, caller: Identity = grid.client): Promise<unknown> {
    const answer = await this.text(name, request, caller);
    const written = this.stub.writes.size;
    this.stub.commit();
    return { ...(JSON.parse(answer) as object), written };
  }

  /** The transaction's answer; what it wrote is not committed. */
  async text(name: string, request: string | object, caller: Identity = grid.client): Promise<string> {
    this.#count += 1;
    const now = Date.now();
    this.stub.begin(txIdNamed(`${this.name} ${this.#count.toString()}`), now + this.aheadMs + this.offMs, caller);
    const context = new Context();
    context.stub = this.stub.asChaincodeStub();
    const text = typeof request === 'string' ? request : JSON.stringify(request);
    const contract = contracts.find((each) => name in each);
    if (contract === undefined) throw new Error(`no contract has ${name}`);
    this.stub.args = [`${contract.getName()}:${name}`, text];
    if (this.aheadMs === 0) await contract.beforeTransaction(context);
    return (contract as PegContract)[name as 'issue'].call(contract as PegContract, context, text);
  }

  /** The refusal that a client gets to see: the JSON text of the error's message. */
  async refusal(name: string, request: string | object, caller?: Identity): Promise<unknown> {
    const error: unknown = await this.call(name, request, caller).catch((reason: unknown) => reason);
    if (!(error instanceof Refused)) throw new Error(`not refused: ${String(error)}`);
    return JSON.parse(error.message);
  }
}
