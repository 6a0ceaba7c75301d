// SPDX-License-Identifier: Apache-2.0
const { readFileSync } = require('node:fs');
const { default: TestRunner } = require('jest-runner');

/**
 * Jest's own runner, one test file at a time (`maxWorkers` can't be set for one project only): first the files that
 * share one network, then those that bring up their own. So the shared network takes no time from any other tests.
 */
module.exports = class NetworkRunner extends TestRunner {
  isSerial = true;

  async runTests(tests, ...rest) {
    const sharing = tests.filter(({ path }) => /harness\/network\/shared-network['"]/.test(readFileSync(path, 'utf8')));
    const others = tests.filter((test) => !sharing.includes(test));
    if (sharing.length > 0) {
      const { whileSharedNetworkIsUp } = require('../test/dist/harness/network/shared-network.js');
      await whileSharedNetworkIsUp(() => super.runTests(sharing, ...rest));
    }
    if (others.length > 0) await super.runTests(others, ...rest);
  }
};
