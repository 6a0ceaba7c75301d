// SPDX-License-Identifier: Apache-2.0

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gridpegWell } from './gridpeg';

/** The bytes of a chaincode package as the regulator's peer of a chain gives them out. */
export async function installedPackage(stateDir: string, chain: string, packageId: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  try {
    const shown = await gridpegWell(stateDir, 'env', 'Regulator', '--chain', chain, '--json');
    const env = JSON.parse(shown.stdout) as Record<string, string>;
    const parameters = ['--package-id', packageId, '--output-directory', folder];
    await promisify(execFile)('peer', ['lifecycle', 'chaincode', 'getinstalledpackage', ...parameters], { env });
    return readFileSync(join(folder, `${packageId}.tar.gz`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
