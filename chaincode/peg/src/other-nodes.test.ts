// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateCorpus, hostileKeys, keyNamed, members, publicKeyOf } from '@gridpeg/protocol/testing';
import type { Judged } from './testing/certificate-verdicts';
import { otherNode, otherVersions } from './testing/other-node';

jest.setTimeout(300_000);

const script = join(__dirname, 'testing', 'certificate-verdicts.js');
const vectorFile = join(__dirname, '..', '..', 'protocol', 'vectors', 'x509.json');
const vectors = JSON.parse(readFileSync(vectorFile, 'utf8')) as Record<
  'issued' | 'accepted' | 'refused',
  { certificate: string; authority?: string }[]
>;
const authorities = members.map(({ caCertificate }) => caCertificate);
const certificates = [
  ...[...vectors.issued, ...vectors.accepted, ...vectors.refused].map(({ certificate, authority }) => ({
    certificate,
    authorities: authority === undefined ? authorities : [authority],
  })),
  ...certificateCorpus().map(({ pem }) => ({ certificate: pem, authorities })),
];
const good = Buffer.from(publicKeyOf(keyNamed('notary')), 'base64');
const keys = [good, ...hostileKeys.map(({ spki }) => spki)].map((spki) => ({ spki: spki.toString('base64') }));
const inputs: readonly Judged[] = [...certificates, ...keys];

function judgedBy(node: string): readonly string[] {
  return execFileSync(node, [script], { input: JSON.stringify(inputs), maxBuffer: 2 ** 26 })
    .toString()
    .split('\n');
}

test('T41, T42: every version of Node outlives the corpus of certificates and keys, and judges it alike', () => {
  const [version, ...verdicts] = judgedBy(process.execPath);
  expect(version).toBe(process.version);
  expect(verdicts).toHaveLength(inputs.length);
  const ofKeys = verdicts.slice(certificates.length);
  expect(ofKeys[0]).toBe('[true,true]');
  expect(ofKeys.slice(1).filter((verdict) => verdict.startsWith('[true'))).toEqual([]);
  for (const major of [22, 24] as const) {
    const node = otherNode(major);
    const [other, ...others] = judgedBy(node);
    expect(other).toBe(node === process.execPath ? process.version : otherVersions[major]);
    expect(others).toEqual(verdicts);
  }
});
