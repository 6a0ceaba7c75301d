// SPDX-License-Identifier: Apache-2.0

import { type TxId } from '@gridpeg/protocol';

/** The answer of a transaction that the peers have marked VALID. */
export interface Committed<T> {
  readonly answer: T;
  readonly txId: TxId;
  readonly blockNumber: bigint;
}
