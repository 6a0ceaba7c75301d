// SPDX-License-Identifier: Apache-2.0

import { builtInTopology, deployChaincode, loadTopology, networkStatus, readNetwork, takeDown } from '@gridpeg/network';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const repository = resolve(__dirname, '..', '..', '..', '..');
const launcher = join(repository, 'gateway-app', 'bin', 'gridpeg.js');
const yardstickFolder = join(repository, 'test', 'bench', 'yardstick');

/** Name of the yardstick's chaincode. */
export const yardstickName = 'yardstick';

/** The network that is measured: brought up for it, or one that was there before. */
export class BenchNetwork {
  readonly stateDir: string;
  readonly #isOurs: boolean;
  readonly #ending = new AbortController();

  /** @param stateDir - of a network that is up and shall stay up; undefined: one is made in a new folder */
  constructor(stateDir: string | undefined) {
    this.#isOurs = stateDir === undefined;
    this.stateDir = stateDir ?? mkdtempSync(join(tmpdir(), 'gridpeg-bench-'));
  }

  /**
   * Brings up network, configurations and notaries by the command that everybody uses, as processes of their own.
   *
   * @throws Error when the command fails; what it said is on stderr
   */
  async up(topology: string): Promise<void> {
    if (!this.#isOurs) return;
    const parameters = [launcher, '--state', this.stateDir, 'up', '--topology', topology];
    const child = spawn(process.execPath, parameters, { stdio: ['ignore', 2, 2], signal: this.#ending.signal });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`gridpeg up failed with status ${code ?? 'none'}`);
  }

  /** Deploys the yardstick beside the chain's own chaincode, under the same kind of policy. @throws NetworkError */
  async deployYardstick(chain: string): Promise<void> {
    await deployChaincode({ stateDir: this.stateDir, chain, name: yardstickName, path: yardstickFolder });
  }

  /** Ends everything that `up` started, however far it came; leaves a network that was there before. */
  async down(): Promise<void> {
    this.#ending.abort();
    if (this.#isOurs) await takeDown({ stateDir: this.stateDir });
  }
}

/** Facts of a network that figures depend on. */
export interface NetworkFacts {
  readonly topology: string;
  readonly fabricVersion: string;
  readonly chains: ReadonlyArray<{
    readonly name: string;
    readonly peers: number;
    readonly orderers: number;
    readonly consensus: string;
    readonly batchTimeout: string;
    readonly endorsement: string;
  }>;
}

/** @throws NetworkError */
export async function readFacts(stateDir: string): Promise<NetworkFacts> {
  const state = readNetwork(stateDir);
  const topology = loadTopology(builtInTopology(state.topology));
  const chains = state.chains.map(({ name, peers, orderers, chaincode }) => {
    const ordering = topology.chains.find((chain) => chain.name === name)?.ordering;
    return {
      name,
      peers: peers.length,
      orderers: orderers.length,
      consensus: ordering?.consensus ?? 'unknown',
      batchTimeout: ordering?.batchTimeout ?? 'unknown',
      endorsement: chaincode.endorsement,
    };
  });
  return { topology: state.topology, fabricVersion: await fabricVersion(stateDir), chains };
}

/** What a peer's operations endpoint says. */
async function fabricVersion(stateDir: string): Promise<string> {
  const port = (await networkStatus({ stateDir })).find(({ kind }) => kind === 'peer')?.ports['operations'];
  if (port === undefined) return 'unknown';
  const response = await fetch(`http://127.0.0.1:${port}/version`, { signal: AbortSignal.timeout(5_000) });
  return /"Version":\s*"([^"]+)"/.exec(await response.text())?.[1] ?? 'unknown';
}
