// SPDX-License-Identifier: Apache-2.0
/** What survives runs through all tests: of thousands of random cases the first hundreds have to do. */
const fastCheck = require('fast-check');

const { default: fc } = fastCheck;
module.exports = {
  ...fastCheck,
  __esModule: true,
  default: {
    ...fc,
    assert: (property, { numRuns = 100, ...options } = {}) =>
      fc.assert(property, { ...options, numRuns: Math.min(numRuns, 500) }),
  },
};
