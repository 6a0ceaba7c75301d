// SPDX-License-Identifier: Apache-2.0

import { type Refusal, Refused } from './refusal';

test('the message of a refusal is the refusal, because Fabric hands on nothing else', () => {
  const refusal: Refusal = { code: 'EPOCH_STALE', epoch: 7 };
  const refused = new Refused(refusal);
  expect(refused).toBeInstanceOf(Error);
  expect(refused).toMatchObject({ name: 'Refused', message: '{"code":"EPOCH_STALE","epoch":7}', refusal });
});
