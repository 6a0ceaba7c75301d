// SPDX-License-Identifier: Apache-2.0

import type { Batch, Certificate, TrustRecord } from '@gridpeg/protocol';

/** One way of believing another chain: what a certificate must carry so that its batch is accepted. */
export interface CustodyMode {
  /**
   * @param trust - this ledger's record of the chain that the batch comes from
   * @param suspended - public keys of notaries whose signatures do not count
   * @returns the batch, proven
   * @throws Refused with the codes of docs/spec/04-proof.md
   */
  readonly verify: (certificate: Certificate, trust: TrustRecord, suspended: ReadonlySet<string>) => Batch;
}
