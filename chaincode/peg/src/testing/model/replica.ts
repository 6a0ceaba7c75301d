// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class that runs every step of the model on the real contracts.

import {
  certificateRequestCodec,
  decodeBatch,
  encode,
  type EscrowId,
  escrowIdOf,
  noteIdOf,
  type NoteId,
  type Packet,
  packetIdOf,
  type Receipt,
  Refused,
  type ResultsResponse,
  type TxId,
} from '@gridpeg/protocol';
import { configurationOf, energy, laneIdBetween, city, microgrid } from '@gridpeg/protocol/testing';
import { Channel } from '../channel';
import { type Action, type Call, type CertificateCall, type Claim, isCertificateCall } from './calls';
import {
  account,
  batchOf,
  certificateOf,
  chainIdOf,
  inventedPacket,
  laneIdOf,
  packetClaimed,
  receiptClaimed,
  unit,
} from './replica-certificates';
import { merged, otherEscrowName, unitsOf } from './merge';
import { namedBy } from './move';
import { governanceRequest, type Request } from './replica-governance';
import { type ChainName, chainNames, ends, type State } from './state';

/** Milliseconds of a tick: past every deadline and every delay; all ticks lie in one window. */
const tickMs = 25 * 3_600_000;
const hourMs = 3_600_000;

const configuredChannels = new Map<string, Promise<Channel>>();

/** A channel of its own with its first configuration, which is put in force once for each limit and time. */
async function configured(name: ChainName, limit: number): Promise<Channel> {
  const key = `${name} ${limit.toString()} ${Date.now().toString()}`;
  const window = { lengthMs: 31n * 24n * 3_600_000n, quantity: BigInt(limit) * unit, shards: 1 };
  const lanes = configurationOf(chainIdOf[name]).lanes.map((lane) => ({ ...lane, maximumQuantity: unit, window }));
  const channel = configuredChannels.get(key) ?? Channel.configured(chainIdOf[name], { lanes });
  configuredChannels.set(key, channel);
  return (await channel).copy();
}

/** What a transaction read and would write, as peers endorse it. */
interface Endorsed {
  readonly on: ChainName;
  readonly reads: ReadonlyMap<string, number>;
  readonly writes: ReadonlyMap<string, Buffer | undefined>;
  /** What the model's names mean, once it is ordered. */
  readonly remember: () => void;
  readonly outcome: string;
}

/**
 * The model's actions on two channels with the contracts, decisions and ledgers that are deployed. Transactions are
 * endorsed and ordered as Fabric does it: one that read what another has written since is invalid.
 */
export class Replica {
  readonly #versions = { home: new Map<string, number>(), away: new Map<string, number>() };
  readonly #notes = { home: new Map<string, NoteId>(), away: new Map<string, NoteId>() };
  readonly #sent = new Map<string, TxId>();
  readonly #answered = new Map<string, TxId>();
  readonly #escrow = new Map<string, EscrowId>();
  readonly #proposals = new Map<ChainName, TxId>();
  #held: Endorsed | undefined;

  private constructor(
    readonly channels: Readonly<Record<ChainName, Channel>>,
    otherEscrow: EscrowId,
    readonly pass: (ms: number) => void,
  ) {
    this.#escrow.set(otherEscrowName, otherEscrow);
  }

  /**
   * @param limit - units that a lane may move on a ledger
   * @param pass - lets time pass, for clocks of peers and clients alike
   */
  static async start(supply: number, limit: number, pass: (ms: number) => void): Promise<Replica> {
    const channels = { home: await configured('home', limit), away: await configured('away', limit) };
    const outputs = Array.from({ length: supply + 1 }, () => outputOf(account));
    const { txId } = (await channels.home.call('issue', { asset: energy, outputs })) as { txId: TxId };
    const other = await channels.home.call('send', {
      laneId: laneIdBetween(city, microgrid),
      noteIds: [noteIdOf(account, txId, supply)],
      outputs: [{ kind: 'transfer', ...outputOf(account) }],
      deadlineMs: (Date.now() + hourMs).toString(),
    });
    const replica = new Replica(channels, escrowIdOf((other as { txId: TxId }).txId, 0), pass);
    for (let index = 0; index < supply; index += 1) {
      replica.#notes.home.set(`issued ${index}`, noteIdOf(account, txId, index));
    }
    return replica;
  }

  /** @param before - the model's state, which says what a call is about */
  async perform(action: Action, before: State): Promise<string> {
    switch (action.kind) {
      case 'tick':
        this.pass(tickMs);
        return 'ticked';
      case 'submit': {
        const endorsed = await this.#endorse(action.call, before);
        if (typeof endorsed === 'string') return endorsed;
        this.#order(endorsed);
        return endorsed.outcome;
      }
      case 'endorse': {
        const endorsed = await this.#endorse(action.call, before);
        if (typeof endorsed === 'string') return endorsed;
        this.#held = endorsed;
        return endorsed.outcome;
      }
      case 'order':
        return this.#held === undefined ? 'nothing is held' : this.#order(this.#held);
      case 'forget':
        return 'forgotten';
    }
  }

  async #endorse(call: Call, before: State): Promise<Endorsed | string> {
    const channel = this.channels[call.on];
    const { name, json, caller } = await this.#request(call, before);
    try {
      channel.offMs = 'offClock' in call ? tickMs : 0;
      const answer = JSON.parse(await channel.text(name, json, caller)) as Answer;
      const { reads, writes } = channel.stub;
      return {
        on: call.on,
        reads: new Map([...reads].map((key) => [key, this.#versions[call.on].get(key) ?? 0])),
        writes: new Map(writes),
        remember: () => this.#remember(call, answer, before),
        outcome: outcomeOf(answer),
      };
    } catch (error) {
      if (error instanceof Refused) return error.refusal.code;
      throw error;
    } finally {
      channel.offMs = 0;
    }
  }

  #order({ on, reads, writes, remember }: Endorsed): string {
    const versions = this.#versions[on];
    if ([...reads].some(([key, version]) => (versions.get(key) ?? 0) !== version)) return 'MVCC_READ_CONFLICT';
    const { state } = this.channels[on].stub;
    for (const [key, value] of writes) {
      versions.set(key, (versions.get(key) ?? 0) + 1);
      if (value === undefined) state.delete(key);
      else state.set(key, value);
    }
    remember();
    return 'VALID';
  }

  #remember(call: Call, { txId, results = [] }: Answer, before: State): void {
    const notes = this.#notes[call.on];
    if (call.do === 'send') {
      const name = `p${this.#sent.size}`;
      this.#sent.set(name, txId);
      this.#escrow.set(name, escrowIdOf(txId, 0));
      notes.delete(firstOf(notes));
    } else if (call.do === 'merge') this.#escrow.set(merged(call.escrow), escrowIdOf(txId, 0));
    else if (call.do === 'propose') this.#proposals.set(call.on, txId);
    else if (isCertificateCall(call)) {
      let made = 0;
      results.forEach(({ result }, index) => {
        const { id = '', content } = call.claims[index] ?? {};
        if (result === 'received' || result === 'refunded') {
          notes.set(content === 'foreign' ? `foreign ${id}` : `${result} ${id}`, noteIdOf(account, txId, made));
          made += 1;
        }
        if (result === 'received' || result === 'refused') this.#answered.set(id, txId);
      });
      const change = changeAfter(made, namedBy(before, call));
      if (change !== '') this.#escrow.set(change, escrowIdOf(txId, 0));
    }
  }

  async #request(call: Call, before: State): Promise<Request> {
    if (call.do === 'send') return { name: 'send', json: JSON.stringify(this.#sendRequest(call.on)) };
    if (call.do === 'merge') {
      const escrowIds = call.escrow.map((name) => this.#escrow.get(name));
      return { name: 'mergeEscrow', json: JSON.stringify({ laneId: laneIdOf.out, escrowIds }) };
    }
    if (!isCertificateCall(call)) return governanceRequest(call, before, this.#proposals.get(call.on));
    const packets = await Promise.all(call.claims.map((claim) => this.#packet(claim, call)));
    const receipts = call.do === 'settle' && !call.ofPackets ? await this.#receipts(call, packets, before) : [];
    const certificate = certificateOf(batchOf(packets, receipts), call);
    const request = { certificate, escrowIds: this.#escrowIds(call, before) };
    return { name: call.do, json: encode(certificateRequestCodec, request) };
  }

  #sendRequest(on: ChainName): object {
    const notes = this.#notes[on];
    return {
      laneId: laneIdOf[on === 'home' ? 'out' : 'back'],
      noteIds: [notes.get(firstOf(notes))],
      outputs: [{ kind: 'transfer', ...outputOf(account) }],
      deadlineMs: (Date.now() + hourMs).toString(),
    };
  }

  /** The packet that a claim is about: as its source exports it, or invented. */
  async #packet(claim: Claim, { lane, do: step }: CertificateCall): Promise<Packet> {
    const txId = this.#sent.get(claim.id);
    // Long enough for any tick, within what a lane allows.
    if (txId === undefined) return packetClaimed(inventedPacket(claim.id, lane, 1_900_000_000_000n), claim);
    const { source } = ends[lane];
    const text = await this.channels[source].text('exportPackets', { laneId: laneIdOf[lane], txIds: [txId] });
    const packet = (decodeBatch('packets', text).entries as readonly Packet[]).find(
      ({ id }) => id === packetIdOf(chainIdOf[source], txId, 0),
    );
    if (packet === undefined) throw new Error(`${claim.id} is not exported`);
    return step === 'receive' ? packetClaimed(packet, claim) : packet;
  }

  /** As the destination exports them, where that is what they say. */
  #receipts(call: CertificateCall, packets: readonly Packet[], before: State): Promise<readonly Receipt[]> {
    return Promise.all(
      call.claims.map(async (claim, index) => {
        const packet = packets[index];
        if (packet === undefined) throw new Error('a claim without a packet');
        const txId = this.#answered.get(claim.id);
        const answer = before.packets.find(({ id }) => id === claim.id);
        if (txId === undefined || answer?.receipt !== claim.outcome) return receiptClaimed(packet, claim);
        const { destination } = ends[call.lane];
        const request = { laneId: laneIdOf[call.lane], txIds: [txId] };
        const text = await this.channels[destination].text('exportReceipts', request);
        const receipts = decodeBatch('receipts', text).entries as readonly Receipt[];
        const receipt = receipts.find(({ packetId }) => packetId === packet.id);
        if (receipt === undefined) throw new Error(`${claim.id} has no receipt`);
        return receipt;
      }),
    );
  }

  #escrowIds(call: CertificateCall, before: State): readonly EscrowId[] {
    const names = call.escrow === otherEscrowName ? [otherEscrowName] : namedBy(before, call);
    return names.map((name) => this.#escrow.get(name) ?? raise());
  }

  /** The escrow notes' names in the model, by id. */
  escrowNames(): ReadonlyMap<string, string> {
    return new Map([...this.#escrow].map(([name, id]) => [id, name]));
  }

  /** The packets' names in the model, by id. */
  names(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#sent].flatMap(([name, txId]) =>
        chainNames.map((chain) => [packetIdOf(chainIdOf[chain], txId, 0), name] as const),
      ),
    );
  }
}

/** What is left of the escrow note from which the last of these units came; '' when it was used up. */
function changeAfter(units: number, names: readonly string[]): string {
  let left = units;
  for (const name of names) {
    const parts = unitsOf(name);
    if (left < parts.length) return left === 0 ? '' : merged(parts.slice(left));
    left -= parts.length;
  }
  return '';
}

interface Answer {
  readonly txId: TxId;
  readonly results?: ResultsResponse['results'];
  readonly result?: string;
}

function outcomeOf({ results, result = 'done' }: Answer): string {
  return results?.map(({ result: each, code }) => `${each} ${code}`.trim()).join(', ') ?? result;
}

function outputOf(recipient: string): { recipient: string; quantity: string; memo: string } {
  return { recipient, quantity: unit.toString(), memo: '' };
}

function firstOf(notes: ReadonlyMap<string, NoteId>): string {
  return [...notes.keys()].sort()[0] ?? raise();
}

function raise(): never {
  throw new Error('the model names what the ledgers do not have');
}
