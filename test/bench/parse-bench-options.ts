// SPDX-License-Identifier: Apache-2.0

import { parseArgs } from 'node:util';

/** Parts of a bench that can be asked for. */
const benchParts = ['yardstick', 'notes', 'cross-chain', 'end-to-end', 'cold-start'] as const;
type BenchPart = (typeof benchParts)[number];

/** The options of the command. */
export interface BenchOptions {
  /** The length of a run: measured seconds of a phase, in proportion to which slices in turns become longer or more. */
  readonly seconds: number;
  /** Callers at a time in single-chain load. */
  readonly concurrency: number;
  readonly parts: ReadonlySet<BenchPart>;
  /** The number of packets in flight when a notary starts with an empty disk. */
  readonly packets: number;
  readonly topology: string;
  /** The folder for CPU profiles of the Node processes; undefined when none are taken. */
  readonly profile: string | undefined;
  /** Where the figures go; by default a file in the folder for temporary files. */
  readonly json: string | undefined;
  /** A network that is up, to be measured and left as it is; undefined: one is made and taken down. */
  readonly state: string | undefined;
}

/** What `--help` prints. */
export const benchHelp = `Usage: npm run bench -- [options]

Measures the peg on a network made for it, and takes the network down again. About six minutes.

  --seconds <number>      measured seconds a phase, 1 to 600 (default 6); longer is steadier
  --concurrency <number>  transactions under way in single-chain load, 1 to 256 (default 32)
  --only <parts>          some of ${benchParts.join(', ')}, with commas
  --packets <number>      packets in flight at the cold start, 1 to 50000 (default 10000)
  --topology <name>       a topology that comes with gridpeg (default dev)
  --profile <folder>      also write CPU profiles of all Node processes; the figures suffer (docs/performance.md)
  --json <file>           where the figures go (default: a new file in the folder for temporary files)
  --state <folder>        measure the network that is up in this folder, and leave it up;
                          no cold start unless --only says so
  --help

What each figure means: test/bench/README.md`;

/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the command line.
 *
 * @param parameters - without program and script
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function parseBenchOptions(parameters: readonly string[]): BenchOptions | undefined {
  const values = parse(parameters);
  if (values.help === true) return undefined;
  return {
    seconds: wholeNumber('--seconds', values.seconds ?? '6', 600),
    concurrency: wholeNumber('--concurrency', values.concurrency ?? '32', 256),
    parts: new Set(values.only?.split(',').map(partOf) ?? partsFor(values)),
    packets: wholeNumber('--packets', values.packets ?? '10000', 50_000),
    topology: values.topology ?? 'dev',
    profile: values.profile,
    json: values.json,
    state: values.state,
  };
}

interface Values {
  readonly [name: string]: string | boolean | undefined;
  readonly help?: boolean | undefined;
  readonly seconds?: string | undefined;
  readonly concurrency?: string | undefined;
  readonly only?: string | undefined;
  readonly packets?: string | undefined;
  readonly topology?: string | undefined;
  readonly profile?: string | undefined;
  readonly json?: string | undefined;
  readonly state?: string | undefined;
}

function parse(parameters: readonly string[]): Values {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        help: { type: 'boolean' },
        ...{
          seconds: text,
          concurrency: text,
          only: text,
          packets: text,
          topology: text,
          profile: text,
          json: text,
          state: text,
        },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, value: string, maximum: number): number {
  const number = /^[0-9]{1,5}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > maximum) throw new UsageError(`${name} ${value} is not a number from 1 to ${maximum}`);
  return number;
}

/** The cold start empties a notary's disk: nobody's network but our own. */
function partsFor({ state }: Values): readonly BenchPart[] {
  return benchParts.filter((part) => state === undefined || part !== 'cold-start');
}

function partOf(name: string): BenchPart {
  const part = benchParts.find((candidate) => candidate === name);
  if (part === undefined) throw new UsageError(`--only ${name} is none of ${benchParts.join(', ')}`);
  return part;
}
