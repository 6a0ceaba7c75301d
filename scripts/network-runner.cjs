// SPDX-License-Identifier: Apache-2.0
const { readFileSync } = require('node:fs');
const { default: TestRunner } = require('jest-runner');

/**
 * Jest's own runner for test files with real networks, which leave the processors idle half of the time. The files that
 * share one network run one after another in this process, while that network is up. The files that bring up networks
 * of their own run one after another at the same time, in a second process.
 */
module.exports = class NetworkRunner extends TestRunner {
  isSerial = true;

  constructor(globalConfig, context) {
    super({ ...globalConfig, maxWorkers: 1 }, context);
  }

  async runTests(tests, watcher) {
    const sharing = tests.filter(({ path }) => /harness\/network\/shared-network['"]/.test(readFileSync(path, 'utf8')));
    const others = tests.filter((test) => !sharing.includes(test));
    const lines = [];
    if (sharing.length > 0) {
      const { whileSharedNetworkIsUp } = require('../test/dist/harness/network/shared-network.js');
      lines.push(whileSharedNetworkIsUp(() => super.runTests(sharing, watcher, { serial: true })));
    }
    if (others.length > 0) lines.push(super.runTests(others, watcher, { serial: lines.length === 0 }));
    const ended = await Promise.allSettled(lines);
    for (const { status, reason } of ended) if (status === 'rejected') throw reason;
  }
};
