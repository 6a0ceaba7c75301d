// SPDX-License-Identifier: Apache-2.0

import { labelBehind, limits, type AssetId, type Label, type Lane, type Refusal } from '@gridpeg/protocol';

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
