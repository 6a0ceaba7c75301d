// SPDX-License-Identifier: Apache-2.0
/**
 * What every command runs first: makes a fresh clone runnable, and is quick when there is nothing to do.
 *
 * Checks the version of Node, installs the dependencies that package-lock.json names, compiles, removes compiled files
 * whose source is gone, and gathers what the images of chaincode are made of. Progress goes to stderr. Uses nothing but
 * Node, because it runs before `npm ci`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { withLock } from './lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestNode = [20, 19];
const stampFile = join(root, 'node_modules', '.gridpeg-prepared');
const quietSeconds = 1.5;
const shownLines = 60;

const say = (line) => process.stderr.write(`gridpeg: ${line}\n`);

class Unprepared extends Error {}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new Unprepared(`needs Node ${oldestNode.join('.')} or newer, this is ${process.versions.node}`);
  }
}

/** Runs one command in the root, and shows its output only if it fails. Announces steps longer than `quietSeconds`. */
async function step(name, command, args) {
  const start = performance.now();
  let told = false;
  const timer = setTimeout(() => {
    told = true;
    say(`${name} ...`);
  }, quietSeconds * 1000);
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill();
  process.once('exit', stop);
  const output = [];
  child.stdout.on('data', (data) => output.push(data));
  child.stderr.on('data', (data) => output.push(data));
  const failure = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${code ?? signal}`));
  });
  process.off('exit', stop);
  clearTimeout(timer);
  if (failure !== undefined) {
    process.stderr.write(Buffer.concat(output).toString().split('\n').slice(0, shownLines).join('\n').trimEnd() + '\n');
    throw new Unprepared(`${name} failed: ${[command, ...args].join(' ')} ${failure}`);
  }
  if (told) say(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** True if every package that the lock file names is there in that version, as npm's own record of the tree says. */
function treeMatches(lockFile) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(JSON.parse(lockFile).packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    if (found === undefined || !existsSync(join(root, path))) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

async function installDependencies() {
  const lockFile = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lockFile).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === hash) return;
  if (!treeMatches(lockFile)) {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    // Not `npm ci`: it refuses a lock file that lacks optional packages of platforms which the registry did not offer
    // when it was written. This one installs the locked versions too, and leaves the lock file as it is.
    await step('installing dependencies', npm, ['install', '--no-save', '--no-fund', '--no-audit']);
  }
  writeFileSync(stampFile, `${hash}\n`);
}

/** Removes compiled files whose source is gone: they would still be imported, and their tests would still run. */
function removeStaleOutput() {
  for (const { path } of readJson('tsconfig.json').references) {
    const { rootDir, outDir } = readJson(path, 'tsconfig.json').compilerOptions;
    const out = join(root, path, outDir);
    if (!existsSync(out)) continue;
    for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
      const output = join(entry.parentPath, entry.name);
      const name = /^(.*)(\.js|\.js\.map|\.d\.ts)$/.exec(relative(out, output))?.[1];
      if (name === undefined || existsSync(join(root, path, rootDir, `${name}.ts`))) continue;
      say(`removing ${relative(root, output)}: its source is gone`);
      rmSync(output, { force: true });
    }
  }
}

function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8'));
}

async function prepare() {
  checkNode();
  await withLock(join(root, '.prepare.lock'), say, async () => {
    await installDependencies();
    // Before compiling: a module that became a folder would still be found as the file that it was.
    removeStaleOutput();
    await step('compiling', process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']);
    await step('bundling chaincode', process.execPath, [join(root, 'scripts', 'bundle-chaincode.mjs')]);
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

try {
  await prepare();
} catch (error) {
  if (!(error instanceof Unprepared)) throw error;
  say(error.message);
  process.exitCode = 1;
}
