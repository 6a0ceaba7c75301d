// SPDX-License-Identifier: Apache-2.0

import { classOf, type AssetId, type Label } from '@gridpeg/protocol';
import { type ClassValue } from './balances';

/** What can happen to value on one ledger: `received` makes notes, `ended` is a retirement that came in. */
type Flow = 'sent' | 'received' | 'ended' | 'givenBack' | 'issued' | 'retired';

/** Value that has flowed over a ledger since its first block, by lane and class: sums only. */
export class Flows {
  readonly #sums = new Map<string, bigint>();
  readonly #classes = new Map<string, { readonly laneId: string; readonly asset: AssetId; readonly label: Label }>();

  /** @param laneId - empty for what belongs to no lane */
  add(flow: Flow, laneId: string, { asset, label, quantity }: ClassValue): void {
    const key = keyOf(flow, laneId, { asset, label });
    this.#sums.set(key, (this.#sums.get(key) ?? 0n) + quantity);
    const name = `${laneId} ${classOf({ asset, label })}`;
    if (!this.#classes.has(name)) this.#classes.set(name, { laneId, asset, label });
  }

  sum(flow: Flow, laneId: string, value: Omit<ClassValue, 'quantity'>): bigint {
    return this.#sums.get(keyOf(flow, laneId, value)) ?? 0n;
  }

  /** Every class that has flowed over a lane. */
  classes(laneId: string): ReadonlyArray<Omit<ClassValue, 'quantity'>> {
    return [...this.#classes.values()].filter((value) => value.laneId === laneId);
  }
}

function keyOf(flow: Flow, laneId: string, value: Omit<ClassValue, 'quantity'>): string {
  return `${flow} ${laneId} ${classOf(value)}`;
}
