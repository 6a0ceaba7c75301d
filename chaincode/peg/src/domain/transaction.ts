// SPDX-License-Identifier: Apache-2.0

import { limits, Refused, type Account, type ChainId, type TxId } from '@gridpeg/protocol';

/** What a decision may know of the transaction that it is part of. */
export interface Transaction {
  readonly chainId: ChainId;
  readonly txId: TxId;
  /** The transaction's timestamp, Unix milliseconds: the only time there is. */
  readonly timeMs: bigint;
  readonly caller: Account;
}

/**
 * A timestamp is the client's word; a process refuses to endorse one too far off its own clock.
 *
 * @throws Refused CLOCK_SKEW
 * @see docs/spec/03-transfer.md section 3.6
 */
export function checkSkew(timeMs: bigint, clockMs: bigint): void {
  const skew = timeMs > clockMs ? timeMs - clockMs : clockMs - timeMs;
  if (skew > BigInt(limits.skewSeconds) * 1000n)
    throw new Refused({ code: 'CLOCK_SKEW', limitSeconds: limits.skewSeconds });
}
