// SPDX-License-Identifier: Apache-2.0

import { base64Codec, endorsedProofCodec, integer, mspIdCodec, oneOf, record, type Decoded } from '@gridpeg/protocol';

/** The greatest length of the body of `POST /v1/sign`. */
export const maximumBodyBytes = 1_048_576;

/** The body of `POST /v1/sign`, which is JSON without white space. */
export const signRequestCodec = record({ proof: endorsedProofCodec });

/** The response to it; other statuses have the body `{code, ...}`. */
export const signResponseCodec = record({
  notary: mspIdCodec,
  signature: base64Codec,
  epoch: integer(0, 2 ** 31 - 1),
  /** Whether the organization's own peer on the source said the same. Without such a peer only the proof counts. */
  source: oneOf('compared', 'proof-only'),
});
/** One notary's signature for the committee of one epoch. */
export type SignResponse = Decoded<typeof signResponseCodec>;
