// SPDX-License-Identifier: Apache-2.0
// Tests run as compiled by `tsc -b`: what is tested is what is shipped, and nothing is compiled twice.

// They use a real network and the machine's cores: one file at a time.
const onNetworks = {
  roots: ['<rootDir>/test'],
  runner: '<rootDir>/scripts/serial-runner.cjs',
};

const compiled = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {},
  // Copies of packages, which would go by the same names.
  modulePathIgnorePatterns: ['<rootDir>/chaincode/[^/]+/bundle'],
};

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: '100%',
  // For the real networks; Jest takes it from here only, not from a project.
  testTimeout: 10 * 60 * 1000,
  reporters: ['default', '<rootDir>/scripts/summary-reporter.cjs'],
  projects: [
    {
      ...compiled,
      displayName: 'unit',
      roots: ['<rootDir>/chaincode', '<rootDir>/network', '<rootDir>/gateway-app'],
      testMatch: ['**/dist/**/*.test.js'],
    },
    {
      ...compiled,
      ...onNetworks,
      displayName: 'integration',
      testMatch: ['**/dist/**/*.test.js'],
      testPathIgnorePatterns: ['/dist/hsm/'],
      globalSetup: '<rootDir>/test/dist/harness/global-setup.js',
      globalTeardown: '<rootDir>/test/dist/harness/global-teardown.js',
    },
    {
      ...compiled,
      ...onNetworks,
      displayName: 'hsm',
      testMatch: ['**/dist/hsm/**/*.test.js'],
    },
  ],
};
