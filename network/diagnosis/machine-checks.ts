// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableMemory } from 'node:process';
import { dirname, join } from 'node:path';

import { freeBytes, ownDiskOf } from '../drivers/driver/full-disk';
import { runTool } from '../drivers/driver/run-tool';
import { goVersionNeeded, presentBinaries } from '../fabric/fabric-binaries';
import type { Check, Finding } from './finding';
import { ok } from './finding';
import {
  judgeDisk,
  judgeDocker,
  judgeGo,
  judgeMemory,
  judgeNode,
  judgeOpenFiles,
  judgeProc,
  type ProgramFound,
} from './machine';

/** How long a program may take to print its version, on a machine with idle processors. */
const versionSeconds = 1.5;

/** What the checks of the machine need to know. */
export interface MachineOptions {
  /** An absolute path, which need not exist. */
  readonly stateDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  readonly fabricBin?: string | undefined;
  /** Whether containers are wanted. */
  readonly docker: boolean;
  /** Whether the network runs. */
  readonly isUp: boolean;
  /** What time limits are multiplied by, at least 1: more on a busy machine. */
  readonly slowness: number;
}

/** How programs are asked for their versions. */
interface VersionRequest {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** The checks of this machine. */
export function machineChecks(options: MachineOptions): readonly Check[] {
  const { stateDir, environment, docker, isUp } = options;
  const asked = { env: definedOnly(environment), timeoutSeconds: versionSeconds * options.slowness };
  const check = (name: string, run: () => Promise<readonly Finding[]>): Check => ({ name, run });
  const now = (judged: () => readonly Finding[]) => (): Promise<readonly Finding[]> =>
    new Promise((resolve) => {
      resolve(judged());
    });
  return [
    check('node', async () => judgeNode(process.versions.node, await versionOf(['node', '--version'], asked))),
    check("Fabric's programs", () => fabricFindings(options, asked)),
    check(
      'disk',
      now(() => disksOf(stateDir).flatMap((folder) => judgeDisk(folder, freeSpace(folder)))),
    ),
    check(
      'memory',
      now(() => judgeMemory(memoryBytes(), isUp)),
    ),
    check(
      'open files',
      now(() => judgeOpenFiles(openFilesLimit())),
    ),
    check(
      '/proc',
      now(() => judgeProc(existsSync('/proc/self/environ'))),
    ),
    ...(docker ? [check('docker', () => dockerFindings(asked))] : []),
  ];
}

async function fabricFindings(
  { environment, cacheDir, fabricBin }: MachineOptions,
  asked: VersionRequest,
): Promise<readonly Finding[]> {
  const run: typeof runTool = (tool) => runTool({ ...tool, timeoutSeconds: asked.timeoutSeconds });
  const [binaries, go] = await Promise.all([
    presentBinaries({ fabricBin, environment, cacheDir, run, onProgress: () => undefined }),
    // This is the version of Go itself. In a module it might download the version that the module requires.
    versionOf(['go', 'version'], { ...asked, env: { ...asked.env, GOTOOLCHAIN: 'local' } }),
  ]);
  const programs =
    binaries === undefined
      ? ok("Fabric's programs", 'not there yet: the first `gridpeg up` builds them')
      : ok("Fabric's programs", dirname(binaries.peer));
  return [programs, ...judgeGo(go, binaries === undefined, goVersionNeeded())];
}

async function dockerFindings(asked: VersionRequest): Promise<readonly Finding[]> {
  const [engine, plugin, standalone] = await Promise.all([
    versionOf(['docker', 'version', '--format', '{{.Server.Version}}'], asked),
    versionOf(['docker', 'compose', 'version', '--short'], asked),
    versionOf(['docker-compose', 'version', '--short'], asked),
  ]);
  return judgeDocker(engine, typeof plugin === 'string' ? standalone : plugin);
}

/** The first version number that a program prints; programs that fail are silent. */
async function versionOf(command: readonly string[], asked: VersionRequest): Promise<ProgramFound> {
  try {
    const { status, output } = await runTool({ command, cwd: '/', ...asked });
    const version = /\d+(?:\.\d+)+/.exec(output)?.[0];
    return status === 0 && version !== undefined ? { version } : 'failing';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'TOOL_TIMEOUT' ? 'late' : 'missing';
  }
}

/** The state folder, and the folders of nodes that have a disk of their own. */
function disksOf(stateDir: string): readonly string[] {
  const nodes = join(stateDir, 'nodes');
  const names = existsSync(nodes) ? readdirSync(nodes) : [];
  return [stateDir, ...names.flatMap((node) => ownDiskOf(stateDir, node) ?? [])];
}

function freeSpace(folder: string): number {
  return existsSync(folder) ? freeBytes(folder) : freeSpace(dirname(folder));
}

/** The memory that this process may still use: that of the machine, or less in a control group. */
function memoryBytes(): number {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readOr('/proc/meminfo', ''))?.[1];
  const machine = kilobytes === undefined ? Infinity : Number(kilobytes) * 1024;
  return Math.min(machine, availableMemory());
}

function openFilesLimit(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readOr('/proc/self/limits', ''))?.[1];
  return limit === undefined ? Infinity : Number(limit);
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function definedOnly(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
