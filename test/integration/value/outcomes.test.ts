// SPDX-License-Identifier: Apache-2.0

import { certificateRequestCodec, encode, type Certificate, type PacketId, type TxId } from '@gridpeg/protocol';
import { type Relayed } from '@gridpeg/gateway-app';
import { auditNetwork } from '../../harness/network/audit-network';
import { isExhaustive } from '../../harness/exhaustive';
import { ManualRelay } from '../../harness/network/manual-relay';
import { RawGateway } from '../../harness/network/raw-gateway';
import { pseudoRandom } from '../../harness/faults/pseudo-random';
import { sharedNetwork } from '../../harness/network/shared-network';
import { freshAccount, sumOf, type OrganizationName, type TestNetwork } from '../../harness/network/test-network';
import { untilPassed, waitUntil } from '../../harness/wait-until';

const sender: OrganizationName = 'ChargingMSP';
const lane = 'city-charging';
/** Submissions of each of ten lines of each of four relays. */
const submissions = isExhaustive ? 25 : 5;
/** How many packets are tried at random around their deadlines, and how many steps each of two relays takes. */
const [packetCount, stepCount] = isExhaustive ? [24, 60] : [12, 24];

describe('one outcome for every packet, whoever carries what, when and how often', () => {
  let network: TestNetwork;
  let relay: ManualRelay;
  beforeAll(() => {
    network = sharedNetwork();
    relay = new ManualRelay(network);
  });
  afterAll(() => network.close());

  const soon = (milliseconds: number): bigint => BigInt(Date.now() + milliseconds);
  /** Locks one note whole on city, for a fresh recipient on charging. */
  const lock = async (quantity: bigint, withinMs = 600_000) => {
    const recipient = freshAccount('ChargingMSP', 'outcome');
    const notes = await network.issue(network.account(sender), quantity);
    const deadlineMs = soon(withinMs);
    const sent = await relay.send({ lane, sender, notes, outputs: [{ recipient, quantity }], deadlineMs });
    return { recipient, txId: sent.txId, packetId: sent.answer.packetIds[0]!, deadlineMs };
  };
  /** Does something before a deadline, with ever more time on slower machines. */
  const inTime = async <T>(attempt: (withinMs: number) => Promise<T | undefined>): Promise<T> => {
    for (let withinMs = 3_000; withinMs < 600_000; withinMs *= 3) {
      const done = await attempt(withinMs);
      if (done !== undefined) return done;
    }
    throw new Error('it was never done before the deadline');
  };
  const escrow = async (): Promise<bigint> =>
    sumOf(await network.client('city', sender).escrow((await network.lane(lane)).id));
  const refundOf = async (settledTxId: TxId): Promise<bigint> =>
    sumOf((await network.notesOf('city', network.account(sender))).filter(({ id }) => id.includes(settledTxId)));

  test('PEG-2, PEG-3: after its deadline a packet is refused, and refunded exactly once', async () => {
    const before = await escrow();
    const { recipient, txId, packetId, deadlineMs } = await lock(500n, 2_000);
    expect(await escrow()).toBe(before + 500n);
    const certificate = await relay.certificate('packets', lane, [txId]);
    await untilPassed(deadlineMs);
    const refused = await relay.submit('packets', lane, certificate);
    expect(refused.answer.results).toEqual([{ packetId, result: 'refused', code: 'DEADLINE_PASSED' }]);
    expect(await network.notesOf('charging', recipient)).toEqual([]);

    const receipts = await relay.certificate('receipts', lane, [refused.txId]);
    const refunded = await relay.submit('receipts', lane, receipts);
    expect(refunded.answer.results).toEqual([{ packetId, result: 'refunded', code: 'DEADLINE_PASSED' }]);
    expect(await refundOf(refunded.txId)).toBe(500n);
    expect(await escrow()).toBe(before);

    for (const submitter of ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP', 'GridMSP'] as const) {
      const again = await relay.submit('receipts', lane, receipts, submitter);
      expect(again.answer.results).toEqual([{ packetId, result: 'already-done', code: '' }]);
      expect(await refundOf(again.txId)).toBe(0n);
    }
    expect(await escrow()).toBe(before);
    expect(await network.client('city', sender).getTransfer(packetId)).toMatchObject({
      state: 'refunded',
      code: 'DEADLINE_PASSED',
      settledTxId: refunded.txId,
    });
  });

  test('PEG-2: a packet that was received in time is not refused later, nor refunded', async () => {
    const { received, certificate, recipient, packetId, deadlineMs } = await inTime(async (withinMs) => {
      const locked = await lock(60n, withinMs);
      const proven = await relay.certificate('packets', lane, [locked.txId]);
      const done = await relay.submit('packets', lane, proven);
      const [result] = done.answer.results;
      return result?.result === 'received' ? { ...locked, received: done, certificate: proven } : undefined;
    });
    await untilPassed(deadlineMs);
    const late = await relay.submit('packets', lane, certificate);
    expect(late.answer.results).toEqual([{ packetId, result: 'already-done', code: '' }]);
    expect((await network.notesOf('charging', recipient)).map(({ quantity }) => quantity)).toEqual([60n]);
    const settled = await relay.carry('receipts', lane, [received.txId]);
    expect(settled.answer.results).toEqual([{ packetId, result: 'delivered', code: '' }]);
    expect(await refundOf(settled.txId)).toBe(0n);
  });

  test('PEG-2: a packet that was refused is not received later', async () => {
    const { recipient, txId, deadlineMs, packetId } = await lock(61n, 2_000);
    const certificate = await relay.certificate('packets', lane, [txId]);
    await untilPassed(deadlineMs);
    const refused = await relay.submit('packets', lane, certificate);
    expect(refused.answer.results).toMatchObject([{ result: 'refused' }]);
    const again = await relay.submit('packets', lane, certificate, 'RegulatorMSP');
    expect(again.answer.results).toEqual([{ packetId, result: 'already-done', code: '' }]);
    expect(await network.notesOf('charging', recipient)).toEqual([]);
    await relay.carry('receipts', lane, [refused.txId]);
  });

  test('a burnt voucher that misses its deadline on the way home is made again, in its old class', async () => {
    const there = await relay.transfer({
      ...{ lane, sender, notes: await network.issue(network.account(sender), 33n) },
      outputs: [{ recipient: network.account(sender), quantity: 33n }],
    });
    const vouchers = await network.notesOf('charging', network.account(sender));
    const voucher = vouchers.filter(({ id }) => id.includes(there.received.txId));
    const recipient = freshAccount('ChargingMSP', 'late');
    const deadlineMs = soon(2_000);
    const sent = await relay.send({
      ...{ lane: 'charging-city', sender, notes: voucher, outputs: [{ recipient, quantity: 33n }], deadlineMs },
    });
    await untilPassed(deadlineMs);
    const refused = await relay.carry('packets', 'charging-city', [sent.txId]);
    expect(refused.answer.results).toMatchObject([{ result: 'refused', code: 'DEADLINE_PASSED' }]);
    const refunded = await relay.carry('receipts', 'charging-city', [refused.txId]);
    expect(refunded.answer.results).toMatchObject([{ result: 'refunded' }]);
    const back = await network.notesOf('charging', network.account(sender));
    expect(back.filter(({ id }) => id.includes(refunded.txId))).toMatchObject([
      { quantity: 33n, label: { path: ['city-charging'] } },
    ]);
    expect(await network.notesOf('city', recipient)).toEqual([]);
  });

  test('PEG-9: batches that overlap and come in any order change each packet once', async () => {
    const packets = [await lock(1n), await lock(2n), await lock(3n)];
    const [one, two, three] = packets.map(({ txId }) => txId);
    const last = await relay.carry('packets', lane, [three!]);
    const overlapping = await relay.carry('packets', lane, [two!, three!]);
    expect(overlapping.answer.results.map(({ result }) => result)).toEqual(['received', 'already-done']);
    const all = await relay.carry('packets', lane, [one!, two!, three!]);
    expect(all.answer.results.map(({ result }) => result)).toEqual(['received', 'already-done', 'already-done']);
    for (const [index, { recipient }] of packets.entries()) {
      expect(sumOf(await network.notesOf('charging', recipient))).toBe(BigInt(index + 1));
    }
    // Receipts come home in another order than packets went out, and together with those that are done.
    const first = await relay.carry('receipts', lane, [all.txId]);
    expect(first.answer.results.map(({ result }) => result)).toEqual(['delivered']);
    const rest = await relay.carry('receipts', lane, [last.txId, all.txId, overlapping.txId]);
    expect(rest.answer.results.map(({ result }) => result)).toEqual(['delivered', 'already-done', 'delivered']);
  });

  test('PEG-3: a receipt is settled at its own source only, and a packet without one stays in flight', async () => {
    const { txId, packetId } = await lock(9n);
    await expect(relay.prove('receipts', lane, [txId])).rejects.toMatchObject({ code: 'OUTBOX_UNKNOWN' });
    expect(await network.client('city', sender).getTransfer(packetId)).toMatchObject({ state: 'in-flight' });
    const received = await relay.carry('packets', lane, [txId]);
    const receipts = await relay.certificate('receipts', lane, [received.txId]);
    const elsewhere = network.client('microgrid', sender).settle({ certificate: receipts, escrowIds: [] });
    await expect(elsewhere).rejects.toMatchObject({ code: 'LANE_UNKNOWN' });
    await relay.submit('receipts', lane, receipts);
  });

  test('a relay submits nothing when everything is done already', async () => {
    const { txId } = await lock(8n);
    const certificate = await relay.certificate('packets', lane, [txId]);
    const received = await relay.submit('packets', lane, certificate);
    const height = await network.height('charging');
    const again = await network.client('charging', sender).relay('receive', { certificate, escrowIds: [] });
    expect(again).toMatchObject({ blockNumber: undefined, answer: { results: [{ result: 'already-done' }] } });
    expect(await network.height('charging')).toBe(height);
    await relay.carry('receipts', lane, [received.txId]);
  });

  test('T03: of hundreds of submissions of one certificate by four relays, at the same time, one applies', async () => {
    // Home, so that there is escrow to be paid out twice, and four organizations to do it.
    const account = network.account(sender);
    const notes = await network.issue(account, 700n);
    const there = await relay.transfer({ lane, sender, notes, outputs: [{ recipient: account, quantity: 700n }] });
    const vouchers = (await network.notesOf('charging', account)).filter(({ id }) => id.includes(there.received.txId));
    const recipient = freshAccount('ChargingMSP', 'thousand');
    const escrowBefore = await escrow();
    const sent = await relay.send({
      ...{ lane: 'charging-city', sender, notes: vouchers, outputs: [{ recipient, quantity: 700n }] },
    });
    const certificate = await relay.certificate('packets', 'charging-city', [sent.txId]);
    const request = { certificate, escrowIds: await relay.escrowIds('packets', 'charging-city') };
    const relays = (['GridMSP', 'MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] as const).map((name) =>
      network.client('city', name),
    );
    // Each relay has ten under way at once, and goes on until its share is through.
    const lines = relays.flatMap((client) => Array.from({ length: 10 }, () => client));
    const outcomes = await Promise.all(
      lines.map(async (client) => {
        const results: string[] = [];
        for (let count = 0; count < submissions; count += 1) {
          const { answer, blockNumber } = await client.relay('receive', request).catch(lostRace);
          results.push(`${answer.results[0]?.result ?? ''}${blockNumber === undefined ? '' : ' and committed'}`);
        }
        return results;
      }),
    );
    const counted = outcomes.flat();
    expect(counted).toHaveLength(40 * submissions);
    expect(counted.filter((result) => result === 'received and committed')).toHaveLength(1);
    expect(new Set(counted)).toEqual(new Set(['received and committed', 'already-done']));
    expect((await network.notesOf('city', recipient)).map(({ quantity }) => quantity)).toEqual([700n]);
    expect(await escrow()).toBe(escrowBefore - 700n);
    const receipt = await network.client('city', sender).getReceipts(sent.answer.packetIds);
    await relay.carry('receipts', 'charging-city', [receipt[0]!.txId]);
  });

  test('T16: a receive that was endorsed in time and held back until the packet was refused is invalid', async () => {
    const raw = new RawGateway(network.connectionOptions('charging', sender));
    try {
      const { recipient, packetId, certificate, deadlineMs, held } = await inTime(async (withinMs) => {
        const locked = await lock(44n, withinMs);
        const proven = await relay.certificate('packets', lane, [locked.txId]);
        const argument = encode(certificateRequestCodec, { certificate: proven, escrowIds: [] });
        const endorsed = await raw.endorse('peg:receive', argument);
        return endorsed.answer.includes('"received"') ? { ...locked, certificate: proven, held: endorsed } : undefined;
      });
      await untilPassed(deadlineMs);
      const refused = await relay.submit('packets', lane, certificate);
      expect(refused.answer.results).toMatchObject([{ result: 'refused' }]);
      expect(await held.submit()).toBe('MVCC_READ_CONFLICT');
      expect(await network.notesOf('charging', recipient)).toEqual([]);
      const refunded = await relay.carry('receipts', lane, [refused.txId]);
      expect(refunded.answer.results).toEqual([{ packetId, result: 'refunded', code: 'DEADLINE_PASSED' }]);
    } finally {
      raw.close();
    }
  });

  test('T15: two relays that act at random around deadlines never get a packet paid and refunded', async () => {
    const next = pseudoRandom(15);
    const account = network.account(sender);
    const recipient = freshAccount('ChargingMSP', 'random');
    const notes = await network.issue(
      account,
      ...Array.from({ length: packetCount }, (_, index) => BigInt(100 + index)),
    );
    // Half of them in time whatever happens, half somewhere within the next seconds.
    const before = await escrow();
    const deadlines: bigint[] = [];
    const sent = await Promise.all(
      notes.map((note, index) => {
        const deadlineMs = soon(index % 2 === 0 ? 600_000 : 1_500 + Math.floor(next() * 3_000));
        deadlines.push(deadlineMs);
        const outputs = [{ recipient, quantity: note.quantity }];
        return relay.send({ lane, sender, notes: [note], outputs, deadlineMs });
      }),
    );
    const packetIds = sent.map(({ answer }) => answer.packetIds[0]!);
    const certificates = await Promise.all(sent.map(({ txId }) => relay.certificate('packets', lane, [txId])));
    const receiptCertificates = new Map<PacketId, Promise<Certificate>>();
    const step = async (name: OrganizationName, index: number): Promise<void> => {
      const packetId = packetIds[index]!;
      await network.client('charging', name).relay('receive', { certificate: certificates[index]!, escrowIds: [] });
      const [receipt] = await network.client('charging', name).getReceipts([packetId]);
      if (receipt === undefined) return;
      const made = receiptCertificates.get(packetId) ?? relay.certificate('receipts', lane, [receipt.txId]);
      receiptCertificates.set(packetId, made);
      // One that could not be had, because a peer was behind, is asked for again.
      made.catch(() => receiptCertificates.delete(packetId));
      const escrowIds = await relay.escrowIds('receipts', lane);
      await network.client('city', name).relay('settle', { certificate: await made, escrowIds });
    };
    const tries = async (name: OrganizationName): Promise<void> => {
      for (let attempt = 0; attempt < stepCount; attempt += 1)
        await step(name, Math.floor(next() * packetCount)).catch(ignoreRace);
    };
    await Promise.all([tries('MicrogridMSP'), tries('RegulatorMSP')]);
    for (const deadlineMs of deadlines) if (deadlineMs < soon(60_000)) await untilPassed(deadlineMs);
    for (const index of packetIds.keys()) {
      await waitUntil(`packet ${index} is settled`, async () => {
        await step('ChargingMSP', index).catch(ignoreRace);
        return (await network.client('city', sender).getTransfer(packetIds[index]!)).state !== 'in-flight';
      });
    }

    const city = network.client('city', sender);
    const ends = await Promise.all(packetIds.map((id) => city.getTransfer(id)));
    const receipts = await network.client('charging', sender).getReceipts(packetIds);
    expect(receipts).toHaveLength(packetCount);
    for (const { packet, state } of ends) {
      const outcome = receipts.find(({ packetId }) => packetId === packet.id)?.outcome;
      expect([outcome, state]).toEqual(outcome === 'received' ? ['received', 'delivered'] : ['refused', 'refunded']);
    }
    const delivered = ends.filter(({ state }) => state === 'delivered').map(({ packet }) => packet);
    const refunded = ends.filter(({ state }) => state === 'refunded');
    expect(delivered.length).toBeGreaterThanOrEqual(packetCount / 2);
    expect(sumOf(await network.notesOf('charging', recipient))).toBe(sumOf(delivered));
    for (const { packet, settledTxId } of refunded) {
      const back = (await network.notesOf('city', account)).filter(({ id }) => id.includes(settledTxId));
      expect(back.map(({ quantity }) => quantity)).toContain(packet.quantity);
    }
    expect(await escrow()).toBe(before + sumOf(delivered));
  });

  test('PEG-1: after all that, the audit of every block holds', async () => {
    const { verdict, findings } = await auditNetwork(network);
    expect({ verdict, findings }).toEqual({ verdict: 'holds', findings: [] });
  });
});

/** A relay that lost too many races in a row has changed nothing; it counts as one that came too late. */
function lostRace(error: unknown): Pick<Relayed, 'blockNumber'> & {
  readonly answer: { readonly results: ReadonlyArray<{ readonly result: string }> };
} {
  if (!isRace(error)) throw error;
  return { blockNumber: undefined, answer: { results: [{ result: 'already-done' }] } };
}

function ignoreRace(error: unknown): void {
  if (!isRace(error)) throw error;
}

/** Others were faster, or a peer has not got the block yet: any relay tries again. */
function isRace(error: unknown): boolean {
  const races = ['MVCC_READ_CONFLICT', 'ENDORSEMENTS_DIFFER', 'OUTBOX_UNKNOWN', 'ESCROW_SHORT'];
  return error instanceof Error && 'code' in error && races.includes(String(error.code));
}
