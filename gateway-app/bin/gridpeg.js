#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'dist', 'cli', 'main.js');
if (existsSync(main)) {
  require(main);
} else {
  process.stderr.write(
    'NOT_BUILT: the gridpeg command is not compiled yet. ' +
      'Run `npm start` (or `npm install && npm run build`) in the project folder first.\n',
  );
  process.exitCode = 1;
}
