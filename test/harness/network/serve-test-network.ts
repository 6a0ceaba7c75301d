// SPDX-License-Identifier: Apache-2.0
// What the fake network.sh runs: serve-test-network.js STATE_FOLDER CACHE_FOLDER PATH

import { bringUp, builtInTopology, loadTopology } from '@gridpeg/network';
import { repositoryDir } from '../cli/gridpeg';

async function serve(stateDir = '', cacheDir = '', searchPath = ''): Promise<void> {
  await bringUp({
    stateDir,
    topology: loadTopology(builtInTopology('test-network')),
    repositoryDir,
    environment: { PATH: searchPath },
    cacheDir,
  });
}

void serve(...process.argv.slice(2));
