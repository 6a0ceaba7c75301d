// SPDX-License-Identifier: Apache-2.0
/**
 * Says of each outer block whether a test of it failed, as a line `trial <name> <verdict>`, and skips what follows one.
 */
const { TestEnvironment } = require('jest-environment-node');

const isOuter = (block) => block?.parent !== undefined && block.parent.parent === undefined;

module.exports = class extends TestEnvironment {
  #failed = false;

  handleTestEvent({ name, test, describeBlock }) {
    if (name === 'test_start' && this.#failed) test.mode = 'skip';
    if (name === 'test_done' && test.errors.length > 0) this.#failed = true;
    if (isOuter(describeBlock)) this.#sayOf(describeBlock, name);
  }

  #sayOf({ name: trial }, event) {
    if (event === 'run_describe_start') {
      this.#failed = false;
      process.stdout.write(`\ntrial ${trial} begins\n`);
    }
    if (event === 'run_describe_finish') {
      process.stdout.write(`\ntrial ${trial} ${this.#failed ? 'failed' : 'passed'}\n`);
    }
  }
};
