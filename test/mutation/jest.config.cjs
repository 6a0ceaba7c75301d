// SPDX-License-Identifier: Apache-2.0
// Tests of the mutated code run from the sources: what is mutated is TypeScript, and a mutant need not satisfy the
// compiler.
const { dirname, join } = require('node:path');

const rootDir = dirname(dirname(__dirname));

/** @type {import('jest').Config} */
module.exports = {
  rootDir,
  roots: ['<rootDir>/chaincode/protocol/src', '<rootDir>/chaincode/peg/src', '<rootDir>/test/mutation'],
  testEnvironment: join(__dirname, 'environment.cjs'),
  testMatch: ['<rootDir>/test/mutation/together.test.cjs'],
  transform: { '[.]ts$': join(__dirname, 'transpile.cjs') },
  // Not by the links in node_modules, which lead to the code that is not mutated.
  moduleNameMapper: {
    '^@gridpeg/protocol$': '<rootDir>/chaincode/protocol/src/index.ts',
    '^@gridpeg/protocol/testing$': '<rootDir>/chaincode/protocol/src/testing/index.ts',
  },
};
