// SPDX-License-Identifier: Apache-2.0

const { projects, reporters, testTimeout } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  rootDir: '../..',
  testTimeout,
  reporters,
  projects: [
    {
      ...projects.find(({ displayName }) => displayName === 'integration'),
      displayName: 'hsm',
      testMatch: ['**/dist/hsm/**/*.test.js'],
      testPathIgnorePatterns: [],
    },
  ],
};
