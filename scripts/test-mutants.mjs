// SPDX-License-Identifier: Apache-2.0
/**
 * `npm run test:mutants`: removes or weakens one check of the protocol or the peg at a time, by hand-made changes, and
 * says which of them no test notices; docs/mutation.md.
 *
 *   node scripts/test-mutants.mjs [PATTERN...]     all changes, or those whose file or reason contains a pattern
 *
 * Each list in test/mutation/by-hand names a source file, the test files that should notice, and changes: the text that
 * is replaced (it stands there once), its replacement, and the rule that no longer holds. If none of these tests fails,
 * all tests of the chaincode run before the change counts as a survivor.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import ts from 'typescript';

import { root } from './sources.mjs';

const listFolder = join(root, 'test', 'mutation', 'by-hand');
const packages = ['protocol', 'peg'];
const limitSeconds = 600;

/** @typedef {{ file: string, find: string, replace: string, check: string, tests: string[] }} Mutant */

/** @returns {Promise<Mutant[]>} */
async function readMutants() {
  const files = readdirSync(listFolder).filter((name) => name.endsWith('.mjs'));
  const lists = await Promise.all(files.sort().map((name) => import(join(listFolder, name))));
  return lists.flatMap(({ file, tests, changes }) =>
    changes.map(([find, replace, check]) => ({ file, tests, find, replace, check })),
  );
}

/** A copy of the compiled chaincode in which files can be changed, and the packages it needs. */
function makeSandbox() {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-mutants-'));
  for (const name of packages) {
    for (const part of ['dist', 'package.json', 'vectors']) {
      const from = join(root, 'chaincode', name, part);
      if (existsSync(from)) cpSync(from, join(folder, 'chaincode', name, part), { recursive: true });
    }
  }
  mkdirSync(join(folder, 'node_modules', '@gridpeg'), { recursive: true });
  for (const name of packages) {
    symlinkSync(join(folder, 'chaincode', name), join(folder, 'node_modules', '@gridpeg', name));
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@gridpeg') symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{}');
  return folder;
}

/** As tsconfig.base.json has them; a single file is compiled, so what concerns the project is left out. */
const { target, experimentalDecorators, emitDecoratorMetadata } = JSON.parse(
  readFileSync(join(root, 'tsconfig.base.json'), 'utf8'),
).compilerOptions;
const compilerOptions = { target, module: 'commonjs', experimentalDecorators, emitDecoratorMetadata };

/** The changed file, compiled as `tsc` compiles it. A change need not satisfy the compiler's types. */
function compile({ file, find, replace }) {
  const source = readFileSync(join(root, file), 'utf8');
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} places that say: ${find}`);
  const changed = source.replace(find, () => replace);
  if (changed === source) throw new Error(`${file}: the replacement is the same text: ${find}`);
  const compiled = ts.transpileModule(changed, { compilerOptions, fileName: file, reportDiagnostics: true });
  if (compiled.diagnostics.length > 0) throw new Error(`${file}: the replacement is no TypeScript: ${replace}`);
  return compiled.outputText;
}

const compiledPath = (file) => file.replace('/src/', '/dist/').replace(/\.ts$/, '.js');

/** @returns {Promise<string | undefined>} what was printed, if a test failed */
function failureOf(sandbox, testFiles) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const config = JSON.stringify({ rootDir: sandbox, testEnvironment: 'node', transform: {}, testTimeout: 120_000 });
  const args = [jest, '--config', config, '--runInBand', '--bail', '--silent', ...testFiles];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: sandbox, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    const timer = setTimeout(() => child.kill('SIGKILL'), limitSeconds * 1000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      if (output.includes('No tests found')) reject(new Error(`no such tests: ${testFiles.join(' ')}`));
      else resolve(code === 0 ? undefined : output);
    });
  });
}

/** @returns {Promise<'killed' | 'killed by another test' | 'survived'>} */
async function judge(sandbox, mutant) {
  const path = join(sandbox, compiledPath(mutant.file));
  const original = readFileSync(path, 'utf8');
  writeFileSync(path, compile(mutant));
  try {
    if ((await failureOf(sandbox, mutant.tests.map(compiledPath))) !== undefined) return 'killed';
    return (await failureOf(sandbox, [])) === undefined ? 'survived' : 'killed by another test';
  } finally {
    writeFileSync(path, original);
  }
}

/** A test that fails anyway would notice every change. */
async function checkUnchanged(tests) {
  const sandbox = makeSandbox();
  try {
    const failure = await failureOf(sandbox, tests.map(compiledPath));
    if (failure !== undefined) throw new Error(`the tests fail without any change:\n${failure}`);
  } finally {
    rmSync(sandbox, { recursive: true, force: true });
  }
}

async function main(patterns) {
  const all = await readMutants();
  const mutants = all.filter(
    ({ file, check }) => patterns.length === 0 || patterns.some((text) => file.includes(text) || check.includes(text)),
  );
  // A text that is no longer in its file is found before the first test runs.
  for (const mutant of mutants) compile(mutant);
  await checkUnchanged([...new Set(mutants.flatMap(({ tests }) => tests))]);
  const waiting = [...mutants];
  const counts = new Map();
  const work = async () => {
    const sandbox = makeSandbox();
    try {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const verdict = await judge(sandbox, mutant);
        counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
        const done = [...counts.values()].reduce((sum, count) => sum + count, 0);
        console.log(`${done}/${mutants.length} ${verdict}: ${mutant.file}: ${mutant.check}`);
      }
    } finally {
      rmSync(sandbox, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  for (const [verdict, count] of counts) console.log(`${count} ${verdict}`);
  return mutants.length > 0 && !counts.has('survived');
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
