// SPDX-License-Identifier: Apache-2.0

import { alreadyDone, type Call, type Decision, done, refused } from './calls';
import type { Design } from './move';
import {
  type ChainState,
  type LaneName,
  laneNames,
  type ProposalState,
  returnOf,
  type LaneStatus,
  type State,
  withChain,
} from './state';

/**
 * How what a chain trusts and allows changes, by docs/spec/08-governance.md: three of four organizations, and a delay
 * of one tick.
 */

const majority = 3;

type GovernanceCall = Exclude<Call, { readonly do: 'send' | 'merge' | 'receive' | 'settle' }>;

export function decideGovernance(state: State, call: GovernanceCall, design: Design): Decision {
  const chain = state.chains[call.on];
  switch (call.do) {
    case 'rotate':
      return rotate(chain, call.by, design);
    case 'evidence':
      if (call.against === 'an honest notary') return refused('EVIDENCE_INVALID');
      return chain.suspended && chain.accused.includes(call.lane) ? alreadyDone : done;
    case 'propose':
      return done;
    case 'approve':
      return approve(chain);
    case 'execute':
      return execute(state, chain, design);
  }
}

function rotate({ epoch, suspended }: ChainState, by: string, { error }: Design): Decision {
  if (epoch === 1) return alreadyDone;
  if (by === 'too few') return refused('NOTARIES_TOO_FEW');
  if (by === 'the next') {
    if (error === 'the next committee signs its own rotation') return done;
    // The same organizations sign, with the next committee's keys; the suspended one's is left out.
    return refused(suspended ? 'NOTARIES_TOO_FEW' : 'SIGNATURE_INVALID');
  }
  return done;
}

function approve(chain: ChainState): Decision {
  if (chain.proposal === undefined) return refused('PROPOSAL_UNKNOWN');
  return isStale(chain, chain.proposal) ? refused('PROPOSAL_STALE') : done;
}

function execute(state: State, chain: ChainState, { error }: Design): Decision {
  const { proposal } = chain;
  if (proposal === undefined) return refused('PROPOSAL_UNKNOWN');
  if (proposal.counted < majority) return refused('PROPOSAL_NOT_APPROVED');
  if (isStale(chain, proposal)) return refused('PROPOSAL_STALE');
  const waits = isFrozen(chain) && error !== 'a thaw does not wait';
  return waits && state.time <= proposal.completeAt ? refused('PROPOSAL_NOT_DUE') : done;
}

export function isFrozen({ laneStatuses }: ChainState): boolean {
  return laneNames.some((lane) => laneStatuses[lane].state === 'frozen');
}

function isStale({ laneStatuses }: ChainState, { sequences }: ProposalState): boolean {
  return laneNames.some((lane) => sequences[lane] !== laneStatuses[lane].sequence + 1);
}

export function applyGovernance(state: State, call: GovernanceCall, design: Design): State {
  const chain = state.chains[call.on];
  switch (call.do) {
    case 'rotate':
      return withChain(state, call.on, { epoch: 1 });
    case 'evidence':
      return withChain(state, call.on, accused(chain, call.lane, design));
    case 'propose': {
      const sequences = { out: chain.laneStatuses.out.sequence + 1, back: chain.laneStatuses.back.sequence + 1 };
      const proposal = { state: call.state, sequences, organizations: 1, counted: 1, completeAt: -1 };
      return withChain(state, call.on, { proposal });
    }
    case 'approve':
      return withChain(state, call.on, {
        proposal: chain.proposal && consented(chain.proposal, call.by, state.time, design),
      });
    case 'execute':
      return withChain(state, call.on, executed(chain));
  }
}

function accused(chain: ChainState, lane: LaneName, { error }: Design): Partial<ChainState> {
  const fresh = !chain.accused.includes(lane);
  const freezes = (each: LaneName): boolean =>
    fresh && (each === lane || (each === returnOf[lane] && error !== 'evidence freezes one way'));
  const after = (each: LaneName): LaneStatus => {
    const status = chain.laneStatuses[each];
    return freezes(each) ? { state: 'frozen', sequence: status.sequence + 1 } : status;
  };
  return {
    suspended: true,
    accused: fresh ? [...chain.accused, lane].sort() : chain.accused,
    laneStatuses: { out: after('out'), back: after('back') },
    alarmed: chain.alarmed || fresh,
  };
}

function consented(proposal: ProposalState, by: string, time: number, { error }: Design): ProposalState {
  const again = by === 'the proposer again';
  const organizations = proposal.organizations + (again ? 0 : 1);
  const counted = proposal.counted + (again && error !== 'consents are counted by call' ? 0 : 1);
  const complete = counted >= majority && proposal.completeAt < 0;
  return { ...proposal, organizations, counted, completeAt: complete ? time : proposal.completeAt };
}

function executed({ proposal, laneStatuses }: ChainState): Partial<ChainState> {
  if (proposal === undefined) return {};
  const { state, sequences } = proposal;
  const after = (lane: LaneName): LaneStatus => ({ ...laneStatuses[lane], state, sequence: sequences[lane] });
  return { laneStatuses: { out: after('out'), back: after('back') }, proposal: undefined, alarmed: false };
}

/** As {@link readBy}. */
export function readByGovernance(state: State, { on }: GovernanceCall): string {
  const { epoch, laneStatuses, suspended, accused: lanes, proposal } = state.chains[on];
  return JSON.stringify([epoch, laneStatuses, suspended, lanes, proposal]);
}
