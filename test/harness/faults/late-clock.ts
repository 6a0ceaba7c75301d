// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Surroundings } from '../cli/gridpeg';

/**
 * Surroundings in which a command takes this machine's clock for another one.
 *
 * @param folder - where the file is written that does it
 * @param lateMs - by how much that clock is behind
 */
export function lateClock(folder: string, lateMs: number): Surroundings {
  const file = join(folder, 'late-clock.cjs');
  const clock = `constructor(...time) { super(...(time.length > 0 ? time : [now()])); } static now() { return now(); }`;
  const now = `const { now: real } = Date, now = () => real() - ${lateMs.toString()};`;
  writeFileSync(file, `${now} globalThis.Date = class extends Date { ${clock} };\n`);
  return { env: { NODE_OPTIONS: `--require ${file}` } };
}
