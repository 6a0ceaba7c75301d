// SPDX-License-Identifier: Apache-2.0

import { decimal, integer, record, type Shape } from './codec';
import { quantityShape } from './identifiers';

/** What a lane may move, or an asset's issuers may make, in a window of time; docs/spec/03-transfer.md section 3.5. */
export interface Window {
  readonly lengthMs: bigint;
  /** In the asset's unit, on one ledger. */
  readonly quantity: bigint;
  /** Into how many parts, each counted by itself, the quantity is divided. */
  readonly shards: number;
}
export const windowShape: Shape<Window> = record({
  lengthMs: decimal(60_000n, 31n * 24n * 3600n * 1000n),
  quantity: quantityShape,
  shards: integer(1, 256),
});
