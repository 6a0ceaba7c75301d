// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import type { ToolResult } from '../drivers/driver/driver';
import { withLock } from '../runtime/lock';
import { inStep } from '../runtime/progress';
import { NetworkError } from '../runtime/network-error';
import { goEnvironment } from './go-environment';
import {
  doesNotRun,
  programsIn,
  versionOf,
  isRecent,
  type ProgramSearch,
  type ProgramSet,
  type Programs,
} from './program-set';

const buildSeconds = 1800;

/**
 * Finds programs: in the folder named by the user, else on PATH, else in an earlier build, else builds them.
 *
 * @throws NetworkError FABRIC_BINARY_MISSING or FABRIC_BINARY_VERSION if the named folder will not do; GO_MISSING,
 * GO_VERSION, C_COMPILER_MISSING or FABRIC_BUILD_FAILED if they have to be built and cannot be
 */
export async function findPrograms<Name extends string>(
  set: ProgramSet<Name>,
  search: ProgramSearch,
): Promise<Programs<Name>> {
  return (await inNamedFolder(set, search)) ?? (await onPath(set, search)) ?? (await built(set, search));
}

/**
 * Finds programs as `findPrograms` does, and builds nothing.
 *
 * @returns undefined when they would have to be built
 * @throws NetworkError FABRIC_BINARY_MISSING, FABRIC_BINARY_VERSION
 */
export async function presentPrograms<Name extends string>(
  set: ProgramSet<Name>,
  search: ProgramSearch,
): Promise<Programs<Name> | undefined> {
  const present = (await inNamedFolder(set, search)) ?? (await onPath(set, search));
  return present ?? programsIn(set, [join(buildFolder(set, search), 'bin')]);
}

/** The version of a module, or of Go itself (`go`), that a set's go.mod asks for. */
export function goModule({ sourceDir }: ProgramSet<string>, name: string): string {
  const text = readFileSync(join(sourceDir, 'go.mod'), 'utf8');
  const version = new RegExp(`^\\s*(?:require )?${name} (\\S+)`, 'm').exec(text)?.[1];
  if (version === undefined) throw new Error(`go.mod does not require ${name}`);
  return version;
}

function buildFolder(set: ProgramSet<string>, { cacheDir }: ProgramSearch): string {
  return join(cacheDir, cacheName(set), goModule(set, set.module));
}

async function inNamedFolder<Name extends string>(
  set: ProgramSet<Name>,
  search: ProgramSearch,
): Promise<Programs<Name> | undefined> {
  const { fabricBin = '' } = search;
  if (fabricBin === '') return undefined;
  const remedy =
    `Name a folder with the programs of ${set.title} ${set.oldest.join('.')} or later, ` +
    'or none to have them built.';
  const found = programsIn(set, [fabricBin]);
  if (found === undefined) {
    if (!set.mustBeInNamedFolder) return undefined;
    throw new NetworkError('FABRIC_BINARY_MISSING', `${fabricBin} lacks one of ${set.names.join(', ')}`, remedy);
  }
  const version = await versionOf(set, found, search);
  // A build without version information says "latest"; whoever names its folder knows what it is.
  if (version !== 'latest' && !isRecent(version, set.oldest)) {
    throw new NetworkError('FABRIC_BINARY_VERSION', `${found[set.names[0]]} is version ${version}`, remedy);
  }
  return found;
}

async function onPath<Name extends string>(
  set: ProgramSet<Name>,
  search: ProgramSearch,
): Promise<Programs<Name> | undefined> {
  const folders = (search.environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = programsIn(set, folders);
  if (found === undefined) return undefined;
  const version = await versionOf(set, found, search);
  if (isRecent(version, set.oldest)) return found;
  const needed = `${set.oldest.join('.')} or later is needed: building`;
  const detail = `${found[set.names[0]]} is version ${version}, ${needed}`;
  search.onProgress({ step: `${cacheName(set)} binaries`, state: 'start', detail });
  return undefined;
}

async function built<Name extends string>(set: ProgramSet<Name>, search: ProgramSearch): Promise<Programs<Name>> {
  const version = goModule(set, set.module);
  const folder = buildFolder(set, search);
  const complete = (): Programs<Name> | undefined => programsIn(set, [join(folder, 'bin')]);
  const working = async (): Promise<Programs<Name> | undefined> => {
    const found = complete();
    return found !== undefined && (await doesNotRun(set, found, search)) === undefined ? found : undefined;
  };
  return (
    (await working()) ??
    withLock(folder, buildSeconds, async () => {
      const builtMeanwhile = await working();
      if (builtMeanwhile !== undefined) return builtMeanwhile;
      const partial = `${folder}.partial`;
      await rm(partial, { recursive: true, force: true });
      await mkdir(join(partial, 'bin'), { recursive: true });
      const step = `build ${cacheName(set)} ${set.release}`;
      await inStep(search.onProgress, step, () => build(set, join(partial, 'bin'), version, search), {
        detail: `once, ${set.buildTime}`,
      });
      await requireRunning(set, join(partial, 'bin'), search);
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
      const found = complete();
      if (found === undefined) throw new NetworkError('FABRIC_BUILD_FAILED', `${folder} is incomplete`, 'Try again.');
      return found;
    })
  );
}

/** A build for another processor, or an incomplete one, would be found in the cache by every later call. */
async function requireRunning<Name extends string>(
  set: ProgramSet<Name>,
  folder: string,
  search: ProgramSearch,
): Promise<void> {
  const made = programsIn(set, [folder]);
  const failure = made === undefined ? 'not all of them were made' : await doesNotRun(set, made, search);
  if (failure === undefined) return;
  throw new NetworkError(
    'FABRIC_BUILD_FAILED',
    `go built programs of ${set.title} that do not run here`,
    'Read what they say below; "go env" tells what Go was set to build for.',
    failure,
  );
}

async function build<Name extends string>(
  set: ProgramSet<Name>,
  folder: string,
  version: string,
  search: ProgramSearch,
): Promise<void> {
  const { title, needsCompiler } = set;
  const env = await goEnvironment(set, search);
  const run = (command: readonly string[]): Promise<ToolResult> =>
    search.run({ command, env, cwd: set.sourceDir, timeoutSeconds: buildSeconds });
  const orElse = `or name a folder with the programs of ${title} ${set.oldest.join('.')}`;
  const install = `Install Go 1.26.1 or later (https://go.dev/dl), ${orElse}.`;
  if ((await run(['go', 'version']).catch(() => undefined)) === undefined) {
    throw new NetworkError('GO_MISSING', `${title} has to be built and there is no "go" on PATH`, install);
  }
  const compiler = env['CC'] ?? 'gcc';
  if (needsCompiler && (await run([compiler, '--version']).catch(() => undefined)) === undefined) {
    throw new NetworkError(
      'C_COMPILER_MISSING',
      `${title} has to be built, SQLite is a part of it, and "${compiler}" is not on PATH`,
      `Install a C compiler (Debian: apt-get install gcc libc6-dev), ${orElse}.`,
    );
  }
  const variables = `-X ${set.metadata}.Version=v${set.release} -X ${set.metadata}.CommitSHA=${version}`;
  const packages = set.names.map((program) => `${set.module}/cmd/${program}`);
  const flags = ['-trimpath', '-ldflags', `-s -w ${variables}`, '-o', `${folder}/`];
  const { status, log } = await run(['go', 'build', ...flags, ...packages]);
  if (/requires go >=|invalid go version/.test(log)) {
    throw new NetworkError('GO_VERSION', `${title} has to be built and Go is too old`, install, log.trim());
  }
  if (status !== 0) {
    throw new NetworkError(
      'FABRIC_BUILD_FAILED',
      `go build of ${title} failed`,
      'Read what Go says below; without a network it needs a filled module cache.',
      log.slice(-3000).trim(),
    );
  }
}

function cacheName({ title }: ProgramSet<string>): string {
  return title.toLowerCase().replaceAll(' ', '-');
}
