// SPDX-License-Identifier: Apache-2.0

import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { canonicalSignature, isNotaryKey, isP256, signMessage } from '@gridpeg/protocol';
import { PegError } from '../../client';
import { type DigestSigner, type KeySurroundings } from './digest-signer';
import { Pkcs11Key } from './pkcs11-key';
import { RemoteKey } from './remote-key';

/** A notary's signing key, wherever it lies: P-256, never seen by the notary unless it is a file. */
export interface SigningKey {
  /** Base64 of its SubjectPublicKeyInfo, as committees list it. */
  readonly publicKey: string;
  /** Signs SHA-256 of a message with ECDSA. @returns strict DER, low S. @throws PegError SIGNING_KEY_FAILED */
  sign(message: Buffer): Promise<Buffer>;
}

/**
 * Opens a signing key.
 *
 * @param location - path of a PEM file; a PKCS#11 URI (RFC 7512) with `module-path` and `pin-source` or `pin-value`; or
 * the URL of a remote signer (docs/notary.md)
 * @throws PegError SIGNING_KEY_UNUSABLE when there is none, or it is not on P-256
 */
export async function openSigningKey(location: string, surroundings: KeySurroundings): Promise<SigningKey> {
  try {
    if (/^https?:/.test(location)) return await heldElsewhere(new RemoteKey(location, surroundings.tls));
    if (location.startsWith('pkcs11:')) return await heldElsewhere(new Pkcs11Key(location, surroundings.environment));
    return fileKey(createPrivateKey(await readFile(location)));
  } catch (error) {
    if (error instanceof PegError) throw error;
    throw unusable(location, error instanceof Error ? error.message : String(error));
  }
}

function fileKey(key: KeyObject): SigningKey {
  if (!isP256(key)) throw notOnP256();
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
    sign: (message) => Promise.resolve(signMessage(key, message)),
  };
}

async function heldElsewhere(signer: DigestSigner): Promise<SigningKey> {
  const spki = await signer.publicKey();
  const publicKey = spki.toString('base64');
  if (!isNotaryKey(publicKey)) throw notOnP256();
  return {
    publicKey,
    sign: async (message) => {
      try {
        return canonicalSignature(await signer.signDigest(createHash('sha256').update(message).digest()));
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        throw new PegError({ code: 'SIGNING_KEY_FAILED', detail, cause: error });
      }
    },
  };
}

function notOnP256(): Error {
  return new Error('the key is not on P-256');
}

/** A location may hold a PIN, so what comes behind the path is not repeated. */
function unusable(location: string, detail: string): PegError {
  return new PegError({ code: 'SIGNING_KEY_UNUSABLE', details: { location: location.split('?')[0] ?? '' }, detail });
}
