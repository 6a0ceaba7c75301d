// SPDX-License-Identifier: Apache-2.0

import { type AnyEvidence } from '@gridpeg/protocol';
import { PegError } from '../client';
import { type PeggedNetwork } from '../consortium/consortium';
import { GovernedChain } from './governed-chain';

/** What one chain made of evidence. */
export interface Submitted {
  readonly chain: string;
  readonly kind: AnyEvidence['kind'];
  /** The key that signed two contents; none for other kinds. */
  readonly publicKey?: string;
  /** `unconcerned`: the key was never a notary's there, or the source is not trusted there */
  readonly result: 'done' | 'already-done' | 'unconcerned';
  readonly frozen: readonly string[];
}

/**
 * Submits evidence.
 *
 * @param names - on these chains; on all that it concerns if there are none
 * @throws CommandError CHAIN_UNKNOWN; PegError
 */
export async function submitEvidence(
  network: PeggedNetwork,
  all: readonly AnyEvidence[],
  names: readonly string[],
): Promise<readonly Submitted[]> {
  const named = names.map((name) => network.chain(name));
  const done: Submitted[] = [];
  for (const chain of named.length === 0 ? network.state.chains : named) {
    const governed = new GovernedChain(network, chain);
    for (const evidence of all) done.push(await submit(governed, evidence, named.length === 0));
  }
  return done;
}

/** @param lenient - whether a chain may have nothing to do with it */
async function submit(governed: GovernedChain, evidence: AnyEvidence, lenient: boolean): Promise<Submitted> {
  const [publicKey] = keyIn(evidence);
  const about = { chain: governed.chain.name, kind: evidence.kind, ...(publicKey === undefined ? {} : { publicKey }) };
  try {
    const { result, frozen } = await governed.submitEvidence(evidence);
    return { ...about, result, frozen };
  } catch (error) {
    const unconcerned = error instanceof PegError && ['NOTARY_STRANGER', 'CHAIN_UNTRUSTED'].includes(error.code);
    if (!lenient || !unconcerned) throw error;
    return { ...about, result: 'unconcerned', frozen: [] };
  }
}

/** The key that evidence of two contents is against. */
export function keyIn(evidence: AnyEvidence): readonly string[] {
  return 'publicKey' in evidence ? [evidence.publicKey] : [];
}
