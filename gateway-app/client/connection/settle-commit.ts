// SPDX-License-Identifier: Apache-2.0

import { StatusCode, type Status } from '@hyperledger/fabric-gateway';
import { pause } from './back-off';
import { pegErrorOf } from './gateway-failure';
import { PegError, type Submitted } from '../errors/peg-error';
import { type ClientCode } from '../errors/explanations';

/** What can be done with one endorsed transaction. Submitting the same one twice is harmless: its id commits once. */
export interface CommitPort {
  readonly submit: () => Promise<void>;
  /** @param deadlineMs - how long to wait for the block; by default as long as a commit may take */
  readonly status: (deadlineMs?: number) => Promise<Status>;
  /** Whether a commit may take no longer. */
  readonly isOver: () => boolean;
}

/**
 * How long the status is waited for after a submission of unknown outcome, before the same transaction is submitted
 * again.
 */
const patienceMs = [1_000, 3_000] as const;
/** How long it takes at most until another copy is no longer submitted, where orderers take none. */
const submitMs = 10_000;
/** The pause before asking again for a status that no peer returned. */
const statusBackOff = { baseMs: 100, capMs: 2_000 };

/**
 * Brings one endorsed transaction to an end. Where no orderer takes it, the caller learns that within some ten seconds.
 *
 * A failed submission leaves the outcome unknown, so its status is asked first; only then is the *same* transaction
 * submitted again, which cannot commit twice (Fabric marks the second one DUPLICATE_TXID).
 *
 * @returns the number of the block it is VALID in
 * @throws PegError with the ids of what was submitted: MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT,
 * ENDORSEMENT_POLICY_FAILURE, TRANSACTION_INVALID, COMMIT_STATUS_UNKNOWN, ORDERER_UNAVAILABLE, ...
 */
export async function settleCommit(submitted: Submitted, port: CommitPort): Promise<bigint> {
  const status = await firstStatus(submitted, port);
  // An earlier copy of this very transaction won; the ledger answers with the first one's status.
  const final = status.code === StatusCode.DUPLICATE_TXID ? await statusOf(submitted, port) : status;
  if (final.successful) return final.blockNumber;
  throw new PegError({ code: invalidCode(final), details: { validation: nameOf(final) }, submitted });
}

/** Submits it, again where that fails and nothing is known of it a while later. */
async function firstStatus(submitted: Submitted, port: CommitPort): Promise<Status> {
  const endMs = performance.now() + submitMs;
  let refusal = await refusalOf(port);
  for (const patience of patienceMs) {
    if (refusal === undefined) return statusOf(submitted, port);
    try {
      return await port.status(patience);
    } catch {
      if (performance.now() < endMs) refusal = await refusalOf(port);
    }
  }
  if (refusal === undefined) return statusOf(submitted, port);
  throw pegErrorOf(refusal.reason, 'submit', submitted);
}

/** Why it could not be submitted; undefined when it was. */
async function refusalOf(port: CommitPort): Promise<{ readonly reason: unknown } | undefined> {
  try {
    await port.submit();
    return undefined;
  } catch (reason) {
    return { reason };
  }
}

async function statusOf(submitted: Submitted, port: CommitPort): Promise<Status> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await port.status();
    } catch (error) {
      if (port.isOver()) throw pegErrorOf(error, 'status', submitted);
      await pause(statusBackOff, attempt);
    }
  }
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
