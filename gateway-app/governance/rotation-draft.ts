// SPDX-License-Identifier: Apache-2.0

import {
  committeeHashOf,
  committeeCodec,
  hashCodec,
  list,
  notarySignatureCodec,
  possessionDigest,
  record,
  rotationDigest,
  version1,
  type Committee,
  type MspId,
  type NotarySignature,
  type Decoded,
} from '@gridpeg/protocol';
import { join } from 'node:path';
import { notaryFolder } from '../committee/notary-keys';
import { PeggedNetwork } from '../consortium/consortium';
import { userIdentity } from '../consortium/network-connection';
import { CommandError } from '../errors/command-error';
import { openSigningKey, type SigningKey } from '../notary';
import { GovernedChain } from './governed-chain';

/** A hand-over that is being signed: what a rotation holds, with proofs of possession in the order they came. */
export const rotationDraftCodec = record({
  version: version1,
  previous: hashCodec,
  next: committeeCodec,
  signatures: list(notarySignatureCodec, 0, 32),
  possessions: list(notarySignatureCodec, 0, 32),
});
export type RotationDraft = Decoded<typeof rotationDraftCodec>;

/** The committee that the other chains trust for one. @throws CommandError CHAIN_UNKNOWN; PegError */
export async function trustedCommittee(network: PeggedNetwork, chainName: string): Promise<Committee> {
  const own = network.chain(chainName);
  const known = await Promise.all(
    network.state.chains.map((chain) => new GovernedChain(network, chain).reader.getConfiguration()),
  );
  const trust = known.flatMap(({ chains }) => chains).find(({ chainId }) => chainId === own.chainId);
  if (trust !== undefined) return trust.committee;
  throw new CommandError('CHAIN_UNKNOWN', `no chain trusts ${chainName}`, 'Name one that a lane leads away from.');
}

/**
 * Who signs next: a committee with some keys replaced.
 *
 * @param keys - public keys by MSP id, as base64 of a SubjectPublicKeyInfo
 * @throws CommandError ORGANIZATION_UNKNOWN
 */
export function draftRotation(previous: Committee, keys: ReadonlyMap<string, string>): RotationDraft {
  const strangers = [...keys.keys()].filter((name) => !previous.notaries.some(({ mspId }) => mspId === name));
  if (strangers.length > 0) {
    const known = previous.notaries.map(({ mspId }) => mspId).join(', ');
    const what = `${strangers.join(', ')} sign in no committee of that chain (${known})`;
    throw new CommandError('ORGANIZATION_UNKNOWN', what, 'Another membership is `propose replace-committee`.');
  }
  return {
    ...{ version: 1, previous: committeeHashOf(previous), signatures: [], possessions: [] },
    next: {
      ...previous,
      epoch: previous.epoch + 1,
      notaries: previous.notaries.map(({ mspId, publicKey }) => ({ mspId, publicKey: keys.get(mspId) ?? publicKey })),
    },
  };
}

/** Whose notary signs a rotation, and where its keys lie. */
export interface RotationSigner {
  readonly notary: MspId;
  /** Undefined means in the network's folder. */
  readonly signingKey: string | undefined;
  /** Undefined means the present one. */
  readonly nextKey: string | undefined;
}

/** Where keys and certificates are found. */
export interface KeyPlace {
  readonly stateDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Adds a notary's consent, by its present key, and the proof that it holds its next one.
 *
 * @throws CommandError KEY_DIFFERS, ACCOUNT_UNKNOWN, and what opening a key throws
 */
export async function signRotation(
  place: KeyPlace,
  draft: RotationDraft,
  { notary, signingKey, nextKey }: RotationSigner,
): Promise<RotationDraft> {
  const location = signingKey ?? join(notaryFolder(place.stateDir, notary), 'signing-key.pem');
  const present = await open(place, notary, location);
  const next = nextKey === undefined ? present : await open(place, notary, nextKey);
  const listed = draft.next.notaries.find(({ mspId }) => mspId === notary)?.publicKey;
  if (listed !== next.publicKey) {
    const what = `${notary}'s next key is not the one that the file names`;
    throw new CommandError('KEY_DIFFERS', what, 'Give it with --next-key, or draft again.');
  }
  const { previous, next: committee } = draft;
  const consent = await signed(notary, present, rotationDigest(previous, committee));
  const possession = await signed(notary, next, possessionDigest(previous, committee, notary));
  return {
    ...draft,
    signatures: [...draft.signatures.filter((other) => other.notary !== notary), consent],
    possessions: [...draft.possessions.filter((other) => other.notary !== notary), possession],
  };
}

async function signed(notary: NotarySignature['notary'], key: SigningKey, digest: Buffer): Promise<NotarySignature> {
  return { notary, signature: (await key.sign(digest)).toString('base64') };
}

function open({ stateDir, environment }: KeyPlace, notary: string, location: string): Promise<SigningKey> {
  const network = PeggedNetwork.read(stateDir);
  const holder = network.holder(notary);
  const { certificate, privateKey } = userIdentity(holder.organization.mspId, holder.user);
  return openSigningKey(location, { environment, tls: () => ({ own: { certificate, privateKey }, authorities: [] }) });
}

/**
 * Submits a rotation on every chain.
 *
 * @throws CommandError ROTATION_INCOMPLETE; PegError
 */
export async function submitRotation(
  network: PeggedNetwork,
  { possessions, ...draft }: RotationDraft,
): Promise<ReadonlyArray<{ readonly chain: string; readonly result: string }>> {
  const rotation = {
    ...draft,
    possessions: draft.next.notaries.flatMap(
      ({ mspId }) => possessions.find(({ notary }) => notary === mspId)?.signature ?? [],
    ),
  };
  const missing = draft.next.notaries.filter(({ mspId }) => !possessions.some(({ notary }) => notary === mspId));
  if (missing.length > 0) {
    const names = missing.map(({ mspId }) => mspId).join(', ');
    const what = `${names} have not shown that they hold their next keys`;
    throw new CommandError('ROTATION_INCOMPLETE', what, 'Each runs `gridpeg governance rotation sign`.');
  }
  const done = [];
  for (const chain of network.state.chains) {
    const result = await new GovernedChain(network, chain).rotate(rotation);
    done.push({ chain: chain.name, result });
  }
  return done;
}
