// SPDX-License-Identifier: Apache-2.0

import { actionsIn } from './actions';
import type { Action } from './calls';
import type { DesignError } from './design-errors';
import type { Design } from './move';
import { brokenBy, brokenByStep } from './properties';
import type { Scenario } from './scenarios';
import { initialState, type State } from './state';
import { type Held, perform, type Step, type World } from './step';

/** What an exploration saw. */
export interface Exploration {
  /** Ledgers that differ, and worlds: ledgers with what is held back. */
  readonly ledgers: number;
  readonly worlds: number;
  /** Longest of the shortest ways to a world. */
  readonly depth: number;
  /** A shortest trace that breaks a property, if one does. */
  readonly counterexample: { readonly trace: readonly Action[]; readonly broken: readonly string[] } | undefined;
  /** For each kind of step and outcome a shortest trace that ends with it. */
  readonly covering: ReadonlyMap<string, readonly Action[]>;
}

/** Where a world was first reached from. */
interface Node {
  readonly ledgers: Ledgers;
  readonly held: Held | undefined;
  readonly parent: Node | undefined;
  readonly action: Action | undefined;
  readonly depth: number;
}

/** A state of both ledgers, once for all worlds that have it. */
interface Ledgers {
  readonly state: State;
  readonly number: number;
  /** What leads on from it, whatever is held; found when first needed. */
  next:
    | { readonly submitted: readonly Edge[]; readonly endorsed: readonly Edge[]; readonly ticked: readonly Edge[] }
    | undefined;
}
interface Edge {
  readonly action: Action;
  readonly to: Ledgers;
  readonly held: Held | undefined;
}

/**
 * Breadth first through every world that can be reached within the scenario's bounds; ends at the first broken
 * property.
 *
 * @param error - the mistake in the design, if any
 */
export function explore(scenario: Scenario, error?: DesignError): Exploration {
  return new Explorer(scenario, { limit: scenario.limit, ...(error && { error }) }).run();
}

class Explorer {
  readonly #ledgers = new Map<string, Ledgers>();
  readonly #heldNumbers = new Map<string, number>();
  readonly #seen = new Set<string>();
  readonly #covering = new Map<string, readonly Action[]>();
  readonly #queue: Node[] = [];
  #counterexample: Exploration['counterexample'];

  constructor(
    readonly scenario: Scenario,
    readonly design: Design,
  ) {}

  run(): Exploration {
    this.#reach({
      ledgers: this.#intern(initialState(this.scenario.supply)),
      held: undefined,
      parent: undefined,
      action: undefined,
      depth: 0,
    });
    let depth = 0;
    for (const node of this.#queue) {
      depth = node.depth;
      this.#leave(node);
      if (this.#counterexample !== undefined) break;
    }
    const [ledgers, worlds] = [this.#ledgers.size, this.#seen.size];
    return { ledgers, worlds, depth, counterexample: this.#counterexample, covering: this.#covering };
  }

  #leave(node: Node): void {
    node.ledgers.next ??= this.#lookAhead(node);
    const { submitted, endorsed, ticked } = node.ledgers.next;
    const { held } = node;
    for (const { action, to } of [...submitted, ...ticked]) this.#step(node, action, to, held);
    if (held === undefined) for (const edge of endorsed) this.#step(node, edge.action, node.ledgers, edge.held);
    else for (const kind of ['order', 'forget'] as const) this.#resolve(node, { kind });
  }

  #step(node: Node, action: Action, ledgers: Ledgers, held: Held | undefined): void {
    this.#reach({ ledgers, held, parent: node, action, depth: node.depth + 1 });
  }

  #resolve(node: Node, action: Action): void {
    const step = perform({ state: node.ledgers.state, held: node.held }, action, this.design);
    this.#judge(node, action, step);
    this.#step(
      node,
      action,
      step.world.state === node.ledgers.state ? node.ledgers : this.#intern(step.world.state),
      undefined,
    );
  }

  /**
   * Everything that may be asked of the ledgers as they are: what does not change them is judged here and leads
   * nowhere.
   */
  #lookAhead(node: Node): NonNullable<Ledgers['next']> {
    const { ledgers } = node;
    const found: Record<Action['kind'], Edge[]> = { submit: [], endorse: [], tick: [], order: [], forget: [] };
    const world: World = { state: ledgers.state, held: undefined };
    for (const action of actionsIn(world, this.scenario)) {
      const step = perform(world, action, this.design);
      if (action.kind === 'endorse' && !isWorthHolding(step)) continue;
      this.#judge(node, action, step);
      const { state, held } = step.world;
      const to = state === ledgers.state ? ledgers : this.#intern(state);
      if (to !== ledgers || held !== undefined) found[action.kind].push({ action, to, held });
    }
    return { submitted: found.submit, endorsed: found.endorse, ticked: found.tick };
  }

  #judge(node: Node, action: Action, step: Step): void {
    const label = labelOf(action, step.outcome);
    if (!this.#covering.has(label)) this.#covering.set(label, [...traceTo(node), action]);
    if (step.judged === undefined || this.#counterexample !== undefined) return;
    const { call, decision } = step.judged;
    const [before, after] = [node.ledgers.state, step.world.state];
    const byState = after === before ? [] : brokenBy(after, this.scenario);
    const broken = [...new Set([...byState, ...brokenByStep(before, call, decision)])].sort();
    if (broken.length > 0) this.#counterexample = { trace: [...traceTo(node), action], broken };
  }

  #intern(state: State): Ledgers {
    const key = JSON.stringify(state);
    const known = this.#ledgers.get(key) ?? { state, number: this.#ledgers.size, next: undefined };
    this.#ledgers.set(key, known);
    return known;
  }

  #reach(node: Node): void {
    const key = `${node.ledgers.number} ${node.held === undefined ? '' : this.#numberOf(node.held)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#queue.push(node);
  }

  #numberOf(held: Held): number {
    const key = JSON.stringify(held);
    const number = this.#heldNumbers.get(key) ?? this.#heldNumbers.size;
    this.#heldNumbers.set(key, number);
    return number;
  }
}

/** What writes nothing can be ordered at any time. */
function isWorthHolding({ world: { held } }: Step): boolean {
  if (held === undefined || held.decision.refusal !== '' || held.decision.done === 'already-done') return false;
  const { results } = held.decision;
  return results.length === 0 || results.some(({ result }) => result !== 'skipped' && result !== 'already-done');
}

function traceTo(node: Node): readonly Action[] {
  const trace: Action[] = [];
  for (let at: Node | undefined = node; at?.action !== undefined; at = at.parent) trace.unshift(at.action);
  return trace;
}

/** What is told apart when the covering traces are chosen: everything but which packet it is. */
function labelOf(action: Action, outcome: string): string {
  if (!('call' in action)) return `${action.kind}: ${outcome}`;
  const { call } = action;
  if (!('claims' in call)) return `${action.kind} ${JSON.stringify(call)}: ${outcome}`;
  const claims = call.claims.map(({ id, ...claim }) => ({ ...claim, invented: id.startsWith('x') }));
  return `${action.kind} ${JSON.stringify({ ...call, claims })}: ${outcome}`;
}
