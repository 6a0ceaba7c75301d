// SPDX-License-Identifier: Apache-2.0

import { type Batch, type Certificate, type Custody, type EndorsedProof, type TrustRecord } from '@gridpeg/protocol';

/** Collects what one custody mode asks for beside the endorsed proof, and makes a certificate of both. */
export interface EvidenceCollector {
  /**
   * @param trust - the destination's record of the source chain, by which it will judge the certificate
   * @param suspended - public keys whose signatures do not count there
   * @throws PegError when the evidence cannot be had now
   */
  readonly certify: (
    proof: EndorsedProof,
    batch: Batch,
    trust: TrustRecord,
    suspended: ReadonlySet<string>,
  ) => Promise<Certificate>;
}

/** One for each mode. A mode that the protocol names and that has no collector does not compile. */
export type EvidenceCollectors = Readonly<Record<Custody, EvidenceCollector>>;
