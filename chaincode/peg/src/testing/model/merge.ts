// SPDX-License-Identifier: Apache-2.0

import { type Call, type Decision, done, refused } from './calls';
import type { DesignError } from './design-errors';
import { type State, withChain } from './state';

/** Escrow notes of several units, made by merging; docs/spec/03-transfer.md section 3.8. */
type Merge = Extract<Call, { do: 'merge' }>;

/** What a call names the escrow of the lane to the third chain. */
export const otherEscrowName = 'of another lane';

const separator = ' + ';

/** The name of the note that others were merged into, or what is left of one: a unit for each name. */
export function merged(names: readonly string[]): string {
  return names.join(separator);
}

/** The units of an escrow note. */
export function unitsOf(name: string): readonly string[] {
  return name.split(separator);
}

export function decideMerge(state: State, { on, escrow }: Merge, error: DesignError | undefined): Decision {
  if (state.chains[on].laneStatuses.out.state === 'frozen') return refused('LANE_FROZEN');
  const strange = escrow.includes(otherEscrowName) && error !== 'a merge takes escrow of any lane';
  return strange ? refused('ESCROW_SPENT') : done;
}

export function applyMerge(state: State, { on, escrow: named }: Merge): State {
  const { escrow, otherEscrow } = state.chains[on];
  const left = escrow.filter((name) => !named.includes(name));
  return withChain(state, on, {
    escrow: [...left, merged(named)].sort(),
    otherEscrow: otherEscrow - (named.includes(otherEscrowName) ? 1 : 0),
  });
}

/** What a merge reads of the ledger, as text. */
export function readByMerge(state: State, { on, escrow: named }: Merge): string {
  const { epoch, laneStatuses, escrow } = state.chains[on];
  return JSON.stringify([epoch, laneStatuses.out, named.map((name) => escrow.includes(name))]);
}
