// SPDX-License-Identifier: Apache-2.0

import { type Call, type CertificateCall, type Decision, isCertificateCall } from './calls';
import { certificateKinds, isOfCommittee, isSound } from './certificate-kinds';
import { isFrozen } from './govern';
import { laneFrom } from './move';
import { unitsOf } from './merge';
import type { Scenario } from './scenarios';
import { type ChainState, ends, type LaneName, laneNames, type PacketState, type State } from './state';

/** The properties of docs/spec/README.md, asked of the model's states and steps without any rule of the design. */

/** @returns ids of the properties that a state breaks */
export function brokenBy(state: State, scenario: Scenario): string[] {
  const { home, away } = state.chains;
  const { packets } = state;
  const holds: Readonly<Record<string, boolean>> = {
    'PEG-1': !scenario.honest || unitsIn(home) === away.notes.length + underWay(packets),
    'PEG-2': packets.every(({ paid, refusals }) => paid + refusals <= 1),
    'PEG-3': !scenario.honest || packets.every(({ refunds, refusals }) => refunds <= refusals && refunds <= 1),
    'PEG-4': home.notes.length + unitsIn(home) + home.otherEscrow === scenario.supply + 1,
    'PEG-5': !home.notes.some((note) => note.startsWith('foreign')),
    'PEG-6': home.otherEscrow === 1 && count(packets, 'back', 'paid') <= locked(packets),
    'PEG-11': laneNames.every((lane) => count(packets, lane, 'paid') <= scenario.limit),
    'PEG-14': packets.every(({ sentAt, refunds }) => refunds === 0 || (sentAt >= 0 && refunds === 1)),
  };
  return Object.keys(holds).filter((id) => holds[id] === false);
}

/** Sent and neither paid nor refunded. */
function underWay(packets: readonly PacketState[]): number {
  return packets.filter(({ sentAt, paid, refunds }) => sentAt >= 0 && paid === 0 && refunds === 0).length;
}

function count(packets: readonly PacketState[], lane: LaneName, what: 'paid' | 'refunds'): number {
  return packets.filter((packet) => packet.lane === lane).reduce((sum, packet) => sum + packet[what], 0);
}

function locked(packets: readonly PacketState[]): number {
  const sent = packets.filter(({ lane, sentAt }) => lane === 'out' && sentAt >= 0).length;
  return sent - count(packets, 'out', 'refunds');
}

/** Locked into the lane out. */
function unitsIn({ escrow }: ChainState): number {
  return escrow.flatMap(unitsOf).length;
}

/** @returns ids of the properties that a step breaks; `before` is the state in which it took effect */
export function brokenByStep(before: State, call: Call, decision: Decision): string[] {
  if (decision.refusal === 'BATCH_REFUSED') return ['PEG-9'];
  if (decision.refusal !== '' || decision.done === 'already-done') return [];
  if (isCertificateCall(call)) return brokenByCertificate(before, call, decision);
  const chain = before.chains[call.on];
  if (call.do === 'send' || call.do === 'merge') return isStopped(chain, laneFrom(call.on)) ? ['PEG-12'] : [];
  return isGoverned(chain, call, before.time) ? [] : ['PEG-10'];
}

/** Whether those whose word it takes have given it. */
function isGoverned(chain: ChainState, call: Call, time: number): boolean {
  if (call.do === 'rotate') return call.by === 'threshold';
  return call.do !== 'execute' || isDue(chain, time);
}

function isStopped({ laneStatuses, alarmed }: ChainState, lane: LaneName): boolean {
  return laneStatuses[lane].state === 'frozen' || alarmed;
}

/** More than half of the four consent, and have for a tick where a frozen lane is concerned. */
function isDue(chain: ChainState, time: number): boolean {
  const { proposal } = chain;
  if (proposal === undefined || proposal.organizations < 3) return false;
  return !isFrozen(chain) || time > proposal.completeAt;
}

function brokenByCertificate(before: State, call: CertificateCall, { results }: Decision): string[] {
  const chain = before.chains[call.on];
  const kind = certificateKinds[call.kind];
  const changes = results.filter(({ result }) => result !== 'skipped' && result !== 'already-done');
  const early = changes.some(({ id, code }) => {
    const packet = before.packets.find((each) => each.id === id);
    return call.do === 'receive' && code === 'DEADLINE_PASSED' && !(packet && packet.sentAt < before.time);
  });
  const place = call.do === 'receive' ? ends[call.lane].destination : ends[call.lane].source;
  const holds: Readonly<Record<string, boolean>> = {
    'PEG-6': call.on === place,
    'PEG-7': isSound(kind),
    'PEG-8': kind.known,
    'PEG-12': !isStopped(chain, call.lane) || changes.length === 0,
    'PEG-13': isOfCommittee(chain, kind, call.epoch),
    'PEG-14': call.do === 'receive' || results.every(({ code }) => code !== 'WINDOW_FULL'),
    T14: !early,
  };
  return Object.keys(holds).filter((id) => holds[id] === false);
}
