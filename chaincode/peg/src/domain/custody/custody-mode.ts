// SPDX-License-Identifier: Apache-2.0

import type {
  Batch,
  Certificate,
  CustodyMode,
  LaneCustody,
  Notary,
  PacketId,
  RefusalCode,
  TrustRecord,
} from '@gridpeg/protocol';

/** The records of this ledger that a mode needs to judge one certificate, beside the source chain's trust record. */
export interface CustodyReads {
  /** Those whose standing decides whether their signatures count. */
  readonly notaries: readonly Notary[];
}

/** What the ledger holds of the records that {@link CustodyVerifier.reads} named. */
export interface CustodyView {
  /** This ledger's record of the chain that the batch comes from. */
  readonly trust: TrustRecord;
  /** Public keys of those of the notaries that are suspended; their signatures do not count. */
  readonly suspended: ReadonlySet<string>;
}

/** A proven batch, and the entries of it for which this evidence is not enough. */
export interface CustodyVerdict {
  readonly batch: Batch;
  /**
   * The entries that may not settle by this certificate, each with the code that the relay receives. They are skipped:
   * another certificate can still settle them. An entry that is not named here may settle.
   */
  readonly insufficient: ReadonlyMap<PacketId, RefusalCode>;
}

/** What a lane of this mode says of it. */
export type CustodyOf<Mode extends CustodyMode> = Extract<LaneCustody, { readonly mode: Mode }>;

/**
 * One way of believing another chain, in two phases. A transaction loads what `reads` names, and then `verify` judges
 * without touching the ledger. Neither writes: what a mode keeps on the ledger, such as votes or followed headers, is
 * written by transactions of its own.
 *
 * The lane has this mode, and so has the certificate's evidence.
 */
export interface CustodyVerifier<Mode extends CustodyMode> {
  /** Names the records that {@link verify} needs. The certificate is not verified yet, so nothing in it is believed. */
  readonly reads: (certificate: Certificate, custody: CustodyOf<Mode>, trust: TrustRecord) => CustodyReads;
  /** @throws Refused with the codes of docs/spec/04-proof.md when the certificate proves nothing at all */
  readonly verify: (certificate: Certificate, custody: CustodyOf<Mode>, view: CustodyView) => CustodyVerdict;
}
