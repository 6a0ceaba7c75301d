// SPDX-License-Identifier: Apache-2.0

import { assetIdCodec, classOf, type Account, type Note, type NoteId, type NotesResponse } from '@gridpeg/protocol';
import { type PeggedNetwork } from '../consortium/consortium';
import { namedNotes } from '../consortium/select-notes';
import { mergeNotes } from '../consortium/spend-notes';
import { recipientOn, type Recipient } from './recipient-on';
import { sendNotes, type Sent } from './send-notes';
import { spend, spenderOn, type Spending } from './spender';

/** A transaction that made or ended notes. */
export interface Moved extends NotesResponse {
  readonly blockNumber: bigint;
}

/**
 * Makes notes of an asset, as its issuer on its home chain.
 *
 * @param by - undefined: the first of its issuers whose keys are here
 * @throws PegError NOT_ISSUER, ISSUE_LIMIT_REACHED and others; CommandError as the names given are not known
 */
export async function issue(
  network: PeggedNetwork,
  request: {
    readonly by: string | undefined;
    readonly asset: string | undefined;
    readonly quantity: bigint;
    readonly memo: string;
    readonly recipient: Recipient;
  },
): Promise<{ readonly moved: Moved; readonly recipient: Account; readonly unit: string }> {
  const { quantity, memo } = request;
  const { id, unit, issuers } = network.asset(request.asset);
  const home = network.homeOf(id);
  // Where nobody's keys are here, the first is named by the error.
  const issuer = issuers.find((each) => network.findHolder(each) !== undefined) ?? issuers[0] ?? '';
  const holder = network.holder(request.by ?? issuer);
  const recipient = await recipientOn(network, home, request.recipient);
  const { answer, blockNumber } = await network
    .client(home, holder)
    .issue({ asset: assetIdCodec.decode(id, 'asset'), outputs: [{ recipient, quantity, memo }] });
  return { moved: { ...answer, blockNumber }, recipient, unit };
}

/** Gives notes to another account on the same chain. @throws PegError; CommandError as the names given are not known */
export async function pay(
  network: PeggedNetwork,
  request: Spending & { readonly chain: string; readonly memo: string; readonly recipient: Recipient },
): Promise<{ readonly moved: Moved; readonly recipient: Account }> {
  const { quantity, memo } = request;
  const spender = spenderOn(network, request.chain, request.by);
  const recipient = await recipientOn(network, spender.chain, request.recipient);
  const { answer, blockNumber } = await spend(network, spender, request, {}, (notes) =>
    spender.client.transfer({ noteIds: notes.map(({ id }) => id), outputs: [{ recipient, quantity, memo }] }),
  );
  return { moved: { ...answer, blockNumber }, recipient };
}

/**
 * Ends value that was consumed: at home the notes end, away from home a retirement packet goes home.
 *
 * @throws PegError; CommandError as the names given are not known
 */
export async function retire(
  network: PeggedNetwork,
  request: Spending & { readonly chain: string; readonly memo: string },
): Promise<{ readonly moved: Moved } | { readonly sent: Sent }> {
  const { quantity, memo, chain } = request;
  const spender = spenderOn(network, chain, request.by);
  const isHome = network.homeOf(network.asset(request.asset).id).name === chain;
  return spend(network, spender, request, isHome ? { only: 'at-home' } : {}, async (notes) => {
    const cameBy = notes[0]?.label.path.at(-1);
    if (cameBy === undefined) {
      const { answer, blockNumber } = await spender.client.retire({ noteIds: notes.map(({ id }) => id), quantity });
      return { moved: { ...answer, blockNumber } };
    }
    const lane = network.returnLane(network.lane(cameBy)).id;
    const output = { kind: 'retirement', recipient: spender.holder.account, quantity, memo } as const;
    return { sent: await sendNotes(spender, { lane, notes, output, deadlineMs: 0n }) };
  });
}

/** Notes of one asset and label that were made one. */
export interface Merged {
  readonly asset: string;
  readonly path: readonly string[];
  readonly quantity: bigint;
  /** How many there were. */
  readonly notes: number;
  readonly noteId: NoteId;
}

/**
 * Makes one note of several of an account, for each asset and each way that value came by.
 *
 * @param request - names the notes; undefined asset and no notes: all that the account holds on the chain
 * @throws PegError NOTE_SPENT when another transaction spends one meanwhile; CommandError NOTE_UNKNOWN, ASSET_UNKNOWN
 */
export async function merge(
  network: PeggedNetwork,
  request: Omit<Spending, 'quantity'> & { readonly chain: string },
): Promise<readonly Merged[]> {
  const { client, holder } = spenderOn(network, request.chain, request.by);
  const pages = client.notesPages(holder.account);
  const asset = request.asset === undefined ? undefined : network.asset(request.asset).id;
  const all = request.notes.length > 0 ? await namedNotes(pages, request.notes) : await client.notes(holder.account);
  const classes = new Map<string, readonly Note[]>();
  for (const note of all.filter((each) => asset === undefined || each.asset === asset))
    classes.set(classOf(note), [...(classes.get(classOf(note)) ?? []), note]);
  const merged: Merged[] = [];
  for (const notes of classes.values()) {
    if (notes.length < 2) continue;
    const [one] = await mergeNotes(client, holder.account, notes, 1);
    if (one === undefined) throw new Error('notes were merged to none');
    const { quantity, id, label } = one;
    merged.push({ asset: one.asset, path: label.path, quantity, notes: notes.length, noteId: id });
  }
  return merged;
}
