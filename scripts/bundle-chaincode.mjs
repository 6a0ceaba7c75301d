// SPDX-License-Identifier: Apache-2.0
/**
 * Gathers each chaincode with all that it needs at run time in a folder `bundle/` of its own, from which its Dockerfile
 * makes an image without downloading anything. Quick when nothing changed.
 *
 *   node scripts/bundle-chaincode.mjs [FOLDER...]     all chaincodes, unless folders are given; gateway-app is a notary
 *
 * The same input gives the same files, modes and times, so that an unchanged chaincode is an unchanged image.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(script));
const digestFile = '.made-from';

/**
 * What runs: of this repository's packages the compiled code without tests, of others all but what only people and
 * compilers read.
 */
const ownFiles = /^(package\.json|bin\/.+|dist\/(?!testing\/).+(?<!\.test)\.js)$/;
const unneeded = /\.([cm]?ts|map|md)$/i;

const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The folder in which Node finds a package that another asks for; a workspace's is a link. */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The packages that one needs at run time: name, and the folder in which they are found. */
function* dependenciesOf(folder) {
  const { dependencies, optionalDependencies = {} } = readManifest(folder);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    // Declarations alone.
    if (name.startsWith('@types/')) continue;
    const found = find(name, folder);
    if (found !== undefined) yield [name, found];
    else if (!(name in optionalDependencies)) {
      throw new Error(`${folder} needs ${name}, which is not installed. Run "npm install".`);
    }
  }
}

/** Every package of a chaincode's run-time tree: place below the bundle ('' is the chaincode) to its real folder. */
function productionTree(chaincode) {
  const tree = new Map([['', chaincode]]);
  // What lies below a workspace goes below that workspace's place; everything else keeps its place below the root.
  const workspaces = new Map([[chaincode, '']]);
  for (const folder of tree.values()) {
    for (const [name, found] of dependenciesOf(folder)) {
      const around = [...workspaces.keys()].find((workspace) => found.startsWith(workspace + sep)) ?? root;
      const place = join(workspaces.get(around) ?? '', relative(around, found));
      const real = realpathSync(found);
      if ((tree.get(place) ?? real) !== real) {
        throw new Error(`Two packages would be ${place}: ${tree.get(place)} and ${real}. Use one version of ${name}.`);
      }
      tree.set(place, real);
      if (isOwn(real)) workspaces.set(real, place);
    }
  }
  return tree;
}

const isOwn = (folder) => !folder.includes(`${sep}node_modules${sep}`);

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(`node_modules${sep}`))
    .filter((file) => (isOwn(folder) ? ownFiles.test(file) : !unneeded.test(file)))
    .sort();
}

/** Changes with this script, with what is installed, and with the compiled code of this repository. */
function digestOf(tree) {
  const hash = createHash('sha256')
    .update(readFileSync(script))
    .update(readFileSync(join(root, 'package-lock.json')));
  for (const [place, folder] of tree) {
    hash.update(`${place}\0${folder}\0`);
    if (!isOwn(folder)) continue;
    for (const file of filesOf(folder)) hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

function copyTree(tree, bundle) {
  for (const [place, folder] of tree) {
    for (const file of filesOf(folder)) {
      const source = join(folder, file);
      const target = join(bundle, place, file);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(source, target);
      chmodSync(target, statSync(source).mode & 0o111 ? 0o755 : 0o644);
      utimesSync(target, 0, 0);
    }
  }
}

function bundle(chaincode) {
  const target = join(chaincode, 'bundle');
  const tree = productionTree(chaincode);
  const digest = digestOf(tree);
  const stamp = join(target, digestFile);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  const made = mkdtempSync(`${target}.`);
  try {
    chmodSync(made, 0o755);
    copyTree(tree, made);
    writeFileSync(join(made, digestFile), digest);
    utimesSync(join(made, digestFile), 0, 0);
    rmSync(target, { recursive: true, force: true });
    renameSync(made, target);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  console.log(`${relative(root, target)}: ${tree.size} packages`);
}

/** Chaincodes are the packages that can be started as one. */
function chaincodes() {
  return readdirSync(join(root, 'chaincode'))
    .map((name) => join(root, 'chaincode', name))
    .filter((folder) => existsSync(join(folder, 'Dockerfile')));
}

const given = process.argv.slice(2).map((folder) => realpathSync(resolve(folder)));
for (const folder of given.length > 0 ? given : chaincodes()) bundle(folder);
