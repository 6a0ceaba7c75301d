// SPDX-License-Identifier: Apache-2.0

import { type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  certificateDigest,
  custodyModes,
  digestFor,
  evidenceFrom,
  firstDigest,
  isSignedWith,
  signMessage,
  verifyEvidence,
  type Batch,
  type Committee,
  type Configuration,
  type CustodyMode,
  type DigestForm,
  type LaneCustody,
  type SignedBatch,
} from '@gridpeg/protocol';
import {
  city,
  charging,
  chargingMember,
  codeOf,
  configurationOf,
  grid,
  keyNamed,
  laneBetween,
  packetBatchFixture as truth,
  proofOf,
  publicKeyOf,
  trustIn,
} from '@gridpeg/protocol/testing';
import { Signer } from './signer';
import { historyFileOf } from '../slashing-protection/signing-record';
import { SigningHistory } from '../slashing-protection/signing-history';
import { type SignRequest } from '../messages/sign-messages';

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
      const { signature } = await signer.sign({ proof: proofOf(batch) });
      return { batch, trust, form: firstDigest, signature };
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

describe('T52: a notary that is asked to sign for a custody mode', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gridpeg-notary-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const trust = trustIn(city);
  const custodian = { mspId: grid.mspId, publicKey: publicKeyOf(old) };
  const custodies: { readonly [Mode in CustodyMode]: LaneCustody } = {
    federation: { mode: 'federation' },
    notary: { mode: 'notary' },
    custodian: { mode: 'custodian', custodian },
  };

  /** What GridMSP signs while a ledger of its own has the lane in this custody, or no ledger has it. */
  const signing = async (request: SignRequest, custody: LaneCustody | undefined): Promise<string> => {
    const lanes = custody === undefined ? [] : [laneBetween(city, charging, { custody })];
    const signingHistory = await SigningHistory.open(join(folder, historyFileOf(publicKeyOf(old))));
    const signer = new Signer({
      mspId: grid.mspId,
      key: { publicKey: publicKeyOf(old), sign: (message) => Promise.resolve(signMessage(old, message)) },
      signingHistory,
      source: { check: () => Promise.resolve('compared' as const) },
      configurations: () => [{ ...configurationOf(charging), chains: [trust], lanes }],
    });
    try {
      return (await signer.sign(request)).signature;
    } finally {
      await signingHistory.close();
    }
  };
  const proof = proofOf(truth);
  const isOf = (signature: string, form: DigestForm): boolean =>
    isSignedWith(publicKeyOf(old), signature, certificateDigest(truth, trust, form));

  test.each(custodyModes)('signs for %s what serves no other mode, and only for a lane of it', async (mode) => {
    const signature = await signing({ proof, mode }, custodies[mode]);
    const forms = [firstDigest, ...custodyModes.map(digestFor)];
    expect(forms.filter((form) => isOf(signature, form))).toEqual([digestFor(mode)]);
    for (const other of custodyModes.filter((each) => each !== mode)) {
      await expect(signing({ proof, mode }, custodies[other])).rejects.toThrow('CUSTODY_MISMATCH');
    }
  });
  test('signs digest 1 where no mode is named, and only for federation', async () => {
    expect(isOf(await signing({ proof }, custodies.federation), firstDigest)).toBe(true);
    await expect(signing({ proof }, custodies.notary)).rejects.toThrow('CUSTODY_MISMATCH');
    await expect(signing({ proof }, custodies.custodian)).rejects.toThrow('CUSTODY_MISMATCH');
  });
  test('signs as a member of the committee for a lane that none of its ledgers has, never as custodian', async () => {
    expect(isOf(await signing({ proof, mode: 'notary' }, undefined), digestFor('notary'))).toBe(true);
    await expect(signing({ proof, mode: 'custodian' }, undefined)).rejects.toThrow('NOTARY_STRANGER');
  });
  test('is no custodian where the lane names another organization, or another key', async () => {
    for (const other of [
      { ...custodian, mspId: chargingMember.mspId },
      { ...custodian, publicKey: publicKeyOf(next) },
    ]) {
      const custody: LaneCustody = { mode: 'custodian', custodian: other };
      await expect(signing({ proof, mode: 'custodian' }, custody)).rejects.toThrow('NOTARY_STRANGER');
    }
  });
  test('T19: signs no second content of a packet for another mode', async () => {
    await signing({ proof, mode: 'federation' }, custodies.federation);
    await expect(signing({ proof: proofOf(lie), mode: 'custodian' }, custodies.custodian)).rejects.toMatchObject({
      code: 'EQUIVOCATION',
    });
  });
});
