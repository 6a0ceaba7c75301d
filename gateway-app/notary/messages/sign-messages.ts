// SPDX-License-Identifier: Apache-2.0

import { base64Codec, endorsedProofCodec, integer, mspIdCodec, oneOf, record, type Decoded } from '@gridpeg/protocol';

/** Of the body of `POST /v1/sign`. */
export const maximumBodyBytes = 1_048_576;

/** Body of `POST /v1/sign`, JSON without white space. */
export const signRequestCodec = record({ proof: endorsedProofCodec });

/** Answer to it; other statuses carry `{code, ...}`. */
export const signResponseCodec = record({
  notary: mspIdCodec,
  signature: base64Codec,
  epoch: integer(0, 2 ** 31 - 1),
  /** Whether the organization's own peer on the source said the same; without one the proof is all there is. */
  source: oneOf('compared', 'proof-only'),
});
/** One notary's signature for the committee of one epoch. */
export type SignResponse = Decoded<typeof signResponseCodec>;
