// SPDX-License-Identifier: Apache-2.0
// Tests of several changes in one process, each with the code loaded anew: Jest alone takes longer to start than they
// do.
/* global afterAll, describe, jest, test, trialsFile */
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');

// Of these there is one for all changes: they keep nothing that a change could reach, and take long to load.
const shared = {
  'fast-check': require('./brief-fast-check.cjs'),
  'fabric-contract-api': require('fabric-contract-api'),
  'fabric-shim': require('fabric-shim'),
};
for (const [name, exported] of Object.entries(shared)) jest.doMock(name, () => exported);

/** @param {string} code what stands in for the compiled file */
function evaluate(file, code) {
  const changed = { exports: {} };
  new Function('module', 'exports', 'require', code)(changed, changed.exports, createRequire(file));
  return changed.exports;
}

for (const { name, file, code, tests } of JSON.parse(readFileSync(trialsFile, 'utf8'))) {
  describe(name, () => {
    // A test that fails may leave behind what it has put in place.
    afterAll(() => jest.restoreAllMocks());
    jest.isolateModules(() => {
      if (code === undefined) jest.dontMock(file);
      else jest.doMock(file, () => evaluate(file, code));
      for (const each of tests) {
        describe(each, () => {
          try {
            require(each);
          } catch (error) {
            test('loads', () => {
              throw error;
            });
          }
        });
      }
    });
  });
}
