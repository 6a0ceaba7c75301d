// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

import { NetworkError } from '../../runtime/network-error';
import type { NodeSpec } from '../driver/driver';
import { runTool } from '../driver/run-tool';
import type { ContainerEngine } from './container-engine';

const pullSeconds = 600;
const buildSeconds = 600;
/** Official images by the program that they run. */
const fabricImages: Readonly<Record<string, string>> = {
  'fabric-ca-server': 'hyperledger/fabric-ca',
  orderer: 'hyperledger/fabric-orderer',
  peer: 'hyperledger/fabric-peer',
};
/** The official image of the Node that runs this: what chaincode and services run with natively, too. */
const nodeImage = `node:${process.versions.node.split('.')[0] ?? ''}-bookworm-slim`;

/** The image and the command of a node in a container. */
export interface NodeImage {
  readonly image: string;
  /** Undefined means the image's own. */
  readonly command: readonly string[] | undefined;
}

/** Finds or pulls the images that nodes need, and builds those of chaincode. */
export class Images {
  readonly #engine: ContainerEngine;
  readonly #found = new Map<string, Promise<void>>();
  readonly #official = new Map<string, Promise<string>>();

  constructor(engine: ContainerEngine) {
    this.#engine = engine;
  }

  /** The image and command of a node; the image is there when this returns. @throws NetworkError IMAGE_BUILD_FAILED */
  async imageOf({ kind, command, env, cwd }: NodeSpec): Promise<NodeImage> {
    const [program = '', ...parameters] = command;
    const name = basename(program);
    const official = await this.#officialImage(program);
    await this.#once(official, () => this.#pull(official));
    if (official !== nodeImage) return { image: official, command: [name, ...parameters] };
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

  async #pull(image: string): Promise<void> {
    const pulled = await this.#engine.run(['pull', '--quiet', image], pullSeconds);
    if (pulled.status === 0) return;
    throw new NetworkError(
      'IMAGE_BUILD_FAILED',
      `the container engine has no image ${image}, and cannot pull it`,
      'Let it reach a registry, or give it an image of that name.',
      pulled.log.slice(-3000).trim(),
    );
  }

  async #build(image: string, folder: string, parameters: readonly string[]): Promise<void> {
    const built = await this.#engine.run(['build', '--quiet', '--tag', image, ...parameters, folder], buildSeconds);
    if (built.status === 0) return;
    throw new NetworkError(
      'IMAGE_BUILD_FAILED',
      `image ${image} could not be built from ${folder}`,
      'Read what the engine says below; it may need disk space or a registry.',
      built.log.slice(-3000).trim(),
    );
  }

  #officialImage(program: string): Promise<string> {
    const known = this.#official.get(program) ?? officialImage(program);
    this.#official.set(program, known);
    return known;
  }
}

/** The official image of a program of Fabric, by the release of the program, or of the Node that runs this. */
export async function officialImage(program: string): Promise<string> {
  const repository = fabricImages[basename(program)];
  if (repository === undefined) return nodeImage;
  const { output } = await runTool({ command: [program, 'version'], env: {}, cwd: '/' });
  return `${repository}:${/^\s*Version:\s*v?(\d+\.\d+\.\d+)/m.exec(output)?.[1] ?? 'latest'}`;
}

function tagOf(folder: string, codeDigest: string): string {
  return createHash('sha256').update(`${folder}\0${codeDigest}`).digest('hex').slice(0, 16);
}
