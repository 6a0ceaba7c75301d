// SPDX-License-Identifier: Apache-2.0

import { channelOf, limits, mspOf, Refused, type Asset, type IssueRequest, type Note } from '@gridpeg/protocol';
import { noChanges, type Changes } from './changes';
import { noteOf, sum } from './holding';
import { recipientRefusal } from './recipient-refusal';
import type { Transaction } from './transaction';

/**
 * Makes notes of an asset on its home chain; only a client of its issuer may (PEG-5).
 *
 * @throws Refused NOT_ISSUER, ASSET_NOT_AT_HOME, RECIPIENT_UNKNOWN, QUANTITY_TOO_LARGE
 * @see docs/spec/02-notes.md
 */
export function issue(asset: Asset, request: IssueRequest, transaction: Transaction): Changes {
  if (!asset.id.startsWith(`${channelOf(transaction.chainId)}/`)) {
    throw new Refused({ code: 'ASSET_NOT_AT_HOME', asset: asset.id });
  }
  if (mspOf(transaction.caller) !== asset.issuer) throw new Refused({ code: 'NOT_ISSUER', asset: asset.id });
  for (const { recipient } of request.outputs) {
    const refusal = recipientRefusal(recipient, transaction.members);
    if (refusal !== undefined) throw new Refused(refusal);
  }
  const label = { home: transaction.chainId, path: [] };
  const notes: readonly Note[] = request.outputs.map(({ recipient, quantity, memo }, index) =>
    noteOf({ owner: recipient, asset: asset.id, label, quantity, memo }, transaction, index),
  );
  const quantity = sum(notes);
  if (quantity > limits.quantity)
    throw new Refused({ code: 'QUANTITY_TOO_LARGE', maximum: limits.quantity.toString() });
  return {
    ...noChanges,
    notes,
    supply: [{ version: 1, kind: 'issued', asset: asset.id, quantity, account: transaction.caller }],
  };
}
