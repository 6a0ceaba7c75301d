// SPDX-License-Identifier: Apache-2.0

import type { Action, Call, CertificateCall, Claim } from './calls';
import type { CertificateKindName } from './certificate-kinds';
import { laneFrom } from './move';
import { otherEscrowName } from './merge';
import type { Scenario } from './scenarios';
import { chainNames, type ChainName, ends, type LaneName, laneNames, type PacketState, type State } from './state';
import type { World } from './step';

type Handed = Pick<CertificateCall, 'do' | 'lane'>;

/** Everything that anybody may do next within the bounds. */
export function actionsIn({ state, held }: World, scenario: Scenario): Action[] {
  const calls = callsIn(state, scenario);
  const actions: Action[] = calls.map((call) => ({ kind: 'submit', call }));
  if (held === undefined) {
    const holdable = calls.filter((call) => scenario.held.includes(call.do) && isPlain(call));
    actions.push(...holdable.map((call) => ({ kind: 'endorse' as const, call })));
  } else actions.push({ kind: 'order' }, { kind: 'forget' });
  if (state.time < scenario.ticks) actions.push({ kind: 'tick' });
  return actions;
}

/** Of two calls that read and write the same, one is held. */
function isPlain(call: Call): boolean {
  return !('kind' in call) || (call.claims.length === 1 && !call.offClock && !call.ofPackets);
}

function callsIn(state: State, scenario: Scenario): Call[] {
  return [
    ...chainNames.flatMap((on) => sends(state, on, scenario)),
    ...(scenario.merges ? merges(state) : []),
    ...scenario.governed.flatMap((on) => governance(state, on, scenario)),
    ...laneNames.flatMap((lane) => [...truths(state, lane, scenario), ...falsehoods(state, lane, scenario)]),
  ];
}

function sends(state: State, on: ChainName, { packets }: Scenario): Call[] {
  const lane = laneFrom(on);
  const sent = state.packets.filter((packet) => packet.lane === lane && packet.sentAt >= 0).length;
  return sent < packets[lane] && state.chains[on].notes.length > 0 ? [{ do: 'send', on }] : [];
}

/** Merges of escrow of one lane, and of other escrow. */
function merges({ chains: { home } }: State): Call[] {
  const { escrow } = home;
  const named = [...(escrow.length > 1 ? [escrow] : []), ...escrow.slice(0, 1).map((name) => [name, otherEscrowName])];
  return named.map((names) => ({ do: 'merge', on: 'home', escrow: names }));
}

function placeOf({ do: step, lane }: Handed): ChainName {
  return step === 'receive' ? ends[lane].destination : ends[lane].source;
}

function handIn(
  state: State,
  handed: Handed,
  claims: readonly Claim[],
  kind: CertificateKindName,
  changes: Partial<CertificateCall> = {},
): CertificateCall {
  const on = placeOf(handed);
  return { ...handed, on, claims, kind, epoch: state.chains[on].epoch, escrow: 'first', ...changes };
}

/** Certificates of true facts, by honest peers and notaries. */
function truths(state: State, lane: LaneName, scenario: Scenario): Call[] {
  const sent = state.packets.filter((packet) => packet.lane === lane && packet.sentAt >= 0);
  const answered = state.packets.filter((packet) => packet.lane === lane && packet.receipt !== '');
  return [
    ...certified(
      state,
      { do: 'receive', lane },
      sent.map(({ id }): Claim => ({ id, content: 'true' })),
      scenario,
    ),
    ...certified(state, { do: 'settle', lane }, answered.flatMap(receiptOf), scenario),
    ...(scenario.mixed ? oddities(state, lane, sent) : []),
  ];
}

function receiptOf({ id, receipt, content }: PacketState): Claim[] {
  return receipt === '' ? [] : [{ id, content, outcome: receipt }];
}

function certified(state: State, handed: Handed, claims: readonly Claim[], { rotations, mixed }: Scenario): Call[] {
  const batches = claims.map((claim) => [claim]);
  const pairs = claims.flatMap((one, index) => claims.slice(index).map((other) => [one, other]));
  const calls = [...batches, ...(mixed ? pairs : [])].map((batch) => handIn(state, handed, batch, 'honest'));
  const more = batches.flatMap((batch): Call[] =>
    rotations
      ? [
          handIn(state, handed, batch, 'honest', { epoch: 1 - state.chains[placeOf(handed)].epoch }),
          handIn(state, handed, batch, 'honest, the liar signs too'),
        ]
      : [handIn(state, handed, batch, 'honest', { escrow: 'none' })],
  );
  return [...calls, ...more];
}

/** True certificates submitted where, when or as what they are not. */
function oddities(state: State, lane: LaneName, sent: readonly PacketState[]): Call[] {
  return sent.flatMap(({ id, receipt }): Call[] => {
    const claim: Claim = { id, content: 'true' };
    const [receive, settle] = [{ do: 'receive', lane } as const, { do: 'settle', lane } as const];
    return [
      handIn(state, receive, [claim], 'honest', { offClock: true }),
      handIn(state, receive, [claim], 'honest', { on: ends[lane].source }),
      handIn(state, settle, [claim], 'honest', { ofPackets: true }),
      ...(receipt === '' ? [handIn(state, settle, [{ ...claim, outcome: 'absent' }], 'honest')] : []),
    ];
  });
}

/** Certificates of false facts. */
function falsehoods(state: State, lane: LaneName, scenario: Scenario): Call[] {
  const sent = state.packets.filter((packet) => packet.lane === lane && packet.sentAt >= 0);
  // The next one: inventions differ by nothing but their number.
  const before = state.packets.filter((packet) => packet.lane === lane && packet.sentAt < 0);
  const invented = Array.from({ length: Math.min(before.length + 1, scenario.inventions) }, (_, n) => `x${lane} ${n}`);
  const packets: Claim[] = [
    ...sent.map(({ id }): Claim => ({ id, content: 'altered' })),
    ...invented.map((id): Claim => ({ id, content: 'true' })),
    ...(lane === 'back' ? invented.slice(-1).map((id): Claim => ({ id, content: 'foreign' })) : []),
  ];
  const receipts = sent.flatMap(({ id, receipt }): Claim[] =>
    (['received', 'refused'] as const)
      .filter((outcome) => outcome !== receipt)
      .map((outcome) => ({ id, content: 'true', outcome })),
  );
  return [
    ...lied(state, { do: 'receive', lane }, packets, scenario),
    ...lied(state, { do: 'settle', lane }, receipts, scenario),
  ];
}

function lied(state: State, handed: Handed, claims: readonly Claim[], { lies, takenOver }: Scenario): Call[] {
  const epoch = state.chains[placeOf(handed)].epoch;
  // What comes from the away chain.
  const believed = takenOver && (handed.do === 'receive') === (handed.lane === 'back');
  return claims.flatMap((claim): Call[] => [
    ...lies.flatMap((kind): Call[] => {
      if (kind !== 'lying peers and the committee of old') return [handIn(state, handed, [claim], kind)];
      return epoch === 1 ? [handIn(state, handed, [claim], kind, { epoch: 0 })] : [];
    }),
    ...(believed
      ? [
          handIn(state, handed, [claim], 'honest'),
          handIn(state, handed, [claim], 'honest', { escrow: 'of another lane' }),
        ]
      : []),
  ]);
}

function governance(state: State, on: ChainName, scenario: Scenario): Call[] {
  const calls: Call[] = [];
  if (scenario.rotations) {
    calls.push(
      { do: 'rotate', on, by: 'threshold' },
      { do: 'rotate', on, by: 'too few' },
      { do: 'rotate', on, by: 'the next' },
    );
  }
  if (scenario.evidence) {
    for (const lane of laneNames) calls.push({ do: 'evidence', on, lane, against: 'the liar' });
    calls.push({ do: 'evidence', on, lane: 'out', against: 'an honest notary' });
  }
  return [...calls, ...proposals(state, on, scenario)];
}

function proposals(state: State, on: ChainName, scenario: Scenario): Call[] {
  const { proposal, laneStatuses } = state.chains[on];
  const calls: Call[] = [];
  if (scenario.proposals === 0) return calls;
  const isNext = (each: 'open' | 'paused'): boolean => laneNames.some((lane) => laneStatuses[lane].state !== each);
  if (laneStatuses.out.sequence < scenario.proposals) {
    for (const each of ['open', 'paused'] as const) if (isNext(each)) calls.push({ do: 'propose', on, state: each });
  }
  if (proposal === undefined) return calls;
  if (proposal.organizations < 3) calls.push({ do: 'approve', on, by: 'another' });
  if (proposal.counted < 3) calls.push({ do: 'approve', on, by: 'the proposer again' });
  return [...calls, { do: 'execute', on }];
}
