// SPDX-License-Identifier: Apache-2.0

import { laneIdCodec } from '@gridpeg/protocol';
import { certificatesUnderWay } from './certificates-under-way';

const lane = laneIdCodec.decode('city-charging', 'lane');
const line = (time: number, tookMs: number, changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ level: 30, time, lane, do: 'deliver', tookMs, msg: 'delivered', ...changes });

describe('certificatesUnderWay', () => {
  it('tells how many overlap, and for how long', () => {
    // 0 to 100, 50 to 150, 100 to 200, nothing, 300 to 350
    const log = [line(1100, 100), line(1150, 100), line(1200, 100), line(1350, 50)];
    expect(certificatesUnderWay(log, lane, 1000)).toEqual({
      ...{ count: 4, meanSeconds: 0.088, meanUnderWay: 1.4, mostUnderWay: 2 },
    });
  });

  it.each([
    ['settlements', line(1100, 100, { msg: 'settled' })],
    ['other lanes', line(1100, 100, { lane: 'charging-city' })],
    ['what was before', line(999, 100)],
    ['text that is no JSON', 'node: something'],
  ])('leaves out %s', (_, other) => {
    expect(certificatesUnderWay([other], lane, 1000)).toEqual({
      ...{ count: 0, meanSeconds: 0, meanUnderWay: 0, mostUnderWay: 0 },
    });
  });
});
