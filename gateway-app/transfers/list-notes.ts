// SPDX-License-Identifier: Apache-2.0

import { accountCodec, type Note } from '@gridpeg/protocol';
import { type PeggedNetwork } from '../consortium/consortium';
import { parseByCodec } from '../input/parse-option';

/** An unspent note and the chain that it is on. */
export interface HeldNote extends Note {
  readonly chain: string;
}

/**
 * Unspent notes.
 *
 * @param wanted - `chain`: on one chain, else on all; `owner`: of one account, else of every user whose keys are here
 * @throws CommandError CHAIN_UNKNOWN, ACCOUNT_UNKNOWN, USAGE; PegError
 */
export async function listNotes(
  network: PeggedNetwork,
  wanted: { readonly chain?: string | undefined; readonly owner?: string | undefined },
): Promise<readonly HeldNote[]> {
  const chains = wanted.chain === undefined ? network.state.chains : [network.chain(wanted.chain)];
  const owners = ownersOf(network, wanted.owner);
  const found = chains.flatMap((chain) => {
    const client = network.client(chain, network.reader(chain));
    return owners.map(async (owner) => (await client.notes(owner)).map((note) => ({ chain: chain.name, ...note })));
  });
  return (await Promise.all(found)).flat();
}

function ownersOf(network: PeggedNetwork, owner: string | undefined): ReadonlyArray<Note['owner']> {
  if (owner === undefined) {
    // An imported identity may be one that is here already.
    const accounts = network.state.organizations.flatMap(({ mspId, users }) =>
      users.map(({ name }) => network.holder(`${mspId}/${name}`).account),
    );
    return [...new Set(accounts)];
  }
  // An account need not have its keys here to be looked at.
  return [owner.includes('@') ? parseByCodec(accountCodec, owner, '--owner') : network.holder(owner).account];
}
