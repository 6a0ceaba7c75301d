// SPDX-License-Identifier: Apache-2.0

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

import type { ToolCall, ToolResult } from '../drivers/driver/driver';
import type { OnProgress } from '../runtime/progress';

/** Where to look for programs, and what to build them with. */
export interface ProgramSearch {
  /** The folder named by the user. */
  readonly fabricBin?: string | undefined;
  /** The caller's environment: PATH is searched, and Go gets what `goEnvironment` keeps. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's cache folder of Gridpeg. */
  readonly cacheDir: string;
  readonly run: (tool: ToolCall) => Promise<ToolResult>;
  readonly onProgress: OnProgress;
}

/** Programs of one Go module that are released together. */
export interface ProgramSet<Name extends string> {
  /** The name that people use; in lower case it is the name of the folder in the cache. */
  readonly title: string;
  readonly module: string;
  readonly names: readonly [Name, ...Name[]];
  /** The release that go.mod asks for: what `NAME version` says of our own build, with a v before it. */
  readonly release: string;
  readonly oldest: readonly [major: number, minor: number];
  /** The folder of the go.mod. */
  readonly sourceDir: string;
  /** Go package of the variable that holds the version */
  readonly metadata: string;
  /** A folder named by the user that lacks them all: an error, or a reason to look elsewhere. */
  readonly mustBeInNamedFolder: boolean;
  /** Parts of them are written in C. */
  readonly needsCompiler: boolean;
  readonly buildTime: string;
}

/** Absolute paths by program. */
export type Programs<Name extends string> = Readonly<Record<Name, string>>;

/** Runs each program once. @returns what the first that does not run says; undefined when all of them run */
export async function doesNotRun<Name extends string>(
  { names }: ProgramSet<Name>,
  programs: Programs<Name>,
  { run }: ProgramSearch,
): Promise<string | undefined> {
  const results = await Promise.all(
    names.map((name) =>
      run({ command: [programs[name], '--help'], env: {}, cwd: '/' }).catch((error: unknown) => ({
        status: -1,
        log: error instanceof Error ? error.message : '',
      })),
    ),
  );
  const failed = results.findIndex(({ status }) => status !== 0);
  return failed < 0 ? undefined : `${names[failed] ?? ''}: ${results[failed]?.log.slice(-500).trim() ?? ''}`;
}

/** Finds each program of a set in one of the folders. @returns undefined when one is in none of them */
export function programsIn<Name extends string>(
  { names }: ProgramSet<Name>,
  folders: readonly string[],
): Programs<Name> | undefined {
  const entries = names.map((name) => [name, folders.map((folder) => join(folder, name)).find(isExecutable)]);
  if (entries.some(([, file]) => file === undefined)) return undefined;
  return Object.fromEntries(entries) as Programs<Name>;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The release that a set of programs says it is. @returns `unknown` when it says none */
export async function versionOf<Name extends string>(
  { names }: ProgramSet<Name>,
  found: Programs<Name>,
  { run }: ProgramSearch,
): Promise<string> {
  const { output } = await run({ command: [found[names[0]], 'version'], env: {}, cwd: '/' });
  return /^\s*Version:\s*(\S+)/m.exec(output)?.[1] ?? 'unknown';
}

/** Whether a version such as v3.1.4 is new enough; anything that is no version is not. */
export function isRecent(version: string, oldest: ProgramSet<string>['oldest']): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
