// SPDX-License-Identifier: Apache-2.0
/**
 * `npm run docs:build` and `npm run docs:dev`: the documentation as a site, in docs/site/dist or on a local server.
 * Installs its tools into docs/site, where nothing else uses them.
 */
import { join } from 'node:path';
import process from 'node:process';

import { installOwnPackages, run } from './own-packages.mjs';
import { root } from './sources.mjs';

const folder = join(root, 'docs', 'site');
installOwnPackages(folder);
const vitepress = join(folder, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
if (!run(process.execPath, [vitepress, ...process.argv.slice(2)], folder)) process.exitCode = 1;
