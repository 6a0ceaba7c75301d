// SPDX-License-Identifier: Apache-2.0

import { type ConnectionOptions } from '../../client';

/** A chain that the notary's organization is a member of. */
export interface NotaryChain extends ConnectionOptions {
  readonly name: string;
  /** `<channel>-<hash of the genesis block's header>` */
  readonly chainId: string;
}

/** Where a notary of the committee answers. */
export interface NotaryAddress {
  readonly mspId: string;
  /** As `http://127.0.0.1:7310`; the path is added. */
  readonly url: string;
}

/** All that one notary daemon is told; everything else it reads from its ledgers. */
export interface NotaryConfig {
  readonly mspId: string;
  /** PEM file of the P-256 private key whose public half is in the committee. */
  readonly signingKeyFile: string;
  /** Folder for the memory of what was signed; made when missing, may be emptied. */
  readonly dataDir: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** The committee's addresses, its own may be among them. */
  readonly notaries: readonly NotaryAddress[];
  /** Whether it also carries certificates between the chains it is a member of. */
  readonly relay: boolean;
  /** The chains it is a member of, its home chain first. */
  readonly chains: readonly NotaryChain[];
  /** How long a relay of rank n waits, n times, before it steps in for others; 2000 unless told otherwise. */
  readonly takeoverDelayMs?: number;
}
