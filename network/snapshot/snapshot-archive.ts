// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { create, extract, list, type ReadEntry } from 'tar';
import { z } from 'zod';

import { NetworkError } from '../runtime/network-error';

const formatVersion = 1;
/** The name of the manifest: the archive's first member, and no entry of any state folder. */
export const manifestName = 'snapshot.json';

const manifestSchema = z.strictObject({
  format: z.literal(formatVersion),
  takenAt: z.iso.datetime(),
  /** The state folder that it was taken of; absolute paths within begin with it. */
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
  return { format: formatVersion, takenAt: new Date().toISOString(), ...about, files };
}

/**
 * Archives entries of a folder behind a manifest that lies further down in it. Times of files are left out: nothing in
 * a network's folder goes by them.
 *
 * @param manifest - path of the manifest in the folder
 * @throws Error of the system, such as ENOSPC
 */
export async function pack(file: string, dir: string, manifest: string, entries: readonly string[]): Promise<void> {
  const asFirstMember = (entry: { path: string }): void => {
    if (entry.path === manifest) entry.path = manifestName;
  };
  await create(
    {
      file,
      cwd: dir,
      gzip: true,
      strict: true,
      noMtime: true,
      mode: 0o600,
      filter: isArchived,
      onWriteEntry: asFirstMember,
    },
    [manifest, ...entries],
  );
}

/**
 * Reads what a snapshot says of itself; reads the archive to its end, so that one that was cut short is found.
 *
 * @throws NetworkError SNAPSHOT_BROKEN, SNAPSHOT_FOREIGN, SNAPSHOT_VERSION
 */
export async function readManifest(file: string): Promise<SnapshotManifest> {
  const found: Buffer[] = [];
  const onReadEntry = (entry: ReadEntry): void => {
    if (entry.path === manifestName) entry.on('data', (chunk) => found.push(chunk));
  };
  await reading(file, () => list({ file, ...readOptions, onReadEntry }));
  if (found.length === 0) throw foreign(file);
  const value = parsed(Buffer.concat(found).toString('utf8'));
  const version = z.object({ format: z.int() }).safeParse(value);
  if (!version.success) throw foreign(file);
  if (version.data.format !== formatVersion) {
    throw new NetworkError(
      'SNAPSHOT_VERSION',
      `${file} has format ${String(version.data.format)}, this gridpeg reads format ${String(formatVersion)}`,
      'Restore it with the version of gridpeg that took it.',
    );
  }
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success) throw broken(file, 'its list of files is incomplete');
  return manifest.data;
}

/**
 * Unpacks a snapshot into an empty folder and checks every file of it.
 *
 * @throws NetworkError SNAPSHOT_BROKEN; Error of the system when the disk is full
 */
export async function unpack(file: string, { files }: SnapshotManifest, dir: string): Promise<void> {
  await reading(file, () => extract({ file, cwd: dir, ...readOptions, preserveOwner: false }));
  await requireFilesOnly(file, dir);
  const entries = (await readdir(dir)).filter((entry) => entry !== manifestName);
  const found = await digestsOf(dir, entries);
  const names = new Set([...Object.keys(files), ...Object.keys(found)]);
  for (const name of names) {
    if (found[name] !== files[name]) throw broken(file, `${name} in it is not what was archived`);
  }
}

/** A notary that was killed leaves the socket by which it held its signing history; an archive has none of those. */
const isArchived = (_: string, entry: Stats | ReadEntry): boolean => !('isSocket' in entry) || !entry.isSocket();

/** Whatever is unexpected is an error. Files of zeros, such as new logs, are packed more than a thousandfold. */
const readOptions = { strict: true, maxDecompressionRatio: Number.POSITIVE_INFINITY };

/**
 * Reads an archive. What cannot be read is no snapshot, unless it is the disk that has no place for it.
 *
 * @throws NetworkError SNAPSHOT_BROKEN; Error of the system when the disk is full
 */
export async function reading(file: string, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Error) || ('code' in error && /^(ENOSPC|EDQUOT)$/.test(String(error.code)))) throw error;
    throw broken(file, 'it cannot be unpacked', error.message);
  }
}

/** A link would lead who reads or writes a file out of the network's folder. @throws NetworkError SNAPSHOT_BROKEN */
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
  const files = below.filter((each) => !each.isDirectory() && !each.isSocket());
  return files.map((each) => relative(dir, join(each.parentPath, each.name)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function broken(file: string, why: string, detail?: string): NetworkError {
  return new NetworkError(
    'SNAPSHOT_BROKEN',
    `${file} is damaged or no snapshot: ${why}`,
    'Take another copy of it, or another snapshot.',
    detail?.slice(0, 500),
  );
}

function foreign(file: string): NetworkError {
  return new NetworkError(
    'SNAPSHOT_FOREIGN',
    `${file} is an archive, but none that "gridpeg snapshot" made: it holds no ${manifestName} of ours`,
    'Name a file that "gridpeg snapshot" wrote.',
  );
}
