// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { certificateCodec, encode, trustRecordCodec } from '@gridpeg/protocol';
import { certify, city, packetBatchFixture, fixtures, trustIn } from '@gridpeg/protocol/testing';
import fc from 'fast-check';
import type { Input } from './testing/digest-inputs';
import { otherNode, otherVersions } from './testing/other-node';
import { recordHistories } from './testing/record-histories';
import { contractFunctions } from './testing/recorded-channel';

jest.setTimeout(300_000);

const numbers = { a: fc.nat(5_000), b: fc.nat(20_000), c: fc.nat(3_000) };
const odd = fc.constantFrom(
  'İstanbul',
  'ı',
  'ß',
  'é',
  'e\u0301',
  '__proto__',
  '\u0000',
  '1e3',
  '-0',
  '"',
  '\\',
  '\uD800',
);
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 24 }), odd, fc.string({ maxLength: 24 }));
const texts = fc.array(anyText, { maxLength: 5 });
const trust = trustIn(city);
const certificate = encode(certificateCodec, certify(packetBatchFixture, trust));
const record = encode(trustRecordCodec, trust);

const edit = fc.record({ at: fc.nat(20_000), put: fc.oneof(fc.constant(''), anyText), drop: fc.nat(2) });
/** Half of them as they were, the others on other states, by other callers or with other arguments. */
const call: fc.Arbitrary<Input> = fc
  .record({ history: fc.nat(1), call: fc.nat(1_000), on: fc.nat(1_000), by: fc.nat(3), laterMs: fc.nat(90_000), edit })
  .chain((drawn) => {
    const asItWas = { ...drawn, on: drawn.call, by: undefined, laterMs: 0, edit: { at: 0, put: '', drop: 0 } };
    const { on, by, laterMs } = drawn;
    return fc
      .constantFrom({}, {}, {}, { on }, { by }, { edit: drawn.edit }, { on, by, laterMs })
      .map((changed) => ({ kind: 'call' as const, ...asItWas, ...changed }));
  });

const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 12, arbitrary: call },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hash' as const), texts }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('key' as const), type: fc.constantFrom('note', 'lane', 'packet'), texts }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ kind: fc.constant('record' as const), index: fc.nat(fixtures.length - 1), at: fc.nat(10_000) },
      ...{ put: fc.oneof(fc.constant(''), anyText), drop: fc.nat(2) },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ at: fc.nat(certificate.length - 2), flip: fc.boolean() }).map(({ at, flip }) => {
      const other = certificate[at] === 'A' ? 'B' : 'A';
      const text = flip ? certificate.slice(0, at) + other + certificate.slice(at + 1) : certificate;
      return { kind: 'certificate' as const, certificate: text, trust: record };
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      ...numbers,
      kind: fc.constantFrom('ids', 'batch', 'digest', 'send', 'receive', 'settle', 'due'),
      text: anyText,
    }),
  },
);

interface Machine {
  readonly node: string;
  readonly time: string;
  readonly number: string;
}

function digestsOn(node: string, env: Readonly<Record<string, string>>, inputs: string): [Machine, ...string[]] {
  const script = join(__dirname, 'testing', 'digest-inputs.js');
  // Fabric's contract API would write to the standard output what it loads.
  const quiet = { ...env, CORE_CHAINCODE_LOGGING_LEVEL: 'ERROR' };
  const printed = execFileSync(node, [script], { input: inputs, env: quiet, maxBuffer: 2 ** 26 }).toString();
  const [machine = '', ...digests] = printed.trimEnd().split('\n');
  return [JSON.parse(machine) as Machine, ...digests];
}

test('T22: two machines of other time, language and Node give equal bytes for 10,000 inputs', async () => {
  const inputs = fc.sample(input, { numRuns: 10_000, seed: 22 }).map((each) => `${JSON.stringify(each)}\n`);
  const text = [`${JSON.stringify(await recordHistories())}\n`, ...inputs].join('');
  const [here, ...digests] = digestsOn(process.execPath, { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }, text);
  const turkish = { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
  const node = otherNode(24);
  const [there, ...others] = digestsOn(node, turkish, text);
  expect(here).toMatchObject({ node: process.version, number: '1,234.5' });
  expect(there).toMatchObject({ number: '1.234,5' });
  expect(there.node).toBe(node === process.execPath ? process.version : otherVersions[24]);
  expect(there.time).not.toBe(here.time);
  expect(digests).toHaveLength(10_000);
  expect(others).toEqual(digests);
  const outcomes = [...new Set(digests.map((line) => line.split(' ', 2).join(' ')))].sort();
  // Every function of the contracts is among the calls, carried out and refused: one that is new fails here until it
  // is.
  const functions = contractFunctions().flatMap((name) => [`${name} given`, `${name} refused`]);
  expect(outcomes.filter((outcome) => outcome.includes(':'))).toEqual(functions.sort());
  expect(outcomes.filter((outcome) => !outcome.includes(':'))).toEqual([
    ...[
      'batch given',
      'certificate given',
      'certificate refused',
      'digest given',
      'due given',
      'hash given',
      'ids given',
    ],
    ...['key given', 'receive given', 'record given', 'record refused', 'send given', 'send refused', 'settle given'],
  ]);
});
