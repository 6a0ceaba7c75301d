// SPDX-License-Identifier: Apache-2.0

import { createHash, type Hash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

import { z } from 'zod';

import { runTool } from '../drivers/driver/run-tool';
import { checkNesting } from '../runtime/check-nesting';
import { NetworkError } from '../runtime/network-error';

const manifestSchema = z.object({
  main: z.string().default('index.js'),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * Finds the command line program of the fabric-shim that a chaincode uses.
 *
 * @param folder - absolute path of a chaincode's package
 * @throws NetworkError CHAINCODE_MISSING if the folder is no built chaincode
 */
export function shimProgram(folder: string): string {
  const { main } = readManifest(folder);
  if (!existsSync(join(folder, main))) {
    throw new NetworkError('CHAINCODE_MISSING', `${join(folder, main)} is not there`, 'Run "npm run build" first.');
  }
  try {
    return createRequire(join(folder, 'package.json')).resolve('fabric-shim/cli.js');
  } catch {
    throw new NetworkError('CHAINCODE_MISSING', `${folder} finds no fabric-shim`, 'Run "npm install" first.');
  }
}

/**
 * The metadata of a chaincode's contracts, from the package itself, because no peer runs it yet.
 *
 * @param folder - absolute path of a chaincode's package
 * @returns JSON as `org.hyperledger.fabric:GetMetadata` answers; undefined for a package without the contract API
 * @throws NetworkError CHAINCODE_MISSING
 */
export async function contractMetadata(folder: string): Promise<string | undefined> {
  const shim = shimProgram(folder);
  const made = mkdtempSync(join(tmpdir(), 'gridpeg-metadata-'));
  try {
    const file = join(made, 'metadata.json');
    const parameters = ['metadata', 'generate', '--module-path', folder, '--file', file];
    await runTool({ command: [process.execPath, shim, ...parameters], cwd: folder });
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/**
 * A digest of the code that a chaincode service runs: its own compiled files and those of the packages of this
 * repository that it uses. What npm installed is left out.
 *
 * @param folder - absolute path of a chaincode's package
 * @returns 64 hex digits
 */
export function codeDigest(folder: string): string {
  const hash = createHash('sha256');
  addPackage(hash, realpathSync(folder), new Set());
  return hash.digest('hex');
}

function addPackage(hash: Hash, folder: string, seen: Set<string>): void {
  if (seen.has(folder)) return;
  seen.add(folder);
  addFiles(hash, folder);
  for (const name of Object.keys(readManifest(folder).dependencies).sort()) {
    const linked = linkedPackage(folder, name);
    if (linked !== undefined) addPackage(hash, linked, seen);
  }
}

function addFiles(hash: Hash, folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') addFiles(hash, path);
    if (entry.isFile() && /\.(c?js|json)$/.test(entry.name)) hash.update(`${path}\0`).update(readFileSync(path));
  }
}

/** The real folder of a workspace that a package depends on; nothing for packages that npm installed. */
function linkedPackage(folder: string, name: string): string | undefined {
  for (let parent = folder; ; parent = join(parent, '..')) {
    const candidate = join(parent, 'node_modules', name);
    if (existsSync(candidate)) {
      const real = realpathSync(candidate);
      return real.includes(`${sep}node_modules${sep}`) ? undefined : real;
    }
    if (parent === join(parent, '..')) return undefined;
  }
}

function readManifest(folder: string): z.output<typeof manifestSchema> {
  const file = join(folder, 'package.json');
  try {
    const text = readFileSync(file, 'utf8');
    checkNesting(text, file);
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof NetworkError) throw error;
    throw new NetworkError(
      'CHAINCODE_MISSING',
      `${folder} has no readable package.json`,
      'Give the folder of a chaincode.',
    );
  }
}
