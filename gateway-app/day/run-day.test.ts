// SPDX-License-Identifier: Apache-2.0

import {
  accountShape,
  chainIdShape,
  noteIdOf,
  packetHashOf,
  packetIdOf,
  txIdShape,
  type Account,
  type IssueRequest,
  type LaneId,
  type Note,
  type NotesAnswer,
  type Packet,
  type PacketId,
  type ReceiptEntry,
  type SendAnswer,
  type SendRequest,
  type TransferAnswer,
  type TxId,
} from '@gridpeg/protocol';
import { PegError, type Committed } from '../client';
import { type EventSource, type Party } from './day-chain';
import { dayLanes } from './day-lanes';
import { type Session } from './sessions/session';
import { planDay } from './plan-day';
import { DayRun } from './run-day';
import { type Task } from './task';

/** Ledgers that agree at once: a send is received, and settled, before it returns. Rules are the chaincode's business. */
class FakeLedgers {
  readonly notes = new Map<string, Note[]>();
  readonly transfers = new Map<PacketId, TransferAnswer>();
  readonly receipts = new Map<PacketId, ReceiptEntry>();
  readonly sent: SendRequest[] = [];
  /** what sending does before anything else */
  beforeSend: (request: SendRequest) => void = () => undefined;
  /** lanes whose packets nobody relays */
  readonly dead = new Set<LaneId>();
  readonly refused = new Set<LaneId>();
  ignoresDeadlines = false;
  #transactions = 0;

  party(chain: string, account: Account): Party {
    return {
      chain,
      account,
      client: {
        issue: (request) => Promise.resolve(this.#issue(chain, request)),
        send: (request) => Promise.resolve().then(() => this.#send(chain, account, request)),
        notes: (owner) => Promise.resolve(this.#on(chain).filter((note) => note.owner === owner)),
        getReceipts: (ids) => Promise.resolve(ids.flatMap((id) => this.receipts.get(id) ?? [])),
        getTransfer: (id) => Promise.resolve(this.transfers.get(id)!),
        inFlight: () =>
          Promise.resolve(
            [...this.transfers.values()]
              .filter(({ packet, state }) => state === 'in-flight' && packet.laneId.startsWith(`${chain}-`))
              .map(({ packet: { id, laneId, txId, index } }) => ({ version: 1, packetId: id, laneId, txId, index })),
          ),
        pegEvents: () => silence(),
      },
    };
  }

  total(chain: string, owner: Account): bigint {
    return sum(this.#on(chain).filter((note) => note.owner === owner));
  }

  #on(chain: string): Note[] {
    const notes = this.notes.get(chain) ?? [];
    this.notes.set(chain, notes);
    return notes;
  }

  #nextTxId(): TxId {
    this.#transactions += 1;
    return txIdShape.read(this.#transactions.toString(16).padStart(64, '0'), '');
  }

  #issue(chain: string, { asset, outputs }: IssueRequest): Committed<NotesAnswer> {
    const txId = this.#nextTxId();
    const made = outputs.map(({ recipient, quantity, memo }, index) =>
      this.#make(
        chain,
        { owner: recipient, asset, quantity, memo, label: { home: chainId(chain), path: [] } },
        txId,
        index,
      ),
    );
    return { answer: { txId, noteIds: made.map(({ id }) => id) }, txId, blockNumber: 1n };
  }

  #make(chain: string, note: Omit<Note, 'id' | 'version'>, txId: TxId, index: number): Note {
    const made: Note = { ...note, version: 1, id: noteIdOf(note.owner, txId, index) };
    this.#on(chain).push(made);
    return made;
  }

  #send(chain: string, sender: Account, request: SendRequest): Committed<SendAnswer> {
    this.beforeSend(request);
    this.sent.push(request);
    const spent = this.#on(chain).filter(({ id, owner }) => request.noteIds.includes(id) && owner === sender);
    if (spent.length !== request.noteIds.length) throw new PegError({ code: 'NOTE_SPENT' });
    if (sum(request.outputs) > sum(spent)) throw new PegError({ code: 'QUANTITY_EXCEEDS_NOTES' });
    this.notes.set(
      chain,
      this.#on(chain).filter((note) => !spent.includes(note)),
    );
    const txId = this.#nextTxId();
    const [first] = spent;
    const packets = request.outputs.map((output, index): Packet => {
      const [, destination = ''] = request.laneId.split('-');
      const ends = { sourceChainId: chainId(chain), destinationChainId: chainId(destination) };
      const { asset, label } = first!;
      const id = packetIdOf(ends.sourceChainId, txId, index);
      const { laneId, deadlineMs } = request;
      return { version: 1, id, laneId, ...ends, txId, index, sender, asset, label, deadlineMs, ...output };
    });
    const change = sum(spent) - sum(request.outputs);
    if (change > 0n) this.#make(chain, { ...first!, quantity: change, memo: '' }, txId, packets.length);
    for (const packet of packets) this.#relay(chain, packet);
    return { answer: { txId, packetIds: packets.map(({ id }) => id), noteIds: [] }, txId, blockNumber: 1n };
  }

  #relay(chain: string, packet: Packet): void {
    this.transfers.set(packet.id, { packet, state: 'in-flight', code: '', settledTxId: '' });
    if (this.dead.has(packet.laneId)) return;
    const txId = this.#nextTxId();
    const late = packet.kind === 'transfer' && packet.deadlineMs < BigInt(Date.now() + 1000) && !this.ignoresDeadlines;
    const [outcome, code, state] = this.refused.has(packet.laneId)
      ? (['refused', 'LANE_UNKNOWN', 'refunded'] as const)
      : late
        ? (['refused', 'DEADLINE_PASSED', 'refunded'] as const)
        : (['received', '', 'delivered'] as const);
    const { id: packetId, laneId, kind, recipient, sender } = packet;
    this.receipts.set(packetId, {
      version: 1,
      packetId,
      packetHash: packetHashOf(packet),
      laneId,
      outcome,
      code,
      txId,
    });
    this.transfers.set(packetId, { packet, state, code, settledTxId: txId });
    const [, destination = ''] = laneId.split('-');
    if (late) this.#make(chain, { ...packet, owner: sender }, txId, 0);
    else if (kind === 'transfer') this.#make(destination, { ...packet, owner: recipient }, txId, 0);
  }
}

function silence(): EventSource {
  return { close: () => undefined, [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
}

const sum = (parts: ReadonlyArray<{ readonly quantity: bigint }>): bigint =>
  parts.reduce((total, { quantity }) => total + quantity, 0n);
const chainId = (name: string): ReturnType<typeof chainIdShape.read> =>
  chainIdShape.read(`${name}-${'0'.repeat(64)}`, '');
const accountOf = (msp: string): Account => accountShape.read(`${msp}/User1@example.com`, '');
const [utility, charging, microgrid] = ['GridMSP', 'ChargingMSP', 'MicrogridMSP'].map(accountOf);
const sessions: readonly Session[] = [
  [5000n, 3000n],
  [4000n, 4500n],
  [1000n, 0n],
].map(([requestedWh, deliveredWh], index) => ({
  ...{ id: `s${index.toString()}`, stationId: 'A', arrivalMs: 0, departureMs: 1 },
  ...{ requestedWh: requestedWh!, deliveredWh: deliveredWh! },
}));

function dayOn(ledgers: FakeLedgers): DayRun {
  return new DayRun({
    plan: planDay(sessions, 2),
    parties: {
      utility: ledgers.party('city', utility!),
      chargingOperator: { city: ledgers.party('city', charging!), charging: ledgers.party('charging', charging!) },
      microgridOperator: { city: ledgers.party('city', microgrid!), microgrid: ledgers.party('microgrid', microgrid!) },
    },
    date: '2019-05-16',
    timeoutMs: 50,
  });
}

async function runAll(tasks: readonly Task[]): Promise<void> {
  for (const task of tasks) {
    if ('tasks' in task) await Promise.all(task.tasks.map((part) => runAll([part])));
    else await task.run(() => undefined);
  }
}

describe('DayRun', () => {
  test('moves, retires and returns what the sessions say, over all six lanes', async () => {
    const ledgers = new FakeLedgers();
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems).toEqual([]);
    expect(
      run.measurements
        .carried()
        .map(({ laneId }) => laneId)
        .sort(),
    ).toEqual([
      'charging-city',
      'charging-microgrid',
      'city-charging',
      'city-microgrid',
      'microgrid-charging',
      'microgrid-city',
    ]);
    const retired = ledgers.sent
      .filter(({ laneId }) => laneId === 'charging-city')
      .flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'retirement'));
    expect(sum(retired)).toBe(7500n);
    // 2000 + 1000 were not used, 1000 came back because they were late.
    expect(ledgers.total('city', charging!)).toBe(4000n);
    expect(ledgers.total('charging', charging!)).toBe(0n);
    run.close();
  });

  test('names the session in every packet, and one example of each kind', async () => {
    const ledgers = new FakeLedgers();
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    const asked = ledgers.sent.filter(({ laneId, noteIds }) => laneId === 'city-charging' && noteIds.length === 1);
    expect(asked.flatMap(({ outputs }) => outputs.map(({ memo }) => memo)).sort()).toEqual([
      '2019-05-16 too late',
      's0',
      's1',
      's1',
      's2',
    ]);
    expect([...run.examples.keys()].sort()).toEqual([
      'the transfer that missed its deadline',
      'what was delivered in a session',
      'what was not used',
    ]);
    run.close();
  });

  test('works a second time on the same ledgers', async () => {
    const ledgers = new FakeLedgers();
    for (const run of [dayOn(ledgers), dayOn(ledgers)]) {
      await runAll(run.tasks());
      expect(run.problems).toEqual([]);
      run.close();
    }
    expect(ledgers.total('city', charging!)).toBe(8000n);
  });

  test('tries again when the deadline had passed before the lock was endorsed', async () => {
    const ledgers = new FakeLedgers();
    let refusals = 2;
    ledgers.beforeSend = ({ deadlineMs }) => {
      if (deadlineMs > BigInt(Date.now() + 1000) || refusals === 0) return;
      refusals -= 1;
      throw new PegError({ code: 'DEADLINE_PASSED' });
    };
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems).toEqual([]);
    expect(refusals).toBe(0);
    run.close();
  });

  test('sends again when a peer does not know a note yet', async () => {
    const ledgers = new FakeLedgers();
    let behind = true;
    ledgers.beforeSend = ({ laneId }) => {
      if (laneId !== 'charging-city' || !behind) return;
      behind = false;
      throw new PegError({ code: 'NOTE_SPENT' });
    };
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems).toEqual([]);
    run.close();
  });

  test('goes on with the rest of the day when a lane is dead, and says what waits', async () => {
    const ledgers = new FakeLedgers();
    const run = dayOn(ledgers);
    ledgers.dead.add(dayLanes.cityMicrogrid);
    await runAll(run.tasks());
    expect(run.problems.map(({ code }) => code)).toEqual(['NOT_RECEIVED_IN_TIME', 'STILL_IN_FLIGHT']);
    expect(run.problems[1]!.message).toMatch(/^packets wait on city-microgrid \(2\)\. Relaying needs/);
    expect(ledgers.total('charging', charging!)).toBe(0n);
    run.close();
  });

  test('says so when a destination refuses what it should take', async () => {
    const ledgers = new FakeLedgers();
    ledgers.refused.add(dayLanes.cityMicrogrid);
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems[0]).toMatchObject({ code: 'UNEXPECTED_OUTCOME' });
    expect(run.problems[0]!.message).toMatch(/^packet [0-9a-f]{64} was refused \(LANE_UNKNOWN\)\. See .+\.$/);
    run.close();
  });

  test('says so when the transfer that was to come too late is received', async () => {
    const ledgers = new FakeLedgers();
    ledgers.ignoresDeadlines = true;
    const run = dayOn(ledgers);
    await runAll(run.tasks());
    expect(run.problems).toMatchObject([{ code: 'DEADLINE_NOT_MISSED' }]);
    run.close();
  });

  test('measures one latency for each packet that it waited for, and one for each commit', async () => {
    const run = dayOn(new FakeLedgers());
    await runAll(run.tasks());
    expect(run.measurements.latency('received')).toMatchObject({ count: 10 });
    expect(run.measurements.latency('commit')!.count).toBe(
      run.measurements.carried().reduce((n, c) => n + c.transactions, 1),
    );
    run.close();
  });
});
