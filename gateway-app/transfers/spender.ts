// SPDX-License-Identifier: Apache-2.0

import { assetIdCodec, type Note } from '@gridpeg/protocol';
import { type PegClient } from '../client';
import { type ChainState, type Holder, type PeggedNetwork } from '../consortium/consortium';
import { namedNotes, type Wanted } from '../consortium/select-notes';
import { spendNotes } from '../consortium/spend-notes';

/** Somebody who spends notes on a chain. */
export interface Spender {
  readonly chain: ChainState;
  readonly holder: Holder;
  readonly client: PegClient;
}

/** What is to be spent. */
export interface Spending {
  /** A user whose keys are here, as ChargingMSP/User1. */
  readonly by: string;
  /** A quantity in the asset's unit, > 0. */
  readonly quantity: bigint;
  /** Undefined means the only one that there is. */
  readonly asset: string | undefined;
  /** Ids of the notes to spend; some are chosen where none is named. */
  readonly notes: readonly string[];
}

/** @throws CommandError CHAIN_UNKNOWN, ACCOUNT_UNKNOWN */
export function spenderOn(network: PeggedNetwork, chainName: string, user: string): Spender {
  const chain = network.chain(chainName);
  const holder = network.holder(user);
  return { chain, holder, client: network.client(chain, holder) };
}

/**
 * Spends the notes that are named, or chooses some.
 *
 * @param action - submits the transaction
 * @throws CommandError ASSET_UNKNOWN, NOTE_UNKNOWN, NOTES_INSUFFICIENT, and what `action` throws
 */
export async function spend<T>(
  network: PeggedNetwork,
  { holder, client }: Spender,
  { asset: name, quantity, notes }: Spending,
  preference: Pick<Wanted, 'cameBy' | 'only'>,
  action: (notes: readonly Note[]) => Promise<T>,
): Promise<T> {
  const asset = assetIdCodec.decode(network.asset(name).id, 'asset');
  if (notes.length > 0) return action(await namedNotes(client.notesPages(holder.account), notes));
  return spendNotes(client, holder.account, { ...preference, asset, quantity }, action);
}
