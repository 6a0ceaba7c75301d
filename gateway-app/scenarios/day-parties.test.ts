// SPDX-License-Identifier: Apache-2.0

import { builtInTopology, loadTopology } from '@gridpeg/network';
import { dayParties } from './day-parties';
import { PeggedNetwork } from '../consortium/consortium';

test('a topology that does not say who takes part in the day is told so', () => {
  const peg = { ...loadTopology(builtInTopology('dev')).peg, day: undefined };
  const network = new PeggedNetwork({ format: 1, topology: 'mine', chains: [], organizations: [], peg });
  expect(() => dayParties(network)).toThrow(
    /^topology mine does not say who takes part in the day \(peg\.day\)\. [^\n]+\.$/,
  );
  expect(() => dayParties(network)).toThrow(expect.objectContaining({ code: 'PARTIES_NOT_IN_TOPOLOGY' }) as Error);
});
