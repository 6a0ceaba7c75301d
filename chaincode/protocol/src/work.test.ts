// SPDX-License-Identifier: Apache-2.0

import { cpuUsage } from 'node:process';
import { certificateShape } from './certificate';
import { decodeRequest, encode } from './codec';
import { claimOf, verifyEndorsedProof } from './endorsed-proof';
import {
  certify,
  city,
  grid,
  message,
  packetBatchSample as batch,
  proofOf,
  type ProofPart,
  proofParts,
  refusalOf,
  samples,
  trustIn,
} from './testing';

/** Milliseconds of processor time below which a measurement says nothing, however loaded the machine is. */
const leastMs = 10;
/** Of 64 kB, what takes work by the square shows, and what does not costs a test next to nothing. */
const [smallest, largest] = [2 ** 14, 2 ** 16];
const mostGrowth = 2.5;

/** Processor time of this process, which others do not add to. */
function workMs(action: () => void): number {
  const start = cpuUsage();
  action();
  const { user, system } = cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * How the work for an input grows when its size doubles, at worst. It starts small and stops where the work has grown
 * too much, so that work without bound ends as well. What garbage collection disturbs is measured again.
 *
 * @param inputOf - an input of about so many characters or bytes
 * @param work - what is done with it; its refusals are its own to catch
 * @returns the largest ratio met, 0 when the work is never worth a measurement
 */
function growthOf<Input>(inputOf: (size: number) => Input, work: (input: Input) => void): number {
  let worst = 0;
  let half: Input | undefined;
  for (let size = smallest; size <= largest && worst <= mostGrowth; size *= 2) {
    const [before, input] = [half, inputOf(size)];
    const worth = workMs(() => work(input)) >= leastMs;
    if (worth && before !== undefined)
      worst = Math.max(
        worst,
        ratioOf(
          () => work(before),
          () => work(input),
        ),
      );
    half = worth ? input : undefined;
  }
  return worst;
}

function ratioOf(half: () => void, whole: () => void): number {
  let least = Infinity;
  for (let tries = 0; tries < 5 && least > mostGrowth; tries += 1)
    least = Math.min(least, workMs(whole) / workMs(half));
  return least;
}

type Path = readonly (string | number)[];
const ofSize = (text: string, size: number): string => text.repeat(Math.max(1, Math.floor(size / text.length)));

/** Everything in a JSON value, by its path; of a list the first element. */
function places(value: unknown, path: Path = []): ReadonlyArray<readonly [Path, unknown]> {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const shown = Array.isArray(value) ? inner.slice(0, 1) : inner;
  return [
    [path, value],
    ...shown.flatMap(([name, part]) => places(part, [...path, Array.isArray(value) ? Number(name) : name])),
  ];
}

/** The JSON text before and after what stands at the path. */
function around(value: unknown, path: Path): readonly [string, string] {
  const mark = '\u0001';
  const copy = JSON.parse(JSON.stringify({ root: value })) as Record<string, unknown>;
  const steps = ['root', ...path];
  const holder = steps.slice(0, -1).reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], copy);
  (holder as Record<string, unknown>)[steps.at(-1)!] = mark;
  const [before = '', after = ''] = JSON.stringify(copy['root']).split(JSON.stringify(mark));
  return [before, after];
}

/** What somebody may put in the place of a value, of any size. */
function attacks(value: unknown): ReadonlyArray<readonly [string, (size: number) => string]> {
  const list = (item: string) => (size: number) => `[${ofSize(`${item},`, size)}${item}]`;
  const text = (start: string, unit: string, end: string) => (size: number) =>
    JSON.stringify(`${start}${ofSize(unit, size)}${end}`);
  if (Array.isArray(value)) {
    const first = value.length > 0 ? JSON.stringify(value[0]) : '""';
    return [
      ['its own elements', list(first)],
      ['empty lists', list('[]')],
      ['empty texts', list('""')],
    ];
  }
  if (typeof value === 'string') {
    return [
      ['its last character again and again', text(value, value.at(-1) ?? 'a', '')],
      ['itself again and again', text('', value === '' ? 'a' : value, '!')],
      ['zeros', text('', '0', '')],
      ['line ends', text('', '\n', '')],
    ];
  }
  if (typeof value === 'number') return [['digits', (size) => ofSize('1', size)]];
  const fields = JSON.stringify(value).slice(1, -1);
  return [
    ['unknown fields', (size) => `{${Array.from({ length: size / 8 }, (_, i) => `"${i.toString()}":1`).join()}}`],
    ['one field again and again', (size) => `{${ofSize(`${fields === '' ? '"a":1' : fields},`, size)}"a":1}`],
    ['lists in lists', (size) => `${ofSize('[', size / 2)}${ofSize(']', size / 2)}`],
    ['records in records', (size) => `${ofSize('{"a":', size)}1${'}'.repeat(Math.floor(size / 5))}`],
  ];
}

describe('T40: twice the text takes at most 2.5 times the work, wherever it is put', () => {
  test.each(samples.map((one) => [one.name, one] as const))('%s', (_, { encoded, decode, shape }) => {
    const value = JSON.parse(encoded) as unknown;
    const work = (text: string): void => {
      refusalOf(() => decode(text));
      refusalOf(() => decodeRequest(shape as typeof certificateShape, text));
    };
    const grown = places(value).flatMap(([path, part]) => {
      const [before, after] = around(value, path);
      return attacks(part).map(([name, make]) => ({
        at: `${path.join('.')}: ${name}`,
        growth: growthOf((size) => `${before}${make(size)}${after}`, work),
      }));
    });
    expect(grown.filter(({ growth }) => growth > 2.5)).toEqual([]);
    expect(grown.length).toBeGreaterThan(0);
  });
});

describe('T40: twice the proof takes at most 2.5 times the work, whichever of its messages grows', () => {
  const trust = trustIn(city);
  const bytes = (size: number): Buffer => Buffer.alloc(size, 1);
  const many = (field: Buffer, size: number): Buffer => Buffer.from(ofSize(field.toString('latin1'), size), 'latin1');
  const ways: ReadonlyArray<readonly [string, (part: Buffer, size: number) => Buffer]> = [
    ['empty fields 1', (part, size) => Buffer.concat([part, many(message([1, '']), size)])],
    ['empty fields 1 alone', (_, size) => many(message([1, '']), size)],
    ['fields 1 of one byte', (_, size) => many(message([1, 'a']), size)],
    ['unknown fields', (part, size) => Buffer.concat([part, many(message([99, '']), size)])],
    ['numbers', (part, size) => Buffer.concat([part, many(message([1, 1]), size)])],
    ['long spellings', (_, size) => Buffer.alloc(size, 0x80)],
    ['groups in groups', (_, size) => Buffer.alloc(size, 0x0b)],
    ['one long field 1', (_, size) => message([1, bytes(size)])],
    ['one long field 2', (part, size) => Buffer.concat([part, message([2, bytes(size)])])],
    [
      'a long certificate',
      (_, size) => message([1, grid.mspId], [2, `-----BEGIN CERTIFICATE-----\n${'A'.repeat(size)}`]),
    ],
    ['many lines', (_, size) => message([1, grid.mspId], [2, `-----BEGIN CERTIFICATE-----${'\n'.repeat(size)}`])],
    ['many dashes', (_, size) => message([1, grid.mspId], [2, '-'.repeat(size)])],
  ];

  test.each(proofParts.flatMap((part) => ways.map(([name, grow]) => [part, name, grow] as const)))(
    '%s: %s',
    (part: ProofPart, _, grow) => {
      const inputOf = (size: number): string => {
        const edit = (which: ProofPart, made: Buffer): Buffer => (which === part ? grow(made, size) : made);
        return encode(certificateShape, { ...certify(batch, trust), proof: proofOf(batch, { edit }) });
      };
      const growth = growthOf(inputOf, (text) => {
        refusalOf(() => {
          const { proof } = decodeRequest(certificateShape, text);
          refusalOf(() => claimOf(proof));
          verifyEndorsedProof(proof, trust);
        });
      });
      expect(growth).toBeLessThanOrEqual(2.5);
    },
  );
});

test('T40: work that grows with the square of its input is found out, and soon', () => {
  const quadratic = (text: string): void => {
    let seen: readonly string[] = [];
    for (const character of text) seen = [...seen, character];
  };
  expect(growthOf((size) => 'a'.repeat(size / 4), quadratic)).toBeGreaterThan(2.5);
});
