// SPDX-License-Identifier: Apache-2.0
// `npm run test:mutation`; how survivors were judged: docs/mutation.md.
import { readdirSync } from 'node:fs';

/** @param {string} folder - @returns {string[]} the test files in it */
export const testsIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);

/**
 * Mutates files, and runs on each mutant those of some tests that reach it, until one fails.
 *
 * @param {string} name - of the report
 * @param {string[]} files - patterns of what is mutated
 * @param {string[]} testFiles - the first fails first, so it should be a fast one that reaches much
 * @returns {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export const mutating = (name, files, testFiles) => ({
  mutate: [...files, '!**/*.test.ts', '!**/testing/**'],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    configFile: 'test/mutation/jest.config.cjs',
    config: { globals: { testFiles } },
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  // Of the repository, what these tests read.
  ignorePatterns: [
    '**',
    ...['!chaincode/**', '!test/mutation/*', '!tsconfig.base.json', '!package.json'],
    ...['chaincode/*/bundle', '**/dist', '**/node_modules'],
  ],
  tempDirName: 'test/mutation/.stryker',
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, allowEmojis: false },
  jsonReporter: { fileName: `test/mutation/reports/${name}.json` },
  concurrency: 1,
  timeoutMS: 30_000,
  thresholds: { high: 95, low: 90, break: 90 },
});
