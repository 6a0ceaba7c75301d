// SPDX-License-Identifier: Apache-2.0

import { type Codec, converted, integer, join, list, record } from '../codec/codec';
import { type ChainId, chainIdCodec, hashCodec, type LaneId, laneIdCodec, limits } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { type CustodyMode, custodyModeCodec } from './custody';

/** Which certificate digest was signed: the first names no mode and is of `federation`; the second names its mode. */
export type DigestForm =
  | { readonly digestVersion: 1; readonly mode: 'federation' }
  | { readonly digestVersion: 2; readonly mode: CustodyMode };
/** What all notaries signed before there were other modes. */
export const firstDigest: DigestForm = { digestVersion: 1, mode: 'federation' };
/** What is signed for a mode now. */
export function digestFor(mode: CustodyMode): DigestForm {
  return { digestVersion: 2, mode };
}

interface StatementFields<Entry> {
  readonly laneId: LaneId;
  readonly destinationChainId: ChainId;
  /** Hash of the trust record under which it was signed. */
  readonly sourceConfiguration: string;
  readonly epoch: number;
  readonly entryHashes: readonly string[];
  readonly entry: Entry;
}
/** One batch as notaries signed it: one entry whole, of the others only the hashes. */
export type Statement<Entry> = DigestForm & StatementFields<Entry>;

type FieldCodecs<T> = { readonly [K in keyof T]: Codec<T[K]> };

function fieldCodecs<Entry>(entry: Codec<Entry>): FieldCodecs<StatementFields<Entry>> {
  return {
    laneId: laneIdCodec,
    destinationChainId: chainIdCodec,
    sourceConfiguration: hashCodec,
    epoch: integer(0, 2 ** 31 - 1),
    entryHashes: list(hashCodec, 1, limits.batchEntries),
    entry,
  };
}

/**
 * A statement in records of version 1, where what was signed is certificate digest 1.
 *
 * @param more - codecs of what the record has in a statement besides
 */
export function statementInVersion1<Entry, More extends object>(
  entry: Codec<Entry>,
  more: FieldCodecs<More>,
): Codec<Statement<Entry> & More> {
  type Written = StatementFields<Entry> & More;
  return converted<Written, Statement<Entry> & More>(
    record<Written>({ ...fieldCodecs(entry), ...more } as FieldCodecs<Written>),
    { decode: (written) => ({ ...firstDigest, ...written }), encode: (statement) => statement },
  );
}

/** A statement in records of version 2, which begins with what was signed; otherwise as {@link statementInVersion1}. */
export function statementInVersion2<Entry, More extends object>(
  entry: Codec<Entry>,
  more: FieldCodecs<More>,
): Codec<Statement<Entry> & More> {
  type Written = { readonly digestVersion: number; readonly mode: CustodyMode } & StatementFields<Entry> & More;
  const form = { digestVersion: integer(1, 2), mode: custodyModeCodec };
  return converted<Written, Statement<Entry> & More>(
    record<Written>({ ...form, ...fieldCodecs(entry), ...more } as FieldCodecs<Written>),
    {
      decode: (written, field) => ({ ...written, ...formOf(written, field) }),
      encode: (statement) => statement,
    },
  );
}

function formOf(
  { digestVersion, mode }: { readonly digestVersion: number; readonly mode: CustodyMode },
  field: string,
): DigestForm {
  if (digestVersion === 2) return { digestVersion, mode };
  if (mode === 'federation') return firstDigest;
  throw new Refused({ code: 'REQUEST_MALFORMED', field: join(field, 'mode'), expected: '"federation" in digest 1' });
}
