// SPDX-License-Identifier: Apache-2.0

import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { runTool } from '../drivers/driver/run-tool';
import { fabricBinaries, fabricSources, presentBinaries, samplesTools } from '../fabric/fabric-binaries';
import type { ProgramSearch } from '../fabric/program-set';
import { NetworkError } from '../runtime/network-error';
import type { OnProgress } from '../runtime/progress';

/** Where programs are looked for, and kept when they have to be built. */
export interface ProgramPlaces {
  /** The caller's environment; its PATH is searched after the samples' own folder. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's cache folder of Gridpeg. */
  readonly cacheDir: string;
  readonly onProgress: OnProgress;
}

/** The programs that `network.sh` calls. */
const programs = ['peer', 'configtxgen', 'configtxlator', 'cryptogen', 'osnadmin'] as const;

/**
 * The environment in which the samples' `network.sh` finds Fabric's programs and their configuration. Where the
 * samples' own are not installed, those of Gridpeg serve, and what it does not have itself is built.
 *
 * @param folder - the folder `test-network` of Fabric's samples
 * @param wanted - `present`: build nothing, for what needs only the container engine
 * @throws NetworkError FABRIC_BINARY_MISSING without jq, and those of building Fabric's programs
 */
export async function provideSamplesPrograms(
  folder: string,
  { environment, cacheDir, onProgress }: ProgramPlaces,
  wanted: 'all' | 'present' = 'all',
): Promise<Readonly<Record<string, string>>> {
  const env = environmentOf(environment, join(folder, '..', 'bin'));
  const path = env['PATH'] ?? '';
  const missing = [...programs, 'jq'].filter((name) => !isOnPath(name, path));
  const search = { environment: env, cacheDir, run: runTool, onProgress };
  const found = wanted === 'all' ? await completed(folder, missing, search) : await presentOnes(missing, search);
  // Gridpeg's own programs come last: network.sh finds those of the samples before PATH.
  return { ...env, PATH: [path, ...found].join(delimiter), ...(await composeOf(folder, env)) };
}

/** The caller's variables, with the samples' own programs first on PATH. */
function environmentOf(
  environment: ProgramPlaces['environment'],
  samplesBin: string,
): Readonly<Record<string, string>> {
  // A slow machine gets more time than the samples give it, which wait three seconds for a connection.
  const env: Record<string, string> = { CORE_PEER_CLIENT_CONNTIMEOUT: '30s' };
  // An empty variable counts as absent, as for network.sh.
  for (const [name, value = ''] of Object.entries(environment)) if (value !== '') env[name] = value;
  env['PATH'] = [samplesBin, env['PATH'] ?? ''].join(delimiter);
  return env;
}

/** Folders with the programs that are missing, which are built if need be; makes the samples' configuration, too. */
async function completed(
  folder: string,
  missing: readonly string[],
  search: ProgramSearch,
): Promise<readonly string[]> {
  if (missing.includes('jq')) {
    const what = 'no jq on PATH, which network.sh needs';
    throw new NetworkError('FABRIC_BINARY_MISSING', what, 'Install it (Debian: apt-get install jq).');
  }
  const own = missing.some((name) => name !== 'configtxlator') ? [(await fabricBinaries(search)).peer] : [];
  const tools = missing.includes('configtxlator') ? [(await samplesTools(search)).configtxlator] : [];
  if (!existsSync(join(folder, '..', 'config'))) await makeConfig(join(folder, '..', 'config'), search);
  return [...own, ...tools].map((program) => dirname(program));
}

/** The folder with Gridpeg's own programs, where they are there and one of the samples' is not. */
async function presentOnes(missing: readonly string[], search: ProgramSearch): Promise<readonly string[]> {
  const found = missing.includes('peer') ? await presentBinaries(search) : undefined;
  return found === undefined ? [] : [dirname(found.peer)];
}

/**
 * network.sh takes docker-compose where there is one; the old one by that name can't read all of the samples' files.
 */
async function composeOf(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  if (env['CONTAINER_CLI_COMPOSE'] !== undefined) return {};
  const engine = env['CONTAINER_CLI'] ?? 'docker';
  const found = await runTool({ command: [engine, 'compose', 'version'], env, cwd: folder }).catch(() => undefined);
  return found?.status === 0 ? { CONTAINER_CLI_COMPOSE: `${engine} compose` } : {};
}

/** From Fabric's sources: the files that its programs read. */
async function makeConfig(folder: string, search: ProgramSearch): Promise<void> {
  const samples = join(await fabricSources(search), 'sampleconfig');
  mkdirSync(folder);
  // Not copied with their mode: Go's cache of modules is read-only, and people change their configuration.
  for (const file of readdirSync(samples).filter((name) => name.endsWith('.yaml')))
    writeFileSync(join(folder, file), readFileSync(join(samples, file)));
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
