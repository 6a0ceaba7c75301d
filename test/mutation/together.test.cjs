// SPDX-License-Identifier: Apache-2.0
// All test files as one, in one environment: for each mutant Jest would load the code again for each file.
/* global describe, test, testFiles */
const { basename, dirname, join } = require('node:path');

const fastCheck = require('fast-check');

const root = dirname(dirname(__dirname));
fastCheck.default = require('./brief-fast-check.cjs').default;

for (const file of testFiles) {
  describe(basename(file), () => {
    try {
      require(join(root, file));
    } catch (error) {
      test('loads', () => {
        throw error;
      });
    }
  });
}
