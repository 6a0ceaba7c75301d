// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import type { ToolResult } from '../drivers/driver/driver';
import { runTool } from '../drivers/driver/run-tool';
import { NetworkError } from '../runtime/network-error';

/** An organization of the samples' test-network, by its number. */
type OrganizationNumber = 1 | 2;

/** The organizations of the samples' test-network. */
export const sampleOrganizations: readonly OrganizationNumber[] = [1, 2];

/** Containers of the samples' test-network, which has one ordering service and a peer for each organization. */
export const sampleNodes = ['orderer.example.com', 'peer0.org1.example.com', 'peer0.org2.example.com'] as const;

/** `network.sh` builds images and waits for everything, on slow machines as well. */
const networkShSeconds = 3_600;
const engineSeconds = 120;
const peerSeconds = 20;

/** The test-network of Fabric's samples, by its own `network.sh`, the container engine, and Fabric's peer command. */
export class SamplesNetwork {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #engine: string;
  #log = '';

  /**
   * @param folder - real path of the folder `test-network`
   * @param environment - for all programs: their PATH, CONTAINER_CLI and CONTAINER_CLI_COMPOSE
   */
  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#environment = environment;
    this.#engine = environment['CONTAINER_CLI'] ?? 'docker';
  }

  /** @throws NetworkError TOOL_FAILED, with a file that has everything that network.sh has said so far */
  async networkSh(what: string, ...parameters: readonly string[]): Promise<void> {
    const { status, log } = await runTool({
      command: ['bash', './network.sh', ...parameters],
      env: this.#environment,
      cwd: this.folder,
      timeoutSeconds: networkShSeconds,
    });
    this.#log += `\n== network.sh ${parameters.join(' ')}\n${log}`;
    if (status === 0) return;
    const file = join(mkdtempSync(join(tmpdir(), 'gridpeg-deploy-')), 'network.log');
    writeFileSync(file, this.#log);
    throw new NetworkError('TOOL_FAILED', `network.sh ${what}: ${lastLine(log)}`, `Read ${file}.`);
  }

  /** Runs Fabric's peer command as an organization's administrator; undefined when it takes too long. */
  async peer(organization: OrganizationNumber, ...parameters: readonly string[]): Promise<ToolResult | undefined> {
    const domain = `org${String(organization)}.example.com`;
    const files = join(this.folder, 'organizations', 'peerOrganizations', domain);
    const env = {
      ...this.#environment,
      FABRIC_CFG_PATH: join(this.folder, '..', 'config'),
      FABRIC_LOGGING_SPEC: 'error',
      CORE_PEER_TLS_ENABLED: 'true',
      CORE_PEER_LOCALMSPID: `Org${String(organization)}MSP`,
      CORE_PEER_ADDRESS: `localhost:${organization === 1 ? '7051' : '9051'}`,
      CORE_PEER_TLS_ROOTCERT_FILE: join(files, 'tlsca', `tlsca.${domain}-cert.pem`),
      CORE_PEER_MSPCONFIGPATH: join(files, 'users', `Admin@${domain}`, 'msp'),
    };
    return this.#tryRun(['peer', ...parameters], env, peerSeconds);
  }

  /** Runs a command of the container engine; undefined when it cannot be run, or takes too long. */
  async engine(...parameters: readonly string[]): Promise<ToolResult | undefined> {
    return this.#tryRun([this.#engine, ...parameters], this.#environment, engineSeconds);
  }

  get engineName(): string {
    return this.#engine;
  }

  /** Whether a container runs. */
  async runs(container: string): Promise<boolean> {
    const state = await this.engine('inspect', '-f', '{{.State.Status}}', container);
    return state?.output.trim() === 'running';
  }

  async isUp(): Promise<boolean> {
    if (!existsSync(join(this.folder, 'organizations', 'peerOrganizations', 'org2.example.com'))) return false;
    return (await Promise.all(sampleNodes.map((node) => this.runs(node)))).every(Boolean);
  }

  async isPartlyUp(): Promise<boolean> {
    return (await Promise.all(sampleNodes.map((node) => this.runs(node)))).some(Boolean);
  }

  /** Whether both peers have joined a channel, and network.sh has kept its first block. */
  async hasChannel(channel: string): Promise<boolean> {
    if (!existsSync(this.blockFile(channel))) return false;
    const lists = await Promise.all(sampleOrganizations.map((number) => this.peer(number, 'channel', 'list')));
    return lists.every((list) => list?.output.split('\n').includes(channel));
  }

  /** Where network.sh keeps the first block of a channel. */
  blockFile(channel: string): string {
    return join(this.folder, 'channel-artifacts', `${channel}.block`);
  }

  /** What is committed of a chaincode on the channel of the same name; empty where nothing is. */
  async committed(chain: string): Promise<string> {
    const query = ['lifecycle', 'chaincode', 'querycommitted', '--channelID', chain, '--name', chain];
    const answer = await this.peer(1, ...query);
    return answer?.status === 0 ? answer.output.trim() : '';
  }

  /** Names of the containers that run the services of a chaincode. */
  servicesOf(chain: string): readonly string[] {
    return sampleOrganizations.map((number) => `peer0org${String(number)}_${chain}_ccaas`);
  }

  async removeServices(chain: string): Promise<void> {
    for (const service of this.servicesOf(chain)) await this.engine('rm', '-f', service);
    // Otherwise it would remain without a name when another image takes the name.
    await this.engine('image', 'rm', '-f', `${chain}_ccaas_image:latest`);
  }

  /** Compose 1.29 leaves them when network.sh takes the network down, and they do not work with new keys. */
  async removeLedgers(): Promise<void> {
    for (const node of sampleNodes) await this.engine('volume', 'rm', '-f', `compose_${node}`);
  }

  /** Remembers that the network that is there now was brought up by us; a second clone of ours finds it, too. */
  markOurs(): void {
    writeFileSync(this.#mark, this.#identity());
  }

  isOurs(): boolean {
    return existsSync(this.#mark) && readFileSync(this.#mark, 'utf8').trim() === this.#identity();
  }

  forgetMark(): void {
    rmSync(this.#mark, { force: true });
  }

  get #mark(): string {
    return join(this.folder, '.brought-up-by-gridpeg');
  }

  /**
   * Identifies this network, also against another one in the same place: the authority of its orderers, a first block.
   */
  #identity(): string {
    const orderers = join(this.folder, 'organizations', 'ordererOrganizations', 'example.com');
    const hash = createHash('sha256');
    for (const file of [join(orderers, 'tlsca', 'tlsca.example.com-cert.pem'), this.blockFile('city')])
      hash.update(existsSync(file) ? readFileSync(file) : 'none\n');
    return hash.digest('hex');
  }

  async #tryRun(
    command: readonly string[],
    env: Readonly<Record<string, string>>,
    timeoutSeconds: number,
  ): Promise<ToolResult | undefined> {
    try {
      return await runTool({ command, env, cwd: this.folder, timeoutSeconds });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      return undefined;
    }
  }
}

/** The line without colours, and without the full stop that the message adds. */
function lastLine(log: string): string {
  const lines = stripVTControlCharacters(log)
    .split('\n')
    .map((line) => line.replace(/[.\s]+$/, ''));
  return lines.findLast((line) => line !== '') ?? 'it said nothing';
}
