// SPDX-License-Identifier: Apache-2.0

import {
  batchOf,
  answering,
  endorsedBy,
  highS,
  Keyring,
  longLength,
  notarized,
  onChannel,
  type Signer,
} from '../../harness/adversary/forge';
import { proofOfEnvelope } from '@gridpeg/gateway-app';
import {
  encode,
  sendRequestCodec,
  type EarlierCertificate,
  type EndorsedProof,
  type Note,
  type PacketBatch,
  type PacketId,
  type TrustRecord,
} from '@gridpeg/protocol';
import { withBitFlipped } from '../../harness/faults/flip-bit';
import { ManualRelay, inAnHour } from '../../harness/network/manual-relay';
import { RawGateway } from '../../harness/network/raw-gateway';
import { pseudoRandom } from '../../harness/faults/pseudo-random';
import { sharedNetwork } from '../../harness/network/shared-network';
import { freshAccount, laneId, sumOf, type TestNetwork } from '../../harness/network/test-network';

const lane = 'city-charging';
const sender = 'ChargingMSP';
const three = ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] as const;

/**
 * One packet was locked on city and lies in its outbox; nobody has carried it. Each test submits one changed
 * certificate to the real chaincode of charging, whose answer is an exact code, and nothing is written. The last one
 * submits the certificate unchanged: it is good.
 */
describe('the proof check on a real chain', () => {
  const recipient = freshAccount('ChargingMSP', 'proof');
  let network: TestNetwork;
  let relay: ManualRelay;
  let keys: Keyring;
  let trust: TrustRecord;
  let packetId: PacketId;
  let proof: EndorsedProof;
  let batch: PacketBatch;
  let certificate: EarlierCertificate;

  beforeAll(async () => {
    network = sharedNetwork();
    [relay, keys] = [new ManualRelay(network), new Keyring(network)];
    trust = await network.trust('city', 'charging');
    const notes = await network.issue(network.account(sender), 1000n);
    const sent = await relay.send({ lane, sender, notes, outputs: [{ recipient, quantity: 1000n }] });
    [packetId] = sent.answer.packetIds as [PacketId];
    proof = await relay.prove('packets', lane, [sent.txId]);
    batch = batchOf(proof, trust) as PacketBatch;
    certificate = await relay.certify('packets', lane, proof);
  });
  afterAll(() => network.close());

  const refuses = async (changed: EarlierCertificate, code: string, details: object = {}): Promise<void> => {
    const [client, height] = [network.client('charging', sender), await network.height('charging')];
    await expect(client.receive({ certificate: changed, escrowIds: [] })).rejects.toMatchObject({ code, details });
    expect(await network.height('charging')).toBe(height);
    expect(await client.getReceipts([packetId])).toEqual([]);
  };
  const refusesProof = (changed: EndorsedProof, code: string, details?: object): Promise<void> =>
    refuses({ ...certificate, proof: changed }, code, details);
  /** A packet that was never sent: ten times as much. */
  const lie = (): PacketBatch => ({ ...batch, entries: [{ ...batch.entries[0]!, quantity: 10_000n }] });

  describe('what was never committed', () => {
    const sendRequest = (note: Note): string =>
      encode(sendRequestCodec, {
        laneId: laneId(lane),
        noteIds: [note.id],
        outputs: [{ kind: 'transfer', recipient, quantity: note.quantity, memo: '' }],
        deadlineMs: inAnHour(),
      });

    test('T01: a lock that was endorsed and never submitted is no proof, nor is there one to be had', async () => {
      const [note] = await network.issue(network.account(sender), 77n);
      const raw = new RawGateway(network.connectionOptions('city', sender));
      try {
        const held = await raw.endorse('peg:send', sendRequest(note!));
        await expect(relay.prove('packets', lane, [held.txId])).rejects.toMatchObject({
          code: 'OUTBOX_UNKNOWN',
          details: { txId: held.txId },
        });
        await refusesProof(proofOfEnvelope(held.envelope), 'PROOF_FOREIGN', { field: 'proposalPayload.function' });
      } finally {
        raw.close();
      }
      expect(await network.notesOf('city', network.account(sender), [note!.id])).toEqual([note]);
    });

    test('T01: of two locks of one note the peers invalidate the second, which is no proof either', async () => {
      const [note] = await network.issue(network.account(sender), 78n);
      const { id } = await network.lane(lane);
      const escrow = sumOf(await network.client('city', sender).escrow(id));
      const raw = new RawGateway(network.connectionOptions('city', sender));
      try {
        const [first, second] = [
          await raw.endorse('peg:send', sendRequest(note!)),
          await raw.endorse('peg:send', sendRequest(note!)),
        ];
        expect(await first.submit()).toBe('VALID');
        expect(await second.submit()).toBe('MVCC_READ_CONFLICT');
        await expect(relay.prove('packets', lane, [second.txId])).rejects.toMatchObject({
          code: 'OUTBOX_UNKNOWN',
          details: { txId: second.txId },
        });
        await refusesProof(proofOfEnvelope(second.envelope), 'PROOF_FOREIGN', { field: 'proposalPayload.function' });
        // The one that committed is a packet like any other.
        const received = await relay.carry('packets', lane, [first.txId]);
        expect(received.answer.results).toMatchObject([{ result: 'received' }]);
        await relay.carry('receipts', lane, [received.txId]);
      } finally {
        raw.close();
      }
      expect(sumOf(await network.client('city', sender).escrow(id))).toBe(escrow + 78n);
    });
  });

  describe('T02: a proof is good for one channel, lane and direction', () => {
    test('not with another channel in its header', () =>
      refusesProof(onChannel(proof, 'charging'), 'PROOF_FOREIGN', { field: 'channelHeader.channelId' }));

    test("not with another proposal's header", async () => {
      const other = await relay.prove('packets', lane, [batch.entries[0]!.txId]);
      const { channelHeader, signatureHeader, responsePayload } = other;
      const [id, hash] = [{ field: 'channelHeader.txId' }, { field: 'responsePayload.proposalHash' }];
      await refusesProof({ ...proof, channelHeader }, 'PROOF_FOREIGN', id);
      await refusesProof({ ...proof, signatureHeader }, 'PROOF_FOREIGN', id);
      await refusesProof({ ...proof, channelHeader, signatureHeader }, 'PROOF_FOREIGN', hash);
      await refusesProof({ ...proof, responsePayload }, 'PROOF_FOREIGN', hash);
    });

    test("not another channel's proof, presented as it is or as the answer to this lane's question", async () => {
      const notes = await network.issue(network.account(sender), 5n);
      const account = network.account(sender);
      const there = await relay.transfer({
        ...{ lane: 'city-microgrid', sender, notes, outputs: [{ recipient: account, quantity: 5n }] },
      });
      const vouchers = await network.notesOf('microgrid', account);
      const voucher = vouchers.filter(({ id }) => id.includes(there.received.txId));
      const onward = await relay.transfer({
        ...{ lane: 'microgrid-charging', sender, notes: voucher, outputs: [{ recipient, quantity: 5n }] },
      });
      const foreign = await relay.prove('packets', 'microgrid-charging', [onward.sent.txId]);
      const { channelHeader, signatureHeader, proposalPayload } = proof;
      const asked = { channelHeader, signatureHeader, proposalPayload };
      await refusesProof({ ...foreign, proposalPayload }, 'PROOF_FOREIGN', {
        field: 'channelHeader.channelId',
      });
      await refusesProof({ ...foreign, ...asked }, 'PROOF_FOREIGN', { field: 'responsePayload.proposalHash' });
      // On its own lane it is good, but the notaries signed something else.
      await refusesProof(foreign, 'SIGNATURE_INVALID');
    });

    test('not on another chain, and not the other way', async () => {
      const request = { certificate, escrowIds: [] };
      for (const chain of ['microgrid', 'city'] as const) {
        await expect(network.client(chain, sender).receive(request)).rejects.toMatchObject({ code: 'LANE_UNKNOWN' });
      }
      await expect(network.client('charging', sender).settle(request)).rejects.toMatchObject({ code: 'LANE_UNKNOWN' });
      await expect(network.client('city', sender).settle(request)).rejects.toMatchObject({ code: 'PROOF_FOREIGN' });
    });
  });

  describe('the answer that peers signed', () => {
    test('T10: an altered packet is refused, even with every notary signing it', async () => {
      const altered = answering(proof, lie());
      const signed = notarized(network, altered, lie(), trust, ['GridMSP', ...three]);
      await refuses(signed, 'SIGNATURE_INVALID');
    });

    test('T10, PEG-7: one lying peer and two lying notaries are not enough, nor three and two', async () => {
      const altered = answering(proof, lie());
      const two = ['GridMSP', 'MicrogridMSP'] as const;
      const one = endorsedBy(altered, keys.peer('MicrogridMSP', 'city'));
      await refuses(notarized(network, one, lie(), trust, two), 'ENDORSEMENTS_TOO_FEW', { found: 1, required: 3 });
      const all = endorsedBy(altered, ...three.map((name) => keys.peer(name, 'city')));
      await refuses(notarized(network, all, lie(), trust, two), 'NOTARIES_TOO_FEW', { found: 2, required: 3 });
    });

    test('an answer that is no batch, or a batch of another chain, is refused whoever signed it', async () => {
      const signers = three.map((name) => keys.peer(name, 'city'));
      const elsewhere = { ...batch, sourceChainId: network.chain('microgrid').chainId as typeof batch.sourceChainId };
      await refusesProof(endorsedBy(answering(proof, elsewhere), ...signers), 'PROOF_FOREIGN', {
        field: 'batch.sourceChainId',
      });
      const anotherLane = { ...batch, laneId: laneId('microgrid-charging') };
      await refusesProof(endorsedBy(answering(proof, anotherLane), ...signers), 'PROOF_FOREIGN', {
        field: 'batch.laneId',
      });
      const empty = { ...batch, entries: [] };
      await refusesProof(endorsedBy(answering(proof, empty), ...signers), 'BATCH_MALFORMED');
    });
  });

  describe('T06: who endorses', () => {
    /** Two true endorsements, of MicrogridMSP and ChargingMSP, and one by somebody. */
    const lastIs = (signer: Signer): EndorsedProof => {
      const [microgrid, charging] = (['MicrogridMSP', 'ChargingMSP'] as const).map((name) => keys.peer(name, 'city'));
      return endorsedBy(proof, microgrid!, charging!, signer);
    };

    test.each(['User1', 'Admin'])('not a client of the organization, nor its administrator: %s', (user) =>
      refusesProof(lastIs(keys.user('RegulatorMSP', user)), 'ENDORSER_NOT_PEER', { organization: 'RegulatorMSP' }),
    );

    test('not its certificate authority itself', () =>
      refusesProof(lastIs(keys.authority('RegulatorMSP')), 'ENDORSER_NOT_PEER', { organization: 'RegulatorMSP' }));

    test("not another organization's peer under its name", () =>
      refusesProof(lastIs({ ...keys.peer('GridMSP', 'city'), mspId: 'RegulatorMSP' }), 'ENDORSER_STRANGER', {
        organization: 'RegulatorMSP',
      }));

    test('not an organization that is unknown', () =>
      refusesProof(lastIs({ ...keys.peer('RegulatorMSP', 'city'), mspId: 'StrangerMSP' }), 'ENDORSER_STRANGER', {
        organization: 'StrangerMSP',
      }));

    test('not a stranger with a certificate that looks the same', () =>
      refusesProof(lastIs(keys.impostor(keys.peer('RegulatorMSP', 'city'))), 'ENDORSER_STRANGER', {
        organization: 'RegulatorMSP',
      }));

    test('not a peer with the signature of another', () => {
      const [first, second, third] = proof.endorsements;
      const swapped = { ...third!, signature: first!.signature };
      return refusesProof({ ...proof, endorsements: [first!, second!, swapped] }, 'SIGNATURE_INVALID');
    });

    test('but the key of its peer will do, so it is only the signer that was refused above', () =>
      refuses(
        { ...certificate, proof: lastIs(keys.peer('RegulatorMSP', 'city')), signatures: [] },
        'NOTARIES_TOO_FEW',
      ));
  });

  describe('T07: organizations are counted, not signatures', () => {
    test('not the same endorsement twice', () => {
      const [first, second] = proof.endorsements;
      return refusesProof({ ...proof, endorsements: [first!, second!, second!] }, 'ENDORSER_REPEATED');
    });

    test('not two peers of one organization', () => {
      const two = (['city', 'microgrid'] as const).map((chain) => keys.peer('MicrogridMSP', chain));
      return refusesProof(endorsedBy(proof, ...two, keys.peer('RegulatorMSP', 'city')), 'ENDORSER_REPEATED', {
        organization: 'MicrogridMSP',
      });
    });

    test('not too few', () =>
      refusesProof({ ...proof, endorsements: proof.endorsements.slice(0, 2) }, 'ENDORSEMENTS_TOO_FEW', {
        found: 2,
        required: 3,
      }));
  });

  describe('the committee', () => {
    const signedBy = (signatures: EarlierCertificate['signatures']): EarlierCertificate => ({
      ...certificate,
      signatures,
    });

    test('T07: too few notaries', async () => {
      await refuses(signedBy(certificate.signatures.slice(0, 2)), 'NOTARIES_TOO_FEW', { found: 2, required: 3 });
      await refuses(signedBy([]), 'NOTARIES_TOO_FEW', { found: 0, required: 3 });
    });

    test('T07: one notary three times', () => {
      const [first] = certificate.signatures;
      return refuses(signedBy([first!, first!, first!]), 'NOTARY_REPEATED', { notary: first!.notary });
    });

    test('T10: a notary of no committee, or with the key of another one', async () => {
      const [first, second, third] = certificate.signatures;
      const stranger = { ...third!, notary: 'StrangerMSP' as (typeof third & object)['notary'] };
      await refuses(signedBy([first!, second!, stranger]), 'NOTARY_STRANGER', { notary: 'StrangerMSP' });
      const borrowed = { ...third!, signature: first!.signature };
      await refuses(signedBy([first!, second!, borrowed]), 'SIGNATURE_INVALID', { signer: third!.notary });
    });

    test('T12: a committee of another epoch', async () => {
      const { epoch } = certificate;
      for (const other of [epoch - 1, epoch + 1]) {
        await refuses({ ...certificate, epoch: other }, 'EPOCH_STALE', { epoch: other });
        const signed = { ...trust, committee: { ...trust.committee, epoch: other } };
        await refuses(notarized(network, proof, batch, signed, three), 'EPOCH_STALE', { epoch: other });
      }
    });

    test('PEG-8: notaries who trusted another record of the source chain', () => {
      const other = { ...trust, minimumOrganizations: 2 };
      return refuses(notarized(network, proof, batch, other, three), 'SIGNATURE_INVALID');
    });

    test('T09: a certificate that brings its own authorities', async () => {
      const text = JSON.stringify({ certificate: { ...certificate, trust }, escrowIds: [] }, (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      );
      const attempt = network.client('charging', sender).connection.submit('peg:receive', text);
      await expect(attempt).rejects.toMatchObject({ code: 'REQUEST_MALFORMED', details: { field: 'certificate' } });
    });
  });

  test.each([
    ['with s flipped', highS],
    ['with a length in two bytes', longLength],
  ])('T05: a signature %s is refused, be it an endorsement or of a notary', async (_what, respelled) => {
    const [endorsed, ...others] = proof.endorsements;
    const spelled = { ...endorsed!, signature: respelled(endorsed!.signature) };
    await refusesProof({ ...proof, endorsements: [spelled, ...others] }, 'SIGNATURE_INVALID');
    const [signed, ...rest] = certificate.signatures;
    const changed = { ...signed!, signature: respelled(signed!.signature) };
    await refuses({ ...certificate, signatures: [changed, ...rest] }, 'SIGNATURE_INVALID');
  });

  test('T10: no certificate with one bit flipped anywhere is accepted', async () => {
    const client = network.client('charging', sender);
    const height = await network.height('charging');
    const next = pseudoRandom(20260101);
    const attempts = Array.from({ length: 60 }, async () => {
      const changed = withBitFlipped(certificate, next);
      await expect(client.receive({ certificate: changed, escrowIds: [] })).rejects.toMatchObject({
        code: expect.stringMatching(
          /^(PROOF_|BATCH_|ENDORSER_|SIGNATURE_INVALID$|REQUEST_MALFORMED$|LANE_UNKNOWN$)/,
        ) as string,
      });
    });
    await Promise.all(attempts);
    expect(await network.height('charging')).toBe(height);
  });

  test('and the same certificate, unchanged, is accepted', async () => {
    const received = await relay.submit('packets', lane, certificate);
    expect(received.answer.results).toEqual([{ packetId, result: 'received', code: '' }]);
    const held = await network.notesOf('charging', recipient);
    expect(held.filter(({ id }) => id.includes(received.txId))).toMatchObject([{ quantity: 1000n }]);
    await relay.carry('receipts', lane, [received.txId]);
  });
});
