// SPDX-License-Identifier: Apache-2.0

import {
  classOf,
  encode,
  packetCodec,
  txIdCodec,
  type Account,
  type Note,
  type Packet,
  type SendRequest,
} from '@gridpeg/protocol';
import { type LedgerState } from '../replay/ledger-state';
import { type TransactionFacts } from '../replay/transaction-facts';

/** What a note holds, without the facts that follow from its transaction. */
export type NoteContent = Pick<Note, 'owner' | 'asset' | 'label' | 'quantity' | 'memo'>;
/** Value that was spent together. */
export type Holding = Pick<Note, 'asset' | 'label' | 'quantity'>;

/** The packets that a send makes of what was spent. */
export function packetsOf(
  request: SendRequest,
  { asset, label }: Holding,
  { transaction, caller }: TransactionFacts,
  state: LedgerState,
): readonly Packet[] {
  const lane = state.get('lane', request.laneId);
  if (lane === undefined || caller === undefined) return [];
  const { sourceChainId, destinationChainId, id: laneId } = lane;
  const txId = txIdCodec.decode(transaction.txId, 'txId');
  return request.outputs.map(({ kind, recipient, quantity, memo }, index): Packet => {
    const isRetirement = kind === 'retirement';
    return {
      ...{ version: 1, id: state.packetId(txId, index), laneId, sourceChainId, destinationChainId, txId, index, kind },
      ...{ sender: caller, recipient: isRetirement ? caller : recipient, asset, label, quantity, memo },
      deadlineMs: isRetirement ? 0n : request.deadlineMs,
    };
  });
}

/** What was spent together; undefined when nothing was, or notes of several classes. */
export function holdingOf({ spentNotes }: TransactionFacts): Holding | undefined {
  const [first] = spentNotes;
  if (first === undefined || new Set(spentNotes.map(classOf)).size > 1) return undefined;
  return { asset: first.asset, label: first.label, quantity: sumOf(spentNotes) };
}

/** The note that gives the rest of what was spent back to its owner, if there is a rest. */
export function changeOf(
  { caller }: TransactionFacts,
  holding: Holding | undefined,
  asked: bigint,
): readonly NoteContent[] {
  if (holding === undefined || caller === undefined || holding.quantity <= asked) return [];
  return [{ ...holding, owner: caller, quantity: holding.quantity - asked, memo: '' }];
}

/** The notes that a request asks for. */
export function outputsOf(
  outputs: ReadonlyArray<{ readonly recipient: Account; readonly quantity: bigint; readonly memo: string }>,
  { asset, label }: Omit<Holding, 'quantity'>,
): readonly NoteContent[] {
  return outputs.map(({ recipient: owner, quantity, memo }) => ({ owner, asset, label, quantity, memo }));
}

/** Calls `report` for each element that one of the lists has more often than the other. */
export function differences(
  expected: readonly string[],
  found: readonly string[],
  report: (element: string, isMissing: boolean) => void,
): void {
  const counts = new Map<string, number>();
  for (const element of expected) counts.set(element, (counts.get(element) ?? 0) + 1);
  for (const element of found) counts.set(element, (counts.get(element) ?? 0) - 1);
  for (const [element, count] of counts) if (count !== 0) report(element, count > 0);
}

/** A note's content as text, by which notes are compared. */
export function contentOf({ owner, asset, label, quantity, memo }: NoteContent): string {
  return [owner, quantity, classOf({ asset, label }), JSON.stringify(memo)].join(' ');
}

/** A packet as text, by which packets are compared. */
export function packetText(packet: Packet): string {
  return encode(packetCodec, packet);
}

/** The sum of quantities. */
export function sumOf(values: ReadonlyArray<{ readonly quantity: bigint }>): bigint {
  return values.reduce((total, { quantity }) => total + quantity, 0n);
}
