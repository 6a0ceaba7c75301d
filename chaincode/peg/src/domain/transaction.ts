// SPDX-License-Identifier: Apache-2.0

import { limits, Refused, type Account, type ChainId, type MspId, type TxId } from '@gridpeg/protocol';

/** What a decision may know of the transaction that it is part of, without reading the ledger. */
export interface Call {
  readonly txId: TxId;
  /** The transaction's timestamp, Unix milliseconds: the only time there is. */
  readonly timeMs: bigint;
  readonly caller: Account;
}

/** The same and what the chain's own record says, for decisions that need to know where they are. */
export interface Transaction extends Call {
  readonly chainId: ChainId;
  /** Organizations whose accounts can hold value here. */
  readonly members: readonly MspId[];
}

/**
 * A timestamp is the client's word; a process refuses to endorse one too far off its own clock.
 *
 * @throws Refused CLOCK_SKEW
 * @see docs/spec/03-transfer.md section 3.7
 */
export function checkSkew(timeMs: bigint, clockMs: bigint): void {
  const skew = timeMs > clockMs ? timeMs - clockMs : clockMs - timeMs;
  if (skew > BigInt(limits.skewSeconds) * 1000n)
    throw new Refused({ code: 'CLOCK_SKEW', limitSeconds: limits.skewSeconds });
}
