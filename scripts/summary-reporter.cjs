// SPDX-License-Identifier: Apache-2.0
const { appendFileSync, writeSync } = require('node:fs');
const { relative } = require('node:path');

const shownSuites = 12;

/**
 * Prints which test files took longest, then `N passed, N failed` as the very last line of the run, and fails a run
 * that left tests out. Appends the durations of all files to the file that GRIDPEG_DURATIONS names, one a line, as
 * seconds, a tab and the test file.
 *
 * A test that was skipped or is still to be written counts as failed, and so does a file that could not be run. Tests
 * that the caller left out by `--testNamePattern` don't count.
 */
module.exports = class SummaryReporter {
  #leftOut = 0;
  #filtered;
  #rootDir;

  constructor(globalConfig) {
    this.#rootDir = globalConfig.rootDir;
    this.#filtered = Boolean(globalConfig.testNamePattern);
  }

  onRunComplete(_contexts, results) {
    this.#leftOut = this.#filtered ? 0 : results.numPendingTests + results.numTodoTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + this.#leftOut;
    this.#printLongest(results.testResults);
    process.once('exit', () => writeSync(1, `${results.numPassedTests} passed, ${failed} failed\n`));
  }

  #printLongest(suites) {
    const timed = suites.map(({ testFilePath, perfStats }) => ({
      name: relative(this.#rootDir, testFilePath),
      seconds: (perfStats.end - perfStats.start) / 1000,
    }));
    timed.sort((a, b) => b.seconds - a.seconds);
    const file = process.env['GRIDPEG_DURATIONS'];
    if (file) appendFileSync(file, timed.map(({ name, seconds }) => `${seconds.toFixed(1)}\t${name}\n`).join(''));
    const lines = timed
      .slice(0, shownSuites)
      .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`);
    if (lines.length > 1) writeSync(1, `The test files that took longest:\n${lines.join('\n')}\n`);
  }

  getLastError() {
    if (this.#leftOut > 0) return new Error(`${this.#leftOut} tests were skipped: run them, or remove them`);
  }
};
