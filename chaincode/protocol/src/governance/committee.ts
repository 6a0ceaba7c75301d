// SPDX-License-Identifier: Apache-2.0

import { isNotaryKey } from '../custody/notary-key';
import { encode } from '../codec/codec';
import { type Committee, committeeCodec } from '../records/configuration';
import { hash } from '../codec/hash';

/** What a rule says that is broken. */
export interface Fault {
  readonly field: string;
  readonly expected: string;
}

/**
 * The first rule of docs/spec/05-configuration.md that a committee breaks: distinct organizations and keys, all on
 * P-256, a threshold of more than half and at least 2 (T08). It fails closed: what is not a quorum is a fault.
 */
export function committeeFault({ notaries, threshold }: Pick<Committee, 'threshold' | 'notaries'>): Fault | undefined {
  const keys = notaries.map(({ publicKey }) => publicKey);
  if (!allDistinct(notaries.map(({ mspId }) => mspId))) return { field: 'notaries', expected: 'each once' };
  if (!allDistinct(keys)) return { field: 'notaries.publicKey', expected: 'each once' };
  if (!keys.every(isNotaryKey)) return { field: 'notaries.publicKey', expected: 'P-256 public keys' };
  if (threshold < 2 || threshold * 2 <= notaries.length || threshold > notaries.length) {
    return { field: 'threshold', expected: 'more than half of the notaries, at least 2, at most all' };
  }
  return undefined;
}

/** Names a committee, its epoch included. */
export function committeeHashOf(committee: Committee): string {
  return hash('gridpeg/v1/committee', encode(committeeCodec, committee));
}

/** Under what a notary's key has its record on a ledger. */
export function notaryKeyHashOf(publicKey: string): string {
  return hash('gridpeg/v1/notary-key', publicKey);
}

function allDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
