// SPDX-License-Identifier: Apache-2.0

import { base64Codec, type Codec, modeVariant, oneOf, record } from '../codec/codec';
import { type MspId, mspIdCodec } from '../codec/identifiers';

/** The custody modes there are. A mode without a verifier does not compile (chaincode/peg/src/domain/custody). */
export const custodyModes = ['federation', 'notary', 'custodian'] as const;
export type CustodyMode = (typeof custodyModes)[number];
export const custodyModeCodec: Codec<CustodyMode> = oneOf(...custodyModes);

/** A signer for one organization; `publicKey`: base64 of a P-256 SubjectPublicKeyInfo. */
export interface Notary {
  readonly mspId: MspId;
  readonly publicKey: string;
}
export const notaryCodec: Codec<Notary> = record({ mspId: mspIdCodec, publicKey: base64Codec });

/** How the chains at a lane's ends believe each other; docs/spec/05-configuration.md. */
export type LaneCustody = Federation | SignatureCustody;
interface Federation {
  readonly mode: 'federation';
}
/** Modes in which signatures alone are believed. */
export type SignatureCustody = { readonly mode: 'notary' } | { readonly mode: 'custodian'; readonly custodian: Notary };

/** What a lane of version 3 says; `federation` is what version 2 says. */
export const signatureCustodyCodec: Codec<SignatureCustody> = modeVariant<SignatureCustody>({
  notary: record({ mode: oneOf('notary') }),
  custodian: record({ mode: oneOf('custodian'), custodian: notaryCodec }),
});

/** The one who alone holds the peg of a lane, where there is one. */
export function custodianOf(custody: LaneCustody): Notary | undefined {
  return custody.mode === 'custodian' ? custody.custodian : undefined;
}
