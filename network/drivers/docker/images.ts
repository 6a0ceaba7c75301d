// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { NetworkError } from '../../runtime/network-error';
import { externalBuilder } from '../../render/external-builder';
import type { NodeSpec } from '../driver/driver';
import { runTool } from '../driver/run-tool';
import type { ContainerEngine } from './container-engine';
import { gatherRootFileSystem } from './root-file-system';

const pullSeconds = 600;
const buildSeconds = 600;
/** Label of images that were made here because no registry had them to give. */
const builtLabel = 'gridpeg.built';
/** Official images by the program that they run. */
const fabricImages: Readonly<Record<string, string>> = {
  'fabric-ca-server': 'hyperledger/fabric-ca',
  orderer: 'hyperledger/fabric-orderer',
  peer: 'hyperledger/fabric-peer',
};
/**
 * Where the official image of a peer has its external builder, and where configurations such as the samples' look for
 * it.
 */
const builderDir = join('opt', 'hyperledger', 'ccaas_builder', 'bin');
/** The official image of the Node that runs this: what chaincode and services run with natively, too. */
const nodeImage = `node:${process.versions.node.split('.')[0] ?? ''}-bookworm-slim`;

/** How a node is run in a container. */
export interface NodeImage {
  readonly image: string;
  /** undefined: the image's own */
  readonly command: readonly string[] | undefined;
}

/** Finds, pulls or makes the images that nodes need. */
export class Images {
  readonly #engine: ContainerEngine;
  readonly #found = new Map<string, Promise<void>>();
  readonly #versions = new Map<string, Promise<string>>();

  constructor(engine: ContainerEngine) {
    this.#engine = engine;
  }

  /** The image and command of a node; the image is there when this returns. @throws NetworkError IMAGE_BUILD_FAILED */
  async imageOf({ kind, command, env, cwd }: NodeSpec): Promise<NodeImage> {
    const [program = '', ...parameters] = command;
    const name = basename(program);
    const official = fabricImages[name];
    if (official !== undefined) {
      const image = `${official}:${await this.#versionOf(program)}`;
      await this.#once(image, () => this.#pullOrMake(image, [program], env['PATH'] ?? ''));
      return { image, command: [name, ...parameters] };
    }
    await this.#once(nodeImage, () => this.#pullOrMake(nodeImage, [process.execPath], env['PATH'] ?? ''));
    if (kind === 'chaincode' && existsSync(join(cwd, 'Dockerfile'))) {
      const image = `gridpeg/chaincode-${basename(cwd)}:${tagOf(cwd, env['GRIDPEG_CODE_DIGEST'] ?? '')}`;
      await this.#once(image, () => this.#build(image, cwd, ['--build-arg', `NODE_IMAGE=${nodeImage}`]));
      return { image, command: undefined };
    }
    return { image: nodeImage, command: ['node', ...parameters] };
  }

  #once(image: string, make: () => Promise<void>): Promise<void> {
    const known = this.#found.get(image);
    if (known !== undefined) return known;
    const making = this.#engine.run(['image', 'inspect', '--format', '{{.Id}}', image]).then(async ({ status }) => {
      if (status !== 0) await make();
    });
    this.#found.set(image, making);
    return making;
  }

  async #pullOrMake(image: string, programs: readonly string[], searchPath: string): Promise<void> {
    const pulled = await this.#engine.run(['pull', '--quiet', image], pullSeconds).catch(() => undefined);
    if (pulled?.status === 0) return;
    const folder = await mkdtemp(join(tmpdir(), 'gridpeg-image-'));
    try {
      const root = join(folder, 'root');
      await gatherRootFileSystem(root, programs, searchPath);
      if (programs.some((program) => basename(program) === 'peer')) await addExternalBuilder(join(root, builderDir));
      const lines = ['FROM scratch', 'COPY root /', 'ENV PATH=/usr/local/bin:/bin', `LABEL ${builtLabel}=1`];
      await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
      await this.#build(image, folder, []);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #build(image: string, folder: string, parameters: readonly string[]): Promise<void> {
    const built = await this.#engine.run(['build', '--quiet', '--tag', image, ...parameters, folder], buildSeconds);
    if (built.status === 0) return;
    throw new NetworkError(
      'IMAGE_BUILD_FAILED',
      `image ${image} could be neither pulled nor built from ${folder}`,
      'Read what the engine says below; it needs disk space and a registry, or the programs of this machine.',
      built.log.slice(-3000).trim(),
    );
  }

  /** Images are tagged with the release of the programs in them. */
  #versionOf(program: string): Promise<string> {
    const known = this.#versions.get(program);
    if (known !== undefined) return known;
    const asking = runTool({ command: [program, 'version'], env: {}, cwd: '/' }).then(
      ({ output }) => /^\s*Version:\s*v?(\d+\.\d+\.\d+)/m.exec(output)?.[1] ?? 'latest',
    );
    this.#versions.set(program, asking);
    return asking;
  }
}

async function addExternalBuilder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries(externalBuilder)) {
    await writeFile(join(folder, name), script, { mode: 0o755 });
  }
}

function tagOf(folder: string, codeDigest: string): string {
  return createHash('sha256').update(`${folder}\0${codeDigest}`).digest('hex').slice(0, 16);
}
