// SPDX-License-Identifier: Apache-2.0
const { default: TestRunner } = require('jest-runner');

/** Jest's own runner, one test file at a time: `maxWorkers` can't be set for one project only. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
