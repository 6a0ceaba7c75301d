// SPDX-License-Identifier: Apache-2.0

import {
  actionCodec,
  committeeHashOf,
  encode,
  evidenceCodec,
  evidenceFrom,
  firstDigest,
  provePossession,
  rotationCodec,
  signBatch,
  signRotation,
  type TxId,
} from '@gridpeg/protocol';
import {
  chargingMember,
  grid,
  members,
  microgridMember,
  packetBatchOf,
  publicKeyOf,
  trustIn,
  type Identity,
} from '@gridpeg/protocol/testing';
import type { Call } from './calls';
import { committees, inventedPacket, laneIdOf, notaryKeyOf } from './replica-certificates';
import type { ProposalState, State } from './state';

/** A function of the contracts, its request and who calls. */
export interface Request {
  readonly name: string;
  readonly json: string;
  readonly caller?: Identity;
}

const [previous, next] = committees;
const previousHash = committeeHashOf(previous);

function rotation(by: Extract<Call, { do: 'rotate' }>['by']): string {
  const signers = { threshold: members.slice(1), 'too few': members.slice(1, 3), 'the next': members.slice(0, 3) }[by];
  return encode(rotationCodec, {
    ...{ version: 1, previous: previousHash, next },
    signatures: signers.map((member) =>
      signRotation(previousHash, next, member.mspId, notaryKeyOf(member, by === 'the next' ? 1 : 0)),
    ),
    possessions: members.map((member) => provePossession(previousHash, next, member.mspId, notaryKeyOf(member, 1))),
  });
}

/** Two contents of one packet, signed by the liar; of an honest notary there is only one content, twice. */
function evidence({ lane, against }: Extract<Call, { do: 'evidence' }>): string {
  const packet = inventedPacket('of which there are two', lane, 1n);
  const trust = trustIn(packet.sourceChainId);
  const [one, two] = ['one', 'two'].map((memo) => {
    const batch = packetBatchOf({ ...packet, memo });
    return {
      batch,
      trust,
      form: firstDigest,
      signature: signBatch(batch, trust, grid.mspId, grid.notaryKey).signature,
    };
  });
  const found = one && two && evidenceFrom(publicKeyOf(grid.notaryKey), packet.id, [one, two]);
  if (found === undefined) throw new Error('no contradiction');
  const [first] = found.statements;
  if (against === 'the liar' || first === undefined) return encode(evidenceCodec, found);
  return encode(evidenceCodec, { ...found, statements: [first, first] } as typeof found);
}

/** The request for a call that governs. */
export function governanceRequest(
  call: Exclude<Call, { do: 'send' | 'merge' | 'receive' | 'settle' }>,
  state: State,
  proposalId: TxId | undefined,
): Request {
  const proposal = JSON.stringify({ organization: grid.mspId, proposalId: proposalId ?? '0'.repeat(64) });
  switch (call.do) {
    case 'rotate':
      return { name: 'rotate', json: rotation(call.by) };
    case 'evidence':
      return { name: 'submitEvidence', json: evidence(call) };
    case 'propose': {
      const lanes = (['out', 'back'] as const).map((lane) => ({
        laneId: laneIdOf[lane],
        sequence: state.chains[call.on].laneStatuses[lane].sequence + 1,
      }));
      const json = encode(actionCodec, { kind: 'set-lanes', state: call.state, lanes });
      return { name: 'propose', json, caller: grid.admin };
    }
    case 'approve':
      return { name: 'approve', json: proposal, caller: consenting(call.by, state.chains[call.on].proposal) };
    case 'execute':
      return { name: 'execute', json: proposal };
  }
}

function consenting(by: string, proposal: ProposalState | undefined): Identity {
  if (by === 'the proposer again') return grid.admin;
  return proposal?.organizations === 2 ? chargingMember.admin : microgridMember.admin;
}
