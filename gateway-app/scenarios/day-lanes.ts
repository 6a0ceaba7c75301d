// SPDX-License-Identifier: Apache-2.0

import { assetIdShape, laneIdShape } from '@gridpeg/protocol';

/** What moves all day. */
export const energy = assetIdShape.read('city/energy', 'asset');

/** The lanes that the day uses: all six between the three chains. */
export const dayLanes = {
  cityCharging: laneIdShape.read('city-charging', 'lane'),
  chargingCity: laneIdShape.read('charging-city', 'lane'),
  cityMicrogrid: laneIdShape.read('city-microgrid', 'lane'),
  microgridCity: laneIdShape.read('microgrid-city', 'lane'),
  microgridCharging: laneIdShape.read('microgrid-charging', 'lane'),
  chargingMicrogrid: laneIdShape.read('charging-microgrid', 'lane'),
} as const;
