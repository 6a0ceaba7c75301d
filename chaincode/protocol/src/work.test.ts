// SPDX-License-Identifier: Apache-2.0

import { cpuUsage } from 'node:process';
import { questionAbout, verifyQuestion } from './custody/absence';
import { type Batch } from './records/batch';
import { certificateCodec, claimIn } from './custody/certificate';
import { signBatch } from './custody/certificate-digest';
import { decodeRequest, encode } from './codec/codec';
import { committeeHashOf } from './governance/committee';
import { firstDigest } from './records/statement';
import { verifyFederation } from './custody/verify-federation';
import { evidenceFrom, verifyEvidence } from './custody/evidence';
import { type Packet } from './records/records';
import { type Rotation, verifyRotation } from './governance/rotation';
import { verifySourceEvidence } from './custody/source-evidence';
import {
  attribute,
  certify,
  type CertificateParts,
  der,
  growthBy,
  city,
  grid,
  issueCertificate,
  keyNamed,
  message,
  packetBatchOf,
  packetBatchFixture as batch,
  proofOf,
  type ProofPart,
  proofParts,
  publicKeyOf,
  refusalOf,
  fixtures,
  trustIn,
} from './testing';
import { readCertificate } from './x509';

/** Processor time of this process, which others do not add to. */
function usedMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
const growthOf = growthBy(usedMs);

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
  test.each(fixtures.map((one) => [one.name, one] as const))('%s', (_, { encoded, decode, codec }) => {
    const value = JSON.parse(encoded) as unknown;
    const work = (text: string): void => {
      refusalOf(() => decode(text));
      refusalOf(() => decodeRequest(codec as typeof certificateCodec, text));
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
        return encode(certificateCodec, { ...certify(batch, trust), proof: proofOf(batch, { edit }) });
      };
      const growth = growthOf(inputOf, (text) => {
        refusalOf(() => {
          const certificate = decodeRequest(certificateCodec, text);
          refusalOf(() => claimIn(certificate));
          verifyFederation(certificate, trust, new Set());
        });
      });
      expect(growth).toBeLessThanOrEqual(2.5);
    },
  );
});

describe('T40: twice the DER takes at most 2.5 times the work, wherever it is in a certificate', () => {
  const of = (unit: Buffer, size: number): Buffer => Buffer.from(ofSize(unit.toString('latin1'), size), 'latin1');
  const [nothing, name, oid] = [der(0x05), der(0x31, attribute('55040b', 'unit')), Buffer.from([0x88, 0x37])];
  const extension = der(0x30, der(0x06, Buffer.from('2a03', 'hex')), der(0x04, nothing));
  const nested = (depth: number): Buffer =>
    Array.from({ length: depth }).reduce<Buffer>((inner) => der(0x30, inner), nothing);
  const fills: ReadonlyArray<readonly [string, (size: number) => Buffer]> = [
    ['empty elements', (size) => der(0x30, of(nothing, size))],
    ['names', (size) => der(0x30, of(name, size))],
    ['attributes of one name', (size) => der(0x30, der(0x31, of(attribute('55040b', 'unit'), size)))],
    ['a long text', (size) => der(0x30, der(0x31, attribute('55040b', 'u'.repeat(size))))],
    ['extensions', (size) => der(0xa3, der(0x30, of(extension, size)))],
    ['extensions in extensions', (size) => der(0xa3, nested(size / 64))],
    ['a long number', (size) => der(0x02, Buffer.alloc(size, 1))],
    ['a long identifier', (size) => der(0x30, der(0x06, of(oid, size)))],
    ['a long bit string', (size) => der(0x03, Buffer.alloc(size))],
  ];
  const parts = ['version', 'serial', 'algorithm', 'issuer', 'validity', 'subject', 'key', 'extensions'] as const;

  test.each(parts.flatMap((part) => fills.map(([what, fill]) => [part, what, fill] as const)))(
    '%s: %s',
    (part: keyof CertificateParts, _, fill) => {
      const key = keyNamed('hostile');
      const plan = { issuer: 'ca', issuerKey: key, commonNames: ['name'], units: ['peer'], key, serial: '1001' };
      const full = { ...plan, notAfter: '350101000000Z', authority: false, keyUsage: undefined };
      const inputOf = (size: number): string =>
        issueCertificate(full, (made) => {
          made[part] = fill(Math.min(size, 65_000) - (size === 2 ** 16 ? 500 : 0));
        });
      const growth = growthOf(inputOf, (pem) => {
        try {
          readCertificate(pem);
        } catch {
          // That it is refused is for other tests.
        }
      });
      expect(growth).toBeLessThanOrEqual(2.5);
    },
  );
});

describe('T40: twice as many signatures or entries take at most 2.5 times the work to verify', () => {
  const trust = trustIn(city);
  const signers = Array.from({ length: 32 }, (_, index) => ({
    mspId: `Member${index.toString()}MSP` as typeof grid.mspId,
    key: keyNamed(`signer ${index.toString()}`),
  }));
  const keys = signers.map(({ mspId, key }) => ({ mspId, publicKey: publicKeyOf(key) }));
  const [first] = batch.entries as readonly [Packet];
  const batchOf = (count: number, quantity = 100n): Batch =>
    packetBatchOf(...(Array.from({ length: count }, () => ({ ...first, quantity })) as [Packet]));
  const signedBatch = (of: Batch) => ({
    ...{ batch: of, trust, form: firstDigest },
    ...signBatch(of, trust, grid.mspId, grid.notaryKey),
  });
  const [asked, committee] = [batchOf(1), { ...trust.committee, threshold: 32, notaries: keys }];
  const digits = signBatch(asked, trust, grid.mspId, grid.notaryKey).signature;

  test.each<[string, most: number, (count: number) => () => unknown]>([
    [
      'a question with keys',
      32,
      (count) => {
        const signatures = signers.slice(0, count).map(({ mspId, key }, index) => ({
          publicKey: keys[index]!.publicKey,
          signature: signBatch(asked, trust, mspId, key).signature,
        }));
        return () => verifyQuestion(questionAbout(first.id, asked, trust, signatures, firstDigest)!);
      },
    ],
    [
      'a question with entries',
      100,
      (count) => {
        const about = batchOf(count);
        const { signature } = signedBatch(about);
        const signatures = [{ publicKey: publicKeyOf(grid.notaryKey), signature }];
        const question = questionAbout(first.id, about, trust, signatures, firstDigest);
        return () => verifyQuestion(question!);
      },
    ],
    [
      'two contents with entries',
      100,
      (count) => {
        const two = [batchOf(count), batchOf(count, 101n)].map(signedBatch);
        const evidence = evidenceFrom(publicKeyOf(grid.notaryKey), first.id, [two[0]!, two[1]!]);
        return () => verifyEvidence(evidence!);
      },
    ],
    [
      'two answers that say the same of one packet',
      100,
      (count) => {
        const proof = proofOf(batchOf(count));
        const evidence = { version: 1, kind: 'answers', sourceChainId: city, packetId: first.id } as const;
        return () => verifySourceEvidence({ ...evidence, proofs: [proof, proof] }, trust);
      },
    ],
    [
      'a rotation with signatures',
      32,
      (count) => {
        const named = signers.slice(0, count).map(({ mspId: notary }) => ({ notary, signature: digits }));
        const next = { ...committee, epoch: committee.epoch + 1, notaries: keys.slice(0, count), threshold: count };
        const rotation: Rotation = {
          ...{ version: 1, previous: committeeHashOf(committee), next, signatures: named },
          possessions: named.map(({ signature }) => signature),
        };
        return () => verifyRotation(rotation, committee, new Set(keys.map(({ publicKey }) => `not ${publicKey}`)));
      },
    ],
  ])('%s', (_, most, workOf) => {
    const growth = growthOf(
      workOf,
      (work) => {
        for (let time = 0; time < 20; time += 1) refusalOf(work);
      },
      [most / 4, most],
    );
    expect(growth).toBeLessThanOrEqual(2.5);
  });
});

test('T40: work that grows with the square of its input is found out, and soon', () => {
  const quadratic = (text: string): void => {
    let seen: readonly string[] = [];
    for (const character of text) seen = [...seen, character];
  };
  expect(growthOf((size) => 'a'.repeat(size / 4), quadratic)).toBeGreaterThan(2.5);
});
