// SPDX-License-Identifier: Apache-2.0

import { decodeRequest, Refused, type Codec } from '@gridpeg/protocol';
import { type FindingRule, type Report } from '../report/finding';
import { type TransactionFacts } from './transaction-facts';

/** This is longer than any request. */
const maximumLength = 4_194_304;

/**
 * The argument of the function that a transaction called.
 *
 * @returns undefined, and a finding of the rule, when it is no request of that function: chaincode would have refused
 * it
 */
export function requestOf<T>(
  codec: Codec<T>,
  { transaction, name }: TransactionFacts,
  report: Report,
  rule: FindingRule,
): T | undefined {
  try {
    return decodeRequest(codec, transaction.call.argument ?? '', maximumLength);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    report(rule, name, 'a request of that function', error.message.slice(0, 200));
    return undefined;
  }
}
