// SPDX-License-Identifier: Apache-2.0

import {
  committeeHashOf,
  Refused,
  verifyRotation,
  type Configuration,
  type Rotation,
  type TxId,
} from '@gridpeg/protocol';
import {
  configured,
  replacedBy,
  suspendedAmong,
  withCommittee,
  type GovernanceChanges,
  type KnownNotaries,
} from './governance-changes';

/**
 * Puts the next committee in force in every trust record that has the previous one.
 *
 * @param known - this ledger's records of the keys of all its committees and of the next one
 * @returns nothing when it is in force already
 * @throws Refused EPOCH_STALE and those of {@link verifyRotation}
 * @see docs/spec/08-governance.md section 8.4; keeps PEG-10, PEG-13
 */
export function rotate(
  rotation: Rotation,
  configuration: Configuration,
  known: KnownNotaries,
  txId: TxId,
): GovernanceChanges | undefined {
  const { previous, next } = rotation;
  const committees = configuration.chains.map(({ committee }) => committee);
  const handsOver = committees.find((committee) => committeeHashOf(committee) === previous);
  if (handsOver === undefined) {
    const nextHash = committeeHashOf(next);
    if (committees.some((committee) => committeeHashOf(committee) === nextHash)) return undefined;
    throw new Refused({ code: 'EPOCH_STALE', epoch: next.epoch });
  }
  verifyRotation(rotation, handsOver, suspendedAmong(known));
  const rotated = withCommittee(
    configuration,
    ({ committee }) => committeeHashOf(committee) === previous,
    () => next,
  );
  return { ...configured(rotated, known, txId), pastCommittees: replacedBy(rotated, configuration) };
}
