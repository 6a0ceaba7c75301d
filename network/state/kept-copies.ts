// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { isGenesisBlock } from '../fabric/chain-id';
import { NetworkError } from '../runtime/network-error';
import { writeFileAtomic } from '../runtime/write-file-atomic';

/** The folder within a state folder that holds a second copy of every file which nothing else could make again. */
export const copiesFolder = 'copies';

/** What such files lie below, in a state folder; ledgers are kept by other nodes, and the rest is derived. */
const keptEntries = ['organizations', 'channel-artifacts', 'notaries', 'identities'];
const keptFiles = ['plan.json', 'containers.json', 'composed.json'];
/** A file of these is never removed alone on purpose, so that one whose folder is there counts as damaged. */
const neverRemoved = /^(organizations\/|channel-artifacts\/|plan\.json$)/;

/** Whether the content of a file is whole, by what the file should be. Files of other names are derived or data. */
const kinds: ReadonlyArray<readonly [name: RegExp, isWhole: (content: Buffer) => boolean]> = [
  [/(_sk|\.key|-key\.pem)$/, (content) => succeeds(() => createPrivateKey(content))],
  [/(-cert\.pem|\.crt|^cert\.pem)$/, (content) => succeeds(() => new X509Certificate(content))],
  [/^config\.yaml$/, (content) => content.toString().split(/OrganizationalUnitIdentifier: \w+/).length > 4],
  [/\.block$/, isGenesisBlock],
  [/^(plan|containers|composed|addresses|passwords)\.json$/, (content) => succeeds(() => JSON.parse(String(content)))],
];

/**
 * Puts damaged files back from their copies, and copies what is whole. A file is damaged when it is not what its name
 * says, which needs no record that could be damaged itself.
 *
 * @param stateDir - a state folder, locked
 * @returns paths of the files that were put back, relative to the folder
 * @throws NetworkError STATE_UNREADABLE when a file and its copy are damaged; all others are put back
 */
export function keepCopies(stateDir: string): readonly string[] {
  const restored: string[] = [];
  const lost: string[] = [];
  for (const path of keptPaths(stateDir)) {
    const [file, copy] = [join(stateDir, path), join(stateDir, copiesFolder, path)];
    if (!existsSync(file) && !neverRemoved.test(path)) {
      rmSync(copy, { force: true });
      continue;
    }
    if (!existsSync(dirname(file))) continue;
    const content = wholeContent(file);
    const kept = wholeContent(copy);
    if (content !== undefined) {
      if (kept?.equals(content) !== true) writeCopy(copy, content);
    } else if (kept !== undefined) {
      writeFileAtomic(file, kept);
      restored.push(path);
    } else lost.push(path);
  }
  if (lost.length > 0) throw unreadable(stateDir, lost);
  return restored;
}

/** What cannot be put back is named, with a remedy that loses nothing of what is whole. */
function unreadable(stateDir: string, lost: readonly string[]): NetworkError {
  const [first = ''] = lost;
  const more = lost.length > 1 ? ` (and ${String(lost.length - 1)} more)` : '';
  return new NetworkError(
    'STATE_UNREADABLE',
    `${join(stateDir, first)}${more} is damaged, and so is the copy in ${join(stateDir, copiesFolder)}`,
    `Put it back from a backup; a snapshot holds it too: tar -xzf SNAPSHOT -C ${stateDir} ${first}. ` +
      'Ledgers and all other files are whole, so do not take the network down.',
    lost.join('\n'),
  );
}

function keptPaths(stateDir: string): readonly string[] {
  const folders = [...keptEntries, ...authorityFolders(stateDir)];
  const below = [stateDir, join(stateDir, copiesFolder)].flatMap((root) => [
    ...keptFiles.filter((file) => existsSync(join(root, file))),
    ...folders.flatMap((folder) => filesBelow(root, folder)),
  ]);
  return [...new Set(below)].filter((path) => kindOf(path) !== undefined).sort();
}

/** Folders of certificate authorities, whose keys sign what is enrolled later. */
function authorityFolders(stateDir: string): readonly string[] {
  const nodes = join(stateDir, 'nodes');
  return existsSync(nodes)
    ? readdirSync(nodes).flatMap((node) => (node.startsWith('ca.') ? [`nodes/${node}`] : []))
    : [];
}

function filesBelow(root: string, folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  // The signing history of a notary has a guard of its own; what is being written or enrolled is no state yet.
  return names.map((name) => join(folder, name)).filter((path) => !/\/(data|enrolment)\/|\.partial|~\//.test(path));
}

function kindOf(path: string): ((content: Buffer) => boolean) | undefined {
  // The server of an authority makes its own TLS certificate again.
  if (basename(path) === 'tls-cert.pem') return undefined;
  return kinds.find(([name]) => name.test(basename(path)))?.[1];
}

function wholeContent(file: string): Buffer | undefined {
  try {
    const content = readFileSync(file);
    return kindOf(file)?.(content) === true ? content : undefined;
  } catch {
    return undefined;
  }
}

/** A copy that a crash cuts short is found damaged, and written again. */
function writeCopy(file: string, content: Buffer): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, content, { mode: 0o600 });
}

function succeeds(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
