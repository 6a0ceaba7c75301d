// SPDX-License-Identifier: Apache-2.0
/**
 * `npm run check`: everything that CI checks beside the tests. Runs each step, says how long it took, and sums up.
 *
 * A name or more as arguments runs only these steps. With `--tested`, what all tests have just done is not done again:
 * they were compiled, and read the vectors. Appends the durations of the steps to the file that GRIDPEG_DURATIONS
 * names, as the tests do.
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';

import { root } from './sources.mjs';

/** Name -> script of package.json; the slow ones first, so that none is left over at the end. */
const steps = {
  lint: 'lint',
  format: 'format:check',
  'unused code': 'unused:check',
  'import rules': 'imports:check',
  types: 'build',
  vectors: 'vectors:check',
  sources: 'sources:check',
  codes: 'codes:check',
  invariants: 'invariants:check',
  links: 'links:check',
  shell: 'shell:check',
};

const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

async function run(name) {
  const start = performance.now();
  const command = ['run', '--silent', steps[name], ...(name === 'vectors' && isTested ? ['--', '--tested'] : [])];
  const child = spawn('npm', command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(data));
  const passed = await new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const text = Buffer.concat(output).toString();
  const { GRIDPEG_DURATIONS: durations } = process.env;
  if (durations) appendFileSync(durations, `${((performance.now() - start) / 1000).toFixed(1)}\t${name}\n`);
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${seconds(start).padStart(7)}`);
  if (!passed || /^notice:/m.test(text)) console.log(text.replace(/^(?=.)/gm, '       ').trimEnd());
  return passed;
}

const isTested = process.argv.includes('--tested');
const wanted = process.argv.slice(2).filter((word) => word !== '--tested');
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0)
  throw new Error(`no such step: ${unknown.join(', ')}; there are: ${Object.keys(steps).join(', ')}`);

const start = performance.now();
const every = Object.keys(steps).filter((name) => !(isTested && name === 'types'));
const names = wanted.length > 0 ? wanted : every;
const waiting = [...names];
const failed = [];
async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (!(await run(name))) failed.push(name);
  }
}
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));

const passed = names.length - failed.length;
console.log(
  `check: ${passed} of ${names.length} steps passed in ${seconds(start)}` +
    (failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''),
);
process.exitCode = failed.length > 0 ? 1 : 0;
