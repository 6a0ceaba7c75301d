// SPDX-License-Identifier: Apache-2.0

import { judgeNotaries, type NotaryFacts } from './judge-peg';

const notary = (mspId: string, ...fullLanes: readonly string[]): NotaryFacts => ({
  ...{ mspId, node: `notary.${mspId}`, state: 'running', answers: true, publicKey: undefined },
  fullLanes,
  signingError: undefined,
});

test('the doctor names a notary that runs and cannot sign, with why', () => {
  const [finding, ...more] = judgeNotaries(
    [{ ...notary('GridMSP'), signingError: 'SIGNING_HISTORY_FAILED' }, notary('ChargingMSP')],
    [],
  );
  expect(finding).toMatchObject({ status: 'fail', code: 'NOTARY_CANNOT_SIGN' });
  expect(finding?.what).toBe('notary notary.GridMSP runs and cannot sign: SIGNING_HISTORY_FAILED');
  expect(more).toEqual([]);
});

describe('T47: the doctor on windows', () => {
  test('names each lane that waits for room in its window once', () => {
    const notaries = [notary('GridMSP', 'charging-city'), notary('ChargingMSP', 'charging-city', 'microgrid-city')];
    expect(judgeNotaries(notaries, [])).toMatchObject([
      { status: 'warn', code: 'LANE_WINDOW_FULL', what: expect.stringContaining('lane charging-city ') as string },
      { status: 'warn', code: 'LANE_WINDOW_FULL', what: expect.stringContaining('lane microgrid-city ') as string },
    ]);
  });
  test('finds nothing where no window is full', () => {
    expect(judgeNotaries([notary('GridMSP')], [])).toMatchObject([{ status: 'ok' }]);
  });
});
