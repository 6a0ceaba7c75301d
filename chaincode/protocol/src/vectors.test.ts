// SPDX-License-Identifier: Apache-2.0

import { createHash, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { questionHashOf } from './custody/absence';
import { batchRootOf, packetHashOf, receiptHashOf } from './records/batch';
import { certificateDigest } from './custody/certificate-digest';
import { decode } from './codec/codec';
import { committeeHashOf, notaryKeyHashOf } from './governance/committee';
import { committeeCodec, configurationHashOf, trustHashOf, trustRecordCodec } from './records/configuration';
import { type EndorsedProof, endorsedProofCodec, verifyEndorsedProof } from './proof/endorsed-proof';
import { evidenceCodec, verifyEvidence } from './custody/evidence';
import { followedConfigurationHashOf } from './spv/followed-chain';
import { hash } from './codec/hash';
import { labelHashOf, ownerTagOf, packetIdOf } from './codec/identifiers';
import { possessionDigest, rotationDigest, rotationCodec, verifyRotation } from './governance/rotation';
import { digestFor } from './records/statement';
import { verifySignature } from './x509/signature';
import { type ObjectType, parseStateKey, stateKey } from './codec/state-key';
import * as testing from './testing';
import { changed, type Change } from './testing/changed-vector';

/** Committed examples for other implementations: read here in both directions, so that no change goes unnoticed. */
function vectors(file: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, '..', 'vectors', file), 'utf8'));
}

/** What the modules of this package export, whether its entry lists it or not. */
function readAllExports(): readonly (readonly [string, unknown])[] {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.js') && !file.endsWith('.test.js') && !file.startsWith('testing'),
  );
  return files.flatMap((file) => Object.entries(jest.requireActual<Record<string, unknown>>(join(__dirname, file))));
}
/** Read while this file loads, so that they are of the same modules as the fixtures. */
const exportsOfAllModules = readAllExports();

/** What fields and parts of records are; the records that they are in have vectors. */
const parts = [
  ...['base64Codec', 'hashCodec', 'chainIdCodec', 'laneIdCodec', 'assetIdCodec', 'mspIdCodec', 'accountCodec'],
  ...['txIdCodec', 'packetIdCodec', 'noteIdCodec', 'escrowIdCodec', 'memoCodec', 'indexCodec', 'quantityCodec'],
  ...[
    'timeMsCodec',
    'labelCodec',
    'packetKindCodec',
    'codeCodec',
    'custodyModeCodec',
    'signatureCustodyCodec',
    'batchCodec',
  ],
  ...['notaryCodec', 'notarySignatureCodec', 'recordedBatchCodec'],
  ...[
    'windowCodec',
    'thresholdCodec',
    'notariesCodec',
    'earlierAssetCodec',
    'earlierConfigurationCodec',
    'earlierActionCodec',
  ],
  ...['pemCodec', 'caCertificatesCodec', 'revokedSerialsCodec', 'organizationCodec', 'channelOrganizationsCodec'],
  ...['consensusCodec', 'envelopesCodec', 'linksCodec', 'signedHeaderCodec', 'signedBlockCodec', 'followStepsCodec'],
  ...['compactEndorsementCodec', 'validityAnswerCodec'],
];
/** Those of light-client.json. */
const inLightClient = ['genesisBlockCodec', 'headerConflictCodec', 'blockProofCodec'];
/** Signatures are random, so these have vectors of their own: proof.json and certificate.json. */
const signed = [
  'endorsedProofCodec',
  'compactProofCodec',
  'certificateCodec',
  ...inLightClient,
  'endorsementCodec',
  'dividedProofCodec',
];

describe('record vectors', () => {
  const records = vectors('records.json') as { name: string; record: unknown; canonical: string }[];

  test('there is one for each record', () => {
    expect(records.map(({ name }) => name)).toEqual(testing.fixtures.map(({ name }) => name));
  });
  test('each record, request and answer of the protocol has one', () => {
    const shown = new Set<unknown>(testing.fixtures.map(({ codec }) => codec));
    const without = exportsOfAllModules.filter(([name, value]) => name.endsWith('Codec') && !shown.has(value));
    expect([...new Set(without.map(([name]) => name))].sort()).toEqual([...parts, ...signed].sort());
  });
  test.each(records)(
    '$name: is what the record encodes to, and decodes to the record',
    ({ name, record, canonical }) => {
      const fixture = testing.fixtureNamed(name);
      expect(fixture.encoded).toBe(canonical);
      expect(fixture.decode(canonical)).toEqual(fixture.value);
      expect(fixture.encode(canonical)).toBe(canonical);
      expect(JSON.stringify(record)).toBe(canonical);
    },
  );
});

describe('T24: malformed vectors', () => {
  const malformed = vectors('malformed.json') as {
    name: string;
    record: string;
    text: string;
    code: string;
    field: string;
  }[];

  test.each(malformed)('$record with $name is refused', ({ record, text, code, field }) => {
    expect(testing.refusalOf(() => testing.fixtureNamed(record).decode(text))).toMatchObject({ code, field });
  });
  test('there are some of each record', () => {
    expect(new Set(malformed.map(({ record }) => record))).toEqual(new Set(testing.fixtures.map(({ name }) => name)));
  });
});

describe('key vectors', () => {
  const keys = vectors('keys.json') as { type: ObjectType; attributes: string[]; key: string; utf8: string }[];

  test('there is one for each object type', () => {
    const types: Record<ObjectType, true> = {
      configuration: true,
      approval: true,
      chain: true,
      asset: true,
      'asset-standing': true,
      'asset-usage': true,
      trust: true,
      'former-trust': true,
      lane: true,
      note: true,
      escrow: true,
      supply: true,
      outbox: true,
      'lane-inflight': true,
      inflight: true,
      settled: true,
      receipt: true,
      usage: true,
      standing: true,
      notary: true,
      replacement: true,
      proposal: true,
      consent: true,
      committee: true,
      absence: true,
      evidence: true,
    };
    expect(keys.map(({ type }) => type)).toEqual(Object.keys(types));
  });
  test.each(keys)('$type', ({ type, attributes, key, utf8 }) => {
    expect(stateKey(type, ...attributes)).toBe(key);
    expect(Buffer.from(key, 'utf8').toString('hex')).toBe(utf8);
    expect(parseStateKey(key)).toEqual({ type, attributes });
  });
});

describe('hash vectors', () => {
  const hashes = vectors('hashes.json') as {
    name: string;
    domain: string;
    fields: (string | number)[];
    preimage: string;
    hash: string;
  }[];
  const { transferFixture, trustFixture, packetBatchFixture, receiptBatchFixture } = testing;
  const computed: Record<string, string> = {
    'packet id': packetIdOf(transferFixture.sourceChainId, transferFixture.txId, transferFixture.index),
    'packet hash': packetHashOf(transferFixture),
    'receipt hash': receiptHashOf(testing.refusedFixture),
    'owner hash': hash('gridpeg/v1/owner', testing.alice),
    'label hash': labelHashOf(testing.away),
    'batch root, packets': batchRootOf(packetBatchFixture),
    'batch root, receipts': batchRootOf(receiptBatchFixture),
    'source configuration': trustHashOf(trustFixture),
    'certificate digest': certificateDigest(packetBatchFixture, trustFixture).toString('hex'),
    'certificate digest 2': certificateDigest(packetBatchFixture, trustFixture, digestFor('custodian')).toString('hex'),
    'configuration hash': configurationHashOf(testing.configurationFixture),
    'committee hash': committeeHashOf(trustFixture.committee),
    'rotation digest': rotationDigest(testing.rotationFixture.previous, testing.nextCommittee).toString('hex'),
    'possession digest': possessionDigest(
      testing.rotationFixture.previous,
      testing.nextCommittee,
      testing.notaryStatusFixture.mspId,
    ).toString('hex'),
    'notary key hash': notaryKeyHashOf(testing.notaryStatusFixture.publicKey),
    'question hash': questionHashOf(testing.questionFixture),
    'followed configuration': followedConfigurationHashOf(testing.followedConfigurationFixture),
  };

  test('there is one for each hash', () => {
    expect(hashes.map(({ name }) => name)).toEqual(Object.keys(computed));
  });
  test.each(hashes)('$name', ({ name, domain, fields, preimage, hash: expected }) => {
    const framed = [domain, ...fields].map((field) => {
      const bytes = Buffer.from(String(field), 'utf8');
      return `${bytes.length.toString(16).padStart(8, '0')}${bytes.toString('hex')}`;
    });
    expect(framed.join('')).toBe(preimage);
    expect(createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex')).toBe(expected);
    expect(hash(domain, ...fields)).toBe(expected);
    expect(computed[name]).toBe(expected);
  });
  test('the owner tag is the first 16 digits of the owner hash', () => {
    expect(computed['owner hash']?.slice(0, 16)).toBe(ownerTagOf(testing.alice));
  });
});

describe('T05: signature vectors', () => {
  const signatures = vectors('signatures.json') as {
    name: string;
    publicKey: string;
    message: string;
    signature: string;
    valid: boolean;
  }[];

  test.each(signatures)('$name: $valid', ({ publicKey, message, signature, valid }) => {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    expect(verifySignature(key, Buffer.from(message, 'hex'), Buffer.from(signature, 'hex'))).toBe(valid);
  });
  test('there are valid and invalid ones', () => {
    expect(new Set(signatures.map(({ valid }) => valid)).size).toBe(2);
  });
});

/** Keys that do not count, and what follows. */
interface Suspended {
  readonly publicKeys: readonly string[];
  readonly code: string;
}
describe('proof vectors', () => {
  const vector = vectors('proof.json') as {
    trust: unknown;
    proof: EndorsedProof;
    batch: unknown;
    organizations: string[];
    refused: Change[];
    refusedUnder: Change[];
  };
  const trust = decode(trustRecordCodec, JSON.stringify(vector.trust));

  test('the proof verifies under its trust record', () => {
    const { batch, organizations } = verifyEndorsedProof(vector.proof, trust);
    expect(organizations).toEqual(vector.organizations);
    expect(JSON.stringify(vector.batch)).toBe(testing.fixtureNamed('batch of receipts').encoded);
    expect(batch).toEqual(testing.receiptBatchFixture);
  });
  test.each(vector.refused)('$name is refused', (change) => {
    const text = changed(vector.proof, change);
    expect(testing.codeOf(() => verifyEndorsedProof(decode(endorsedProofCodec, text), trust))).toBe(change.code);
  });
  test.each(vector.refusedUnder)('under a trust record with $name it is refused', (change) => {
    const other = decode(trustRecordCodec, changed(vector.trust, change));
    expect(testing.codeOf(() => verifyEndorsedProof(vector.proof, other))).toBe(change.code);
  });
});

describe('rotation vectors', () => {
  const vector = vectors('rotation.json') as { committee: unknown; rotation: unknown; refused: Change[] } & {
    suspended: (Suspended & { name: string })[];
  };
  const committee = decode(committeeCodec, JSON.stringify(vector.committee));
  const verify = (text: string, suspended: readonly string[] = []): void => {
    verifyRotation(decode(rotationCodec, text), committee, new Set(suspended));
  };

  test('the rotation holds for the committee that hands over', () => {
    expect(testing.codeOf(() => verify(JSON.stringify(vector.rotation)))).toBe('accepted');
  });
  test.each(vector.refused)('$name is refused', (change) => {
    expect(testing.codeOf(() => verify(changed(vector.rotation, change)))).toBe(change.code);
  });
  test.each(vector.suspended)('with $name suspended it is refused', ({ publicKeys, code }) => {
    expect(testing.codeOf(() => verify(JSON.stringify(vector.rotation), publicKeys))).toBe(code);
  });
});

describe('evidence vectors', () => {
  const vector = vectors('evidence.json') as { name: string; evidence: unknown; lie: unknown; refused: Change[] }[];

  test.each(vector)('evidence of $name holds by its own bytes', ({ evidence, lie }) => {
    expect(verifyEvidence(decode(evidenceCodec, JSON.stringify(evidence)))).toEqual(lie);
  });
  test.each(vector.flatMap(({ name, evidence, refused }) => refused.map((change) => ({ of: name, evidence, change }))))(
    'of $of: $change.name is refused',
    ({ evidence, change }) => {
      const text = changed(evidence, change);
      expect(testing.codeOf(() => verifyEvidence(decode(evidenceCodec, text)))).toBe(change.code);
    },
  );
});
