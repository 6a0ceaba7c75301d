// SPDX-License-Identifier: Apache-2.0

import { type TlsCredentials } from '../messages/mutual-tls';

/** A device or service that signs digests with a key which never leaves it. */
export interface DigestSigner {
  /** SubjectPublicKeyInfo, DER */
  publicKey(): Promise<Buffer>;
  /** @param digest - 32 bytes. @returns strict DER */
  signDigest(digest: Buffer): Promise<Buffer>;
}

/** What is needed to reach keys that are not files. */
export interface KeySurroundings {
  /** What a PKCS#11 module is configured by. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who the notary is now to a remote signer on https, and the authority that vouches for the signer. */
  readonly tls: () => TlsCredentials;
}
