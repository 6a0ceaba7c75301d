// SPDX-License-Identifier: Apache-2.0

import { type Packet } from '@gridpeg/protocol';

/** All that a transfer's state is judged by. */
export interface TransferFacts {
  readonly state: 'in-flight' | 'delivered' | 'refunded';
  readonly source: ChainFacts;
  readonly destination: ChainFacts;
  /** the destination's answer, if it is known and there is one */
  readonly outcome: 'received' | 'refused' | undefined;
  /** whether the packet's deadline is over */
  readonly late: boolean;
  /** how many notaries must sign */
  readonly threshold: number;
  readonly notaries: readonly NotaryFacts[];
  readonly packet: Pick<Packet, 'kind' | 'quantity'>;
  /** the destination's window of the lane; undefined while that is not known */
  readonly window: WindowFacts | undefined;
}

/**
 * What a transaction may let in through a lane, and when the next window begins; docs/spec/03-transfer.md section 3.5.
 */
export interface WindowFacts {
  readonly part: bigint;
  readonly nextMs: bigint;
}

/** One end of the lane. */
interface ChainFacts {
  readonly name: string;
  readonly members: readonly string[];
  /** whether it is one of the chains that can be asked from here */
  readonly isKnown: boolean;
  /** code and message, if it does not answer */
  readonly problem: string | undefined;
  readonly lane: LaneFacts;
}

/** Whether a ledger lets a lane move. */
export interface LaneFacts {
  readonly state: 'open' | 'paused' | 'frozen';
  /** what has frozen it: who lied about what, when that was recorded, and what to do about who lied */
  readonly evidence?: { readonly lie: string; readonly time: Date; readonly remedy: string } | undefined;
}

/** One notary of the committee. */
export interface NotaryFacts {
  readonly organization: string;
  readonly answers: boolean;
  /** why its last step on this lane failed; undefined when it does not relay the lane */
  readonly lastError: string | undefined;
}

/** What a transfer waits for. */
export interface Waiting {
  readonly waitsFor: string;
  /** organizations that must act; none if nobody has to */
  readonly who: readonly string[];
  readonly next: string;
}

/**
 * Says what a transfer waits for, who must act, and what to do. Pure.
 *
 * @returns the nearest obstacle; when there is none, that nobody has to act
 */
export function judgeTransfer(facts: TransferFacts): Waiting {
  const { state } = facts;
  if (state === 'delivered') return { waitsFor: 'nothing: it was received and settled', who: [], next: 'nothing' };
  if (state === 'refunded') {
    return { waitsFor: 'nothing: it was refused, and the value is back with its sender', who: [], next: 'nothing' };
  }
  return (
    deadChains(facts) ??
    stoppedLane(facts) ??
    missingNotaries(facts) ??
    missingRelays(facts) ??
    fullWindow(facts) ??
    failingRelays(facts) ??
    underWay(facts)
  );
}

function deadChains({ outcome, source, destination }: TransferFacts): Waiting | undefined {
  return outcome === undefined
    ? (deadChain(destination) ?? deadChain(source))
    : (deadChain(source) ?? deadChain(destination));
}

function deadChain({ name, members, isKnown, problem }: ChainFacts): Waiting | undefined {
  if (problem === undefined) return undefined;
  if (!isKnown) {
    return {
      waitsFor: `${name}, which is not known here, or for its answer on the way back`,
      who: [],
      next: `ask a member of ${name}`,
    };
  }
  return {
    waitsFor: `chain ${name}, which does not answer (${problem})`,
    who: members,
    next: 'start its nodes (`gridpeg status` names the dead ones); nothing is lost meanwhile',
  };
}

/** A paused lane still settles, a frozen one does nothing. */
function stoppedLane({ outcome, source, destination }: TransferFacts): Waiting | undefined {
  const { name, members, lane } = outcome === undefined ? destination : source;
  if (lane.state === 'open' || (lane.state === 'paused' && outcome !== undefined)) return undefined;
  const open = 'more than half of them agree to open it (`gridpeg governance propose open`); nothing is lost meanwhile';
  const { evidence } = lane;
  if (evidence === undefined)
    return { waitsFor: `${name} to open the lane, which is ${lane.state} there`, who: members, next: open };
  return {
    waitsFor:
      `${name} to open the lane, which is frozen there since ${evidence.time.toISOString()} by ` +
      `evidence: ${evidence.lie}`,
    who: members,
    next: `${evidence.remedy} (\`gridpeg evidence show\`); then ${open}`,
  };
}

function missingNotaries({ notaries, threshold }: TransferFacts): Waiting | undefined {
  const dead = notaries.filter(({ answers }) => !answers).map(({ organization }) => organization);
  const alive = notaries.length - dead.length;
  if (alive >= threshold) return undefined;
  return {
    waitsFor:
      `${(threshold - alive).toString()} more of ${notaries.length.toString()} notaries: ` +
      `${threshold.toString()} must sign, ${alive.toString()} answer`,
    who: dead,
    next: 'start their notaries (`gridpeg up`, or `gridpeg notary run` where they run themselves)',
  };
}

function missingRelays({ notaries, source, destination }: TransferFacts): Waiting | undefined {
  if (notaries.some(({ answers, lastError: lastError }) => answers && lastError !== undefined)) return undefined;
  const able = notaries.map(({ organization }) => organization).filter((name) => isMember(name, source, destination));
  return {
    waitsFor: `a relay between ${source.name} and ${destination.name}: no notary that answers is a member of both`,
    who: able,
    next: 'start one of their notaries with relaying on',
  };
}

function isMember(organization: string, ...chains: readonly ChainFacts[]): boolean {
  return chains.every(({ members }) => members.includes(organization));
}

/** A transfer above the limit is refused, a retirement never: what no window can hold waits for the members. */
function fullWindow({ outcome, packet, window, destination, notaries }: TransferFacts): Waiting | undefined {
  if (outcome !== undefined || window === undefined) return undefined;
  const { name, members } = destination;
  if (packet.kind === 'retirement' && packet.quantity > window.part) {
    return {
      waitsFor:
        `the members of ${name} to raise the lane's window: it lets in ${window.part.toString()} at a time, ` +
        `and this is ${packet.quantity.toString()}`,
      who: members,
      next: 'more than half of them agree on a larger window (`gridpeg governance propose`); nothing is lost meanwhile',
    };
  }
  if (!notaries.some(({ lastError: lastError }) => lastError?.includes('WINDOW_FULL'))) return undefined;
  const at = new Date(Number(window.nextMs)).toISOString();
  return {
    waitsFor: `room in the lane's window on ${name}, which begins anew at ${at}`,
    who: [],
    next: 'wait until then: it is tried again by itself, and nothing is lost meanwhile',
  };
}

function failingRelays({ notaries }: TransferFacts): Waiting | undefined {
  const failing = notaries.filter(({ answers, lastError: lastError }) => answers && lastError !== undefined);
  // One relay that gets on is enough; the others wait for it.
  if (failing.some(({ lastError: lastError }) => lastError === '')) return undefined;
  const [first] = failing;
  if (first === undefined) return undefined;
  return {
    waitsFor: `the relays of this lane, which last failed: ${first.lastError ?? ''}`,
    who: failing.map(({ organization }) => organization),
    next: 'follow what the message says (`gridpeg explain <code>`); the relays go on by themselves',
  };
}

function underWay({ outcome, late, source, destination }: TransferFacts): Waiting {
  const next = 'wait some seconds';
  if (outcome === 'received') return { waitsFor: `its receipt, on the way to ${source.name}`, who: [], next };
  if (outcome === 'refused')
    return { waitsFor: `its refusal, on the way to ${source.name}: a refund follows`, who: [], next };
  if (late) {
    return { waitsFor: `${destination.name} to refuse it: its deadline is over; a refund follows`, who: [], next };
  }
  return { waitsFor: `its certificate, on the way to ${destination.name}`, who: [], next };
}
