// SPDX-License-Identifier: Apache-2.0

import { verifyEndorsedProof, type Batch, type ChainId, type PacketId, type TrustRecord } from '@gridpeg/protocol';
import { PegError, refusedAsPegError } from '../../client';
import { type Logger } from 'pino';
import { type Accuser, type Dispute } from './accuser';
import { type ChainView } from '../chains/chain-view';
import { DisputedProofs } from './disputed-proofs';
import { type NotaryMetrics } from '../metrics/notary-metrics';
import { SourceCheck } from './source-check';

/** What comparing with the own peers takes. */
interface OwnPeers {
  readonly mspId: string;
  /** The notary's folder. */
  readonly dataDir: string;
  readonly chains: readonly ChainView[];
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** How many accusations may be in progress. Without a limit, requests for signatures could overload the chains. */
const maximumAccusations = 4;

/** Compares what is to be signed with the own peers, and accuses the endorsers of what these contradict. */
export function newSourceCheck(
  { mspId, dataDir, chains, metrics, log }: OwnPeers,
  accuser: Pick<Accuser, 'accuseEndorsers'>,
): SourceCheck {
  const disputes = new DisputedProofs(dataDir, log);
  const accusing = new Set<PacketId>();
  const accuse = async (dispute: Dispute): Promise<void> => {
    const source = chains.find(({ chainId }) => chainId === dispute.trust.chainId);
    if (source === undefined || accusing.has(dispute.packetId) || accusing.size >= maximumAccusations) return;
    accusing.add(dispute.packetId);
    await accuser.accuseEndorsers(dispute, source).catch((error: unknown) => {
      log.error({ packetId: dispute.packetId, err: error }, 'the endorsers of a disputed proof were not accused');
    });
    accusing.delete(dispute.packetId);
  };
  return new SourceCheck({
    ownAnswer: (batch, trust) => {
      const source = chains.find(({ chainId }) => chainId === trust.chainId);
      return source && askOwn(batch, trust, source, mspId);
    },
    count: (result) => {
      metrics.sourceChecked(result);
    },
    dispute: async (dispute) => {
      // Whoever asks for a signature does not wait until the evidence is on the ledgers.
      if (!(await disputes.keep(dispute))) void accuse(dispute);
    },
  });
}

/** Lets the own peer sign the read of committed records that a batch claims to be. */
async function askOwn(batch: Batch, trust: TrustRecord, { client }: ChainView, mspId: string): Promise<Batch> {
  const { kind, laneId, txIds } = batch;
  const proof = await client.proveExport(kind, { laneId, txIds }, [mspId]);
  // Whoever carried the answer, it is the own peer that signed it.
  const alone = { ...trust, minimumOrganizations: 1 };
  const own = refusedAsPegError(() => verifyEndorsedProof(proof, alone));
  if (!own.organizations.includes(mspId)) throw new PegError({ code: 'ENDORSER_STRANGER' });
  return own.batch;
}

/**
 * Chains that the ledgers trust and on which the organization has no peer: what they say is signed by the proof alone.
 */
export function chainsWithoutPeer(chains: readonly ChainView[]): readonly ChainId[] {
  const trusted = chains.flatMap(({ configuration }) => configuration?.chains ?? []).map(({ chainId }) => chainId);
  return [...new Set(trusted)].filter((chainId) => !chains.some((chain) => chain.chainId === chainId));
}
