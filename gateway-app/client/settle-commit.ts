// SPDX-License-Identifier: Apache-2.0

import { StatusCode, type Status } from '@hyperledger/fabric-gateway';
import { pause } from './back-off';
import { pegErrorOf } from './gateway-failure';
import { PegError } from './peg-error';
import { type ClientCode } from './explanations';

/** What can be done with one endorsed transaction. Handing the same one in twice is harmless: its id commits once. */
export interface CommitPort {
  readonly submit: () => Promise<void>;
  /** @param deadlineMs - how long to wait for the block; undefined: as long as a commit may take */
  readonly status: (deadlineMs?: number) => Promise<Status>;
  /** Whether a commit may take no longer. */
  readonly isOver: () => boolean;
}

/** How long the status is waited for after a submission of unknown outcome, before the same transaction is handed in again. */
const patienceMs = [1_000, 3_000, 10_000] as const;
/** How long to wait before a status is asked for again that no peer would tell. */
const statusBackOff = { baseMs: 100, capMs: 2_000 };

/**
 * Brings one endorsed transaction to an end.
 *
 * A failed submission leaves the outcome unknown, so its status is asked first; only then is the *same* transaction handed in again,
 * which cannot commit twice (Fabric marks the second one DUPLICATE_TXID).
 *
 * @returns the number of the block it is VALID in
 * @throws PegError MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE, TRANSACTION_INVALID, COMMIT_STATUS_UNKNOWN, ...
 */
export async function settleCommit(txId: string, port: CommitPort): Promise<bigint> {
  const status = (await submitted(port)) ? await statusOf(txId, port) : await statusAfterFailure(txId, port);
  // An earlier copy of this very transaction won; the ledger answers with the first one's status.
  const final = status.code === StatusCode.DUPLICATE_TXID ? await statusOf(txId, port) : status;
  if (final.successful) return final.blockNumber;
  throw new PegError({ code: invalidCode(final), data: { validation: nameOf(final) }, txId });
}

async function submitted(port: CommitPort): Promise<boolean> {
  try {
    await port.submit();
    return true;
  } catch {
    return false;
  }
}

async function statusOf(txId: string, port: CommitPort): Promise<Status> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await port.status();
    } catch (error) {
      if (port.isOver()) throw pegErrorOf(error, 'status', txId);
      await pause(statusBackOff, attempt);
    }
  }
}

async function statusAfterFailure(txId: string, port: CommitPort): Promise<Status> {
  let failure: unknown;
  for (const patience of patienceMs) {
    try {
      return await port.status(patience);
    } catch (error) {
      failure = error;
    }
    if (await submitted(port)) return statusOf(txId, port);
  }
  throw pegErrorOf(failure, 'status', txId);
}

function invalidCode({ code }: Status): ClientCode {
  if (code === StatusCode.MVCC_READ_CONFLICT) return 'MVCC_READ_CONFLICT';
  if (code === StatusCode.PHANTOM_READ_CONFLICT) return 'PHANTOM_READ_CONFLICT';
  if (code === StatusCode.ENDORSEMENT_POLICY_FAILURE) return 'ENDORSEMENT_POLICY_FAILURE';
  return 'TRANSACTION_INVALID';
}

function nameOf({ code }: Status): string {
  return Object.entries(StatusCode).find(([, value]) => value === code)?.[0] ?? code.toString();
}
