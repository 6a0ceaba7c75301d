// SPDX-License-Identifier: Apache-2.0
const { readFileSync } = require('node:fs');
const { default: TestRunner } = require('jest-runner');

/**
 * Jest's own runner for test files with real networks, which leave the processors idle half of the time. Two files run
 * at a time. The files that share one network run one after another in this process, while that network is up. The
 * files that bring up networks of their own run beside them, each in a process of its own, and two at a time once
 * the others are done.
 */
module.exports = class NetworkRunner extends TestRunner {
  isSerial = true;

  constructor(globalConfig, context) {
    super({ ...globalConfig, maxWorkers: 1 }, context);
  }

  async runTests(tests, watcher) {
    const sharing = tests.filter(({ path }) => /harness\/network\/shared-network['"]/.test(readFileSync(path, 'utf8')));
    const waiting = tests.filter((test) => !sharing.includes(test));
    const runSharing = async () => {
      if (sharing.length === 0) return;
      const { whileSharedNetworkIsUp } = require('../test/dist/harness/network/shared-network.js');
      await whileSharedNetworkIsUp(() => super.runTests(sharing, watcher, { serial: true }));
    };
    const runWaiting = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await super.runTests([next], watcher, { serial: false });
      }
    };
    const ended = await Promise.allSettled([runWaiting(), runSharing().finally(runWaiting)]);
    for (const { status, reason } of ended) if (status === 'rejected') throw reason;
  }
};
