// SPDX-License-Identifier: Apache-2.0

import { type TlsCredentials } from '../messages/mutual-tls';

/** What holds a key that does not leave it: it is given digests. */
export interface DigestSigner {
  /** SubjectPublicKeyInfo, DER */
  publicKey(): Promise<Buffer>;
  /** @param digest - 32 bytes. @returns strict DER */
  signDigest(digest: Buffer): Promise<Buffer>;
}

/** What keys that are no file need to be reached. */
export interface KeySurroundings {
  /** What a PKCS#11 module is configured by. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who the notary is now to a remote signer on https, and the authority that vouches for the signer. */
  readonly tls: () => TlsCredentials;
}
