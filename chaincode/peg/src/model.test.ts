// SPDX-License-Identifier: Apache-2.0

import type { Action } from './testing/model/calls';
import { designErrors, type DesignError } from './testing/model/design-errors';
import { explore } from './testing/model/explore';
import { viewOfLedgers, viewOfModel } from './testing/model/ledger-view';
import { Replica } from './testing/model/replica';
import { scenarios, type Scenario, type ScenarioName } from './testing/model/scenarios';
import { initialState } from './testing/model/state';
import { perform, type World } from './testing/model/step';

jest.setTimeout(300_000);

/** In a window that holds all ticks of a trace. */
const startMs = 640 * 31 * 86_400_000 + 3_600_000;
beforeAll(() =>
  jest.useFakeTimers({ now: startMs, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] }),
);
afterAll(() => jest.useRealTimers());

const names = Object.keys(scenarios) as ScenarioName[];
const explored = new Map(names.map((name) => [name, explore(scenarios[name])]));

function startOf({ supply }: Scenario): World {
  return { state: initialState(supply), held: undefined };
}

/** The model in step with two channels that have the real contracts. */
class Replay {
  private constructor(
    readonly replica: Replica,
    readonly scenario: Scenario,
    public world: World,
  ) {}

  static async start(scenario: Scenario): Promise<Replay> {
    jest.setSystemTime(startMs);
    const pass = (ms: number): unknown => jest.setSystemTime(Date.now() + ms);
    return new Replay(await Replica.start(scenario.supply, scenario.limit, pass), scenario, startOf(scenario));
  }

  /** What contracts and model answer; they leave the same behind. */
  async step(action: Action): Promise<readonly [real: string, model: string]> {
    const real = await this.replica.perform(action, this.world.state);
    const { world, outcome } = perform(this.world, action, { limit: this.scenario.limit });
    this.world = world;
    expect(viewOfLedgers(this.replica, world.state)).toEqual(viewOfModel(world.state));
    return [real, outcome];
  }
}

describe('PEG-1 to PEG-14: the model of docs/model.md', () => {
  test.each<[ScenarioName, ledgers: number, worlds: number, depth: number, kindsOfStep: number]>([
    ['transfers', 1027, 21815, 14, 187],
    ['governance away', 5136, 84648, 21, 136],
    ['governance at home', 5124, 92898, 21, 140],
    ['collusion', 3072, 3072, 10, 66],
    ['takeover', 288, 4780, 10, 78],
  ])('T15: %s: no property is broken in any of its %i ledgers and %i worlds', (name, ...counts) => {
    const { ledgers, worlds, depth, covering, counterexample } = explored.get(name)!;
    expect(counterexample).toBeUndefined();
    expect([ledgers, worlds, depth, covering.size]).toEqual(counts);
  });
});

describe('the real contracts', () => {
  test.each(names)('answer as the model in traces that cover each kind of step and outcome of %s', async (name) => {
    for (const trace of explored.get(name)!.covering.values()) {
      const replay = await Replay.start(scenarios[name]);
      for (const action of trace) {
        const [real, model] = await replay.step(action);
        expect({ action, outcome: real }).toEqual({ action, outcome: model });
      }
    }
  });
});

describe('a mistake in the design is found, and the real contracts do not make it', () => {
  test.each<[DesignError, steps: number, mistaken: string, right: string]>([
    ['a packet is received without a record', 2, 'received, received', 'received, already-done'],
    ['refusals lie under a key of their own', 4, 'refused DEADLINE_PASSED', 'already-done'],
    ['a receive does not read the receipt', 4, 'VALID', 'MVCC_READ_CONFLICT'],
    ['the source refunds after the deadline', 3, 'refunded', 'PROOF_FOREIGN'],
    ['the source refunds what is not received yet', 2, 'refunded', 'BATCH_MALFORMED'],
    [
      'a refund leaves no record',
      5,
      'refunded DEADLINE_PASSED, refunded DEADLINE_PASSED',
      'refunded DEADLINE_PASSED, already-done',
    ],
    ['a receipt settles any packet of its lane', 5, 'refunded DEADLINE_PASSED', 'refunded DEADLINE_PASSED'],
    ['a packet is received where it was sent', 2, 'received', 'LANE_UNKNOWN'],
    ['any chain is the home of any asset', 1, 'received', 'refused LABEL_FOREIGN'],
    ['a release takes escrow of any lane', 1, 'received', 'skipped ESCROW_NOT_NAMED'],
    ['a merge takes escrow of any lane', 2, 'done', 'ESCROW_SPENT'],
    ['peers are counted by signature', 1, 'received', 'ENDORSER_REPEATED'],
    ['votes are counted by signature', 1, 'received', 'NOTARY_REPEATED'],
    ['a simulation is believed', 1, 'received', 'PROOF_FOREIGN'],
    ['signatures are of any batch', 1, 'received', 'SIGNATURE_INVALID'],
    ['trust comes with the call', 1, 'received', 'ENDORSER_STRANGER'],
    ['a batch is received whole or not at all', 2, 'BATCH_REFUSED', 'received, already-done'],
    ['the next committee signs its own rotation', 1, 'done', 'SIGNATURE_INVALID'],
    ['consents are counted by call', 4, 'done', 'PROPOSAL_NOT_APPROVED'],
    ['a thaw does not wait', 5, 'done', 'PROPOSAL_NOT_DUE'],
    ['a window counts each call by itself', 3, 'received', 'skipped WINDOW_FULL'],
    ['evidence freezes one way', 2, 'done', 'LANE_FROZEN'],
    ['a frozen lane settles', 4, 'delivered', 'LANE_FROZEN'],
    ['a receive does not read the lane status', 4, 'VALID', 'MVCC_READ_CONFLICT'],
    ['any epoch will do', 2, 'received', 'EPOCH_STALE'],
    ['a suspended key counts', 8, 'refused DEADLINE_PASSED', 'NOTARIES_TOO_FEW'],
    ['a refund counts against the window', 4, 'skipped WINDOW_FULL', 'refunded DEADLINE_PASSED'],
    ['a deadline passes by the clock of the caller', 2, 'refused DEADLINE_PASSED', 'CLOCK_SKEW'],
  ])('%s', async (error, ...told) => {
    const { breaks, scenario: name } = designErrors[error];
    const scenario: Scenario = scenarios[name];
    const { counterexample } = explore(scenario, error);
    expect(counterexample?.broken).toContain(breaks);
    const trace = counterexample?.trace ?? [];
    const replay = await Replay.start(scenario);
    let mistaken = startOf(scenario);
    let answers: readonly string[] = [];
    for (const action of trace) {
      const { world, outcome } = perform(mistaken, action, { limit: scenario.limit, error });
      mistaken = world;
      const [real, model] = await replay.step(action);
      expect(real).toBe(model);
      answers = [outcome, real];
      if (real !== outcome) break;
    }
    expect([trace.length, ...answers]).toEqual(told);
    // Where the answers are alike, they are about different packets.
    const [wrong, right] = [mistaken, replay.world].map(({ state }) => viewOfModel(state));
    if (answers[0] === answers[1]) expect(wrong).not.toEqual(right);
  });
  test('each of them', () => expect(Object.keys(designErrors)).toHaveLength(28));
});
