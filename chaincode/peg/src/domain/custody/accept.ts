// SPDX-License-Identifier: Apache-2.0

import {
  evidenceOf,
  Refused,
  type Batch,
  type BatchKind,
  type Certificate,
  type ChainId,
  type CustodyMode,
  type Lane,
  type TrustRecord,
} from '@gridpeg/protocol';
import { endsOf } from '../packets/export-batch';
import { custodian } from './custodian';
import type { CustodyOf, CustodyReads, CustodyVerdict, CustodyVerifier, CustodyView } from './custody-mode';
import { federation } from './federation';
import { notary } from './notary';

/** A mode that is named in the protocol and missing here does not compile. */
const verifiers: { readonly [Mode in CustodyMode]: CustodyVerifier<Mode> } = { federation, notary, custodian };

/** A batch of one kind that a certificate has proven. */
export interface Accepted<Kind extends BatchKind> extends CustodyVerdict {
  readonly batch: Extract<Batch, { kind: Kind }>;
}

/**
 * The records of this ledger that {@link accept} needs for a certificate.
 *
 * @param lane - this ledger's record of the lane that the certificate claims
 * @param trust - this ledger's record of the chain at the lane's other end
 * @throws Refused CUSTODY_MISMATCH
 */
export function custodyReads(certificate: Certificate, lane: Lane, trust: TrustRecord): CustodyReads {
  checkMode(certificate, lane);
  return readsFor(lane.custody, certificate, trust);
}

/**
 * Accepts a certificate's batch under the lane's custody mode, if it is of the kind asked for and meant for this chain.
 *
 * @param lane - this ledger's record of the lane that the certificate claims
 * @param view - what this ledger holds of the records that {@link custodyReads} named
 * @throws Refused CUSTODY_MISMATCH, LANE_UNKNOWN, PROOF_FOREIGN and those of the mode
 * @see docs/spec/04-proof.md section 4.3; keeps PEG-7, PEG-8
 */
export function accept<Kind extends BatchKind>(
  kind: Kind,
  certificate: Certificate,
  lane: Lane,
  view: CustodyView,
  chainId: ChainId,
): Accepted<Kind> {
  checkMode(certificate, lane);
  const ends = endsOf(kind, lane);
  if (ends.destinationChainId !== chainId || ends.sourceChainId !== view.trust.chainId) {
    throw new Refused({ code: 'LANE_UNKNOWN', laneId: lane.id });
  }
  const { batch, insufficient } = verdictFor(lane.custody, certificate, view);
  if (!isOfKind(batch, kind) || batch.laneId !== lane.id) throw new Refused({ code: 'PROOF_FOREIGN', field: 'batch' });
  if (batch.sourceChainId !== ends.sourceChainId || batch.destinationChainId !== chainId) {
    throw new Refused({ code: 'PROOF_FOREIGN', field: 'batch.destinationChainId' });
  }
  return { batch, insufficient };
}

/** @throws Refused CUSTODY_MISMATCH when the certificate's evidence is of another mode than the lane's */
function checkMode(certificate: Certificate, lane: Lane): void {
  const { mode } = evidenceOf(certificate);
  if (mode !== lane.custody.mode) throw new Refused({ code: 'CUSTODY_MISMATCH', custody: mode });
}

function readsFor<Mode extends CustodyMode>(
  custody: CustodyOf<Mode> & { readonly mode: Mode },
  certificate: Certificate,
  trust: TrustRecord,
): CustodyReads {
  return verifiers[custody.mode].reads(certificate, custody, trust);
}

function verdictFor<Mode extends CustodyMode>(
  custody: CustodyOf<Mode> & { readonly mode: Mode },
  certificate: Certificate,
  view: CustodyView,
): CustodyVerdict {
  return verifiers[custody.mode].verify(certificate, custody, view);
}

function isOfKind<Kind extends BatchKind>(batch: Batch, kind: Kind): batch is Extract<Batch, { kind: Kind }> {
  return batch.kind === kind;
}
