// SPDX-License-Identifier: Apache-2.0

import { type ClientIdentity, type ConnectionOptions } from '../../client';

/** A chain that the notary's organization is a member of. */
export interface NotaryChain extends ConnectionOptions {
  readonly name: string;
  /** `<channel>-<hash of the genesis block's header>` */
  readonly chainId: string;
}

/** Where a notary of the committee answers. */
export interface NotaryAddress {
  readonly mspId: string;
  /** As `https://127.0.0.1:7310`; the path is added. */
  readonly url: string;
}

/** The whole configuration of one notary daemon; everything else it reads from its ledgers. */
export interface NotaryConfig {
  readonly mspId: string;
  /** Who it is on its ledgers, and to the other notaries. */
  readonly identity: ClientIdentity;
  /** Where the P-256 key lies whose public half is in the committee: see `openSigningKey`. */
  readonly signingKey: string;
  /** Authorities of a remote signer, PEM. */
  readonly signerAuthorities?: readonly string[];
  /** What a PKCS#11 module is configured by. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Folder of the signing history; made when it is missing, and may be emptied. */
  readonly dataDir: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** The addresses of the committee; its own may be among them. */
  readonly notaries: readonly NotaryAddress[];
  /** Whether it also carries certificates between the chains it is a member of. */
  readonly relay: boolean;
  /** The chains it is a member of, its home chain first. */
  readonly chains: readonly NotaryChain[];
  /** How long a relay of rank n waits, n times, before it steps in for others; 2000 by default. */
  readonly takeoverDelayMs?: number;
}
