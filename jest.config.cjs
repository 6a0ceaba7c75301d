// SPDX-License-Identifier: Apache-2.0
// Tests run as compiled by `tsc -b`: what is tested is what is shipped, and nothing is compiled twice.

const compiled = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {},
  // Copies of packages, which would go by the same names.
  modulePathIgnorePatterns: ['<rootDir>/chaincode/[^/]+/bundle', '<rootDir>/gateway-app/bundle'],
};

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: '100%',
  // On a busy machine the end of a worker with much memory takes longer than the half second that Jest gives it.
  workerGracefulExitTimeout: 10_000,
  // For the real networks; Jest takes it from here only, not from a project.
  testTimeout: 10 * 60 * 1000,
  reporters: ['default', '<rootDir>/scripts/summary-reporter.cjs'],
  projects: [
    {
      ...compiled,
      displayName: 'unit',
      roots: ['<rootDir>/chaincode', '<rootDir>/network', '<rootDir>/gateway-app'],
      testMatch: ['**/dist/**/*.test.js'],
      setupFiles: ['<rootDir>/scripts/quiet-contract-log.cjs'],
    },
    {
      ...compiled,
      displayName: 'integration',
      roots: ['<rootDir>/test'],
      testMatch: ['**/dist/**/*.test.js'],
      // They need programs that not everybody has: `npm run test:hsm`, and a container engine: `npm run test:docker`.
      testPathIgnorePatterns: ['/dist/hsm/', ...(process.env.GRIDPEG_DRIVER === 'docker' ? [] : ['/dist/image/'])],
      // These share one real network and the machine's cores: one file at a time.
      runner: '<rootDir>/scripts/network-runner.cjs',
    },
  ],
};
