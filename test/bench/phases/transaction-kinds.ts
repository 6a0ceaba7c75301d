// SPDX-License-Identifier: Apache-2.0

import { type Contract } from '@hyperledger/fabric-gateway';
import { type Participants } from '../load/participants';
import { Pool } from '../load/pool';
import { type HeldNote } from '../load/prepare-notes';
import { Samples } from '../measure/samples';
import { type TransactionKind } from './single-chain';

const preparedAtOnce = 25;

/** Makes assets of the yardstick contract, and gives each back and forth between the two organizations. */
export async function yardstickTransfers(participants: Participants, assets: number): Promise<TransactionKind> {
  const contracts = participants.yardstick();
  const ids = Array.from({ length: assets }, (_, index) => `asset-${index}`);
  for (let from = 0; from < ids.length; from += preparedAtOnce) {
    const some = ids.slice(from, from + preparedAtOnce);
    await Promise.all(some.map((id) => contracts[0].submitTransaction('asset:create', id, 'nobody')));
  }
  const pool = new Pool<{ readonly id: string; readonly turn: 0 | 1 }>(
    'assets',
    ids.map((id) => ({ id, turn: 0 })),
  );
  const samples = new Samples();
  const give = async (contract: Contract, id: string, owner: string): Promise<void> => {
    await samples.time(() => contract.submitTransaction('asset:transfer', id, owner));
  };
  return {
    name: 'yardstick',
    chain: participants.source.name,
    samples,
    call: () =>
      pool.use(async ({ id, turn }) => {
        const next = turn === 0 ? 1 : 0;
        await give(contracts[turn], id, participants.atSource[next].account);
        return { id, turn: next };
      }),
  };
}

/** Pays whole notes back and forth between two owners, each paying what it was paid. */
export function noteTransfers(chain: string, owners: Participants['atSource'], pool: Pool<HeldNote>): TransactionKind {
  const [a, b] = owners;
  const samples = new Samples();
  return {
    name: 'note transfer',
    chain,
    samples,
    call: () =>
      pool.use(async ({ id, quantity, holder }) => {
        const payee = holder === a ? b : a;
        const outputs = [{ recipient: payee.account, quantity, memo: '' }];
        const { answer } = await samples.time(() => holder.client.transfer({ noteIds: [id], outputs }));
        const [paid] = answer.noteIds;
        if (paid === undefined) throw new Error('a transfer made no note');
        return { id: paid, quantity, holder: payee };
      }),
  };
}
