// SPDX-License-Identifier: Apache-2.0

import { type Report } from '../report/finding';
import { type LedgerState } from '../replay/ledger-state';
import { type TransactionFacts } from '../replay/transaction-facts';
import { WindowTotals } from '../replay/window-totals';

/**
 * Checks one ledger's assets: no more is issued in a window than the asset's record allows; docs/spec/02-notes.md
 * section 2.1.
 */
export class IssueWatch {
  readonly #issued = new WindowTotals();

  /** @param state - as the transaction left it; transactions that issue change no asset */
  check({ written, transaction }: TransactionFacts, state: LedgerState, report: Report): void {
    for (const { kind, asset, quantity } of written.supply) {
      const record = kind === 'issued' ? state.get('asset', asset) : undefined;
      // Assets of the first version had no window.
      if (record === undefined || !('window' in record)) continue;
      const excess = this.#issued.add(asset, record.window, quantity, transaction);
      if (excess === undefined) continue;
      report('ISSUE_EXCEEDED', asset, `at most ${excess.allowed.toString()}`, excess.found.toString());
    }
  }
}
