// SPDX-License-Identifier: Apache-2.0

import {
  accountShape,
  chainIdShape,
  laneIdShape,
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
import { dayLanes, energy } from './day-lanes';
import { type LedgerBlock, type LedgerEntry } from './ledger-entry';
import { type Session } from './sessions/session';
import { planDay } from './plan-day';
import { encodeSessionMemo, sessionMemo } from './session-memo';
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
  readonly #log = new Map<string, LedgerEntry[]>();
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
      blocks: (from) => this.#blocks(chain, from),
    };
  }

  /** Ends every send after some transactions, as a killed process does. */
  cutAfter(sends: number): void {
    const last = this.sent.length + sends;
    this.beforeSend = () => {
      if (this.sent.length >= last) throw new Error('killed');
    };
  }

  async *#blocks(chain: string, from: bigint): AsyncGenerator<LedgerBlock, void> {
    const entries = this.#log.get(chain) ?? [];
    for (let number = from; number < BigInt(entries.length); number += 1n) {
      yield await Promise.resolve({ number, entries: entries.slice(Number(number), Number(number) + 1) });
    }
  }

  #write(chain: string, entry: Partial<LedgerEntry> & Pick<LedgerEntry, 'txId'>): void {
    const entries = this.#log.get(chain) ?? [];
    this.#log.set(chain, [...entries, { packets: [], receipts: [], spent: [], ...entry }]);
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
    const spent = this.#on(chain).filter(({ id, owner }) => request.noteIds.includes(id) && owner === sender);
    if (spent.length !== request.noteIds.length) throw new PegError({ code: 'NOTE_SPENT' });
    if (sum(request.outputs) > sum(spent)) throw new PegError({ code: 'QUANTITY_EXCEEDS_NOTES' });
    this.notes.set(
      chain,
      this.#on(chain).filter((note) => !spent.includes(note)),
    );
    this.sent.push(request);
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
    this.#write(chain, { txId, packets, spent: spent.map(({ id }) => id) });
    // In another order than they were sent: a certificate may have any.
    this.#relay(chain, packets.toReversed());
    return { answer: { txId, packetIds: packets.map(({ id }) => id), noteIds: [] }, txId, blockNumber: 1n };
  }

  /** One transaction receives all packets of one lane. */
  #relay(chain: string, packets: readonly Packet[]): void {
    for (const packet of packets) {
      this.transfers.set(packet.id, { packet, state: 'in-flight', code: '', settledTxId: '' });
    }
    const [first] = packets;
    if (first === undefined || this.dead.has(first.laneId)) return;
    const txId = this.#nextTxId();
    const [, destination = ''] = first.laneId.split('-');
    let notes = 0;
    const receipts = packets.map((packet): ReceiptEntry => {
      const receipt = this.#receive(packet, txId);
      const makesNote = receipt.outcome === 'received' && packet.kind === 'transfer';
      if (makesNote) {
        this.#make(destination, { ...packet, owner: packet.recipient, label: this.#labelAfter(packet) }, txId, notes);
        notes += 1;
      } else if (receipt.outcome === 'refused') this.#make(chain, { ...packet, owner: packet.sender }, txId, 0);
      return receipt;
    });
    this.#write(destination, { txId, receipts });
  }

  #receive(packet: Packet, txId: TxId): ReceiptEntry {
    const isLate = packet.deadlineMs < BigInt(Date.now() + 1000) && !this.ignoresDeadlines;
    const [outcome, code, state] = this.refused.has(packet.laneId)
      ? (['refused', 'LANE_UNKNOWN', 'refunded'] as const)
      : packet.kind === 'transfer' && isLate
        ? (['refused', 'DEADLINE_PASSED', 'refunded'] as const)
        : (['received', '', 'delivered'] as const);
    const { id: packetId, laneId } = packet;
    const packetHash = packetHashOf(packet);
    const receipt: ReceiptEntry = { version: 1, packetId, packetHash, laneId, outcome, code, txId };
    this.receipts.set(packetId, receipt);
    this.transfers.set(packetId, { packet, state, code, settledTxId: txId });
    return receipt;
  }

  #labelAfter({ label, laneId }: Packet): Note['label'] {
    const back = laneIdShape.read(laneId.split('-').reverse().join('-'), '');
    const path = label.path.at(-1) === back ? label.path.slice(0, -1) : [...label.path, laneId];
    return { ...label, path };
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

function dayOn(ledgers: FakeLedgers, of: readonly Session[] = sessions): DayRun {
  return new DayRun({
    plan: planDay(of, 2),
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
    const memos = asked.flatMap(({ outputs }) => outputs.map(({ memo }) => memo));
    const credits = sessions.map((session) => encodeSessionMemo(sessionMemo(session, 'credit')));
    const excess = encodeSessionMemo(sessionMemo(sessions[1]!, 'excess'));
    expect(memos.sort()).toEqual(['day/1 2019-05-16 too late', ...credits, excess].sort());
    expect([...run.examples.keys()].sort()).toEqual([
      'the transfer that missed its deadline',
      'what was delivered in a session',
      'what was not used',
    ]);
    run.close();
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

describe('a session settles once on a ledger', () => {
  const once = 7500n;
  const complete = async (ledgers: FakeLedgers, of?: readonly Session[]): Promise<DayRun> => {
    const run = dayOn(ledgers, of);
    await runAll(run.tasks());
    run.close();
    return run;
  };
  const retired = ({ sent }: FakeLedgers): bigint =>
    sum(
      sent
        .filter(({ laneId }) => laneId === 'charging-city')
        .flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'retirement')),
    );

  test('a second run sends nothing, issues nothing and says what is done', async () => {
    const ledgers = new FakeLedgers();
    await complete(ledgers);
    const [transactions, held] = [ledgers.sent.length, ledgers.total('city', charging!)];
    const second = await complete(ledgers);
    expect(second.problems).toEqual([]);
    expect(second.sessions.settledBefore).toEqual(['s0', 's1', 's2']);
    expect(ledgers.sent).toHaveLength(transactions);
    expect(ledgers.total('city', charging!)).toBe(held);
    expect(retired(ledgers)).toBe(once);
  });

  test.each(Array.from({ length: 12 }, (_, sends) => sends))(
    'a run that is cut after %d sends is completed by the next one, and nothing stays behind',
    async (sends) => {
      const ledgers = new FakeLedgers();
      ledgers.cutAfter(sends);
      const cut = dayOn(ledgers);
      const ended = await runAll(cut.tasks()).then(
        () => 'completed',
        () => 'cut',
      );
      cut.close();
      ledgers.beforeSend = () => undefined;
      const next = await complete(ledgers);
      expect(next.problems).toEqual([]);
      expect(retired(ledgers)).toBe(once);
      expect(ledgers.total('charging', charging!)).toBe(0n);
      expect(ledgers.total('city', charging!)).toBe(4000n);
      expect(ledgers.total('microgrid', microgrid!) + ledgers.total('city', microgrid!)).toBe(318n);
      expect(ended).toBe(sends < 11 ? 'cut' : 'completed');
    },
  );

  test('what a cut run of another file left behind goes home, and that file can be completed later', async () => {
    const ledgers = new FakeLedgers();
    ledgers.beforeSend = ({ laneId }) => {
      if (laneId === 'charging-city') throw new Error('killed');
    };
    const cut = dayOn(ledgers);
    await runAll(cut.tasks()).catch(() => undefined);
    cut.close();
    ledgers.beforeSend = () => undefined;
    const others = sessions.map((session) => ({ ...session, id: `other ${session.id}` }));
    await complete(ledgers, others);
    expect(ledgers.total('charging', charging!)).toBe(0n);
    expect(retired(ledgers)).toBe(once);
    await complete(ledgers);
    expect(retired(ledgers)).toBe(2n * once);
    expect(ledgers.total('charging', charging!)).toBe(0n);
  });

  test('two runs at the same time settle each session once', async () => {
    const ledgers = new FakeLedgers();
    const runs = [dayOn(ledgers), dayOn(ledgers)];
    await Promise.all(runs.map((run) => runAll(run.tasks())));
    for (const run of runs) run.close();
    const last = await complete(ledgers);
    expect(last.problems).toEqual([]);
    expect(retired(ledgers)).toBe(once);
    expect(ledgers.total('charging', charging!)).toBe(0n);
  });

  test.each<readonly [what: string, correction: Partial<Session>]>([
    ['energy', { deliveredWh: 3500n }],
    ['request', { requestedWh: 5001n }],
    ['excess', { deliveredWh: 6000n }],
    ['departure', { departureMs: 2 }],
  ])('a settled session that comes with another %s is left out with SESSION_CHANGED', async (_what, correction) => {
    const ledgers = new FakeLedgers();
    await complete(ledgers);
    const run = await complete(ledgers, [{ ...sessions[0]!, ...correction }]);
    expect(run.sessions.leftOut).toMatchObject([{ code: 'SESSION_CHANGED' }]);
    expect(retired(ledgers)).toBe(once);
  });

  test('credit that a cut run asked for with other energies goes home before it is asked for anew', async () => {
    const ledgers = new FakeLedgers();
    ledgers.beforeSend = ({ laneId }) => {
      if (laneId === 'charging-city') throw new Error('killed');
    };
    const cut = dayOn(ledgers);
    await runAll(cut.tasks()).catch(() => undefined);
    cut.close();
    ledgers.beforeSend = () => undefined;
    const corrected = sessions.map((session) => ({ ...session, deliveredWh: session.deliveredWh + 100n }));
    const run = await complete(ledgers, corrected);
    expect(run.problems).toEqual([]);
    expect(retired(ledgers)).toBe(once + 300n);
    expect(ledgers.total('charging', charging!)).toBe(0n);
  });

  test.each<readonly [what: string, other: Partial<Session>]>([
    ['at another station', { stationId: 'B' }],
    ['at another time', { arrivalMs: 5, departureMs: 6 }],
    ['with another id', { id: 's9' }],
  ])('a session %s is another one', async (_what, other) => {
    const ledgers = new FakeLedgers();
    await complete(ledgers, [sessions[0]!]);
    await complete(ledgers, [{ ...sessions[0]!, ...other }]);
    expect(retired(ledgers)).toBe(6000n);
  });

  test('a session that got nothing is settled by its return, and not again', async () => {
    const ledgers = new FakeLedgers();
    await complete(ledgers, [sessions[2]!]);
    expect((await complete(ledgers, [sessions[2]!])).sessions.settledBefore).toEqual(['s2']);
  });

  test('credit and excess of one quantity are told apart: twice as much was delivered as was requested', async () => {
    const ledgers = new FakeLedgers();
    const run = await complete(ledgers, [{ ...sessions[0]!, requestedWh: 10_000n, deliveredWh: 20_000n }]);
    expect(run.problems).toEqual([]);
    expect(retired(ledgers)).toBe(20_000n);
    expect(ledgers.total('charging', charging!)).toBe(0n);
  });

  test("the same memo in somebody else's packet settles nothing and keeps nothing from being settled", async () => {
    const ledgers = new FakeLedgers();
    const stranger = accountOf('RegulatorMSP');
    const memo = encodeSessionMemo(sessionMemo(sessions[0]!, 'credit'));
    const city = ledgers.party('city', stranger).client;
    const { answer } = await ledgers
      .party('city', utility!)
      .client.issue({ asset: energy, outputs: [{ recipient: stranger, quantity: 9n, memo: '' }] });
    const outputs = [{ kind: 'transfer' as const, recipient: stranger, quantity: 9n, memo }];
    const deadlineMs = BigInt(Date.now() + 60_000);
    await city.send({ laneId: dayLanes.cityCharging, noteIds: answer.noteIds, outputs, deadlineMs });
    const run = await complete(ledgers);
    expect(run.sessions.settledBefore).toEqual([]);
    expect(retired(ledgers)).toBe(once);
  });
});
