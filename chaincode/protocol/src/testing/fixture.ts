// SPDX-License-Identifier: Apache-2.0

import { decode, encode, type Codec } from '../codec/codec';

/** One example of a record, and its codec. */
export interface Fixture {
  readonly name: string;
  readonly codec: unknown;
  readonly value: object;
  readonly encoded: string;
  readonly decode: (json: string) => unknown;
  readonly encode: (json: string) => string;
}

/** The example with its canonical encoding. */
export function fixture<T extends object>(name: string, codec: Codec<T>, value: NoInfer<T>): Fixture {
  return {
    name,
    codec,
    value,
    encoded: encode(codec, value),
    decode: (json) => decode(codec, json),
    encode: (json) => encode(codec, decode(codec, json)),
  };
}
