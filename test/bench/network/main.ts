// SPDX-License-Identifier: Apache-2.0

/** `npm run bench:network`: what it takes to have a network at all. No load, no assertion; figures only. */

import { takeDown } from '@gridpeg/network';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gridpegWell } from '../../harness/cli/gridpeg';
import { readMemory, type KindMemory } from './memory';

const help = `Usage: npm run bench:network -- [options]

Brings a network up, up again and down, and measures how long each takes and, after half a minute of idling, what
memory it holds. Fabric should be built already: bring any network up once before.

  --topology <name|file>  a topology that comes with gridpeg, or a file (default dev)
  --idle <seconds>        how long it idles before memory is read (default 30)
  --json                  print one JSON document
  --help`;

/** What a network of topology `dev` should take at most, with Fabric built already, on two cores. */
const aims = { upSeconds: 20, downSeconds: 3, memoryMiB: 1536 };

interface Report {
  readonly topology: string;
  readonly upSeconds: number;
  /** How long each step of that \`up\` took. */
  readonly steps: Readonly<Record<string, number>>;
  readonly secondUpSeconds: number;
  readonly downSeconds: number;
  readonly idleSeconds: number;
  readonly memory: readonly KindMemory[];
}

async function measure(topology: string, idleSeconds: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-bench-'));
  const stateDir = join(folder, 'state');
  const timed = async (...parameters: readonly string[]): Promise<{ seconds: number; output: string }> => {
    process.stderr.write(`gridpeg ${parameters.join(' ')} ...\n`);
    const start = performance.now();
    const { stderr } = await gridpegWell(stateDir, ...parameters);
    return { seconds: Math.round(performance.now() - start) / 1000, output: stderr };
  };
  try {
    const up = await timed('up', '--topology', topology);
    const again = await timed('up', '--topology', topology);
    process.stderr.write(`idling ${idleSeconds} s ...\n`);
    await sleep(idleSeconds * 1000);
    const memory = await readMemory(stateDir);
    const down = await timed('down');
    return {
      ...{ topology, upSeconds: up.seconds, steps: stepsOf(up.output) },
      ...{ secondUpSeconds: again.seconds, downSeconds: down.seconds, idleSeconds, memory },
    };
  } finally {
    if (existsSync(stateDir)) await takeDown({ stateDir });
    rmSync(folder, { recursive: true, force: true });
  }
}

function stepsOf(output: string): Readonly<Record<string, number>> {
  const lines = output.matchAll(/^(.+): (?:done in )?(\d+\.\d) s$/gm);
  return Object.fromEntries([...lines].map(([, step = '', seconds]) => [step, Number(seconds)]));
}

function print({ steps, memory, ...report }: Report): void {
  const times: ReadonlyArray<readonly [what: string, seconds: number, aim?: number]> = [
    ['up', report.upSeconds, aims.upSeconds],
    ...Object.entries(steps).map(([step, seconds]) => [`  ${step}`, seconds] as const),
    ['up again', report.secondUpSeconds],
    ['down', report.downSeconds, aims.downSeconds],
  ];
  write(`topology ${report.topology}\n\n${row('', ['seconds', 'at most'])}`);
  for (const [what, seconds, aim] of times) write(row(what, [seconds.toFixed(1), judged(seconds, aim)]));
  write(`\n${row(`MiB after ${report.idleSeconds} s`, ['processes', 'RSS', 'PSS', 'at most'])}`);
  for (const { kind, processes, pssMiB, rssMiB } of memory) {
    const aim = kind === 'all' ? aims.memoryMiB : undefined;
    write(row(kind, [`${processes}`, rssMiB.toFixed(1), pssMiB.toFixed(1), judged(pssMiB, aim)]));
  }
}

function row(what: string, columns: readonly string[]): string {
  return what.padEnd(60) + columns.map((column) => column.padStart(12)).join('');
}

/** What was aimed at, and by how much it was missed. */
function judged(figure: number, aim: number | undefined): string {
  if (aim === undefined) return '';
  return figure <= aim ? `${aim}` : `${aim} (+${(figure - aim).toFixed(1)})`;
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      topology: { type: 'string', default: 'dev' },
      idle: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    write(help);
    return;
  }
  if (!/^\d{1,4}$/.test(values.idle)) throw new Error(`--idle ${values.idle} is no number of seconds`);
  const report = await measure(values.topology, Number(values.idle));
  if (values.json) write(JSON.stringify({ ...report, aims }, undefined, 2));
  else print(report);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
