// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one set of codecs, of which all records are composed.

import { Refused } from './refusal';

/** How one type is read from and written to JSON; docs/spec/01-encoding.md section 1.1. */
export interface Codec<T> {
  /** Checks an untrusted value. @throws Refused REQUEST_MALFORMED with the field's path */
  readonly decode: (value: unknown, field: string) => T;
  readonly encode: (value: T) => unknown;
}

/** The type of the values that a codec reads and writes. */
export type Decoded<S> = S extends Codec<infer T> ? T : never;

function malformed(field: string, expected: string): Refused {
  return new Refused({ code: 'REQUEST_MALFORMED', field, expected });
}

/** Text that matches an anchored pattern; the pattern bounds the length. */
export function text<T extends string = string>(pattern: RegExp, expected: string): Codec<T> {
  return {
    decode: (value, field) => {
      if (typeof value !== 'string' || !pattern.test(value)) throw malformed(field, expected);
      return value as T;
    },
    encode: (value) => value,
  };
}

/** One of the words given. */
export function oneOf<const T extends string>(...words: readonly T[]): Codec<T> {
  return {
    decode: (value, field) => {
      const word = words.find((candidate) => candidate === value);
      if (word === undefined) throw malformed(field, words.map((w) => `"${w}"`).join(' or '));
      return word;
    },
    encode: (value) => value,
  };
}

/** A JSON integer within bounds: versions, indexes, counts; never value or time. */
export function integer(minimum: number, maximum: number): Codec<number> {
  return {
    decode: (value, field) => {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
        throw malformed(field, `an integer from ${minimum.toString()} to ${maximum.toString()}`);
      }
      return value;
    },
    encode: (value) => value,
  };
}

/** The record version; other versions get decoders of their own. */
function version<const N extends number>(number: N): Codec<N> {
  return {
    decode: (value, field) => {
      if (value !== number) throw malformed(field, number.toString());
      return number;
    },
    encode: (value) => value,
  };
}
export const version1 = version(1);
export const version2 = version(2);
export const version3 = version(3);

/** A record of one of several versions, told apart by the number in its field `version`. */
export function versions<T extends { readonly version: number }>(codecs: {
  readonly [N in T['version']]: Codec<Extract<T, { version: N }>>;
}): Codec<T> {
  const byText = new Map<string, Codec<T>>(Object.entries(codecs));
  const known = new Map<unknown, Codec<T>>([...byText].map(([number, codec]) => [Number(number), codec]));
  const codecOf = (value: unknown, field: string): Codec<T> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field, 'a record');
    const codec = known.get('version' in value ? value.version : undefined);
    if (codec === undefined) throw malformed(join(field, 'version'), [...known.keys()].join(' or '));
    return codec;
  };
  return {
    decode: (value, field) => codecOf(value, field).decode(value, field),
    encode: (value) => codecOf(value, '').encode(value),
  };
}

/** A bigint as canonical decimal text. */
export function decimal(minimum: bigint, maximum: bigint): Codec<bigint> {
  const digits = maximum.toString().length;
  return {
    decode: (value, field) => {
      const expected = `a decimal string from ${minimum.toString()} to ${maximum.toString()}, no sign, no leading zero`;
      if (typeof value !== 'string' || value.length > digits || !/^(0|[1-9][0-9]*)$/.test(value)) {
        throw malformed(field, expected);
      }
      const number = BigInt(value);
      if (number < minimum || number > maximum) throw malformed(field, expected);
      return number;
    },
    encode: (value) => value.toString(),
  };
}

/** Bytes as base64 text in its one canonical spelling. */
export const base64Codec: Codec<string> = {
  decode: (value, field) => {
    if (typeof value !== 'string' || Buffer.from(value, 'base64').toString('base64') !== value) {
      throw malformed(field, 'base64');
    }
    return value;
  },
  encode: (value) => value,
};

/** A list of bounded length. */
export function list<T>(item: Codec<T>, minimum: number, maximum: number): Codec<readonly T[]> {
  return {
    decode: (value, field) => {
      if (!Array.isArray(value) || value.length < minimum || value.length > maximum) {
        throw malformed(field, `a list of ${minimum.toString()} to ${maximum.toString()}`);
      }
      return value.map((element, index) => item.decode(element, `${field}[${index.toString()}]`));
    },
    encode: (value) => value.map((element) => item.encode(element)),
  };
}

/** A record with exactly these fields, written in this order. */
export function record<T extends object>(fields: { readonly [K in keyof T]: Codec<T[K]> }): Codec<Readonly<T>> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    decode: (value, field) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field, 'a record');
      const found = new Map<string, unknown>(Object.entries(value));
      if ([...found.keys()].some((name) => !Object.hasOwn(fields, name))) {
        throw malformed(field, `only the fields ${names.join(', ')}`);
      }
      const decoded = names.map((name) => [name, fields[name].decode(found.get(name), join(field, name))] as const);
      return Object.fromEntries(decoded) as T;
    },
    encode: (value) => Object.fromEntries(names.map((name) => [name, fields[name].encode(value[name])])),
  };
}

/** One of several records, told apart by the word in their field `kind`. */
export function variant<T extends { readonly kind: string }>(codecs: {
  readonly [K in T['kind']]: Codec<Extract<T, { kind: K }>>;
}): Codec<T> {
  return byWord<T>('kind', codecs);
}

/** One of several records, told apart by the word in their field `mode`. */
export function modeVariant<T extends { readonly mode: string }>(codecs: {
  readonly [K in T['mode']]: Codec<Extract<T, { mode: K }>>;
}): Codec<T> {
  return byWord<T>('mode', codecs);
}

function byWord<T>(name: string, codecs: object): Codec<T> {
  const of = new Map<string, Codec<T>>(Object.entries(codecs));
  const word = oneOf(...of.keys());
  const codecOf = (value: unknown, field: string): Codec<T> => {
    const fields = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
    const codec = of.get(word.decode(fields.get(name), join(field, name)));
    if (codec === undefined) throw malformed(join(field, name), 'a word with a codec');
    return codec;
  };
  return {
    decode: (value, field) => codecOf(value, field).decode(value, field),
    encode: (value) => codecOf(value, '').encode(value),
  };
}

/** A record that is written in another form than it has in memory. */
export function converted<Written, T>(
  codec: Codec<Written>,
  convert: { readonly decode: (written: Written, field: string) => T; readonly encode: (value: T) => Written },
): Codec<T> {
  return {
    decode: (value, field) => convert.decode(codec.decode(value, field), field),
    encode: (value) => codec.encode(convert.encode(value)),
  };
}

/** The path of a field in a record that is itself at a path. */
export function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

/** The canonical text of a record. */
export function encode<T>(codec: Codec<T>, value: NoInfer<T>): string {
  return JSON.stringify(codec.encode(value));
}

/**
 * Reads a canonical record; refuses any other spelling of it (duplicate keys, other order, white space, numbers as
 * 1e3).
 *
 * @param maximumLength - in UTF-16 units, checked before anything is parsed
 * @throws Refused REQUEST_MALFORMED
 */
export function decode<T>(codec: Codec<T>, json: string, maximumLength = 1_048_576): T {
  const value = codec.decode(parseJson(json, maximumLength), '');
  if (encode(codec, value) !== json) throw malformed('', 'the canonical encoding (docs/spec/01-encoding.md)');
  return value;
}

/**
 * Reads a request: fields in any order, but each once and without white space.
 *
 * @throws Refused REQUEST_MALFORMED
 */
export function decodeRequest<T>(codec: Codec<T>, json: string, maximumLength = 1_048_576): T {
  const parsed = parseJson(json, maximumLength);
  // Read first: a codec bounds the depth, and printing what is nested too deeply overflows the stack.
  const value = codec.decode(parsed, '');
  if (JSON.stringify(parsed) !== json) throw malformed('', 'JSON without white space, each field once');
  return value;
}

function parseJson(json: string, maximumLength: number): unknown {
  if (typeof json !== 'string' || json.length > maximumLength) {
    throw malformed('', `text of at most ${maximumLength.toString()} characters`);
  }
  try {
    return JSON.parse(json);
  } catch {
    throw malformed('', 'JSON');
  }
}
