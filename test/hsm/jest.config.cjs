// SPDX-License-Identifier: Apache-2.0

const { projects, reporters, testTimeout } = require('../../jest.config.cjs');

const {
  globalSetup: _shared,
  globalTeardown: _network,
  ...integration
} = projects.find(({ displayName }) => displayName === 'integration');

/** @type {import('jest').Config} */
module.exports = {
  rootDir: '../..',
  testTimeout,
  reporters,
  projects: [
    {
      ...integration,
      displayName: 'hsm',
      testMatch: ['**/dist/hsm/**/*.test.js'],
      testPathIgnorePatterns: [],
    },
  ],
};
