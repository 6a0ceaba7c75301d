// SPDX-License-Identifier: Apache-2.0

import { evidenceOf, proofIn, type Batch, type Certificate, type TrustRecord } from '@gridpeg/protocol';
import { type EvidenceClient, PegError, type PegErrorCode } from '../../client';
import { type ChainView } from '../chains/chain-view';
import { type SourceCheck } from './source-check';

/** A chain that took a certificate, and judges evidence about it. */
export interface JudgingChain extends Pick<ChainView, 'trustOf'> {
  readonly client: { readonly evidence: Pick<EvidenceClient, 'trustRecords'> };
}

/**
 * Compares a certificate with the own peer, by the trust record in force or by a former one that still counts for
 * evidence: an urgent change may have left out this very organization (T44).
 *
 * @returns the trust records under which evidence is judged, when the own peer contradicts the certificate
 * @throws PegError when the own peer, or the chain, cannot be asked, or the peer's word counts under none of the
 *   records
 */
export async function contradicting(
  { certificate, batch }: { readonly certificate: Certificate; readonly batch: Batch },
  chain: JudgingChain,
  source: Pick<SourceCheck, 'check'>,
): Promise<readonly TrustRecord[] | undefined> {
  const compare = (trust: TrustRecord): Promise<Comparison> =>
    compared(() => source.check(proofIn(certificate), batch, trust));
  let found = await compare(chain.trustOf(batch.sourceChainId));
  if (found === 'agrees') return undefined;
  const request = { chainId: batch.sourceChainId, epoch: evidenceOf(certificate).epoch };
  const [inForce, ...former] = await chain.client.evidence.trustRecords(request);
  for (const trust of former) {
    if (found !== 'unheard') break;
    found = await compare(trust);
  }
  if (found === 'unheard') throw new PegError({ code: 'ENDORSER_STRANGER' });
  return found === 'differs' && inForce !== undefined ? [inForce, ...former] : undefined;
}

/** `unheard` means that the own peer does not count under that trust record. */
type Comparison = 'agrees' | 'differs' | 'unheard';
const comparisons: Readonly<Partial<Record<PegErrorCode, Comparison>>> = {
  SOURCE_DIFFERS: 'differs',
  // A peer that lags does not indicate a lie, but the source can be asked anyway. It answers by what it has committed
  // when asked.
  SOURCE_BEHIND: 'differs',
  ENDORSER_STRANGER: 'unheard',
  ENDORSER_REVOKED: 'unheard',
};

async function compared(check: () => Promise<unknown>): Promise<Comparison> {
  try {
    await check();
    return 'agrees';
  } catch (error) {
    if (!(error instanceof PegError)) throw error;
    // What the own peer signed may not verify. The check then says that there is no answer of it, and why.
    const reasons = [error, error.cause].flatMap((each) => (each instanceof PegError ? [comparisons[each.code]] : []));
    const found = reasons.find((each) => each !== undefined);
    if (found === undefined) throw error;
    return found;
  }
}
