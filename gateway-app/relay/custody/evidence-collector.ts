// SPDX-License-Identifier: Apache-2.0

import {
  type Batch,
  type Certificate,
  type CustodyMode,
  type EndorsedProof,
  type LaneCustody,
  type TrustRecord,
} from '@gridpeg/protocol';

/** A proven batch, and what the ledger that will judge its certificate has of the lane and of the source chain. */
export interface CertificateTask<Mode extends CustodyMode = CustodyMode> {
  readonly proof: EndorsedProof;
  readonly batch: Batch;
  readonly custody: Extract<LaneCustody, { readonly mode: Mode }>;
  readonly trust: TrustRecord;
  /** Public keys whose signatures do not count there. */
  readonly suspended: ReadonlySet<string>;
}

/**
 * Collects what one custody mode asks for beside the endorsed proof, and makes a certificate of it.
 *
 * @throws PegError when the evidence cannot be had now
 */
type EvidenceCollector<Mode extends CustodyMode> = (task: CertificateTask<Mode>) => Promise<Certificate>;

/** One for each mode. A mode that the protocol names and that has no collector does not compile. */
export type EvidenceCollectors = { readonly [Mode in CustodyMode]: EvidenceCollector<Mode> };

/** Makes a certificate by the collector of the lane's mode. @throws PegError when the evidence cannot be had now */
export function collectEvidence<Mode extends CustodyMode>(
  collectors: EvidenceCollectors,
  task: CertificateTask<Mode> & { readonly custody: { readonly mode: Mode } },
): Promise<Certificate> {
  return collectors[task.custody.mode](task);
}
