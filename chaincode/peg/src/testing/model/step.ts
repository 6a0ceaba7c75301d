// SPDX-License-Identifier: Apache-2.0

import { type Action, type Call, type Decision, isCertificateCall, outcomeOf } from './calls';
import { applyGovernance, decideGovernance, readByGovernance } from './govern';
import {
  applyResults,
  applySend,
  decideCertificate,
  decideSend,
  type Design,
  namedBy,
  readByCertificate,
  readBySend,
} from './move';
import { applyMerge, decideMerge, readByMerge } from './merge';
import type { State } from './state';

/** A transaction that peers have endorsed and nobody has ordered yet. */
export interface Held {
  readonly call: Call;
  readonly decision: Decision;
  /** Escrow that it names. */
  readonly named: readonly string[];
  /** What it read, as it was. */
  readonly read: string;
}

/** The ledgers and what is on its way to them. */
export interface World {
  readonly state: State;
  readonly held: Held | undefined;
}

/** What an action led to. */
export interface Step {
  readonly world: World;
  /** As a client sees it. */
  readonly outcome: string;
  /** What a ledger answered or wrote in this step, if a ledger was asked. */
  readonly judged: { readonly call: Call; readonly decision: Decision } | undefined;
}

function decide(state: State, call: Call, design: Design): Decision {
  return { ...decided(state, call, design), at: state.time };
}

function decided(state: State, call: Call, design: Design): Decision {
  if (call.do === 'send') return decideSend(state, call.on);
  if (call.do === 'merge') return decideMerge(state, call, design.error);
  return isCertificateCall(call) ? decideCertificate(state, call, design) : decideGovernance(state, call, design);
}

function apply(state: State, call: Call, decision: Decision, design: Design): State {
  if (decision.refusal !== '' || decision.done === 'already-done') return state;
  if (call.do === 'send') return applySend(state, call.on, decision.at);
  if (call.do === 'merge') return applyMerge(state, call);
  return isCertificateCall(call)
    ? applyResults(state, call, decision.results, design)
    : applyGovernance(state, call, design);
}

function read(state: State, call: Call, named: readonly string[], design: Design): string {
  if (call.do === 'send') return readBySend(state, call.on);
  if (call.do === 'merge') return readByMerge(state, call);
  return isCertificateCall(call) ? readByCertificate(state, call, named, design) : readByGovernance(state, call);
}

/** One action; one that is refused or invalid leaves the ledgers as they were. */
export function perform({ state, held }: World, action: Action, design: Design): Step {
  if (action.kind === 'tick') {
    return { world: { state: { ...state, time: state.time + 1 }, held }, outcome: 'ticked', judged: undefined };
  }
  if (action.kind === 'submit' || action.kind === 'endorse') {
    const { call, kind } = action;
    const decision = decide(state, call, design);
    const outcome = outcomeOf(decision);
    if (kind === 'submit') {
      return { world: { state: apply(state, call, decision, design), held }, outcome, judged: { call, decision } };
    }
    const named = isCertificateCall(call) ? namedBy(state, call) : [];
    const endorsed = { call, decision, named, read: read(state, call, named, design) };
    return { world: { state, held: endorsed }, outcome, judged: undefined };
  }
  return orderOrForget({ state, held }, action.kind, design);
}

function orderOrForget({ state, held }: World, kind: 'order' | 'forget', design: Design): Step {
  const left = { state, held: undefined };
  if (held === undefined) throw new Error('nothing is held');
  if (kind === 'forget') return { world: left, outcome: 'forgotten', judged: undefined };
  const { call, decision, named } = held;
  if (read(state, call, named, design) !== held.read)
    return { world: left, outcome: 'MVCC_READ_CONFLICT', judged: undefined };
  return {
    world: { ...left, state: apply(state, call, decision, design) },
    outcome: 'VALID',
    judged: { call, decision },
  };
}
