// SPDX-License-Identifier: Apache-2.0

import type { DesignError } from './design-errors';
import type { ChainState } from './state';

/** Organizations of the model; the first one's peer and notary lie. */
export type Organization = 'G' | 'M' | 'C' | 'R';
export const liar: Organization = 'G';
const [minimumOrganizations, threshold] = [2, 3];

/** What a certificate carries beside its batch. */
export interface CertificateKind {
  /** The function whose answer the peers signed. */
  readonly asked: 'export' | 'send';
  readonly peers: readonly Organization[];
  readonly signers: readonly Organization[];
  /** Peers and notaries are who they say, by the ledger's records and not only by their own. */
  readonly known: boolean;
  /** The notaries signed this batch and not another. */
  readonly signed: boolean;
}

const sound: CertificateKind = {
  asked: 'export',
  peers: ['M', 'C'],
  signers: ['M', 'C', 'R'],
  known: true,
  signed: true,
};

/** Who makes certificates, and how. All but the first two state false facts. */
export const certificateKinds = {
  honest: sound,
  'honest, the liar signs too': { ...sound, signers: ['G', 'M', 'C'] },
  'a lying peer and a lying notary': { ...sound, peers: ['G'], signers: ['G'] },
  'a lying peer twice': { ...sound, peers: ['G', 'G'] },
  'lying peers, a lying notary': { ...sound, peers: ['G', 'M'], signers: ['G'] },
  'lying peers, a lying notary thrice': { ...sound, peers: ['G', 'M'], signers: ['G', 'G', 'G'] },
  'lying peers, signatures of another batch': { ...sound, peers: ['G', 'M'], signed: false },
  'a lying peer, lying notaries': { ...sound, peers: ['G'] },
  'a simulation': { ...sound, asked: 'send' },
  strangers: { ...sound, known: false },
  'lying peers and the committee of old': { ...sound, peers: ['G', 'M'], signers: ['G', 'M', 'C'] },
  'lying peers and the committee': { ...sound, peers: ['G', 'M'], signers: ['G', 'M', 'C'] },
} as const satisfies Record<string, CertificateKind>;
export type CertificateKindName = keyof typeof certificateKinds;

/**
 * Whether as many organizations' peers and as many notaries said so as PEG-7 asks, counted without any rule of the
 * design.
 */
export function isSound(kind: CertificateKind): boolean {
  const peers = new Set(kind.peers).size >= minimumOrganizations;
  return kind.asked === 'export' && peers && new Set(kind.signers).size >= threshold && kind.signed;
}

/** Notaries whose signature counts on a ledger; the suspended key is one of epoch 0. */
function countedOn(chain: ChainState, kind: CertificateKind): number {
  return new Set(kind.signers.filter((name) => name !== liar || !isLiarOut(chain))).size;
}

function isLiarOut({ suspended, epoch }: ChainState): boolean {
  return suspended && epoch === 0;
}

/** Whether PEG-13 lets a certificate be believed on a ledger. */
export function isOfCommittee(chain: ChainState, kind: CertificateKind, epoch: number): boolean {
  return epoch === chain.epoch && countedOn(chain, kind) >= threshold;
}

/** Why a ledger refuses a certificate, by docs/spec/04-proof.md sections 4.2 and 4.3; '' when it does not. */
export function certificateRefusal(
  chain: ChainState,
  kind: CertificateKind,
  epoch: number,
  error: DesignError | undefined,
): string {
  return proofRefusal(kind, error) || quorumRefusal(chain, kind, epoch, error);
}

function proofRefusal({ asked, peers, known }: CertificateKind, error: DesignError | undefined): string {
  if (asked !== 'export' && error !== 'a simulation is believed') return 'PROOF_FOREIGN';
  const bySignature = error === 'peers are counted by signature';
  if (new Set(peers).size < peers.length && !bySignature) return 'ENDORSER_REPEATED';
  if (peers.length < minimumOrganizations) return 'ENDORSEMENTS_TOO_FEW';
  return known || error === 'trust comes with the call' ? '' : 'ENDORSER_STRANGER';
}

function quorumRefusal(
  chain: ChainState,
  kind: CertificateKind,
  epoch: number,
  error: DesignError | undefined,
): string {
  if (epoch !== chain.epoch && error !== 'any epoch will do') return 'EPOCH_STALE';
  const bySignature = error === 'votes are counted by signature';
  if (new Set(kind.signers).size < kind.signers.length && !bySignature) return 'NOTARY_REPEATED';
  const out = isLiarOut(chain) && error !== 'a suspended key counts';
  const counted = kind.signers.filter((name) => name !== liar || !out);
  if (counted.length < threshold) return 'NOTARIES_TOO_FEW';
  return kind.signed || error === 'signatures are of any batch' ? '' : 'SIGNATURE_INVALID';
}
