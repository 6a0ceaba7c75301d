// SPDX-License-Identifier: Apache-2.0

import { NetworkError } from '../runtime/network-error';
import { failedBy } from './finding';

test('an expected failure is a finding with the same parts, and its remedy has no full stop', () => {
  const error = new NetworkError('STATE_UNREADABLE', 'plan.json is damaged. Twice', 'Run this. Then run that.');
  expect(failedBy('state', error)).toEqual({
    check: 'state',
    status: 'fail',
    code: 'STATE_UNREADABLE',
    what: 'plan.json is damaged. Twice',
    remedy: 'Run this. Then run that',
  });
});
