// SPDX-License-Identifier: Apache-2.0

import { decode, encode, type Shape } from '../codec/codec';

/** One example of a record, and its codec. */
export interface Sample {
  readonly name: string;
  readonly shape: unknown;
  readonly value: object;
  readonly encoded: string;
  readonly decode: (json: string) => unknown;
  readonly encode: (json: string) => string;
}

/** Makes one. */
export function sample<T extends object>(name: string, shape: Shape<T>, value: NoInfer<T>): Sample {
  return {
    name,
    shape,
    value,
    encoded: encode(shape, value),
    decode: (json) => decode(shape, json),
    encode: (json) => encode(shape, decode(shape, json)),
  };
}
