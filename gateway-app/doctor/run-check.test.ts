// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { runCheck } from './run-check';

test('a check that does not end is CHECK_UNFINISHED', async () => {
  const endless = { name: 'endless', run: () => new Promise<never>(() => undefined) };
  expect(await runCheck(endless, 20)).toMatchObject([{ check: 'endless', status: 'fail', code: 'CHECK_UNFINISHED' }]);
});

test('a check that fails says with which code', async () => {
  const failing = { name: 'failing', run: () => Promise.reject(new Error('x')) };
  expect(await runCheck(failing, 1000)).toMatchObject([{ check: 'failing', status: 'fail', code: 'UNEXPECTED' }]);
  const missing = { name: 'missing', run: () => Promise.resolve([readFileSync('/no/such') as never]) };
  expect(await runCheck(missing, 1000)).toMatchObject([{ status: 'fail', code: 'FILE_MISSING' }]);
});
