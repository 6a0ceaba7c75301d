// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';

test('T32: a promise that is rejected and that nobody waits for is reported, and ends nothing', () => {
  const script = `
    const { onStrayRejection } = require(${JSON.stringify(require.resolve('./stray-rejections'))});
    onStrayRejection(() => console.log('replaced'));
    onStrayRejection(({ message }) => console.log(message));
    Promise.reject(new Error('stray'));
    setTimeout(() => console.log('goes on'), 20);`;
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('stray\ngoes on\n');
});
