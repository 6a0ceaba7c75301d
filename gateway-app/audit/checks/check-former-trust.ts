// SPDX-License-Identifier: Apache-2.0

import {
  encode,
  formerTrustAfter,
  formerTrustCodec,
  txIdCodec,
  type Configuration,
  type FormerTrust,
  type StoredChainRecord,
} from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { type Allowed } from './allowed';
import { type LedgerState } from '../replay/ledger-state';
import { recordBefore, type TransactionFacts } from '../replay/transaction-facts';

/** The former trust records that a configuration has to leave behind; undefined when it waits for the long delay. */
export function formerTrustLeft(
  next: Configuration,
  previous: Configuration,
  { transaction, written, before }: TransactionFacts,
  state: LedgerState,
): readonly FormerTrust[] | undefined {
  const added = written['former-trust'];
  const others = [...state.all('former-trust')].filter((former) => !added.includes(former));
  const replaced = added.flatMap(
    ({ trust, slot }) => recordBefore(before, 'former-trust', trust.chainId, slot.toString()) ?? [],
  );
  const { txId, timeMs } = transaction;
  return formerTrustAfter(next, previous, {
    ...{ txId: txIdCodec.decode(txId, 'txId'), timeMs },
    known: [...others, ...replaced],
  });
}

/**
 * The evidence of those whom an urgent change leaves out counts for a while longer: the trust record from before is
 * kept, and no other.
 */
export function checkFormerTrust(facts: TransactionFacts, { formerTrust = [] }: Allowed, report: Report): void {
  const found = facts.written['former-trust'].map(textOf);
  const expected = formerTrust.map(textOf);
  for (const record of found.filter((each) => !expected.includes(each))) {
    report('TRUST_CHANGED', 'former trust record', expected.join(' or ').slice(0, 300) || 'none', record.slice(0, 300));
  }
  if (knowsNone(facts.written.chain[0]) && knowsNone(recordBefore(facts.before, 'chain'))) return;
  for (const record of expected.filter((each) => !found.includes(each))) {
    report('TRUST_CHANGED', 'former trust record', record.slice(0, 300), 'not written');
  }
}

/** Whether the record is one of chaincode from before there were former trust records. */
function knowsNone(chain: StoredChainRecord | undefined): boolean {
  return chain !== undefined && chain.version < 3;
}

function textOf(former: FormerTrust): string {
  return encode(formerTrustCodec, former);
}
