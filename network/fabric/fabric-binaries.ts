// SPDX-License-Identifier: Apache-2.0

import { accessSync, constants, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import type { ToolCall, ToolResult } from '../drivers/driver';
import { withLock } from '../lifecycle/lock';
import { inStep, type OnProgress } from '../lifecycle/progress';
import { NetworkError } from '../network-error';

const PROGRAMS = ['peer', 'orderer', 'configtxgen', 'cryptogen', 'osnadmin', 'discover'] as const;

/** Absolute paths of Fabric's programs. */
export type FabricBinaries = Readonly<Record<(typeof PROGRAMS)[number], string>>;

/** Where to look for Fabric's programs, and what to build them with. */
export interface FabricSearch {
  /** folder named by the user; it is used or the search fails */
  readonly fabricBin?: string | undefined;
  /** the caller's environment: PATH is searched, and Go gets all of it */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** the user's cache folder of Gridpeg */
  readonly cacheDir: string;
  readonly run: (tool: ToolCall) => Promise<ToolResult>;
  readonly onProgress: OnProgress;
}

const OLDEST = [3, 1] as const;
const FABRIC_MODULE = 'github.com/hyperledger/fabric';
/** The release that the module version in go.mod is based on: `peer version` of our own build says this. */
const RELEASE = '3.1.4';
const SOURCE_DIR = join(__dirname, '..', '..', 'fabric');
const BUILD_SECONDS = 1800;

/**
 * Finds Fabric's programs: the folder named by the user, else PATH, else an earlier build, else a new build.
 *
 * @throws NetworkError FABRIC_BINARY_MISSING or FABRIC_BINARY_VERSION if the named folder will not do; GO_MISSING,
 * GO_VERSION or FABRIC_BUILD_FAILED if they have to be built and cannot be
 */
export async function fabricBinaries(search: FabricSearch): Promise<FabricBinaries> {
  if (search.fabricBin !== undefined && search.fabricBin !== '') return namedBinaries(search.fabricBin, search);
  return (await binariesOnPath(search)) ?? (await builtBinaries(search));
}

/**
 * Finds Fabric's programs as `fabricBinaries` does, and builds nothing.
 *
 * @returns undefined when they would have to be built
 * @throws NetworkError FABRIC_BINARY_MISSING, FABRIC_BINARY_VERSION
 */
export async function presentBinaries(search: FabricSearch): Promise<FabricBinaries | undefined> {
  if (search.fabricBin !== undefined && search.fabricBin !== '') return namedBinaries(search.fabricBin, search);
  return (await binariesOnPath(search)) ?? binariesIn([join(buildFolder(search), 'bin')]);
}

/** The oldest Go that can build them. */
export function goVersionNeeded(): string {
  return goModule('go');
}

function buildFolder({ cacheDir }: FabricSearch): string {
  return join(cacheDir, 'fabric', goModule(FABRIC_MODULE));
}

async function namedBinaries(folder: string, search: FabricSearch): Promise<FabricBinaries> {
  const remedy = 'Name a folder with the programs of Fabric 3.1 or later, or none to have them built';
  const found = binariesIn([folder]);
  if (found === undefined) {
    throw new NetworkError('FABRIC_BINARY_MISSING', `${folder} lacks one of ${PROGRAMS.join(', ')}`, remedy);
  }
  const version = await versionOf(found, search);
  // A build without version information says "latest"; whoever names its folder knows what it is.
  if (version !== 'latest' && !isRecent(version)) {
    throw new NetworkError('FABRIC_BINARY_VERSION', `${found.peer} is version ${version}`, remedy);
  }
  return found;
}

async function binariesOnPath(search: FabricSearch): Promise<FabricBinaries | undefined> {
  const found = binariesIn((search.environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''));
  if (found === undefined) return undefined;
  const version = await versionOf(found, search);
  if (isRecent(version)) return found;
  const detail = `${found.peer} is version ${version}, ${OLDEST.join('.')} or later is needed: building`;
  search.onProgress({ step: 'fabric binaries', state: 'start', detail });
  return undefined;
}

async function builtBinaries(search: FabricSearch): Promise<FabricBinaries> {
  const version = goModule(FABRIC_MODULE);
  const folder = buildFolder(search);
  const complete = (): FabricBinaries | undefined => binariesIn([join(folder, 'bin')]);
  return (
    complete() ??
    withLock(folder, BUILD_SECONDS, async () => {
      const builtMeanwhile = complete();
      if (builtMeanwhile !== undefined) return builtMeanwhile;
      const partial = `${folder}.partial`;
      await rm(partial, { recursive: true, force: true });
      await mkdir(join(partial, 'bin'), { recursive: true });
      await inStep(search.onProgress, `build fabric ${RELEASE}`, () => build(join(partial, 'bin'), version, search), {
        detail: 'once, about two minutes on two cores',
      });
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
      const built = complete();
      if (built === undefined) throw new NetworkError('FABRIC_BUILD_FAILED', `${folder} is incomplete`, 'Try again');
      return built;
    })
  );
}

async function build(folder: string, version: string, search: FabricSearch): Promise<void> {
  const env = { ...definedOnly(search.environment), CGO_ENABLED: '0' };
  const go = async (parameters: readonly string[]): Promise<ToolResult> =>
    search.run({ command: ['go', ...parameters], env, cwd: SOURCE_DIR, timeoutSeconds: BUILD_SECONDS });
  const install = 'Install Go 1.26.1 or later (https://go.dev/dl), or name a folder with the programs of Fabric 3.1';
  if ((await go(['version']).catch(() => undefined)) === undefined) {
    throw new NetworkError('GO_MISSING', 'Fabric has to be built and there is no "go" on PATH', install);
  }
  const variables = `-X ${FABRIC_MODULE}/common/metadata.Version=v${RELEASE} -X ${FABRIC_MODULE}/common/metadata.CommitSHA=${version}`;
  const packages = PROGRAMS.map((program) => `${FABRIC_MODULE}/cmd/${program}`);
  const built = await go(['build', '-trimpath', '-ldflags', `-s -w ${variables}`, '-o', `${folder}/`, ...packages]);
  if (/requires go >=|invalid go version/.test(built.log)) {
    throw new NetworkError('GO_VERSION', 'Fabric has to be built and Go is too old', install, built.log.trim());
  }
  if (built.status !== 0) {
    throw new NetworkError(
      'FABRIC_BUILD_FAILED',
      'go build of Fabric failed',
      'Read what Go says below; without a network it needs a filled module cache',
      built.log.slice(-3000).trim(),
    );
  }
}

function definedOnly(environment: FabricSearch['environment']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The version of a module, or of Go itself, that go.mod asks for. */
function goModule(name: string): string {
  const text = readFileSync(join(SOURCE_DIR, 'go.mod'), 'utf8');
  const version = new RegExp(`^\\s*(?:require )?${name} (\\S+)`, 'm').exec(text)?.[1];
  if (version === undefined) throw new Error(`go.mod does not require ${name}`);
  return version;
}

function binariesIn(folders: readonly string[]): FabricBinaries | undefined {
  const find = (program: string): string | undefined =>
    folders.map((folder) => join(folder, program)).find(isExecutable);
  const [peer, orderer, configtxgen, cryptogen, osnadmin, discover] = PROGRAMS.map(find);
  if (!peer || !orderer || !configtxgen || !cryptogen || !osnadmin || !discover) return undefined;
  return { peer, orderer, configtxgen, cryptogen, osnadmin, discover };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function versionOf({ peer }: FabricBinaries, search: FabricSearch): Promise<string> {
  const { output } = await search.run({ command: [peer, 'version'], env: {}, cwd: '/' });
  return /^\s*Version:\s*(\S+)/m.exec(output)?.[1] ?? 'unknown';
}

/** Whether a version such as v3.1.4 is new enough; anything that is no version is not. */
function isRecent(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
