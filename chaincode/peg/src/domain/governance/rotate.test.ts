// SPDX-License-Identifier: Apache-2.0

import {
  committeeHashOf,
  provePossession,
  signRotation,
  type Committee,
  type NotaryStatusRecord,
  type Rotation,
} from '@gridpeg/protocol';
import {
  charging,
  city,
  configurationOf,
  keyNamed,
  members,
  microgrid,
  publicKeyOf,
  refusalOf,
  trustIn,
  txIdNamed,
  type Member,
} from '@gridpeg/protocol/testing';
import { configured, type KnownNotaries } from './governance-changes';
import { rotate } from './rotate';

const inForce = configurationOf(city);
const { committee } = trustIn(city);
const previous = committeeHashOf(committee);
const keyOf = ({ mspId }: Member, index: number): ReturnType<typeof keyNamed> =>
  keyNamed(`${mspId} ${index.toString()}`);
const next: Committee = {
  ...{ epoch: 8, threshold: 3 },
  notaries: members.map((member, index) => ({ mspId: member.mspId, publicKey: publicKeyOf(keyOf(member, index)) })),
};
const rotationBy = (signers: readonly Member[], to = next): Rotation => ({
  ...{ version: 1, previous, next: to },
  signatures: signers.map(({ mspId, notaryKey }) => signRotation(previous, to, mspId, notaryKey)),
  possessions: members.map((member, index) => provePossession(previous, to, member.mspId, keyOf(member, index))),
});
const rotation = rotationBy(members.slice(0, 3));
const txId = txIdNamed('rotate');
const known = new Map(
  configured(inForce, new Map(), txIdNamed('x')).notaries.map((notary) => [notary.publicKey, notary]),
);
const suspended = (publicKey: string): KnownNotaries => {
  const notary: NotaryStatusRecord = { ...known.values().next().value!, publicKey, state: 'suspended' };
  return new Map([...known, [publicKey, notary]]);
};
const outcome = (of: Rotation, keys: KnownNotaries = known, configuration = inForce): unknown =>
  refusalOf(() => rotate(of, configuration, keys, txId));

describe('T12: a rotation', () => {
  test('takes over in every trust record with that committee, and in no other', () => {
    const other = { ...committee, epoch: 9 };
    const chains = inForce.chains.map((chain) =>
      chain.chainId === microgrid ? { ...chain, committee: other } : chain,
    );
    const changes = rotate(rotation, { ...inForce, chains }, known, txId)!;
    expect(changes.configuration!.sequence).toBe(2);
    expect(changes.configuration!.chains.map(({ chainId, committee: { epoch } }) => [chainId, epoch])).toEqual([
      [city, 8],
      [microgrid, 9],
      [charging, 8],
    ]);
    expect(changes.notaries.map(({ publicKey, state }) => [publicKey, state])).toEqual(
      next.notaries.map(({ publicKey }) => [publicKey, 'trusted']),
    );
    expect(changes.pastCommittees).toEqual([city, charging].map((chainId) => ({ version: 1, chainId, committee })));
  });
  test('once more is done already, and from a committee that is not in force is stale', () => {
    const { configuration } = rotate(rotation, inForce, known, txId)!;
    expect(rotate(rotation, configuration!, known, txId)).toBeUndefined();
    const [first, ...others] = configuration!.chains;
    const rotatedOn = others.map((chain) => ({ ...chain, committee: { ...next, epoch: 9 } }));
    expect(rotate(rotation, { ...configuration!, chains: [first!, ...rotatedOn] }, known, txId)).toBeUndefined();
    const rival = rotationBy(members.slice(0, 3), { ...next, threshold: 4 });
    expect(outcome(rival, known, configuration)).toEqual({ code: 'EPOCH_STALE', epoch: 8 });
  });
  test('PEG-13: needs the old threshold, and a suspended notary does not count', () => {
    expect(outcome(rotationBy(members.slice(0, 2)))).toEqual({ code: 'NOTARIES_TOO_FEW', found: 2, required: 3 });
    const out = suspended(committee.notaries[0]!.publicKey);
    expect(outcome(rotation, out)).toEqual({ code: 'NOTARIES_TOO_FEW', found: 2, required: 3 });
    expect(outcome(rotationBy(members), out)).toBe('accepted');
  });
  test('brings no suspended key back', () => {
    expect(outcome(rotation, suspended(next.notaries[1]!.publicKey))).toEqual({
      code: 'NOTARY_SUSPENDED',
      notary: members[1].mspId,
    });
  });
});
