// SPDX-License-Identifier: Apache-2.0

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gridpegWell } from '../harness/gridpeg';
import { sharedNetwork } from '../harness/shared-network';
import { type TestNetwork } from '../harness/test-network';

const run = promisify(execFile);

describe('chaincode packages', () => {
  let network: TestNetwork;
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  beforeAll(() => {
    network = sharedNetwork();
  });
  afterAll(() => {
    network.close();
    rmSync(folder, { recursive: true });
  });

  // Written down here, where no driver, machine or release of a library can have a part in them.
  test.each([
    ['city', 'city_1.0:a13ffd3447fbe578124434ca1dad326aa681a50ad72fc9028130a146eac35f81'],
    ['microgrid', 'microgrid_1.0:e16c15f86c08d51cfd20887d1d67cfdab407a5cfbece4ea21f51eba7d8fde9e7'],
    ['charging', 'charging_1.0:4806b029ec88139eb691f737972d69b6fec2fcd12da66c2d87341a1b136ca5c2'],
  ])(
    'the package that the peers of %s have holds the same bytes on every machine and by every driver',
    async (chain, packageId) => {
      const [label, digest] = packageId.split(':');
      const env = JSON.parse(
        (await gridpegWell(network.stateDir, 'env', 'Regulator', '--chain', chain, '--json')).stdout,
      ) as Record<string, string>;
      const parameters = ['--package-id', packageId, '--output-directory', folder];
      await run('peer', ['lifecycle', 'chaincode', 'getinstalledpackage', ...parameters], { env });
      const bytes = readFileSync(join(folder, `${packageId}.tar.gz`));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(digest);
      expect(network.chain(chain).chaincode.packageId).toBe(packageId);
      expect(packageId).toMatch(new RegExp(`^${label ?? ''}:`));
    },
  );
});
