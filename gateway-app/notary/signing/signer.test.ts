// SPDX-License-Identifier: Apache-2.0

import { type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  evidenceFrom,
  signMessage,
  verifyEvidence,
  type Batch,
  type Committee,
  type Configuration,
  type SignedBatch,
} from '@gridpeg/protocol';
import {
  city,
  charging,
  codeOf,
  configurationOf,
  grid,
  keyNamed,
  packetBatchFixture as truth,
  proofOf,
  publicKeyOf,
  trustIn,
} from '@gridpeg/protocol/testing';
import { Signer } from './signer';
import { historyFileOf } from '../slashing-protection/signing-record';
import { SigningHistory } from '../slashing-protection/signing-history';

/** What peers of enough organizations may come to say of an old packet, if they lie together. */
const lie: Batch = { ...truth, entries: truth.entries.map((packet) => ({ ...packet, quantity: 7_000_000n })) };
const { committee } = trustIn(city);
const [old, next] = [grid.notaryKey, keyNamed('the next key of GridMSP')] as const;

/** The committee with this key of GridMSP. */
const committeeWith = (key: KeyObject, epoch: number): Committee => ({
  ...committee,
  epoch,
  notaries: committee.notaries.map((notary) =>
    notary.mspId === grid.mspId ? { ...notary, publicKey: publicKeyOf(key) } : notary,
  ),
});

describe('T19: a notary whose key has changed, asked for other contents of an old packet', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gridpeg-notary-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /**
   * The notary as it starts with a key while a committee is in force. @returns what it signed, and under which trust
   * record
   */
  const signedBy = async (key: KeyObject, batch: Batch, inForce: Committee): Promise<SignedBatch> => {
    const trust = trustIn(city, { committee: inForce });
    const configuration: Configuration = { ...configurationOf(charging), chains: [trust] };
    const signingHistory = await SigningHistory.open(join(folder, historyFileOf(publicKeyOf(key))));
    const signingKey = {
      publicKey: publicKeyOf(key),
      sign: (message: Buffer) => Promise.resolve(signMessage(key, message)),
    };
    const source = { check: () => Promise.resolve('proof-only' as const) };
    const configurations = (): readonly Configuration[] => [configuration];
    const signer = new Signer({ mspId: grid.mspId, key: signingKey, signingHistory, source, configurations });
    try {
      const { signature } = await signer.sign(proofOf(batch));
      return { batch, trust, signature };
    } finally {
      await signingHistory.close();
    }
  };

  test('gives nobody evidence: each key has signed one content', async () => {
    const before = await signedBy(old, truth, committee);
    const after = await signedBy(next, lie, committeeWith(next, committee.epoch + 1));
    for (const key of [old, next]) {
      const evidence = evidenceFrom(publicKeyOf(key), truth.entries[0]!.id, [before, after])!;
      expect(codeOf(() => verifyEvidence(evidence))).toBe('SIGNATURE_INVALID');
    }
  });

  test('signs nothing any more with the old key, whatever it has forgotten', async () => {
    await expect(signedBy(old, lie, committeeWith(next, committee.epoch + 1))).rejects.toThrow('NOTARY_STRANGER');
  });

  test('knows all again when the old key comes back, after its packets were settled long ago', async () => {
    await signedBy(old, truth, committee);
    await signedBy(next, truth, committeeWith(next, committee.epoch + 1));
    await expect(signedBy(old, lie, committeeWith(old, committee.epoch + 2))).rejects.toMatchObject({
      code: 'EQUIVOCATION',
    });
  });
});
