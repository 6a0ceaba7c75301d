// SPDX-License-Identifier: Apache-2.0

import {
  actionCodec,
  committeeCodec,
  configurationCodec,
  decode,
  encode,
  type Action,
  type Committee,
  type Configuration,
  type StatusRecords,
  type TxId,
} from '@gridpeg/protocol';
import { PegError, type PegClient } from '../client';

/** With one of these a proposal is refused that somebody else has executed a moment ago. */
const endedCodes: readonly string[] = ['PROPOSAL_UNKNOWN', 'PROPOSAL_STALE'];

/** Whether an error says that a proposal has ended, in whatever way. */
export function saysEnded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && endedCodes.includes(String(error.code));
}

/** Whether what a proposal asked for is in force on a chain, whoever executed it. @throws PegError */
export async function isProposalInForce(reader: PegClient, proposalId: TxId): Promise<boolean> {
  const action = await proposedAction(reader, proposalId);
  if (action === undefined) return false;
  const [configuration, statusRecords] = await Promise.all([
    reader.getConfiguration(),
    reader.governance.statusRecords(),
  ]);
  return isInForce(action, configuration, statusRecords);
}

/** Whether a chain is as an action makes it. */
export function isInForce(action: Action, configuration: Configuration, statusRecords: StatusRecords): boolean {
  const { lanes, assets, notaries } = statusRecords;
  switch (action.kind) {
    case 'configure':
      return encode(configurationCodec, configuration) === encode(configurationCodec, action.configuration);
    case 'set-lanes':
      return action.lanes.every(({ laneId, sequence }) =>
        lanes.some((lane) => lane.laneId === laneId && lane.sequence === sequence && lane.state === action.state),
      );
    case 'set-assets':
      return action.assets.every(({ asset, sequence }) =>
        assets.some((each) => each.asset === asset && each.sequence === sequence && each.state === action.state),
      );
    case 'replace-committee':
      return action.chains.every(({ chainId }) =>
        configuration.chains.some((record) => record.chainId === chainId && isSigning(action, record.committee)),
      );
    case 'suspend-notary':
      return notaries.some(({ publicKey, state }) => publicKey === action.publicKey && state === 'suspended');
  }
}

/** Whether a committee is the one asked for, whatever the number of its epoch. */
function isSigning(asked: Pick<Committee, 'threshold' | 'notaries'>, inForce: Committee): boolean {
  const { threshold, notaries } = asked;
  return encode(committeeCodec, { ...inForce, threshold, notaries }) === encode(committeeCodec, inForce);
}

/** A proposal is known by the transaction that made it, which stays when the proposal has ended. */
async function proposedAction({ connection }: PegClient, proposalId: TxId): Promise<Action | undefined> {
  try {
    const { valid, args } = await connection.transaction(proposalId);
    const [name, argument = ''] = args;
    return valid && name === 'governance:propose' ? decode(actionCodec, argument) : undefined;
  } catch (error) {
    // The chain has no transaction of that id.
    if (error instanceof PegError && error.class === 'drop') return undefined;
    if (error instanceof PegError && ['CHAINCODE_FAILED', 'ENDORSEMENT_FAILED'].includes(error.code)) return undefined;
    throw error;
  }
}
