// SPDX-License-Identifier: Apache-2.0
/**
 * `npm run check`: everything that CI checks beside the tests. Runs each step, says how long it took, and sums up.
 *
 * A name or more as arguments runs only these steps. Types are checked by the compilation that comes before.
 */
import { spawn } from 'node:child_process';
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
  const child = spawn('npm', ['run', '--silent', steps[name]], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(data));
  const passed = await new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const text = Buffer.concat(output).toString();
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${seconds(start).padStart(7)}`);
  if (!passed || /^notice:/m.test(text)) console.log(text.replace(/^(?=.)/gm, '       ').trimEnd());
  return passed;
}

const unknown = process.argv.slice(2).filter((name) => !(name in steps));
if (unknown.length > 0)
  throw new Error(`no such step: ${unknown.join(', ')}; there are: ${Object.keys(steps).join(', ')}`);

const start = performance.now();
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(steps);
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
  `check: ${passed} of ${names.length} steps passed in ${seconds(start)}${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
