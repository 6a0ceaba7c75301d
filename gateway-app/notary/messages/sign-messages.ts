// SPDX-License-Identifier: Apache-2.0

import {
  base64Codec,
  custodyModeCodec,
  endorsedProofCodec,
  integer,
  mspIdCodec,
  oneOf,
  record,
  type Codec,
  type CustodyMode,
  type Decoded,
  type EndorsedProof,
} from '@gridpeg/protocol';

/** The greatest length of the body of `POST /v1/sign`. */
export const maximumBodyBytes = 1_048_576;

/**
 * What a notary or a custodian is asked to sign: the batch that the proof proves, for a custody mode. A request without
 * a mode is for `federation` by certificate digest 1, as notaries asked before there were other modes.
 */
export interface SignRequest {
  readonly proof: EndorsedProof;
  readonly mode?: CustodyMode;
}
const requestForMode = record({ proof: endorsedProofCodec, mode: custodyModeCodec });
const earlierRequest = record({ proof: endorsedProofCodec });
/** The body of `POST /v1/sign`, which is JSON without white space. */
export const signRequestCodec: Codec<SignRequest> = {
  decode: (value, field) => {
    const hasMode = typeof value === 'object' && value !== null && 'mode' in value;
    return (hasMode ? requestForMode : earlierRequest).decode(value, field);
  },
  encode: ({ proof, mode }) =>
    mode === undefined ? earlierRequest.encode({ proof }) : requestForMode.encode({ proof, mode }),
};

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
