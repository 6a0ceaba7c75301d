// SPDX-License-Identifier: Apache-2.0

import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { externalBuilder } from '@gridpeg/network/testing';
import { gatherRootFileSystem } from './root-file-system';

/** Label of images that were made here because no registry had them to give. */
const builtLabel = 'gridpeg.built';
/** Where the official image of a peer has its external builder, and configurations such as the samples' look for it. */
const builderDir = join('opt', 'hyperledger', 'ccaas_builder', 'bin');

/**
 * Gives the container engine the official images that tests need. Those that it neither has nor can pull are made of
 * the programs of this machine, with the libraries that they are linked to, a shell, and what the external builder
 * uses.
 *
 * @param images - the program that each image runs, by the image's name
 * @param cli - the engine's command, such as `docker`
 * @param searchPath - where the programs of a shell are looked for
 * @returns names of the images that were made
 * @throws Error when one cannot be built
 */
export async function makeImages(
  images: ReadonlyMap<string, string>,
  cli: string,
  searchPath: string,
): Promise<readonly string[]> {
  const run = (...parameters: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync(cli, parameters, { encoding: 'utf8' });
  const made: string[] = [];
  for (const [image, program] of images) {
    if (run('image', 'inspect', image).status === 0 || run('pull', '--quiet', image).status === 0) continue;
    const folder = mkdtempSync(join(tmpdir(), 'gridpeg-image-'));
    try {
      await gatherRootFileSystem(join(folder, 'root'), [program], searchPath);
      if (basename(program) === 'peer') addExternalBuilder(join(folder, 'root', builderDir));
      const lines = ['FROM scratch', 'COPY root /', 'ENV PATH=/usr/local/bin:/bin', `LABEL ${builtLabel}=1`];
      writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
      const built = run('build', '--quiet', '--tag', image, folder);
      if (built.status !== 0) throw new Error(`image ${image} can be neither pulled nor built: ${built.stderr}`);
      made.push(image);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return made;
}

function addExternalBuilder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, script] of Object.entries(externalBuilder)) {
    writeFileSync(join(folder, name), script, { mode: 0o755 });
  }
}
