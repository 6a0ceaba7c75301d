// SPDX-License-Identifier: Apache-2.0

import {
  channelOf,
  currentUsage,
  limits,
  Refused,
  shareOf,
  windowStart,
  type Asset,
  type AssetStatusRecord,
  type AssetUsage,
  type IssueRequest,
  type Note,
} from '@gridpeg/protocol';
import { noChanges, type Changes } from '../changes';
import { noteOf, sum } from './holding';
import { recipientRefusal } from './recipient-refusal';
import type { Transaction } from '../transaction';

/** What this ledger knows that bears on issuing. */
export interface IssueView {
  readonly asset: Asset;
  /** Undefined for an asset that was never paused. */
  readonly status: AssetStatusRecord | undefined;
  /** Of the transaction's shard, undefined before its first use. */
  readonly usage: AssetUsage | undefined;
  /** The shard of the asset's window that the transaction counts in. */
  readonly shard: number;
}

/**
 * Makes notes of an asset on its home chain; only the accounts that it names may, as much as its window allows (PEG-5,
 * PEG-15).
 *
 * @throws Refused ASSET_NOT_AT_HOME, NOT_ISSUER, ASSET_PAUSED, RECIPIENT_UNKNOWN, QUANTITY_TOO_LARGE,
 *   QUANTITY_ABOVE_LIMIT, ISSUE_LIMIT_REACHED
 * @see docs/spec/02-notes.md section 2.1
 */
export function issue(view: IssueView, request: IssueRequest, transaction: Transaction): Changes {
  const { asset, status } = view;
  if (!asset.id.startsWith(`${channelOf(transaction.chainId)}/`)) {
    throw new Refused({ code: 'ASSET_NOT_AT_HOME', asset: asset.id });
  }
  if (!asset.issuers.includes(transaction.caller)) throw new Refused({ code: 'NOT_ISSUER', asset: asset.id });
  if (status?.state === 'paused') throw new Refused({ code: 'ASSET_PAUSED', asset: asset.id });
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
    assetUsages: [usageAfter(quantity, view, transaction)],
  };
}

/** @throws Refused QUANTITY_ABOVE_LIMIT, ISSUE_LIMIT_REACHED */
function usageAfter(quantity: bigint, { asset, usage, shard }: IssueView, { timeMs }: Transaction): AssetUsage {
  const share = shareOf(asset.window);
  if (quantity > share) throw new Refused({ code: 'QUANTITY_ABOVE_LIMIT', maximum: share.toString() });
  const startMs = windowStart(asset.window, timeMs);
  const current = currentUsage(usage, startMs);
  const used = current?.used ?? 0n;
  if (used + quantity > share) {
    const available = (share > used ? share - used : 0n).toString();
    throw new Refused({ code: 'ISSUE_LIMIT_REACHED', asset: asset.id, available });
  }
  return { version: 1, asset: asset.id, shard, startMs: current?.startMs ?? startMs, used: used + quantity };
}
