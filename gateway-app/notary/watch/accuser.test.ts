// SPDX-License-Identifier: Apache-2.0

import { type Batch, type Certificate } from '@gridpeg/protocol';
import {
  certify,
  charging,
  city,
  packetBatchOf,
  packetWith,
  proofOf,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { PegError } from '../../client';
import { ChannelChain } from '../testing/channel-chain';
import { Accuser, type AccuserParts, type TakenCertificate, questionOf } from './accuser';

const trust = trustIn(city);
const nobody = { frozen: [], suspended: [] };
const lanes = ['city-to-charging', 'charging-to-city'];
const liars = ['GridMSP', 'MicrogridMSP', 'ChargingMSP'];
/** A batch in the certificate that three honest notaries make, as a chain took it. */
const taken = (batch: Batch): TakenCertificate => ({ certificate: certify(batch, trust), batch, custodian: undefined });

describe('T44: an accuser', () => {
  let [town, cars]: ChannelChain[] = [];
  beforeEach(async () => {
    [town, cars] = [await ChannelChain.start(city), await ChannelChain.start(charging)];
  });
  const accuserOn = (...chains: AccuserParts['chains']): Accuser =>
    new Accuser({ mspId: 'RegulatorMSP', chains, log: pino({ level: 'silent' }) });
  const accuse = (batch: Batch, certificate: Certificate = certify(batch, trust), under = trust): Promise<boolean> =>
    accuserOn(town!, cars!).accuseSigners({ certificate, batch, custodian: undefined }, [under], town!);
  const everywhere = async (): Promise<unknown> => [await town!.convicted(), await cars!.convicted()];

  test('freezes the lane everywhere and ends the keys that signed what was never sent', async () => {
    expect(await accuse(packetBatchOf(packetWith()))).toBe(true);
    const found = { frozen: expect.arrayContaining(lanes) as unknown, suspended: liars };
    expect(await everywhere()).toEqual([found, found]);
  });

  test('finds the one that was invented among packets that were sent', async () => {
    const { entries } = (await town!.send(charging)) as Extract<Batch, { kind: 'packets' }>;
    const { txId, index } = entries[0]!;
    const mixed = packetBatchOf(entries[0]!, packetWith({ txId, index: index + 1 }));
    expect(await accuse(mixed)).toBe(true);
    expect(await cars!.convicted()).toMatchObject({ suspended: liars });
  });

  test('accuses nobody of what was committed, whatever a lagging peer says meanwhile', async () => {
    expect(await accuse(await town!.send(charging))).toBe(false);
    expect(await everywhere()).toEqual([nobody, nobody]);
  });

  test('accuses nobody whose signature does not hold, or who signed under another trust record', async () => {
    const batch = packetBatchOf(packetWith());
    const signed = certify(batch, trust);
    const other = packetBatchOf(packetWith({ quantity: 1n }));
    const later = trustIn(city, { committee: { ...trust.committee, epoch: 8 } });
    const cases: ReadonlyArray<readonly [Batch, Certificate, typeof trust]> = [
      [batch, { ...signed, signatures: [] }, trust],
      [other, signed, trust],
      [batch, signed, later],
    ];
    for (const [said, certificate, under] of cases) expect(await accuse(said, certificate, under)).toBe(false);
    expect(await everywhere()).toEqual([nobody, nobody]);
  });

  test('asks about those signatures only that hold, and leaves out who merely was named', () => {
    const batch = packetBatchOf(packetWith());
    const certificate = certify(batch, trust);
    const [first, second] = certificate.signatures;
    const slander = { ...certificate, signatures: [first!, { ...second!, notary: 'RegulatorMSP' as never }] };
    const packetId = batch.entries[0]!.id;
    const asked = questionOf({ ...taken(batch), certificate: slander }, trust, packetId);
    expect(asked?.signatures).toHaveLength(1);
    const unknown = packetWith({ txId: txIdNamed('another') }).id;
    expect(questionOf(taken(batch), trust, unknown)).toBeUndefined();
  });

  test('does with a majority of the peers, and then ends the keys of those alone', async () => {
    town!.silent = ['GridMSP'];
    expect(await accuse(packetBatchOf(packetWith()))).toBe(true);
    expect(await cars!.convicted()).toMatchObject({ suspended: ['MicrogridMSP', 'ChargingMSP'] });
  });

  test('fails without a majority of the peers, and succeeds when it is tried again', async () => {
    town!.silent = ['GridMSP', 'MicrogridMSP'];
    const batch = packetBatchOf(packetWith());
    await expect(accuse(batch)).rejects.toMatchObject({ code: 'ENDORSEMENT_FAILED' });
    expect(await cars!.convicted()).toEqual(nobody);
    town!.silent = [];
    expect(await accuse(batch)).toBe(true);
    expect(await cars!.convicted()).toMatchObject({ suspended: liars });
  });

  test('tells every chain, also when one is away or has nothing to do with it, and fails if one was away', async () => {
    const answering = (code: 'PEER_UNAVAILABLE' | 'CHAIN_UNTRUSTED') => ({
      name: code,
      client: { governance: { submitEvidence: () => Promise.reject(new PegError({ code })) } },
    });
    const batch = packetBatchOf(packetWith());
    const accused = accuserOn(answering('PEER_UNAVAILABLE'), cars!).accuseSigners(taken(batch), [trust], town!);
    await expect(accused).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' });
    expect(await cars!.convicted()).toMatchObject({ suspended: liars });
    const again = accuserOn(answering('CHAIN_UNTRUSTED'), cars!);
    expect(await again.accuseSigners(taken(batch), [trust], town!)).toBe(true);
  });

  test('finds the record under which notaries signed among several, and asks a majority of any of them', async () => {
    const wider = trustIn(city, {
      organizations: [...trust.organizations, { ...trust.organizations[0]!, mspId: 'XMSP' as never }],
    });
    town!.silent = ['GridMSP', 'XMSP'];
    const batch = packetBatchOf(packetWith());
    const [first, last] = [accuserOn(cars!), accuserOn(cars!)];
    const narrower = { ...trust, organizations: trust.organizations.slice(2) };
    expect(await first.accuseSigners(taken(batch), [wider, trust], town!)).toBe(true);
    town!.silent = ['GridMSP', 'MicrogridMSP'];
    const other = packetBatchOf(packetWith({ index: 1 }));
    await expect(last.accuseSigners(taken(other), [trust], town!)).rejects.toThrow();
    const late = last.accuseSigners(taken(other), [narrower, trust], town!);
    // The peers of the two that are left answer; whether that is enough is for each ledger to say.
    await expect(late).rejects.toMatchObject({ code: 'ENDORSEMENTS_TOO_FEW' });
  });

  test('T43: submits both answers when enough peers contradict a proof, and nothing when they agree', async () => {
    const { entries, ...batch } = (await town!.send(charging)) as Extract<Batch, { kind: 'packets' }>;
    const lie = { ...batch, entries: [{ ...entries[0]!, quantity: 61n }] };
    const dispute = (said: typeof lie) => ({
      ...{ packetId: entries[0]!.id, batch: said, trust },
      proof: proofOf(said),
    });
    const accuser = accuserOn(cars!);
    await expect(accuser.accuseEndorsers(dispute({ ...batch, entries: [...entries] }), town!)).rejects.toMatchObject({
      code: 'EVIDENCE_INVALID',
    });
    expect(await cars!.convicted()).toEqual(nobody);
    await accuser.accuseEndorsers(dispute(lie), town!);
    expect(await cars!.convicted()).toEqual({ frozen: expect.arrayContaining(lanes) as unknown, suspended: [] });
  });
});
