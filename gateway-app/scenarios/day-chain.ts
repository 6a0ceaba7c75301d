// SPDX-License-Identifier: Apache-2.0

import { type Account, type PegEvent } from '@gridpeg/protocol';
import { type PegClient } from '../client';
import { type LedgerBlock } from './ledgers/ledger-entry';

/** Events of one chain; whoever reads them closes them. */
export interface EventSource extends AsyncIterable<{ readonly event: PegEvent }> {
  close(): void;
}

/** One chain's contract as one account reaches it; all that the day asks of a ledger. */
export interface Party {
  readonly chain: string;
  readonly account: Account;
  readonly client: Pick<PegClient, 'issue' | 'send' | 'notes' | 'getReceipts' | 'getTransfer' | 'inFlightPages'> & {
    pegEvents(): EventSource;
  };
  /** The chain's blocks from a number on, up to its height at the time of the call. */
  readonly blocks: (from: bigint) => AsyncIterable<LedgerBlock>;
}

/** Who takes part, on each chain where they do. */
export interface DayParties {
  /** Issues energy credit on the city chain. */
  readonly utility: Party;
  readonly chargingOperator: { readonly city: Party; readonly charging: Party };
  readonly microgridOperator: { readonly city: Party; readonly microgrid: Party };
}
