// SPDX-License-Identifier: Apache-2.0

/** `scripts/test-docker.sh` runs this before the tests. */

import { cacheDir } from '@gridpeg/gateway-app';
import { officialImages } from '@gridpeg/network/testing';
import { makeImages } from './make-images';

async function main(): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- a program of its own, which hands on what others need
  const { env } = process;
  const fabricBin = env['GRIDPEG_FABRIC_BIN'] ?? env['FABRIC_BIN'];
  const images = await officialImages({ fabricBin, environment: env, cacheDir: cacheDir(env) });
  for (const image of await makeImages(images, env['CONTAINER_CLI'] ?? 'docker', env['PATH'] ?? '')) {
    process.stderr.write(`test:docker: no registry has ${image}: it was made of this machine's programs\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`test:docker: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
