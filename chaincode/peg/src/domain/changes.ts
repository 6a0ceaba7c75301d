// SPDX-License-Identifier: Apache-2.0

import type {
  AssetUsage,
  EscrowNote,
  Note,
  Packet,
  ReceiptEntry,
  Settled,
  SupplyRecord,
  RateLimitUsage,
} from '@gridpeg/protocol';

/** What a decision wants written; the ledger knows the keys. Nothing is stored by the decision itself. */
export interface Changes {
  readonly spentNotes: readonly Note[];
  readonly notes: readonly Note[];
  readonly spentEscrow: readonly EscrowNote[];
  readonly escrow: readonly EscrowNote[];
  readonly supply: readonly SupplyRecord[];
  readonly packets: readonly Packet[];
  readonly receipts: readonly ReceiptEntry[];
  readonly settled: readonly Settled[];
  readonly usages: readonly RateLimitUsage[];
  readonly assetUsages?: readonly AssetUsage[];
}

export const noChanges: Changes = {
  spentNotes: [],
  notes: [],
  spentEscrow: [],
  escrow: [],
  supply: [],
  packets: [],
  receipts: [],
  settled: [],
  usages: [],
};
