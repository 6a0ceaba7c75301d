// SPDX-License-Identifier: Apache-2.0

import { PeerProbe, type PegErrorCode } from '../../client';
import { type ChainView } from './chain-view';
import { type NotaryChain } from './notary-config';

/** How long a peer may take to say how many blocks it has. */
const answerMs = 2_000;

/** How many blocks a peer has; undefined when it does not answer. */
export interface PeerHeight {
  readonly mspId: string;
  readonly height: bigint | undefined;
}

/** The problem of the first of these ledgers that cannot be read as it is now; undefined when all can be read. */
export function ledgersCheck(chains: readonly ChainView[], mspId: string): () => Promise<PegErrorCode | undefined> {
  const judged = chains.map((chain) => ({ chain, readiness: new LedgerReadiness(mspId) }));
  return async () => {
    const codes = judged.map(async ({ chain, readiness }) => {
      const code = readiness.judge(await peerHeights(chain.options));
      return code ?? (chain.configuration === undefined ? 'TRUST_UNKNOWN' : undefined);
    });
    return (await Promise.all(codes)).find((code) => code !== undefined);
  };
}

/** Asks each peer of a chain by itself. */
async function peerHeights({ peers, channel, identity }: NotaryChain): Promise<readonly PeerHeight[]> {
  const deadlineMs = Date.now() + answerMs;
  return Promise.all(
    peers.map(async (peer) => {
      const probe = new PeerProbe(peer, channel, identity);
      const tip = await probe.tip(deadlineMs).catch(() => undefined);
      probe.close();
      return { mspId: peer.mspId, height: tip?.height };
    }),
  );
}

/**
 * Finds out whether a notary can read one ledger, and reads it as it is now. The peers of the organization must answer,
 * and must have by now the blocks that others had when it was last asked.
 */
export class LedgerReadiness {
  readonly #mspId: string;
  #before = 0n;

  /** @param mspId - the notary's organization */
  constructor(mspId: string) {
    this.#mspId = mspId;
  }

  /**
   * @param heights - of all peers of the chain that the notary knows
   * @returns what is wrong, undefined when nothing is
   */
  judge(heights: readonly PeerHeight[]): PegErrorCode | undefined {
    const isOwn = ({ mspId }: PeerHeight): boolean => mspId === this.#mspId;
    const hasOwn = heights.some(isOwn);
    const read = highest(heights.filter((peer) => !hasOwn || isOwn(peer)))[0];
    const others = highest(heights.filter((peer) => !isOwn(peer)));
    const before = this.#before;
    // A single foreign peer that claims too many blocks does not make the notary unready when another one disagrees.
    this.#before = others[1] ?? others[0] ?? 0n;
    if (read === undefined) return hasOwn ? 'SOURCE_UNAVAILABLE' : 'PEER_UNAVAILABLE';
    return read < before ? 'SOURCE_BEHIND' : undefined;
  }
}

function highest(peers: readonly PeerHeight[]): readonly bigint[] {
  return peers.flatMap(({ height }) => height ?? []).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}
