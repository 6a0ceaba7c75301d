// SPDX-License-Identifier: Apache-2.0
/** One failed test says that a mutant is noticed: the others are skipped. Stryker cannot make Jest stop there. */
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  #noticed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) this.#noticed = true;
    if (name === 'test_start' && this.#noticed) test.mode = 'skip';
  }
};
