// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { z } from 'zod';

import type { Driver, ToolResult } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';

const FORMAT = 1;
const TAR_SECONDS = 1800;
/** Name of the manifest: the archive's first member, and no entry of any state folder. */
export const MANIFEST = 'snapshot.json';

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  takenAt: z.iso.datetime(),
  /** the state folder that it was taken of; absolute paths within begin with it */
  stateDir: z.string().startsWith('/'),
  topology: z.string(),
  chainIds: z.array(z.string()).readonly(),
  /** SHA-256 of every file, by its path in the state folder */
  files: z.record(z.string(), z.string()),
});

/** What a snapshot says of itself. */
export type SnapshotManifest = z.output<typeof manifestSchema>;

/** Describes what is about to be archived. @param entries - of the state folder */
export async function makeManifest(
  about: Pick<SnapshotManifest, 'stateDir' | 'topology' | 'chainIds'>,
  entries: readonly string[],
): Promise<SnapshotManifest> {
  const files = await digestsOf(about.stateDir, entries);
  return { format: FORMAT, takenAt: new Date().toISOString(), ...about, files };
}

/**
 * Archives entries of a folder behind a manifest that lies in another. @throws NetworkError TOOL_FAILED, TOOL_TIMEOUT
 */
export async function pack(
  driver: Pick<Driver, 'run'>,
  { file, manifestDir, dir }: { readonly file: string; readonly manifestDir: string; readonly dir: string },
  entries: readonly string[],
): Promise<void> {
  const result = await tar(driver, ['-czf', file, '-C', manifestDir, MANIFEST, '-C', dir, ...entries]);
  if (result.status !== 0) throw tarFailed(result);
}

/**
 * Reads what a snapshot says of itself; reads the archive to its end, so that one that was cut short is found.
 *
 * @throws NetworkError SNAPSHOT_BROKEN, SNAPSHOT_FOREIGN, SNAPSHOT_VERSION
 */
export async function readManifest(driver: Driver, file: string): Promise<SnapshotManifest> {
  const { status, output, log } = await tar(driver, ['-xzOf', file, MANIFEST]);
  if (status !== 0) {
    if (/not found in archive/i.test(log)) throw foreign(file);
    throw broken(file, 'it cannot be unpacked', log);
  }
  const value = parsed(output);
  const version = z.object({ format: z.int() }).safeParse(value);
  if (!version.success) throw foreign(file);
  if (version.data.format !== FORMAT) {
    throw new NetworkError(
      'SNAPSHOT_VERSION',
      `${file} has format ${String(version.data.format)}, this gridpeg reads format ${String(FORMAT)}`,
      'Restore it with the version of gridpeg that took it',
    );
  }
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success) throw broken(file, 'its list of files is incomplete');
  return manifest.data;
}

/**
 * Unpacks a snapshot into an empty folder and checks every file of it. @throws NetworkError SNAPSHOT_BROKEN,
 * TOOL_FAILED
 */
export async function unpack(driver: Driver, file: string, { files }: SnapshotManifest, dir: string): Promise<void> {
  const result = await tar(driver, ['-xzpf', file, '--no-same-owner', '-C', dir]);
  if (result.status !== 0) {
    throw isDiskFull(result.log) ? tarFailed(result) : broken(file, 'it cannot be unpacked', result.log);
  }
  await requireFilesOnly(file, dir);
  const entries = (await readdir(dir)).filter((entry) => entry !== MANIFEST);
  const found = await digestsOf(dir, entries);
  const names = new Set([...Object.keys(files), ...Object.keys(found)]);
  for (const name of names) {
    if (found[name] !== files[name]) throw broken(file, `${name} in it is not what was archived`);
  }
}

/**
 * A link would lead whoever reads or writes a file of the network out of its folder. @throws NetworkError
 * SNAPSHOT_BROKEN
 */
async function requireFilesOnly(file: string, dir: string): Promise<void> {
  const all = await readdir(dir, { recursive: true, withFileTypes: true });
  const other = all.find((each) => !each.isFile() && !each.isDirectory());
  if (other !== undefined) throw broken(file, `${other.name} in it is neither a file nor a folder`);
}

/** SHA-256 of every file below some entries of a folder. */
async function digestsOf(dir: string, entries: readonly string[]): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const path of (await Promise.all(entries.map((entry) => filesBelow(dir, entry)))).flat().sort()) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(dir, path)), hash);
    digests[path] = hash.digest('hex');
  }
  return digests;
}

async function filesBelow(dir: string, entry: string): Promise<readonly string[]> {
  const own = (await readdir(dir, { withFileTypes: true })).find(({ name }) => name === entry);
  if (own?.isDirectory() !== true) return [entry];
  const below = await readdir(join(dir, entry), { recursive: true, withFileTypes: true });
  // A notary that was killed leaves the socket by which it held its signing history; an archive has none of those.
  const files = below.filter((each) => !each.isDirectory() && !each.isSocket());
  return files.map((each) => relative(dir, join(each.parentPath, each.name)));
}

function tar(driver: Pick<Driver, 'run'>, parameters: readonly string[]): Promise<ToolResult> {
  const [mode = '', ...rest] = parameters;
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  return driver.run({ command: ['tar', '--force-local', mode, ...rest], env, cwd: '/', timeoutSeconds: TAR_SECONDS });
}

const full = { code: 'ENOSPC', syscall: 'write' };

function isDiskFull(log: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(log);
}

function lastLine(log: string): string {
  return log.trim().split('\n').at(-1) ?? '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tarFailed({ status, log }: ToolResult): Error {
  // The same error as when this process writes: whoever prints it names the cause.
  if (isDiskFull(log)) return Object.assign(new Error(`ENOSPC: no space left on device, tar: ${lastLine(log)}`), full);
  return new NetworkError(
    'TOOL_FAILED',
    `tar ended with status ${String(status)}`,
    'Read its last lines below',
    log.slice(-2000).trim(),
  );
}

function broken(file: string, why: string, log?: string): NetworkError {
  return new NetworkError(
    'SNAPSHOT_BROKEN',
    `${file} is damaged or no snapshot: ${why}`,
    'Take another copy of it, or another snapshot',
    log?.slice(-500).trim(),
  );
}

function foreign(file: string): NetworkError {
  return new NetworkError(
    'SNAPSHOT_FOREIGN',
    `${file} is an archive, but none that "gridpeg snapshot" made: it holds no ${MANIFEST} of ours`,
    'Name a file that "gridpeg snapshot" wrote',
  );
}
