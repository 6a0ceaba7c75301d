// SPDX-License-Identifier: Apache-2.0

import { X509Certificate } from 'node:crypto';
import {
  anyEvidenceCodec,
  certificateRequestCodec,
  encode,
  formerTrustCodec,
  limits,
  parseStateKey,
  trustHashOf,
  type Action,
  type TrustRecord,
} from '@gridpeg/protocol';
import {
  certify,
  charging,
  chargingMember,
  city,
  configurationOf,
  grid,
  identityOf,
  keyNamed,
  keyUsages,
  members,
  microgridMember,
  packetBatchOf,
  packetWith,
  proofOf,
  regulator,
  trustIn,
  type Member,
} from '@gridpeg/protocol/testing';
import { Channel } from './testing/channel';
import { agreed, change, dayMs, rotationTo } from './testing/govern';

const trust = trustIn(city);
const skewMs = 2 * limits.skewSeconds * 1_000;
const truth = packetBatchOf(packetWith());
const lie = packetBatchOf(packetWith({ quantity: 61n }));
/** Two contents of one packet, each of which peers of these two organizations have signed. */
const answersBy = (...witnesses: readonly Member[]): string => {
  const endorsers = witnesses.map(({ peer }) => peer);
  const proofs = [truth, lie].map((batch) => proofOf(batch, { endorsers }));
  const packetId = truth.entries[0]!.id;
  return encode(anyEvidenceCodec, { version: 1, kind: 'answers', sourceChainId: city, packetId, proofs });
};
const without = (...left: readonly Member[]): TrustRecord => ({
  ...trust,
  organizations: trust.organizations.filter(({ mspId }) => !left.some((member) => member.mspId === mspId)),
});
/** The charging chain's configuration with this record of the city. */
const trusting = (record: TrustRecord, sequence = 2): Action => {
  const { chains, ...others } = configurationOf(charging);
  const changed = chains.map((each) => (each.chainId === city ? record : each));
  return { kind: 'configure', configuration: { ...others, sequence, chains: changed } };
};
const revoking = (...serials: readonly string[]): TrustRecord => ({
  ...trust,
  organizations: trust.organizations.map((organization) =>
    organization.mspId === regulator.mspId ? { ...organization, revokedSerials: serials } : organization,
  ),
});

describe('T44: an urgent change of a trust record', () => {
  let cars: Channel;
  beforeEach(async () => {
    cars = await Channel.configured(charging);
  });
  const kept = (): ReturnType<typeof formerTrustCodec.decode>[] =>
    [...cars.stub.state]
      .filter(([key]) => parseStateKey(key)?.type === 'former-trust')
      .map(([, value]) => formerTrustCodec.decode(JSON.parse(value.toString('utf8')), ''));

  test.each<[string, TrustRecord, readonly Member[], string]>([
    ['leaves out', without(chargingMember, regulator), [chargingMember, regulator], 'ENDORSER_STRANGER'],
    [
      'revokes',
      revoking(new X509Certificate(regulator.peer.certificate).serialNumber),
      [chargingMember, regulator],
      'ENDORSER_REVOKED',
    ],
    ['makes too few', { ...trust, minimumOrganizations: 3 }, [chargingMember, regulator], 'ENDORSEMENTS_TOO_FEW'],
  ])('does not silence whom it %s, until the long delay is over', async (_, record, witnesses, code) => {
    await change(cars, trusting(record));
    const [{ untilMs } = { untilMs: 0n }, ...others] = kept();
    expect(others).toEqual([]);
    expect(Number(untilMs) - Date.now() - dayMs - skewMs).toBeLessThanOrEqual(0);
    expect(Number(untilMs) - Date.now() - dayMs - skewMs).toBeGreaterThan(-60_000);
    cars.aheadMs = dayMs + skewMs;
    expect(await cars.refusal('submitEvidence', answersBy(...witnesses))).toMatchObject({ code });
    cars.aheadMs = dayMs + skewMs - 60_000;
    expect(await cars.call('submitEvidence', answersBy(...witnesses))).toMatchObject({ result: 'done' });
  });

  test('does not silence peers of an authority that it leaves out, and none is received by them', async () => {
    const key = keyNamed('ca2.regulator');
    const successor = identityOf(
      { mspId: regulator.mspId, caName: 'ca2.regulator', caKey: key },
      { commonNames: ['ca2.regulator'], units: [], key, authority: true, keyUsage: keyUsages.keyCertSign },
    ).certificate;
    const knowing = (...caCertificates: readonly string[]): TrustRecord => ({
      ...trust,
      organizations: trust.organizations.map((each) =>
        each.mspId === regulator.mspId ? { ...each, caCertificates } : each,
      ),
    });
    const [first = ''] = trust.organizations.find(({ mspId }) => mspId === regulator.mspId)?.caCertificates ?? [];
    const { chains } = configurationOf(charging);
    const both = await Channel.configured(charging, {
      chains: chains.map((each) => (each.chainId === city ? knowing(first, successor) : each)),
    });
    await change(both, trusting(knowing(successor)));
    const proof = proofOf(truth, { endorsers: [chargingMember.peer, regulator.peer] });
    const request = { certificate: { ...certify(truth, knowing(successor)), proof }, escrowIds: [] };
    expect(await both.refusal('receive', encode(certificateRequestCodec, request))).toMatchObject({
      code: 'ENDORSER_STRANGER',
    });
    both.aheadMs = dayMs + skewMs;
    expect(await both.refusal('submitEvidence', answersBy(chargingMember, regulator))).toMatchObject({
      code: 'ENDORSER_STRANGER',
    });
    both.aheadMs = dayMs + skewMs - 60_000;
    expect(await both.call('submitEvidence', answersBy(chargingMember, regulator))).toMatchObject({ result: 'done' });
  });

  test('PEG-7: lets nothing be received by the record from before', async () => {
    await change(cars, trusting(without(regulator)));
    const proof = proofOf(truth, { endorsers: [chargingMember.peer, regulator.peer] });
    for (const under of [trust, without(regulator)]) {
      const request = { certificate: { ...certify(truth, under), proof }, escrowIds: [] };
      expect(await cars.refusal('receive', encode(certificateRequestCodec, request))).toMatchObject({
        code: 'ENDORSER_STRANGER',
      });
    }
  });

  test('takes no stranger’s word, and none under another chain’s record', async () => {
    await change(cars, trusting(without(regulator)));
    const evidence = answersBy(grid, { ...regulator, peer: { ...regulator.peer, mspId: 'OtherMSP' as never } });
    expect(await cars.refusal('submitEvidence', evidence)).toMatchObject({ code: 'ENDORSER_STRANGER' });
    const unheard = await Channel.configured(charging, {
      chains: configurationOf(charging).chains.map((each) => (each.chainId === city ? without(regulator) : each)),
    });
    const { chains, ...others } = configurationOf(charging);
    const elsewhere = chains.map((each) =>
      each.chainId === city
        ? without(regulator)
        : each.chainId === charging
          ? { ...each, minimumOrganizations: 3 }
          : each,
    );
    await change(unheard, { kind: 'configure', configuration: { ...others, sequence: 2, chains: elsewhere } });
    expect(await unheard.refusal('submitEvidence', answersBy(chargingMember, regulator))).toMatchObject({
      code: 'ENDORSER_STRANGER',
    });
  });

  test('loses no record of before to the next one', async () => {
    await change(cars, trusting(without(regulator)));
    await change(cars, trusting(without(regulator, chargingMember), 3));
    expect(kept().map(({ slot, trust: record }) => [slot, trustHashOf(record)])).toEqual([
      [0, trustHashOf(trust)],
      [1, trustHashOf(without(regulator))],
    ]);
    expect(await cars.call('submitEvidence', answersBy(chargingMember, regulator))).toMatchObject({ result: 'done' });
  });

  test('waits for the long delay where there is no place left, and takes one whose time is over', async () => {
    const serials = Array.from({ length: limits.formerTrust + 1 }, (_, index) => `A${index.toString()}`);
    const act = (sequence: number): Action => trusting(revoking(...serials.slice(0, sequence - 1)), sequence);
    for (const index of serials.slice(1).keys()) await change(cars, act(index + 2));
    expect(kept().map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const ninth = await agreed(cars, act(limits.formerTrust + 2), microgridMember, regulator);
    expect(await cars.refusal('execute', ninth)).toMatchObject({ code: 'PROPOSAL_NOT_DUE' });
    expect(await cars.call('submitEvidence', answersBy(chargingMember, regulator))).toMatchObject({ result: 'done' });
    cars.aheadMs = dayMs + skewMs + 1_000;
    await cars.call('execute', ninth);
    expect(kept()).toHaveLength(limits.formerTrust);
    expect(kept().map(({ trust: record }) => trustHashOf(record))).toContain(trustHashOf(act8()));
  });
  const act8 = (): TrustRecord => revoking(...Array.from({ length: 8 }, (_, index) => `A${index.toString()}`));

  test('leaves a record behind only where it changes one, and one that waits leaves none', async () => {
    const { lanes, chains, ...others } = configurationOf(charging);
    const lower = lanes.map((lane) => ({ ...lane, maximumQuantity: 5n }));
    await change(cars, { kind: 'configure', configuration: { ...others, chains, lanes: lower, sequence: 2 } });
    expect(await cars.call('rotate', rotationTo('next', trust.committee))).toMatchObject({ result: 'done' });
    expect(kept()).toEqual([]);
    const rotated = chains.map((each) => ({ ...each, committee: nextCommittee() }));
    const wider = rotated.map((each) => (each.chainId === city ? { ...each, chaincodeName: 'other' } : each));
    const waiting = await agreed(
      cars,
      { kind: 'configure', configuration: { ...others, chains: wider, lanes: lower, sequence: 4 } },
      ...[microgridMember, regulator],
    );
    cars.aheadMs = dayMs + skewMs;
    await cars.call('execute', waiting);
    expect(kept()).toEqual([]);
  });
  const nextCommittee = (): TrustRecord['committee'] =>
    (JSON.parse(rotationTo('next', trust.committee)) as { next: TrustRecord['committee'] }).next;

  test('lets whoever accuses know what notaries signed under, before the change and before a rotation', async () => {
    const records = async (epoch: number): Promise<readonly string[]> => {
      const { trustRecords } = (await cars.call('getTrustRecords', { chainId: city, epoch })) as {
        trustRecords: readonly TrustRecord[];
      };
      return trustRecords.map(trustHashOf);
    };
    const { epoch } = trust.committee;
    expect(await records(epoch)).toEqual([trustHashOf(trust)]);
    await change(cars, trusting(without(regulator)));
    await cars.call('rotate', rotationTo('next', trust.committee));
    expect(await records(epoch)).toEqual([trustHashOf(without(regulator)), trustHashOf(trust)]);
    const rotated = [without(regulator), trust].map((each) => trustHashOf({ ...each, committee: nextCommittee() }));
    expect(await records(epoch + 1)).toEqual(rotated);
    cars.aheadMs = dayMs + skewMs + 1_000;
    expect(await records(epoch)).toEqual([trustHashOf(without(regulator))]);
    expect(await cars.refusal('getTrustRecords', { chainId: `other-${'a'.repeat(64)}`, epoch })).toMatchObject({
      code: 'CHAIN_UNTRUSTED',
    });
  });

  test('T16: evidence reads each place, so that whatever is endorsed beside a change is invalid', async () => {
    await cars.text('submitEvidence', answersBy(...members.slice(2)));
    const read = [...cars.stub.reads].map((key) => parseStateKey(key)).filter((key) => key?.type === 'former-trust');
    expect(read).toHaveLength(limits.formerTrust);
  });
});
