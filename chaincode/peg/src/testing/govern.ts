// SPDX-License-Identifier: Apache-2.0

import {
  actionCodec,
  committeeHashOf,
  encode,
  provePossession,
  rotationCodec,
  signRotation,
  type Action,
  type Committee,
  type Configuration,
  type ProposalRequest,
  type TxId,
} from '@gridpeg/protocol';
import {
  charging,
  city,
  configurationOf,
  energy,
  grid,
  keyNamed,
  laneIdBetween,
  members,
  microgridMember,
  publicKeyOf,
  regulator,
  type Member,
} from '@gridpeg/protocol/testing';
import type { Channel } from './channel';

/** What the tests propose to the city chain, whose first configuration is in force. */
export const dayMs = 86_400_000;
export const inForce = configurationOf(city);
const lanes = [laneIdBetween(city, charging), laneIdBetween(charging, city)];

export function asJson(action: Action): string {
  return encode(actionCodec, action);
}

export function configure(changes: Partial<Configuration>): Action {
  return { kind: 'configure', configuration: { ...inForce, sequence: 2, ...changes } };
}

/** Both lanes between city and charging chain. */
export function setLanes(state: 'open' | 'paused', sequence: number): Action {
  return { kind: 'set-lanes', state, lanes: lanes.map((laneId) => ({ laneId, sequence })) };
}

/** The asset at home in the city. */
export function setAssets(state: 'open' | 'paused', sequence: number): Action {
  return { kind: 'set-assets', state, assets: [{ asset: energy, sequence }] };
}

/** The committee for the city chain, by another one. */
export function replaceCommittee(
  { threshold, notaries }: Pick<Committee, 'threshold' | 'notaries'>,
  sequence = 1,
): Action {
  return { kind: 'replace-committee', chains: [{ chainId: city, sequence }], threshold, notaries };
}

/** A committee of the same organizations with keys of that name. */
export function committeeNamed(name: string, epoch: number): Committee {
  const notaries = members.map(({ mspId }) => ({ mspId, publicKey: publicKeyOf(keyNamed(`${name} ${mspId}`)) }));
  return { epoch, threshold: 3, notaries };
}

/** The first committee's rotation to one with keys of that name, or to the changes of that. */
export function rotationTo(name: string, previous: Committee, changes: Partial<Committee> = {}): string {
  const next = { ...committeeNamed(name, previous.epoch + 1), ...changes };
  const from = committeeHashOf(previous);
  return encode(rotationCodec, {
    ...{ version: 1, previous: from, next },
    signatures: members.slice(1).map(({ mspId, notaryKey }) => signRotation(from, next, mspId, notaryKey)),
    possessions: members.map(({ mspId }) => provePossession(from, next, mspId, keyNamed(`${name} ${mspId}`))),
  });
}

/** A proposal with the consent of the proposer alone. */
export async function propose(channel: Channel, action: Action, by: Member = grid): Promise<ProposalRequest> {
  const { proposalId } = (await channel.call('propose', asJson(action), by.admin)) as { proposalId: TxId };
  return { organization: by.mspId, proposalId };
}

/** A proposal of GridMSP to which these consent. */
export async function agreed(channel: Channel, action: Action, ...others: readonly Member[]): Promise<ProposalRequest> {
  return agreedOf(grid, channel, action, ...others);
}

/** The same of another organization. */
export async function agreedOf(
  by: Member,
  channel: Channel,
  action: Action,
  ...others: readonly Member[]
): Promise<ProposalRequest> {
  const request = await propose(channel, action, by);
  for (const { admin } of others) await channel.call('approve', request, admin);
  return request;
}

/** Lets a majority put into force what need not wait. */
export async function change(channel: Channel, action: Action): Promise<void> {
  await channel.call('execute', await agreed(channel, action, microgridMember, regulator));
}
