// SPDX-License-Identifier: Apache-2.0

import { limits, type AssetId, type Label, type Lane, type Refusal } from '@gridpeg/protocol';

/** Value comes back where it came from: burnt on this side, released on the other. */
export function unwinds(label: Label, lane: Lane): boolean {
  return label.path.at(-1) === lane.returnLaneId;
}

/** The label that value has behind this lane: one step undone, or one more lane. */
export function labelBehind(label: Label, lane: Lane): Label {
  const path = unwinds(label, lane) ? label.path.slice(0, -1) : [...label.path, lane.id];
  return { home: label.home, path };
}

/** The rules of a lane for one transfer, the same at both of its ends. */
export function laneRefusal(
  lane: Lane,
  transfer: { readonly asset: AssetId; readonly label: Label; readonly quantity: bigint },
): Refusal | undefined {
  if (!lane.assets.includes(transfer.asset)) return { code: 'ASSET_NOT_ALLOWED', asset: transfer.asset };
  if (transfer.quantity > lane.maximumQuantity) {
    return { code: 'QUANTITY_ABOVE_LIMIT', maximum: lane.maximumQuantity.toString() };
  }
  if (labelBehind(transfer.label, lane).path.length > limits.pathLength) {
    return { code: 'PATH_TOO_LONG', maximum: limits.pathLength };
  }
  return undefined;
}
