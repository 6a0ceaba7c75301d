// SPDX-License-Identifier: Apache-2.0
/**
 * `npm run test:mutants`: removes or weakens one check of the protocol or the peg at a time, by hand-made changes, and
 * says which of them no test notices; docs/mutation.md.
 *
 *   node scripts/test-mutants.mjs [LIST...]     all lists of test/mutation/by-hand, or those of these names
 *
 * Each list names a source file, the test files that must notice, and changes: the text that is replaced (it stands
 * there once), its replacement, and the rule that no longer holds. A change of which all these tests pass has survived;
 * then the exit status is 1.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import ts from 'typescript';

import { root } from './sources.mjs';

const mutationFolder = join(root, 'test', 'mutation');
const listFolder = join(mutationFolder, 'by-hand');
/** How many changes one process tries: each keeps its own copy of the code. */
const batchSize = 12;
/** After that a change keeps its tests from ending. */
const limitSeconds = 900;

/** @typedef {{ list: string, check: string, file: string, code: string, tests: string[] }} Mutant */

/**
 * Compiles every change, so that a text that is no longer in its file is found before the first test runs.
 *
 * @param {string[]} wanted names of lists; none: all
 * @returns {Promise<Mutant[][]>} by list
 */
async function readLists(wanted) {
  const names = readdirSync(listFolder).map((name) => name.replace(/\.mjs$/, ''));
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no such list: ${unknown.join(', ')}; there are: ${names.join(', ')}`);
  const chosen = wanted.length === 0 ? names.sort() : wanted;
  const lists = await Promise.all(chosen.map((name) => import(join(listFolder, `${name}.mjs`))));
  return lists.map(({ file, tests, changes }, index) =>
    changes.map(([find, replace, check]) => {
      const code = compile(file, find, replace);
      return { list: chosen[index], check, file: compiledPath(file), code, tests: tests.map(compiledPath) };
    }),
  );
}

/** As tsconfig.base.json has them; a single file is compiled, so what concerns the project is left out. */
const { target, experimentalDecorators, emitDecoratorMetadata } = JSON.parse(
  readFileSync(join(root, 'tsconfig.base.json'), 'utf8'),
).compilerOptions;
const compilerOptions = { target, module: 'commonjs', experimentalDecorators, emitDecoratorMetadata };

/** The changed file, compiled as `tsc` compiles it. A change need not satisfy the compiler's types. */
function compile(file, find, replace) {
  const source = readFileSync(join(root, file), 'utf8');
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} places that say: ${find}`);
  const changed = source.replace(find, () => replace);
  if (changed === source) throw new Error(`${file}: the replacement is the same text: ${find}`);
  const compiled = ts.transpileModule(changed, { compilerOptions, fileName: file, reportDiagnostics: true });
  if (compiled.diagnostics.length > 0) throw new Error(`${file}: the replacement is no TypeScript: ${replace}`);
  return compiled.outputText;
}

const compiledPath = (file) => join(root, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));

/**
 * Tries changes of one list in one process.
 *
 * @param {Mutant[]} mutants
 * @param {(mutant: Mutant, verdict: 'killed' | 'survived' | 'did not end') => void} report
 * @returns {Promise<Mutant[]>} those that were not tried, since one before them did not end
 */
async function tryBatch(mutants, report) {
  const { file, tests } = mutants[0];
  // Without any change first and last: tests that fail anyway, or by what a change has left behind, would notice
  // everything.
  const unchanged = { file, tests };
  const trials = mutants.map(({ code }, index) => ({ name: index.toString(), file, code, tests }));
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-mutants-'));
  const trialsFile = join(folder, 'trials.json');
  writeFileSync(
    trialsFile,
    JSON.stringify([{ ...unchanged, name: 'first' }, ...trials, { ...unchanged, name: 'last' }]),
  );
  try {
    const { verdicts, begun, output } = await runJest(trialsFile, ({ name, verdict }) => {
      if (mutants[name] !== undefined) report(mutants[name], verdict === 'passed' ? 'survived' : 'killed');
    });
    for (const name of ['first', 'last']) {
      if (verdicts.get(name) === 'failed') throw new Error(`tests fail without any change (${tests})\n${output}`);
    }
    if (verdicts.has('last')) return [];
    if (mutants[begun] === undefined) throw new Error(`tests do not end without any change (${tests})\n${output}`);
    report(mutants[begun], 'did not end');
    return mutants.slice(Number(begun) + 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {Promise<{ verdicts: Map<string, string>, begun: string, output: string }>} up to what did not end */
function runJest(trialsFile, report) {
  const config = {
    rootDir: root,
    testEnvironment: join(mutationFolder, 'by-hand-environment.cjs'),
    testMatch: [join(mutationFolder, 'by-hand.test.cjs')],
    modulePathIgnorePatterns: ['<rootDir>/chaincode/[^/]+/bundle'],
    transform: {},
    restoreMocks: true,
    globals: { trialsFile },
    testTimeout: 120_000,
  };
  const args = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--config', JSON.stringify(config)];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, '--runInBand', '--silent'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const verdicts = new Map();
    let [begun, output] = ['', ''];
    const stop = () => child.kill('SIGKILL');
    let timer = setTimeout(stop, limitSeconds * 1000);
    child.stderr.on('data', (data) => (output += data));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name, verdict] = /^trial (\w+) (begins|failed|passed)$/.exec(line) ?? [];
      if (name === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(stop, limitSeconds * 1000);
      if (verdict === 'begins') begun = name;
      else {
        verdicts.set(name, verdict);
        report({ name, verdict });
      }
    });
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      resolve({ verdicts, begun, output });
    });
  });
}

/** @param {Map<Mutant, string>} verdicts */
function summarize(verdicts) {
  const having = (verdict) => [...verdicts].filter(([, found]) => found === verdict).map(([mutant]) => mutant);
  const [survivors, endless] = [having('survived'), having('did not end')];
  console.log(
    [
      '',
      ...endless.map(({ list, check }) => `did not end, and so counts as killed: ${list}: ${check}`),
      ...survivors.map(({ list, check }) => `survived: ${list}: ${check}`),
      `${verdicts.size} changes: ${verdicts.size - survivors.length} killed, ${survivors.length} survived`,
    ].join('\n'),
  );
  return survivors.length;
}

async function main(wanted) {
  const lists = await readLists(wanted);
  const total = lists.flat().length;
  const verdicts = new Map();
  const report = (mutant, verdict) => {
    verdicts.set(mutant, verdict);
    console.log(`${verdicts.size}/${total} ${verdict}: ${mutant.list}: ${mutant.check}`);
  };
  const waiting = lists.flatMap((mutants) =>
    Array.from({ length: Math.ceil(mutants.length / batchSize) }, (_, index) =>
      mutants.slice(index * batchSize, (index + 1) * batchSize),
    ),
  );
  const work = async () => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      const left = await tryBatch(batch, report);
      if (left.length > 0) waiting.unshift(left);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return summarize(verdicts);
}

process.exitCode = (await main(process.argv.slice(2))) > 0 ? 1 : 0;
