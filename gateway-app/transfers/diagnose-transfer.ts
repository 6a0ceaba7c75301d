// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one chain of checks, the order of which is the order of a transfer.

import { type Packet } from '@gridpeg/protocol';

/**
 * Everything that {@link judgeTransfer} needs to know about a transfer. It is read from both chains, and from the
 * health checks of the notaries, before.
 */
export interface TransferFacts {
  readonly state: 'in-flight' | 'delivered' | 'refunded';
  readonly source: ChainFacts;
  readonly destination: ChainFacts;
  /** What the destination's receipt says; undefined without a receipt, or if the destination cannot be asked. */
  readonly outcome: 'received' | 'refused' | undefined;
  /** Whether the packet's deadline has passed. */
  readonly late: boolean;
  /** How many notaries must sign a certificate. */
  readonly threshold: number;
  readonly notaries: readonly NotaryFacts[];
  readonly packet: Pick<Packet, 'kind' | 'quantity'>;
  /** The rate limit of the lane on the destination; undefined while it is not known. */
  readonly window: WindowFacts | undefined;
}

/**
 * What a transaction may let in through a lane, and when the next window begins; docs/spec/03-transfer.md section 3.5.
 */
export interface WindowFacts {
  /** The largest quantity that one transaction may let in, in the asset's unit. */
  readonly part: bigint;
  /** When the next window begins, in Unix milliseconds. */
  readonly nextMs: bigint;
}

/** What is known about the chain at one end of the lane. */
interface ChainFacts {
  readonly name: string;
  readonly members: readonly string[];
  /** Whether this state folder has the chain; an organization may see only some chains. */
  readonly isKnown: boolean;
  /** The code and message of its failure to answer; undefined if it answers. */
  readonly problem: string | undefined;
  readonly lane: LaneFacts;
}

/** Whether a ledger lets packets pass through the lane. */
export interface LaneFacts {
  readonly state: 'open' | 'paused' | 'frozen';
  /** The evidence that froze it: who lied about what, when that was recorded, and what to do about the liar. */
  readonly evidence?: { readonly lie: string; readonly time: Date; readonly remedy: string } | undefined;
}

/** What is known about one notary of the committee. */
export interface NotaryFacts {
  readonly organization: string;
  readonly answers: boolean;
  /** Why its last step on this lane failed; undefined when it does not relay the lane. */
  readonly lastError: string | undefined;
}

/** The diagnosis: what a transfer waits for, and what to do. */
export interface Waiting {
  /** A phrase that completes "it waits for". */
  readonly waitsFor: string;
  /** MSP ids of the organizations that must act; none if nobody has to */
  readonly who: readonly string[];
  readonly next: string;
}

/**
 * Says what a transfer waits for, who must act, and what to do. A pure function.
 *
 * The checks stand in the order in which a packet depends on them: both chains answer, the lane is open, enough
 * notaries answer, one of them relays, the window has room, and a relay makes progress. The first check that fails is
 * the diagnosis. If none fails, the transfer is on its way and nobody has to act.
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

/** A paused lane only settles receipts, and a frozen one does nothing. */
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

/**
 * A transfer above the limit is refused, but a retirement never is. A retirement that is larger than any window allows
 * waits until the members raise the limit.
 */
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
    waitsFor: `room in the lane's window on ${name}, which starts again at ${at}`,
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
