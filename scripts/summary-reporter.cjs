// SPDX-License-Identifier: Apache-2.0
const { writeSync } = require('node:fs');

/**
 * Prints `N passed, N failed` as the very last line of the run, and fails a run that left tests out.
 *
 * A test that was skipped or is still to be written counts as failed, and so does a file that could not be run. Tests
 * that the caller left out by `--testNamePattern` don't count.
 */
module.exports = class SummaryReporter {
  #leftOut = 0;
  #filtered;

  constructor(globalConfig) {
    this.#filtered = Boolean(globalConfig.testNamePattern);
  }

  onRunComplete(_contexts, results) {
    this.#leftOut = this.#filtered ? 0 : results.numPendingTests + results.numTodoTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + this.#leftOut;
    process.once('exit', () => writeSync(1, `${results.numPassedTests} passed, ${failed} failed\n`));
  }

  getLastError() {
    if (this.#leftOut > 0) return new Error(`${this.#leftOut} tests were skipped: run them, or remove them`);
  }
};
