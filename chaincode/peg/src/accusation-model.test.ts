// SPDX-License-Identifier: Apache-2.0

import {
  absenceCodec,
  absenceQuestionCodec,
  anyEvidenceCodec,
  decode,
  encode,
  exportAbsenceFunction,
  firstDigest,
  noteIdOf,
  outboxRecordCodec,
  questionAbout,
  questionHashOf,
  Refused,
  signBatch,
  stateKey,
  type Packet,
  type AbsenceQuestion,
  type EndorsedProof,
  type TxId,
} from '@gridpeg/protocol';
import {
  charging,
  city,
  energy,
  grid,
  laneIdBetween,
  members,
  microgridMember,
  packetBatchOf,
  packetWith,
  proofOf,
  publicKeyOf,
  regulator,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { Channel } from './testing/channel';
import { agreed, dayMs, setLanes } from './testing/govern';
import {
  accusationErrors,
  exploreAccusations,
  innocence,
  judge,
  type Accusation,
  type AccusationError,
  type Deed,
  type Signers,
} from './testing/model/accusation';

const trust = trustIn(city);
const user = 'GridMSP/User1@GridMSP';
const peersOf = (names: string) =>
  members.filter((_, index) => names.includes('GMCR'.charAt(index))).map(({ peer }) => peer);

/** The deeds on a channel with the real contracts. */
class Court {
  /** What the transaction that sends the packet writes. */
  #sending = new Map<string, Buffer | undefined>();
  #before = new Map<string, Buffer>();
  #packet: Packet | undefined;
  #held: ReadonlyMap<string, Buffer | undefined> = new Map();
  #heldReads: ReadonlySet<string> = new Set();
  #sequence = 0;
  readonly #signatures = new Map<string, string>();

  private constructor(readonly town: Channel) {}

  static async open(): Promise<Court> {
    const court = new Court(await Channel.configured(city));
    const { town } = court;
    const outputs = [{ recipient: user, quantity: '60', memo: '' }];
    const { txId } = (await town.call('issue', { asset: energy, outputs })) as { txId: TxId };
    await town.text('send', {
      ...{ laneId: laneIdBetween(city, charging), noteIds: [noteIdOf(user as never, txId, 0)] },
      outputs: outputs.map((output) => ({ kind: 'transfer', ...output })),
      deadlineMs: (Date.now() + 3_600_000).toString(),
    });
    court.#sending = new Map(town.stub.writes);
    court.#before = new Map(town.stub.state);
    const record = court.#sending.get(stateKey('outbox', town.stub.txId));
    court.#packet = decode(outboxRecordCodec, record!.toString('utf8')).packets[0];
    return court;
  }

  async do(deed: Deed): Promise<string> {
    try {
      return await this.#do(deed);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.refusal.code;
    }
  }

  async #do(deed: Deed): Promise<string> {
    switch (deed.do) {
      case 'commit':
        this.#write(this.#sending);
        return 'committed';
      case 'sign': {
        const request = { laneId: this.packet.laneId, txIds: [this.packet.txId] };
        if (deed.by === 'R') await this.town.text('exportPackets', request);
        return 'signed';
      }
      case 'ask':
        return this.#ask(this.#question(deed.of), deed.lag === true);
      case 'order':
        return this.#order();
      case 'deny':
        return this.#handIn({ kind: 'absence', proof: await this.#absence(deed) });
      case 'contradict':
        return this.#handIn({ kind: 'answers', packetId: this.packet.id, proofs: this.#answers(deed.by) });
      case 'thaw':
        return this.#thaw();
    }
  }

  /** As Fabric validates it: what was read in vain and is there by now makes it invalid. */
  #order(): string {
    const isOld = [...this.#heldReads].some((key) => this.town.stub.state.has(key) && !this.#before.has(key));
    if (!isOld) this.#write(this.#held);
    return isOld ? 'MVCC_READ_CONFLICT' : 'VALID';
  }

  async #thaw(): Promise<string> {
    await this.verdict();
    const thaw = await agreed(this.town, setLanes('open', this.#sequence + 1), microgridMember, regulator);
    this.town.aheadMs += dayMs + 120_000;
    await this.town.call('execute', thaw);
    return 'open';
  }

  /** Which keys count no more, and whether the lane is frozen. */
  async verdict(): Promise<Pick<Accusation, 'frozen' | 'suspended'>> {
    const { lanes, notaries } = (await this.town.call('getStandings', {})) as {
      readonly lanes: ReadonlyArray<{ readonly state: string; readonly sequence: number }>;
      readonly notaries: ReadonlyArray<{ readonly mspId: string; readonly state: string }>;
    };
    this.#sequence = Math.max(0, ...lanes.map(({ sequence }) => sequence));
    const ended = notaries.filter(({ state }) => state === 'suspended').map(({ mspId }) => mspId.charAt(0));
    return { frozen: lanes.some(({ state }) => state === 'frozen'), suspended: ended.sort().join('') as Signers };
  }

  get packet(): Packet {
    if (this.#packet === undefined) throw new Error('no packet');
    return this.#packet;
  }

  #write(writes: ReadonlyMap<string, Buffer | undefined>): void {
    for (const [key, value] of writes) {
      if (value === undefined) this.town.stub.state.delete(key);
      else this.town.stub.state.set(key, value);
    }
  }

  #question(of: Signers): AbsenceQuestion {
    const batch = packetBatchOf(this.packet);
    const signatures = [grid, regulator]
      .filter(({ mspId }) => of.includes(mspId.charAt(0)))
      .map(({ mspId, notaryKey }) => {
        // Signatures are random: with another one it would be another question.
        const known = this.#signatures.get(mspId) ?? signBatch(batch, trust, mspId, notaryKey).signature;
        this.#signatures.set(mspId, known);
        return { publicKey: publicKeyOf(notaryKey), signature: known };
      });
    return questionAbout(this.packet.id, batch, trust, signatures, firstDigest)!;
  }

  async #ask(question: AbsenceQuestion, lags: boolean): Promise<string> {
    const { state } = this.town.stub;
    const now = new Map(state);
    const view = (entries: ReadonlyMap<string, Buffer>): void => {
      state.clear();
      for (const [key, value] of entries) state.set(key, value);
    };
    if (lags) view(this.#before);
    try {
      const answer = await this.town.text('declareAbsence', encode(absenceQuestionCodec, question));
      const { writes, reads } = this.town.stub;
      const made = new Map(writes);
      if (lags) [this.#held, this.#heldReads] = [made, new Set(reads)];
      else this.#write(made);
      return lags ? 'endorsed' : (JSON.parse(answer) as { readonly result: string }).result;
    } finally {
      if (lags) view(now);
    }
  }

  async #absence({ of, by, lie }: Extract<Deed, { do: 'deny' }>): Promise<EndorsedProof> {
    const question = this.#question(of);
    const request = JSON.stringify({ questionHash: questionHashOf(question) });
    return proofOf(packetBatchOf(packetWith()), {
      args: [exportAbsenceFunction, request],
      payload:
        lie === true
          ? encode(absenceCodec, { version: 1, question, txId: txIdNamed('made up') })
          : await this.town.text('exportAbsence', request),
      endorsers: peersOf(by),
    });
  }

  #answers(by: string): readonly EndorsedProof[] {
    const truth = proofOf(packetBatchOf(this.packet), { endorsers: peersOf('CR') });
    const lacking = packetWith({ index: 7 });
    const other = by === 'two contents' ? { ...this.packet, quantity: 61n } : lacking;
    return [truth, proofOf(packetBatchOf(other), { endorsers: peersOf('GM') })];
  }

  async #handIn(evidence: object): Promise<string> {
    const text = encode(anyEvidenceCodec, { version: 1, sourceChainId: city, ...evidence } as never);
    return ((await this.town.call('submitEvidence', text)) as { readonly result: string }).result;
  }
}

describe('T43, T44: the model of accusations in docs/model.md', () => {
  const { states, covering, counterexample } = exploreAccusations();

  test('in none of its states an honest key ends, a lane freezes without a lie, or a liar is let off', () => {
    expect(counterexample).toBeUndefined();
    expect([states, covering.size]).toEqual([880, 32]);
  });

  test('the real contracts answer as it does, in traces that cover each kind of step and outcome', async () => {
    for (const trace of covering.values()) {
      const court = await Court.open();
      let state = innocence;
      for (const deed of trace) {
        const { after, outcome } = judge(state, deed);
        const real = await court.do(deed);
        expect({ trace, deed, outcome: real }).toEqual({ trace, deed, outcome });
        const { frozen, suspended } = after;
        expect({ trace, ...(await court.verdict()) }).toEqual({ trace, frozen, suspended });
        state = after;
      }
    }
  });

  test.each<[AccusationError, steps: number, mistaken: string, right: string]>([
    ['a notary signs before its own peer has the packet', 3, 'signed', 'OUTBOX_UNKNOWN'],
    ['an absence is an answer and no record', 5, 'VALID', 'MVCC_READ_CONFLICT'],
    ['a question names no signatures', 4, 'done', 'REQUEST_MALFORMED'],
    ['the word of any peers ends a key', 3, 'done', 'done'],
    ['as many peers deny as a proof takes', 2, 'done', 'ENDORSEMENTS_TOO_FEW'],
    ['what a peer lacks contradicts what another has', 2, 'done', 'EVIDENCE_INVALID'],
    ['known evidence freezes again', 4, 'done', 'already-done'],
    ['evidence is recorded by its packet alone', 4, 'already-done', 'done'],
  ])('%s: it finds that mistake, and the real contracts do not make it', async (error, ...told) => {
    const { counterexample: found } = exploreAccusations(error);
    expect(found?.broken).toBe(accusationErrors[error]);
    const court = await Court.open();
    let state = innocence;
    let answers: readonly string[] = [];
    for (const deed of found?.trace ?? []) {
      const { after, outcome } = judge(state, deed, error);
      const real = await court.do(deed);
      answers = [outcome, real];
      state = after;
      if (outcome !== real) break;
    }
    expect([found?.trace.length, ...answers]).toEqual(told);
    const { suspended } = await court.verdict();
    expect(suspended).not.toContain('R');
  });
});
