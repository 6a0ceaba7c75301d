// SPDX-License-Identifier: Apache-2.0

import {
  absenceQuestionCodec,
  encode,
  packetHashOf,
  packetIdOf,
  questionAbout,
  sendRequestCodec,
  type EarlierCertificate,
  type KeySignature,
  type Packet,
  type PacketBatch,
  type ReceiptBatch,
  type SendRequest,
  type TrustRecord,
  firstDigest,
} from '@gridpeg/protocol';
import { startNode } from '@gridpeg/network';
import { askToSign } from '../../harness/adversary/ask-to-sign';
import { auditNetwork } from '../../harness/network/audit-network';
import { answering, batchOf, endorsedBy, Keyring, notarized } from '../../harness/adversary/forge';
import { gridpegWell } from '../../harness/cli/gridpeg';
import { ManualRelay, inAnHour, quorum } from '../../harness/network/manual-relay';
import { notaryNodes, OwnNetwork, stopNotaries } from '../../harness/network/own-network';
import { RawGateway } from '../../harness/network/raw-gateway';
import {
  freshAccount,
  laneId,
  organizations,
  sumOf,
  type ChainName,
  type OrganizationName,
  type TestNetwork,
} from '../../harness/network/test-network';
import { waitUntil } from '../../harness/wait-until';

const sender: OrganizationName = 'ChargingMSP';

/**
 * The worst case: every peer of the charging chain *and* enough notaries lie together. What they sign is a valid
 * certificate of anything they like; the city's own records bound what it can do.
 */
describe('T28: a side chain that is taken over entirely', () => {
  const own = new OwnNetwork();
  let network: TestNetwork;
  let relay: ManualRelay;
  let keys: Keyring;
  let trust: TrustRecord;
  /** A true packet from charging to city, not carried yet, and its proof. */
  let truth: PacketBatch;
  let proof: Awaited<ReturnType<ManualRelay['prove']>>;
  /** Transactions of the city that wrote a receipt for a packet that was never sent. */
  const believed: string[] = [];

  beforeAll(async () => {
    await own.up();
    await stopNotaries(own.stateDir);
    network = own.open();
    [relay, keys] = [new ManualRelay(network), new Keyring(network)];
    trust = await network.trust('charging', 'city');
    const account = network.account(sender);
    const there = await relay.transfer({
      ...{ lane: 'city-charging', sender, notes: await network.issue(account, 40n) },
      outputs: [{ recipient: account, quantity: 40n }],
    });
    const vouchers = (await network.notesOf('charging', account)).filter(({ id }) => id.includes(there.received.txId));
    const recipient = freshAccount('ChargingMSP', 'true');
    const sent = await relay.send({
      ...{ lane: 'charging-city', sender, notes: vouchers, outputs: [{ recipient, quantity: 40n }] },
    });
    proof = await relay.prove('packets', 'charging-city', [sent.txId]);
    truth = batchOf(proof, trust) as PacketBatch;
  });
  afterAll(() => own.down());

  const peers = (chain: ChainName) => quorum.map((name) => keys.peer(name, chain));
  const lie = (entries: readonly Packet[]): EarlierCertificate => {
    const batch = { ...truth, entries };
    return notarized(network, endorsedBy(answering(proof, batch), ...peers('charging')), batch, trust, quorum);
  };
  /** The packet with some of it changed and an id that fits. */
  const invented = (index: number, change: Partial<Packet>): Packet => {
    const { sourceChainId, txId } = truth.entries[0]!;
    return { ...truth.entries[0]!, index, id: packetIdOf(sourceChainId, txId, index), ...change };
  };
  const escrowOf = async (lane: string): Promise<bigint> =>
    sumOf(await network.client('city', sender).escrow(laneId(lane)));

  test('PEG-6: draws no more than was locked towards it, and nothing of another lane', async () => {
    const [towardsIt, towardsMicrogrid] = [await escrowOf('city-charging'), await escrowOf('city-microgrid')];
    const thief = freshAccount('ChargingMSP', 'thief');
    const { label } = truth.entries[0]!;
    const theirs = invented(101, { recipient: thief, label: { ...label, path: [laneId('city-microgrid')] } });
    const tooMuch = invented(100, { recipient: thief, quantity: towardsIt + 1n });
    const drawn = await relay.submit('packets', 'charging-city', lie([tooMuch]));
    expect(drawn.answer.results).toEqual([{ packetId: tooMuch.id, result: 'skipped', code: 'ESCROW_NOT_NAMED' }]);
    expect(await network.notesOf('city', thief)).toEqual([]);

    // What claims to have come by the other lane is no release of that lane's escrow, but foreign paper of its own
    // label.
    const request = { certificate: lie([theirs]), escrowIds: await relay.escrowIds('receipts', 'city-microgrid') };
    const city = network.client('city', sender);
    const { answer, txId } = await network.everywhere('city', city.receive(request));
    believed.push(txId);
    expect(answer.results).toMatchObject([{ result: 'received' }]);
    expect(await network.notesOf('city', thief)).toMatchObject([
      { label: { path: ['city-microgrid', 'charging-city'] } },
    ]);
    expect([await escrowOf('city-charging'), await escrowOf('city-microgrid')]).toEqual([towardsIt, towardsMicrogrid]);
  });

  test('PEG-5: issues nothing of the city, nor anything without the lane in its label', async () => {
    const thief = freshAccount('ChargingMSP', 'issuer');
    const { label } = truth.entries[0]!;
    const received = await relay.submit(
      'packets',
      'charging-city',
      lie([
        invented(110, { recipient: thief, label: { ...label, path: [] } }),
        invented(111, { recipient: thief, quantity: 10n ** 13n }),
      ]),
    );
    expect(received.answer.results.map(({ result, code }) => [result, code])).toEqual([
      ['refused', 'LABEL_FOREIGN'],
      ['refused', 'QUANTITY_ABOVE_LIMIT'],
    ]);
    believed.push(received.txId);
    expect(await network.notesOf('city', thief)).toEqual([]);
  });

  test('T04, PEG-9: a content under the id of another packet is skipped, and the true packet is paid', async () => {
    const [packet] = truth.entries;
    const thief = freshAccount('ChargingMSP', 'borrower');
    const borrowed = invented(120, { recipient: thief, id: packet!.id });
    const elsewhere = invented(121, { recipient: thief, laneId: laneId('microgrid-city') });
    const received = await relay.submit('packets', 'charging-city', lie([borrowed, elsewhere, packet!]));
    expect(received.answer.results.map(({ result, code }) => [result, code])).toEqual([
      ['skipped', 'PACKET_INCONSISTENT'],
      ['skipped', 'PACKET_INCONSISTENT'],
      ['received', ''],
    ]);
    expect(await network.notesOf('city', thief)).toEqual([]);
    expect((await network.notesOf('city', packet!.recipient)).map(({ quantity }) => quantity)).toEqual([40n]);
    await relay.carry('receipts', 'charging-city', [received.txId]);
  });

  test('T04: the receipt of one packet refunds no other, and what was delivered stays so', async () => {
    const lane = 'city-charging';
    const recipient = freshAccount('ChargingMSP', 'receipts');
    const notes = await network.issue(network.account(sender), 7n);
    const { sent, received } = await relay.transfer({ lane, sender, notes, outputs: [{ recipient, quantity: 7n }] });
    const [open] = await network.issue(network.account(sender), 9n);
    const waiting = await relay.send({ lane, sender, notes: [open!], outputs: [{ recipient, quantity: 9n }] });
    const [delivered, pending] = [sent.answer.packetIds[0]!, waiting.answer.packetIds[0]!];
    const true_ = await relay.prove('receipts', lane, [received.txId]);
    const batch = batchOf(true_, trust) as ReceiptBatch;
    const [receipt] = batch.entries;
    const forged: ReceiptBatch = {
      ...batch,
      entries: [
        { ...receipt!, outcome: 'refused', code: 'DEADLINE_PASSED' },
        { ...receipt!, packetId: pending, outcome: 'refused', code: 'DEADLINE_PASSED' },
        { ...receipt!, packetId: packetIdOf(truth.sourceChainId, waiting.txId, 0) },
      ],
    };
    const lying = notarized(network, endorsedBy(answering(true_, forged), ...peers('charging')), forged, trust, quorum);
    const settled = await relay.submit('receipts', lane, lying);
    expect(settled.answer.results.map(({ result, code }) => [result, code])).toEqual([
      ['already-done', ''],
      ['skipped', 'PACKET_INCONSISTENT'],
      ['skipped', 'PACKET_UNKNOWN'],
    ]);
    const city = network.client('city', sender);
    expect((await city.getTransfer(delivered)).state).toBe('delivered');
    expect((await city.getTransfer(pending)).state).toBe('in-flight');
    const [packet] = await relay.packets(lane, waiting.txId);
    expect(packetHashOf(packet!)).not.toBe(receipt!.packetHash);
    await relay.carry('receipts', lane, [(await relay.carry('packets', lane, [waiting.txId])).txId]);
  });

  test('PEG-1: the audit finds each packet that was never sent, at the transaction that believed it', async () => {
    const { verdict, findings } = await auditNetwork(network);
    expect(verdict).toBe('broken');
    const unknown = findings.filter(({ rule, chain }) => rule === 'PACKET_UNKNOWN' && chain === 'city');
    expect(new Set(unknown.map(({ txId }) => txId))).toEqual(new Set(believed));
    expect(believed).toHaveLength(2);
  });

  test('T44, T11: honest daemons find what was never sent, and freeze the lane on both chains', async () => {
    for (const node of await notaryNodes(own.stateDir)) await startNode({ stateDir: own.stateDir, node });
    const lanes = ['charging-city', 'city-charging'];
    for (const chain of ['city', 'charging'] as const) {
      await waitUntil(`both lanes are frozen on ${chain}`, async () => {
        const { lanes: found } = await network.client(chain, sender).governance.statusRecords();
        return lanes.every((id) => found.some(({ laneId: lane, state }) => lane === id && state === 'frozen'));
      });
      const { notaries } = await network.client(chain, sender).governance.statusRecords();
      // Peers of their own organizations were among those that denied it, so the keys count no more.
      const suspended = notaries.filter(({ state }) => state === 'suspended').map(({ mspId: name }) => name as string);
      expect(suspended.sort()).toEqual([...quorum].sort());
    }
    const late = lie([invented(130, { recipient: freshAccount('ChargingMSP', 'late') })]);
    await expect(relay.submit('packets', 'charging-city', late)).rejects.toMatchObject({ code: 'LANE_FROZEN' });
    const { stdout } = await gridpegWell(own.stateDir, 'evidence', 'show', '--chain', 'city');
    expect(stdout).toMatch(
      /^city: the notaries of .* signed packet [0-9a-f]{64} or its receipt, which its chain never/m,
    );
    expect(stdout).toMatch(/^ {2}frozen +.*next: gridpeg governance propose open /m);
  });

  test('T44: what was sent is no absence, whoever asks', async () => {
    const packets = { ...truth, entries: [truth.entries[0]!] };
    const certificate = notarized(network, proof, packets, trust, quorum);
    const question = questionAbout(truth.entries[0]!.id, packets, trust, keysOf(certificate, trust), firstDigest)!;
    const asked = network.client('charging', sender).evidence.declareAbsence(question);
    await expect(asked).rejects.toMatchObject({ code: 'ENTRY_COMMITTED' });
  });

  test('T16, T44: an absence endorsed before its packet committed, and ordered after it, is invalid', async () => {
    const lane = 'city-microgrid';
    const [note] = await network.issue(network.account(sender), 12n);
    const recipient = freshAccount('MicrogridMSP', 'overtaken');
    const request: SendRequest = {
      ...{ laneId: laneId(lane), noteIds: [note!.id], deadlineMs: inAnHour() },
      outputs: [{ kind: 'transfer', recipient, quantity: 12n, memo: '' }],
    };
    const raw = new RawGateway(network.connectionOptions('city', sender));
    try {
      const sending = await raw.endorse('peg:send', encode(sendRequestCodec, request));
      const packet: Packet = {
        ...truth.entries[0]!,
        ...{ laneId: laneId(lane), sourceChainId: truth.destinationChainId, label: note!.label, memo: '' },
        ...{ destinationChainId: network.chain('microgrid').chainId as Packet['destinationChainId'] },
        ...{ txId: sending.txId, id: packetIdOf(truth.destinationChainId, sending.txId, 0), index: 0 },
        ...{ sender: network.account(sender), recipient, quantity: 12n, deadlineMs: request.deadlineMs },
      };
      const record = await network.trust('city', 'microgrid');
      const ends = { laneId: packet.laneId, sourceChainId: packet.sourceChainId };
      const batch: PacketBatch = { ...truth, ...ends, txIds: [packet.txId], entries: [packet] };
      const toMicrogrid = { ...batch, destinationChainId: packet.destinationChainId };
      const signed = notarized(network, proof, toMicrogrid, record, quorum);
      const question = questionAbout(packet.id, toMicrogrid, record, keysOf(signed, record), firstDigest)!;
      const denying = await raw.endorse('evidence:declareAbsence', encode(absenceQuestionCodec, question));
      expect([await sending.submit(), await denying.submit()]).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
      // So the question was about the very packet that is there now.
      expect(await relay.packets(lane, sending.txId)).toEqual([packet]);
    } finally {
      raw.close();
    }
  });

  test('T43: peers of the proof policy lie together, and no honest notary signs', async () => {
    const lane = 'city-microgrid';
    const recipient = freshAccount('MicrogridMSP', 'forged');
    const notes = await network.issue(network.account(sender), 11n);
    const sent = await relay.send({ lane, sender, notes, outputs: [{ recipient, quantity: 11n }] });
    const record = await network.trust('city', 'microgrid');
    const true_ = await relay.prove('packets', lane, [sent.txId], ['GridMSP', 'MicrogridMSP', 'ChargingMSP']);
    const batch = batchOf(true_, record) as PacketBatch;
    const forged = { ...batch, entries: batch.entries.map((packet) => ({ ...packet, quantity: 7_000_000n })) };
    const liars = (['GridMSP', 'MicrogridMSP', 'ChargingMSP'] as const).map((name) => keys.peer(name, 'city'));
    const lying = endorsedBy(answering(true_, forged), ...liars);
    expect(batchOf(lying, record)).toEqual(forged);
    for (const notary of organizations) {
      const { status, answer } = await askToSign(network, notary, lying);
      expect([status, answer['code']]).toEqual([409, 'SOURCE_DIFFERS']);
    }
    const frozen = async (): Promise<boolean> => {
      const { lanes } = await network.client('microgrid', 'MicrogridMSP').governance.statusRecords();
      return lanes.some(({ laneId: id, state }) => id === lane && state === 'frozen');
    };
    await waitUntil('the contradicting answers have frozen the lane', frozen);
    // The daemons may have found contradictions about other packets as well.
    const evidence = await waitUntil('the contradiction is on the ledger', async () => {
      const known = await network.client('microgrid', 'MicrogridMSP').evidence.list();
      return known.find(({ kind, packetId }) => kind === 'answers' && packetId === batch.entries[0]!.id);
    });
    expect(evidence).toMatchObject({ about: 'packets' });
    expect(evidence.organizations.length).toBeGreaterThan(0);
    const { stdout } = await gridpegWell(own.stateDir, 'evidence', 'show', '--chain', 'microgrid');
    expect(stdout).toMatch(/^microgrid: peers of .* gave two contents for packet [0-9a-f]{64} or its receipt$/m);
  });
});

/** The signatures of a certificate with the keys that made them. */
function keysOf({ signatures }: EarlierCertificate, { committee }: TrustRecord): readonly KeySignature[] {
  return signatures.map(({ notary, signature }) => {
    const key = committee.notaries.find(({ mspId }) => mspId === notary);
    return { publicKey: key?.publicKey ?? '', signature };
  });
}
