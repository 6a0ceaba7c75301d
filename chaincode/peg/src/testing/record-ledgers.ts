// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one scenario on three ledgers, recorded from beginning to end.

import {
  certificateRequestCodec,
  decodeBatch,
  encode,
  type Batch,
  type ChainId,
  type EscrowId,
  type NoteId,
  type PacketBatch,
  type PacketId,
  type ReceiptBatch,
  type TxId,
} from '@gridpeg/protocol';
import {
  certify,
  charging,
  chargingMember,
  city,
  energy,
  grid,
  type Identity,
  laneIdBetween,
  microgrid,
  trustIn,
} from '@gridpeg/protocol/testing';
import { dayMs } from './govern';
import { recordChannels } from './record-histories';
import { RecordedChannel, type RecordedTransaction } from './recorded-channel';

/** All transactions of one chain that wrote something, in order. */
export interface RecordedLedger {
  readonly chainId: ChainId;
  readonly transactions: readonly RecordedTransaction[];
}

const gridUser = 'GridMSP/User1@GridMSP';
const carUser = 'ChargingMSP/User1@ChargingMSP';

/** Two lives of the same chains: every step that value can take, and every function of the contracts. */
export async function recordLedgers(): Promise<{
  readonly value: readonly RecordedLedger[];
  readonly governance: readonly RecordedLedger[];
}> {
  return {
    value: await new Journey().record(),
    governance: (await recordChannels()).map((channel) => ledgerOf(channel)),
  };
}

/** Value that goes from the city to the charging chain and the microgrid, and comes back in every way. */
class Journey {
  readonly #channels = new Map<ChainId, RecordedChannel>();

  async record(): Promise<readonly RecordedLedger[]> {
    for (const chainId of [city, charging, microgrid]) {
      this.#channels.set(chainId, await RecordedChannel.configured(chainId));
    }
    const [issued] = await this.#notes(city, 'issue', { asset: energy, outputs: [output(gridUser, '1000')] });
    const [rest] = await this.#notes(
      city,
      'transfer',
      { noteIds: [issued], outputs: [output(carUser, '100')] },
      grid.client,
      1,
    );
    const [kept] = await this.#notes(city, 'retire', { noteIds: [rest], quantity: '50' });
    await this.#there(kept);
    await this.#back();
    return [...this.#channels].map(([chainId, channel]) => ledgerOf(channel, chainId));
  }

  /** Locks twice, one of them too late: minted, and refunded. */
  async #there(note: string | undefined): Promise<void> {
    const outputs = [transfer(carUser, '400'), transfer(carUser, '70')];
    const sent = await this.#send(city, charging, [note], outputs, grid.client);
    const minted = await this.#receive(city, charging, sent.packets, []);
    await this.#settle(city, charging, minted, []);
    const late = await this.#send(city, charging, sent.change, [transfer(carUser, '30')], grid.client, 1_000);
    const car = this.#channel(charging);
    car.aheadMs = 5_000;
    const refused = await this.#receive(city, charging, late.packets, []);
    car.aheadMs = 0;
    await this.#settle(city, charging, refused, [`${late.txId}-0`]);
  }

  /** On to the microgrid and retired there, home as a transfer and as a retirement. */
  async #back(): Promise<void> {
    const vouchers = await this.#held(charging, carUser);
    const onward = await this.#send(
      charging,
      microgrid,
      vouchers.slice(0, 1),
      [transfer(gridUser, '60')],
      chargingMember.client,
    );
    await this.#settle(charging, microgrid, await this.#receive(charging, microgrid, onward.packets, []), []);
    const away = await this.#held(microgrid, gridUser);
    const used = await this.#send(microgrid, charging, away, [retirement(gridUser, '25')], grid.client);
    const passed = await this.#receive(microgrid, charging, used.packets, [`${onward.txId}-0`]);
    await this.#settle(microgrid, charging, passed, []);
    const passedOn = await this.#batch<PacketBatch>('packets', charging, laneIdBetween(charging, city), passed.txId);
    const escrow = await this.#escrow(city, charging);
    await this.#settle(charging, city, await this.#receive(charging, city, passedOn, escrow), []);
    const left = (await this.#held(charging, carUser)).slice(0, 1);
    const home = await this.#send(
      charging,
      city,
      left,
      [transfer(gridUser, '40'), retirement(carUser, '5')],
      chargingMember.client,
    );
    await this.#settle(
      charging,
      city,
      await this.#receive(charging, city, home.packets, await this.#escrow(city, charging)),
      [],
    );
  }

  async #send(
    from: ChainId,
    to: ChainId,
    noteIds: readonly (string | undefined)[],
    outputs: readonly object[],
    by: Identity,
    lifeMs = dayMs,
  ): Promise<{ readonly txId: string; readonly packets: PacketBatch; readonly change: readonly NoteId[] }> {
    const laneId = laneIdBetween(from, to);
    const deadlineMs = (Date.now() + lifeMs).toString();
    const answer = await this.#channel(from).call('send', { laneId, noteIds, outputs, deadlineMs }, by);
    const { txId, noteIds: change } = answer as { readonly txId: TxId; readonly noteIds: readonly NoteId[] };
    return { txId, packets: await this.#batch<PacketBatch>('packets', from, laneId, txId), change };
  }

  async #receive(
    from: ChainId,
    to: ChainId,
    packets: PacketBatch,
    escrowIds: readonly string[],
  ): Promise<{ readonly txId: TxId; readonly receipts: ReceiptBatch }> {
    const answer = await this.#channel(to).call('receive', requestOf(packets, from, escrowIds));
    const { txId, results } = answer as {
      readonly txId: TxId;
      readonly results: ReadonlyArray<{ code: string; result: string }>;
    };
    if (results.some(({ result }) => result === 'skipped')) throw new Error(`skipped: ${JSON.stringify(results)}`);
    return { txId, receipts: await this.#batch<ReceiptBatch>('receipts', to, packets.laneId, txId) };
  }

  async #settle(
    from: ChainId,
    to: ChainId,
    { receipts }: { readonly receipts: ReceiptBatch },
    escrowIds: readonly string[],
  ): Promise<void> {
    await this.#channel(from).call('settle', requestOf(receipts, to, escrowIds));
  }

  async #batch<Kind extends Batch>(kind: Kind['kind'], at: ChainId, laneId: string, txId: string): Promise<Kind> {
    const name = kind === 'packets' ? 'exportPackets' : 'exportReceipts';
    const { written, ...exported } = (await this.#channel(at).call(name, { laneId, txIds: [txId] })) as {
      readonly written: number;
    };
    if (written > 0) throw new Error('an export wrote');
    return decodeBatch(kind, JSON.stringify(exported)) as Kind;
  }

  async #notes(at: ChainId, name: string, request: object, by = grid.client, from = 0): Promise<readonly string[]> {
    const { noteIds } = (await this.#channel(at).call(name, request, by)) as { readonly noteIds: readonly string[] };
    return noteIds.slice(from);
  }

  async #held(at: ChainId, owner: string): Promise<readonly PacketId[]> {
    const page = await this.#channel(at).call('listNotes', { owner, pageSize: 99, bookmark: '' });
    return (page as { readonly entries: ReadonlyArray<{ readonly id: PacketId }> }).entries.map(({ id }) => id);
  }

  async #escrow(from: ChainId, to: ChainId): Promise<readonly EscrowId[]> {
    const request = { laneId: laneIdBetween(from, to), pageSize: 99, bookmark: '' };
    const page = await this.#channel(from).call('listEscrow', request);
    return (page as { readonly entries: ReadonlyArray<{ readonly id: EscrowId }> }).entries.map(({ id }) => id);
  }

  #channel(chainId: ChainId): RecordedChannel {
    const channel = this.#channels.get(chainId);
    if (channel === undefined) throw new Error(`no channel of ${chainId}`);
    return channel;
  }
}

function requestOf(batch: Batch, source: ChainId, escrowIds: readonly string[]): string {
  return encode(certificateRequestCodec, {
    certificate: certify(batch, trustIn(source)),
    escrowIds: escrowIds as readonly EscrowId[],
  });
}

function output(recipient: string, quantity: string): object {
  return { recipient, quantity, memo: 'm' };
}

function transfer(recipient: string, quantity: string): object {
  return { kind: 'transfer', ...output(recipient, quantity) };
}

function retirement(recipient: string, quantity: string): object {
  return { kind: 'retirement', ...output(recipient, quantity) };
}

function ledgerOf(
  { transactions, name }: RecordedChannel,
  chainId = name === 'city' ? city : charging,
): RecordedLedger {
  return { chainId, transactions };
}
