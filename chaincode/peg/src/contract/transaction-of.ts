// SPDX-License-Identifier: Apache-2.0

import { Refused, txIdCodec, type TxId } from '@gridpeg/protocol';
import type { Context } from 'fabric-contract-api';
import { checkSkew } from '../domain/transaction';

/** The transaction's timestamp, Unix milliseconds. */
export function timeOf(ctx: Context): bigint {
  return BigInt(ctx.stub.getDateTimestamp().getTime());
}

export function txIdOf(ctx: Context): TxId {
  return txIdCodec.decode(ctx.stub.getTxID(), 'txId');
}

/**
 * What goes before every function: the transaction's time is compared with this process's clock, and the function's
 * name is the one of docs/spec/06-ledger.md. Fabric's contracts answer to others too, without a contract; but what a
 * transaction did must have one spelling for all who read it on the ledger.
 *
 * @param contract - the contract's name
 * @throws Refused CLOCK_SKEW, REQUEST_MALFORMED
 */
export function checkCall(ctx: Context, contract: string): void {
  checkSkew(timeOf(ctx), BigInt(Date.now()));
  const [name = ''] = ctx.stub.getArgs();
  if (name.startsWith(`${contract}:`)) return;
  throw new Refused({ code: 'REQUEST_MALFORMED', field: 'function', expected: `${contract}: and a name` });
}
