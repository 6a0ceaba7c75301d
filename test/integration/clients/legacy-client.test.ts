// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exerciseLegacyClient } from '../../harness/compat/exercise-legacy-client';
import { gridpegWell } from '../../harness/cli/gridpeg';
import { sharedNetwork } from '../../harness/network/shared-network';
import { type TestNetwork } from '../../harness/network/test-network';

describe('an application on fabric-network 2, on chains under Raft', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  let network: TestNetwork;
  beforeAll(() => {
    network = sharedNetwork();
  });
  afterAll(() => {
    network.close();
    rmSync(folder, { recursive: true });
  });

  test('evaluates, submits and gets the event of its transaction, with the profile and wallet of gridpeg', async () => {
    await gridpegWell(network.stateDir, 'wallet', 'export', folder);
    await exerciseLegacyClient(network, folder);
  });
});
