// SPDX-License-Identifier: Apache-2.0

import { Context, Contract, Info, Returns, Transaction } from 'fabric-contract-api';

/**
 * What the peg's notes are compared with: an asset contract in the manner of Fabric's samples, reduced to one read and
 * one write a transaction. It checks nothing but that the asset exists.
 */
@Info({ title: 'Yardstick', description: 'One read, one write' })
export class AssetContract extends Contract {
  constructor() {
    super('asset');
  }

  /** Makes an asset. */
  @Transaction()
  async create(ctx: Context, id: string, owner: string): Promise<void> {
    await ctx.stub.putState(id, Buffer.from(JSON.stringify({ id, owner })));
  }

  /** Gives an asset to somebody. @returns the owner before */
  @Transaction()
  @Returns('string')
  async transfer(ctx: Context, id: string, owner: string): Promise<string> {
    const state = await ctx.stub.getState(id);
    if (state.length === 0) throw new Error(`asset ${id} does not exist`);
    const asset = JSON.parse(Buffer.from(state).toString('utf8')) as { id: string; owner: string };
    await ctx.stub.putState(id, Buffer.from(JSON.stringify({ ...asset, owner })));
    return asset.owner;
  }
}
