// SPDX-License-Identifier: Apache-2.0

import { txIdShape, type TxId } from '@gridpeg/protocol';
import type { Context } from 'fabric-contract-api';
import { checkSkew } from '../domain/transaction';

/** The transaction's timestamp, Unix milliseconds. */
export function timeOf(ctx: Context): bigint {
  return BigInt(ctx.stub.getDateTimestamp().getTime());
}

export function txIdOf(ctx: Context): TxId {
  return txIdShape.read(ctx.stub.getTxID(), 'txId');
}

/** Compares the transaction's time with this process's clock, before anything else. @throws Refused CLOCK_SKEW */
export function refuseOffClock(ctx: Context): void {
  checkSkew(timeOf(ctx), BigInt(Date.now()));
}
