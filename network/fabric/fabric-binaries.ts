// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';

import { NetworkError } from '../runtime/network-error';
import { goEnvironment } from './go-environment';
import { findPrograms, goModule, presentPrograms } from './go-programs';
import type { Programs, ProgramSearch, ProgramSet } from './program-set';

const downloadSeconds = 900;
const fabricSourceDir = join(__dirname, '..', '..', 'fabric');

const fabric = {
  title: 'Fabric',
  module: 'github.com/hyperledger/fabric',
  names: ['peer', 'orderer', 'configtxgen', 'cryptogen', 'osnadmin', 'discover'],
  release: '3.1.4',
  oldest: [3, 1],
  sourceDir: fabricSourceDir,
  metadata: 'github.com/hyperledger/fabric/common/metadata',
  mustBeInNamedFolder: true,
  needsCompiler: false,
  buildTime: 'about two minutes on two cores',
} as const satisfies ProgramSet<string>;

const fabricCa = {
  title: 'Fabric CA',
  module: 'github.com/hyperledger/fabric-ca',
  names: ['fabric-ca-server', 'fabric-ca-client'],
  release: '1.5.15',
  oldest: [1, 5],
  sourceDir: join(fabricSourceDir, 'ca'),
  metadata: 'github.com/hyperledger/fabric-ca/lib/metadata',
  // A release of Fabric has them in an archive of their own.
  mustBeInNamedFolder: false,
  needsCompiler: true,
  buildTime: 'about a minute on two cores',
} as const satisfies ProgramSet<string>;

/** What the samples' `network.sh` calls besides, and no network of our own needs. */
const tools = {
  ...fabric,
  title: 'Fabric tools',
  names: ['configtxlator'],
  mustBeInNamedFolder: false,
  buildTime: 'about half a minute on two cores',
} as const satisfies ProgramSet<string>;

/** Absolute paths of Fabric's programs. */
export type FabricBinaries = Programs<(typeof fabric.names)[number]>;

/** Absolute paths of Fabric CA's programs. */
export type FabricCaBinaries = Programs<(typeof fabricCa.names)[number]>;

/** Finds or builds Fabric's programs. @throws NetworkError as `findPrograms` */
export function fabricBinaries(search: ProgramSearch): Promise<FabricBinaries> {
  return findPrograms<(typeof fabric.names)[number]>(fabric, search);
}

/** Finds Fabric's programs and builds nothing. @throws NetworkError as `presentPrograms` */
export function presentBinaries(search: ProgramSearch): Promise<FabricBinaries | undefined> {
  return presentPrograms<(typeof fabric.names)[number]>(fabric, search);
}

/** The oldest Go that can build them. */
export function goVersionNeeded(): string {
  return goModule(fabric, 'go');
}

/** Finds or builds the programs of Fabric CA, of which SQLite is a part. @throws NetworkError as `findPrograms` */
export function fabricCaBinaries(search: ProgramSearch): Promise<FabricCaBinaries> {
  return findPrograms<(typeof fabricCa.names)[number]>(fabricCa, search);
}

/** Finds or builds what only the samples' `network.sh` needs. @throws NetworkError as `findPrograms` */
export function samplesTools(search: ProgramSearch): Promise<Programs<(typeof tools.names)[number]>> {
  return findPrograms<(typeof tools.names)[number]>(tools, search);
}

/** The folder with Fabric's sources, which Go downloads if need be. @throws NetworkError FABRIC_BUILD_FAILED */
export async function fabricSources(search: ProgramSearch): Promise<string> {
  const env = await goEnvironment(fabric, search);
  const go = async (...parameters: readonly string[]): Promise<string | undefined> => {
    const call = { command: ['go', ...parameters], env, cwd: fabricSourceDir, timeoutSeconds: downloadSeconds };
    const result = await search.run(call).catch(() => undefined);
    return result?.status === 0 ? result.output.trim() : undefined;
  };
  const isThere = await go('mod', 'download', fabric.module);
  const folder = isThere === undefined ? undefined : await go('list', '-m', '-f', '{{.Dir}}', fabric.module);
  if (folder !== undefined && folder !== '') return folder;
  const remedy = "Install the samples' programs: install-fabric.sh binary.";
  throw new NetworkError('FABRIC_BUILD_FAILED', "Go cannot get Fabric's sources", remedy);
}
