// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one model of send, receive and settle, which share their rules.

import type { CertificateCall, Claim, Decision, Result } from './calls';
import { certificateKinds, certificateRefusal, liar } from './certificate-kinds';
import { done, refused } from './calls';
import { merged, otherEscrowName, unitsOf } from './merge';
import type { DesignError } from './design-errors';
import {
  type ChainName,
  type ChainState,
  ends,
  type LaneName,
  packetNamed,
  type PacketState,
  type State,
  withChain,
  withPacket,
} from './state';

/** What moves value: send, receive and settle, by docs/spec/03-transfer.md. */

/** The design: its limit, and the mistake in it, if any. */
export interface Design {
  /** Units that a lane may move on a ledger. */
  readonly limit: number;
  readonly error?: DesignError;
}

/** What is left while a batch is gone through. */
interface Remainder {
  escrow: readonly string[];
  used: number;
}

export function laneFrom(chain: ChainName): LaneName {
  return chain === 'home' ? 'out' : 'back';
}

/** Locks or burns the first note. */
export function decideSend(state: State, on: ChainName): Decision {
  const chain = state.chains[on];
  const status = chain.laneStatuses[laneFrom(on)].state;
  return status === 'open' ? done : refused(status === 'paused' ? 'LANE_PAUSED' : 'LANE_FROZEN');
}

export function applySend(state: State, on: ChainName, at: number): State {
  const { notes, escrow } = state.chains[on];
  const lane = laneFrom(on);
  const id = `p${state.packets.filter(({ sentAt }) => sentAt >= 0).length}`;
  const sent = withPacket(state, { ...packetNamed(state, id, lane), sentAt: at });
  return withChain(sent, on, { notes: notes.slice(1), escrow: lane === 'out' ? [...escrow, id].sort() : escrow });
}

/** Why a certificate is not looked into, or not believed; '' when it is. */
function refusalOf(state: State, call: CertificateCall, { error }: Design): string {
  const chain = state.chains[call.on];
  if (call.offClock && error !== 'a deadline passes by the clock of the caller') return 'CLOCK_SKEW';
  const status = laneStatusRefusal(chain.laneStatuses[call.lane].state, call, error);
  if (status !== '') return status;
  const place = call.do === 'receive' ? ends[call.lane].destination : ends[call.lane].source;
  if (call.on !== place && error !== 'a packet is received where it was sent') return 'LANE_UNKNOWN';
  return certificateRefusal(chain, certificateKinds[call.kind], call.epoch, error) || batchRefusal(state, call, error);
}

function laneStatusRefusal(status: string, { do: step }: CertificateCall, error: DesignError | undefined): string {
  const settles = step === 'settle';
  if (status === 'frozen' && !(settles && error === 'a frozen lane settles')) return 'LANE_FROZEN';
  return status === 'paused' && !settles ? 'LANE_PAUSED' : '';
}

/** What is wrong with a batch that everybody signed. */
function batchRefusal(state: State, { ofPackets, claims }: CertificateCall, error: DesignError | undefined): string {
  const late = claims.every(({ id }) => state.packets.some((p) => p.id === id && p.sentAt < state.time));
  if (ofPackets && !(late && error === 'the source refunds after the deadline')) return 'PROOF_FOREIGN';
  const absent = claims.some(({ outcome }) => outcome === 'absent');
  return absent && error !== 'the source refunds what is not received yet' ? 'BATCH_MALFORMED' : '';
}

/** The decision of a chain about a certificate. */
export function decideCertificate(state: State, call: CertificateCall, design: Design): Decision {
  const refusal = refusalOf(state, call, design);
  if (refusal !== '') return refused(refusal);
  const remainder = remainderOf(state, call, design);
  const one = call.do === 'receive' ? receiveOne : settleOne;
  const results: Result[] = [];
  for (const claim of call.claims) {
    const earlier = results.some(({ id, result }) => id === claim.id && result !== 'skipped');
    const again = earlier && !repeats(call, design);
    results.push(again ? without(claim, 'already-done') : one(state, call, claim, remainder, design));
  }
  const whole = design.error === 'a batch is received whole or not at all' && call.do === 'receive';
  return whole && results.some(({ result }) => result !== 'received') ? refused('BATCH_REFUSED') : { ...done, results };
}

function remainderOf(state: State, call: CertificateCall, { error }: Design): Remainder {
  const { otherEscrow, used } = state.chains[call.on];
  const ofAny = call.escrow === 'of another lane' && error === 'a release takes escrow of any lane';
  return {
    escrow: ofAny ? Array.from({ length: otherEscrow }, () => otherEscrowName) : namedBy(state, call),
    used: error === 'a window counts each call by itself' ? 0 : used[call.lane],
  };
}

/** Mistakes that look for no record of what was done. */
function repeats({ do: step }: CertificateCall, { error }: Design): boolean {
  return error === (step === 'receive' ? 'a packet is received without a record' : 'a refund leaves no record');
}

function without(claim: Claim, result: Result['result'], code = ''): Result {
  return { id: claim.id, content: claim.content, result, code, escrow: '' };
}

function receiveOne(state: State, call: CertificateCall, claim: Claim, remainder: Remainder, design: Design): Result {
  const packet = packetNamed(state, claim.id, call.lane);
  const { error } = design;
  const answered = error === 'refusals lie under a key of their own' ? packet.paid > 0 : packet.receipt !== '';
  if (answered && !repeats(call, design)) return without(claim, 'already-done');
  const time = state.time + (call.offClock ? 1 : 0);
  if (packet.sentAt >= 0 && packet.sentAt < time) return without(claim, 'refused', 'DEADLINE_PASSED');
  const foreign = claim.content === 'foreign';
  if (foreign && error !== 'any chain is the home of any asset') return without(claim, 'refused', 'LABEL_FOREIGN');
  return takeOut(claim, remainder, design.limit, call.lane === 'back' && !foreign, 'received');
}

function settleOne(state: State, call: CertificateCall, claim: Claim, remainder: Remainder, design: Design): Result {
  const packet = packetToSettle(state, call, claim, design);
  const own = { ...claim, id: packet.id };
  if (packet.settled !== '' && !repeats(call, design)) return without(own, 'already-done');
  if (packet.sentAt < 0) return without(own, 'skipped', 'PACKET_UNKNOWN');
  if (claim.content !== 'true') return without(own, 'skipped', 'PACKET_INCONSISTENT');
  if (claim.outcome === 'received') return without(own, 'delivered');
  const limit = countsRefunds(design) ? design.limit : undefined;
  const refund = takeOut(own, remainder, limit, call.lane === 'out', 'refunded');
  return refund.result === 'refunded' && claim.outcome === 'refused' ? { ...refund, code: 'DEADLINE_PASSED' } : refund;
}

function countsRefunds({ error }: Design): boolean {
  return error === 'a refund counts against the window';
}

function packetToSettle(state: State, { lane }: CertificateCall, { id }: Claim, { error }: Design): PacketState {
  const named = packetNamed(state, id, lane);
  if (error !== 'a receipt settles any packet of its lane') return named;
  return state.packets.find((each) => each.lane === lane && each.sentAt >= 0 && each.settled === '') ?? named;
}

/**
 * Takes a unit from escrow, where it has to come from there; what is left of a note is taken from first.
 *
 * @param limit - of the window that counts it; undefined where none does
 */
function takeOut(
  claim: Claim,
  remainder: Remainder,
  limit: number | undefined,
  fromEscrow: boolean,
  result: Result['result'],
): Result {
  if (limit !== undefined && remainder.used >= limit) return without(claim, 'skipped', 'WINDOW_FULL');
  const [escrow, ...others] = remainder.escrow;
  if (fromEscrow && escrow === undefined) return without(claim, 'skipped', 'ESCROW_NOT_NAMED');
  if (limit !== undefined) remainder.used += 1;
  if (!fromEscrow || escrow === undefined) return without(claim, result);
  remainder.escrow = [...changeOf(escrow), ...others];
  return { ...without(claim, result), escrow };
}

/** What is left of an escrow note when a unit was taken from it: one note, or none. */
function changeOf(escrow: string): readonly string[] {
  const rest = unitsOf(escrow).slice(1);
  return rest.length === 0 ? [] : [merged(rest)];
}

/** What the results leave behind. */
export function applyResults(state: State, call: CertificateCall, results: readonly Result[], design: Design): State {
  return results.reduce((before, result) => applyResult(before, call, result, design), state);
}

function applyResult(state: State, { on, lane }: CertificateCall, entry: Result, design: Design): State {
  const { error } = design;
  const packet = packetNamed(state, entry.id, lane);
  const next = packetAfter(packet, entry);
  if (next === undefined) return state;
  const marked = withPacket(
    state,
    entry.result === 'refunded' && error === 'a refund leaves no record' ? { ...next, settled: '' } : next,
  );
  return entry.result === 'received' || entry.result === 'refunded'
    ? withChain(marked, on, paidOut(marked.chains[on], lane, entry, design))
    : marked;
}

function packetAfter(packet: PacketState, { result, content }: Result): PacketState | undefined {
  switch (result) {
    case 'received':
      return { ...packet, receipt: 'received', content, paid: packet.paid + 1 };
    case 'refused':
      return { ...packet, receipt: 'refused', content, refusals: packet.refusals + 1 };
    case 'delivered':
      return { ...packet, settled: 'delivered' };
    case 'refunded':
      return { ...packet, settled: 'refunded', refunds: packet.refunds + 1 };
    case 'skipped':
    case 'already-done':
      return undefined;
  }
}

function paidOut(
  chain: ChainState,
  lane: LaneName,
  { id, result, content, escrow }: Result,
  design: Design,
): Partial<ChainState> {
  const name = content === 'foreign' ? `foreign ${id}` : `${result} ${id}`;
  const other = escrow === otherEscrowName;
  const counts = result === 'received' || countsRefunds(design);
  return {
    notes: [...chain.notes, name].sort(),
    escrow: [...chain.escrow.filter((note) => note !== escrow), ...(escrow === '' ? [] : changeOf(escrow))].sort(),
    otherEscrow: chain.otherEscrow - (other ? 1 : 0),
    used: { ...chain.used, [lane]: chain.used[lane] + (counts ? 1 : 0) },
  };
}

/** What a call reads of the ledger, as text: an ordered transaction is valid only if this is as it was. */
export function readBySend(state: State, on: ChainName): string {
  const { epoch, laneStatuses, notes } = state.chains[on];
  return JSON.stringify([epoch, laneStatuses[laneFrom(on)], notes[0]]);
}

/** As {@link readBySend}. @param named - escrow that the call names */
export function readByCertificate(
  state: State,
  call: CertificateCall,
  named: readonly string[],
  { error }: Design,
): string {
  const { do: step, on, lane, claims, kind } = call;
  const { epoch, laneStatuses, suspended, escrow, used } = state.chains[on];
  const status = step === 'receive' && error === 'a receive does not read the lane status' ? '' : laneStatuses[lane];
  const signed = certificateKinds[kind].signers.some((name) => name === liar) && suspended;
  const blind = error === 'a receive does not read the receipt' || error === 'a packet is received without a record';
  const records = claims.map(({ id }) => {
    const { receipt, settled } = packetNamed(state, id, lane);
    return step === 'settle' ? settled : blind ? '' : receipt;
  });
  const counts = step === 'receive';
  const there = named.map((id) => escrow.includes(id));
  return JSON.stringify([epoch, status, signed, records, counts && !blind ? used[lane] : '', there]);
}

/** Escrow that a call names. */
export function namedBy(state: State, { escrow, on, claims }: CertificateCall): readonly string[] {
  return escrow === 'first' ? state.chains[on].escrow.slice(0, claims.length) : [];
}
