// SPDX-License-Identifier: Apache-2.0

import { generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { type Committed, type PegClient } from '@gridpeg/gateway-app';
import {
  certificateRequestCodec,
  committeeHashOf,
  encode,
  evidenceFrom,
  packetIdOf,
  provePossession,
  signBatch,
  signRotation,
  type Account,
  type Action,
  type AnyEvidence,
  type Batch,
  type EndorsedProof,
  type Evidence,
  type EvidenceResponse,
  type Packet,
  type PacketBatch,
  type ResultsResponse,
  type Rotation,
  type RotationResponse,
  type TxId,
  firstDigest,
} from '@gridpeg/protocol';
import { answering, batchOf, endorsedBy, Keyring, type Signer } from '../../harness/adversary/forge';
import { GovernedPair, publicKeyOf, type End, type NotaryKeys } from '../../harness/network/governed-pair';
import { inAnHour } from '../../harness/network/manual-relay';
import { RawGateway } from '../../harness/network/raw-gateway';
import { sharedNetwork } from '../../harness/network/shared-network';
import {
  energy,
  freshAccount,
  laneId,
  mspId,
  organizations,
  type OrganizationName,
  type TestNetwork,
} from '../../harness/network/test-network';

const chaincode = 'governed';

/** The same chaincode once more on two channels, with a committee of its own. */
describe('a committee with packets in flight', () => {
  let network: TestNetwork;
  let pair: GovernedPair;
  const before: OrganizationName[] = ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'];
  const out = laneId('city-charging');
  const back = laneId('charging-city');
  let oldKeys: NotaryKeys;
  let newKeys: NotaryKeys;
  let recipient: Account;
  /** Two packets of 60 and 70 in flight, each of its own transaction. */
  let sent: readonly [TxId, TxId];

  const cityAs = (organization: OrganizationName, user = 'Admin'): PegClient => pair.as('city', organization, user);
  const onCity = <T extends { readonly blockNumber: bigint }>(step: Promise<T>): Promise<T> =>
    pair.everywhere('city', step);
  const send = async (quantity: bigint): Promise<TxId> => {
    const owner = network.account('ChargingMSP');
    const outputs = [{ recipient: owner, quantity, memo: '' }];
    const issued = await onCity(cityAs('GridMSP', 'User1').issue({ asset: energy, outputs }));
    const sending = cityAs('ChargingMSP', 'User1').send({
      ...{ laneId: out, noteIds: issued.answer.noteIds, deadlineMs: inAnHour() },
      outputs: [{ kind: 'transfer', recipient, quantity, memo: '' }],
    });
    return (await onCity(sending)).txId;
  };
  const held = async (): Promise<readonly bigint[]> =>
    (await pair.as('charging', 'ChargingMSP').notes(recipient)).map(({ quantity }) => quantity);

  beforeAll(async () => {
    network = sharedNetwork();
    pair = new GovernedPair(network, chaincode);
    await Promise.all(
      (['city', 'charging'] as const).map(async (end) => {
        await pair.deploy(end);
        await pair.configure(end, await pair.firstConfiguration(end));
      }),
    );
    oldKeys = keysOf((name) => network.notaryKey(name));
    newKeys = keysOf(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    recipient = freshAccount('ChargingMSP', 'governed');
    sent = [await send(60n), await send(70n)];
  });
  afterAll(() => network.close());

  test('T12, T16: a rotation that the old threshold signs takes effect; what is in flight survives', async () => {
    const { committee } = await pair.trust('city', 'charging');
    const previous = committeeHashOf(committee);
    const next = {
      ...{ epoch: committee.epoch + 1, threshold: committee.threshold },
      notaries: committee.notaries.map(({ mspId: name }) => {
        return { mspId: name, publicKey: publicKeyOf(newKeys[name as string as OrganizationName]) };
      }),
    };
    const rotation: Rotation = {
      ...{ version: 1, previous, next },
      signatures: before.map((name) => signRotation(previous, next, mspId(name), oldKeys[name])),
      possessions: organizations.map((name) => provePossession(previous, next, mspId(name), newKeys[name])),
    };
    const old = await pair.certificate('packets', 'city', [sent[0]], oldKeys, before);
    const raw = new RawGateway(network.connectionOptions('charging', 'ChargingMSP', 'User1', chaincode));
    try {
      const argument = encode(certificateRequestCodec, { certificate: old.certificate, escrowIds: [] });
      const heldBack = await raw.endorse('peg:receive', argument);
      expect(heldBack.answer).toContain('"received"');
      const handIn = (end: End, handed: Rotation): Promise<Committed<RotationResponse>> =>
        pair.everywhere(end, pair.as(end, 'ChargingMSP', 'User1').governance.rotate(handed));
      const two = { ...rotation, signatures: rotation.signatures.slice(1) };
      await expect(handIn('charging', two)).rejects.toMatchObject({ code: 'NOTARIES_TOO_FEW' });
      const unproven = { ...rotation, possessions: rotation.possessions.with(3, rotation.possessions[2]!) };
      await expect(handIn('charging', unproven)).rejects.toMatchObject({ code: 'POSSESSION_UNPROVEN' });
      for (const end of ['city', 'charging'] as const) {
        expect((await handIn(end, rotation)).answer.result).toBe('done');
      }
      expect((await handIn('city', rotation)).answer.result).toBe('already-done');
      expect(await heldBack.submit()).toBe('MVCC_READ_CONFLICT');
    } finally {
      raw.close();
    }
    await expect(pair.receive(old.certificate)).rejects.toMatchObject({ code: 'EPOCH_STALE' });
    const { certificate } = await pair.certificate('packets', 'city', [sent[0]], newKeys, before);
    expect((await pair.receive(certificate)).answer.results).toMatchObject([{ result: 'received' }]);
    expect(await held()).toEqual([60n]);
  });

  test('T19: two contents signed for one packet freeze the lane on every chain and suspend the signer', async () => {
    const honest = await pair.certificate('packets', 'city', [sent[1]], newKeys, ['GridMSP', ...before]);
    const { batch, trust } = honest;
    if (batch.kind !== 'packets') throw new Error('packets were asked for');
    const lie: Batch = { ...batch, entries: batch.entries.map((packet) => ({ ...packet, quantity: 7_000_000n })) };
    const signed = [batch, lie].map((each) => {
      const { signature } = signBatch(each, trust, mspId('GridMSP'), newKeys.GridMSP);
      return { batch: each, trust, form: firstDigest, signature };
    });
    const evidence = evidenceFrom(publicKeyOf(newKeys.GridMSP), batch.entries[0]!.id, [signed[0]!, signed[1]!])!;
    const handIn = (end: End, handed: Evidence): Promise<Committed<EvidenceResponse>> =>
      pair.everywhere(end, pair.as(end, 'RegulatorMSP', 'User1').governance.submitEvidence(handed));
    const slander = evidenceFrom(publicKeyOf(newKeys.RegulatorMSP), batch.entries[0]!.id, [signed[0]!, signed[1]!])!;
    await expect(handIn('charging', slander)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    for (const end of ['charging', 'city'] as const) {
      expect((await handIn(end, evidence)).answer).toMatchObject({ result: 'done', frozen: [out, back] });
      expect((await handIn(end, evidence)).answer).toMatchObject({ result: 'already-done', frozen: [] });
    }
    await expect(pair.receive(honest.certificate)).rejects.toMatchObject({ code: 'LANE_FROZEN' });
    await expect(send(1n)).rejects.toMatchObject({ code: 'LANE_FROZEN' });
    expect(await held()).toEqual([60n]);
    const { lanes, notaries } = await pair.as('charging', 'ChargingMSP').governance.statusRecords();
    expect(lanes.map(({ state }) => state)).toEqual(['frozen', 'frozen']);
    expect(notaries.filter(({ state }) => state === 'suspended').map(({ mspId: name }) => name)).toEqual(['GridMSP']);
  });

  test('T35, T19: only a majority thaws; then everything goes on, without the suspended signer', async () => {
    const action: Action = {
      ...{ kind: 'set-lanes', state: 'open' },
      lanes: [out, back].map((id) => ({ laneId: id, sequence: 2 })),
    };
    const alone = await pair.agree('charging', action, 'ChargingMSP');
    await expect(pair.execute('charging', alone)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_APPROVED' });
    await pair.execute('charging', await pair.agree('charging', action, 'MicrogridMSP', 'RegulatorMSP'));
    await pair.execute('city', await pair.agree('city', action, 'GridMSP', 'MicrogridMSP', 'RegulatorMSP'));
    const withLiar = await pair.certificate('packets', 'city', [sent[1]], newKeys, ['GridMSP', ...before.slice(1)]);
    await expect(pair.receive(withLiar.certificate)).rejects.toMatchObject({
      code: 'NOTARIES_TOO_FEW',
      details: { found: 2, required: 3 },
    });
    const { certificate } = await pair.certificate('packets', 'city', [sent[1]], newKeys, before);
    const received = await pair.receive(certificate);
    expect(received.answer.results).toMatchObject([{ result: 'received' }]);
    expect([...(await held())].sort()).toEqual([60n, 70n]);
    const receipts = await pair.certificate('receipts', 'charging', [received.txId], newKeys, before);
    const settled = await onCity(
      cityAs('ChargingMSP', 'User1').settle({ certificate: receipts.certificate, escrowIds: [] }),
    );
    expect(settled.answer.results).toMatchObject([{ result: 'delivered' }]);
  });

  test('T13, T16: packets arrive by a peer whose certificate has expired, never by a revoked one', async () => {
    const [first, second] = [await send(80n), await send(90n)];
    const keys = new Keyring(network);
    const [microgrid, charging, regulator] = (['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] as const).map((name) =>
      keys.peer(name, 'city'),
    ) as [Signer, Signer, Signer];
    const certify = (txId: TxId, proof?: Promise<EndorsedProof>) =>
      pair.certificate('packets', 'city', [txId], newKeys, before, proof);
    const byExpired = pair
      .prove('packets', 'city', [first])
      .then((proof) => endorsedBy(proof, microgrid, keys.expired('ChargingMSP', charging), regulator));
    const taken = await pair.receive((await certify(first, byExpired)).certificate);
    expect(taken.answer.results).toMatchObject([{ result: 'received' }]);

    const { certificate } = await certify(second);
    const raw = new RawGateway(network.connectionOptions('charging', 'ChargingMSP', 'User1', chaincode));
    try {
      const heldBack = await raw.endorse(
        'peg:receive',
        encode(certificateRequestCodec, { certificate, escrowIds: [] }),
      );
      expect(heldBack.answer).toContain('"received"');
      const now = await pair.as('charging', 'ChargingMSP').getConfiguration();
      const { serialNumber } = new X509Certificate(charging.certificate);
      const chains = now.chains.map((chain) => ({
        ...chain,
        organizations: chain.organizations.map((each) =>
          each.mspId === charging.mspId ? { ...each, revokedSerials: [serialNumber] } : each,
        ),
      }));
      const action: Action = { kind: 'configure', configuration: { ...now, sequence: now.sequence + 1, chains } };
      await pair.execute('charging', await pair.agree('charging', action, 'MicrogridMSP', 'RegulatorMSP'));
      expect(await heldBack.submit()).toBe('MVCC_READ_CONFLICT');
    } finally {
      raw.close();
    }
    await expect(pair.receive(certificate)).rejects.toMatchObject({ code: 'ENDORSER_REVOKED' });
    const others = pair.prove('packets', 'city', [second], ['GridMSP', 'MicrogridMSP', 'RegulatorMSP']);
    const { answer } = await pair.receive((await certify(second, others)).certificate);
    expect(answer.results).toMatchObject([{ result: 'received' }]);
    expect([...(await held())].sort()).toEqual([60n, 70n, 80n, 90n]);
  });

  test('T47: what was locked under an older limit comes home; worthless vouchers use up no other window', async () => {
    const locked = [await send(150n), await send(140n)];
    const window = { lengthMs: 604_800_000n, quantity: 100n, shards: 1 };
    for (const end of ['city', 'charging'] as const) {
      const now = await pair.as(end, 'ChargingMSP').getConfiguration();
      const lanes = now.lanes.map((lane) => ({ ...lane, maximumQuantity: 100n, window }));
      const action: Action = { kind: 'configure', configuration: { ...now, sequence: now.sequence + 1, lanes } };
      await pair.execute(end, await pair.agree(end, action, 'ChargingMSP', 'MicrogridMSP', 'RegulatorMSP'));
    }
    const peers = ['GridMSP', 'MicrogridMSP', 'RegulatorMSP'] as const;
    const proven = (txIds: readonly TxId[]) => pair.prove('packets', 'city', txIds, peers);
    const receive = async (txIds: readonly TxId[], proof = proven(txIds)) =>
      pair.receive((await pair.certificate('packets', 'city', txIds, newKeys, before, proof)).certificate);
    const told = ({ answer }: Committed<ResultsResponse>) => answer.results.map(({ result, code }) => [result, code]);

    const tooMuch = await receive(locked);
    expect(told(tooMuch)).toEqual(locked.map(() => ['refused', 'QUANTITY_ABOVE_LIMIT']));
    const { certificate } = await pair.certificate('receipts', 'charging', [tooMuch.txId], newKeys, before);
    const city = cityAs('ChargingMSP', 'User1');
    const escrowIds = (await city.escrow(out)).map(({ id }) => id);
    // Each is more than the window lets in, and the first does not keep the second from coming home.
    const refunds = await onCity(city.settle({ certificate, escrowIds }));
    expect(told(refunds)).toEqual(locked.map(() => ['refunded', 'QUANTITY_ABOVE_LIMIT']));

    const [first, second] = [await send(60n), await send(50n)];
    const proof = await proven([first]);
    const batch = batchOf(proof, await pair.trust('city', 'charging')) as PacketBatch;
    const keys = new Keyring(network);
    const worthless = (index: number): Promise<EndorsedProof> => {
      const [{ label, ...packet }] = batch.entries as readonly [Packet];
      const paper = { ...packet, index, id: packetIdOf(batch.sourceChainId, packet.txId, index), quantity: 100n };
      const entries = [{ ...paper, label: { ...label, path: [laneId('city-microgrid')] } }];
      const lying = answering(proof, { ...batch, entries });
      return Promise.resolve(endorsedBy(lying, ...peers.map((name) => keys.peer(name, 'city'))));
    };
    expect(told(await receive([first], worthless(100)))).toEqual([['received', '']]);
    expect(told(await receive([first], worthless(101)))).toEqual([['skipped', 'WINDOW_FULL']]);
    expect(told(await receive([first]))).toEqual([['received', '']]);
    expect(told(await receive([second]))).toEqual([['skipped', 'WINDOW_FULL']]);
  });

  test('T44: whom an urgent change leaves out still accuses, and what was signed before it convicts', async () => {
    const txId = await send(10n);
    const witnesses = ['GridMSP', 'MicrogridMSP', 'RegulatorMSP'] as const;
    const truth = await pair.prove('packets', 'city', [txId], witnesses);
    const proven = Promise.resolve(truth);
    const { certificate, trust: former } = await pair.certificate('packets', 'city', [txId], newKeys, before, proven);
    const batch = batchOf(truth, former) as PacketBatch;
    const entries = batch.entries.map((packet) => ({ ...packet, quantity: 7_000_000n }));
    const lie: PacketBatch = { ...batch, entries };
    const keys = new Keyring(network);
    const forged = endorsedBy(answering(truth, lie), ...witnesses.map((name) => keys.peer(name, 'city')));
    const statements = [batch, lie].map((each) => {
      const { signature } = signBatch(each, former, mspId('ChargingMSP'), newKeys.ChargingMSP);
      return { batch: each, trust: former, form: firstDigest, signature };
    });

    const now = await pair.as('charging', 'ChargingMSP').getConfiguration();
    const chains = now.chains.map((chain) =>
      chain.chainId === former.chainId
        ? { ...chain, organizations: chain.organizations.filter(({ mspId: name }) => name !== mspId('RegulatorMSP')) }
        : chain,
    );
    const leaveOut: Action = { kind: 'configure', configuration: { ...now, sequence: now.sequence + 1, chains } };
    await pair.execute('charging', await pair.agree('charging', leaveOut, 'ChargingMSP', 'MicrogridMSP'));
    await expect(pair.receive(certificate)).rejects.toMatchObject({ code: 'ENDORSER_STRANGER' });

    const packetId = batch.entries[0]!.id;
    const handIn = async (evidence: AnyEvidence): Promise<unknown> => {
      const accuser = pair.as('charging', 'MicrogridMSP', 'User1').governance;
      return (await pair.everywhere('charging', accuser.submitEvidence(evidence))).answer;
    };
    const sourceChainId = batch.sourceChainId;
    expect(
      await handIn({ version: 1, kind: 'answers', sourceChainId, packetId, proofs: [truth, forged] }),
    ).toMatchObject({ result: 'done', frozen: [out, back] });
    const signed = evidenceFrom(publicKeyOf(newKeys.ChargingMSP), packetId, [statements[0]!, statements[1]!])!;
    expect(await handIn(signed)).toMatchObject({ result: 'done' });
    const { notaries } = await pair.as('charging', 'ChargingMSP').governance.statusRecords();
    const suspended = notaries.filter(({ state }) => state === 'suspended').map(({ mspId: name }) => name as string);
    expect(suspended.sort()).toEqual(['ChargingMSP', 'GridMSP']);
  });
});

/** One key for each organization. */
function keysOf(keyFor: (name: OrganizationName) => KeyObject): NotaryKeys {
  return Object.fromEntries(organizations.map((name) => [name, keyFor(name)])) as Record<OrganizationName, KeyObject>;
}
