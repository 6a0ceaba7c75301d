// SPDX-License-Identifier: Apache-2.0
/** What Jest makes of a TypeScript source: the same code that `tsc -b` makes, file by file and without checks. */
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const ts = require('typescript');

const root = dirname(dirname(__dirname));
const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (file) => readFileSync(file, 'utf8'));
const compilerOptions = { ...config.compilerOptions, module: 'commonjs', moduleResolution: 'node10', sourceMap: false };

module.exports = {
  process(source, fileName) {
    return { code: ts.transpileModule(source, { compilerOptions, fileName }).outputText };
  },
};
