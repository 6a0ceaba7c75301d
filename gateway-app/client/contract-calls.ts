// SPDX-License-Identifier: Apache-2.0

import { decode, Refused, type Shape } from '@gridpeg/protocol';
import { type ChainConnection, type Submission } from './connection/chain-connection';
import { type Committed } from './committed';
import { PegError, type Submitted } from './errors/peg-error';

/** Configurations carry certificates; requests carry proofs. */
const maximumAnswerLength = 4 * 1_048_576;

/** Asks one peer. @throws PegError */
export async function evaluate<T>(
  connection: ChainConnection,
  functionName: string,
  argument: string,
  shape: Shape<T>,
): Promise<T> {
  return answerOf(shape, await connection.evaluate(functionName, argument));
}

/** Returns once the transaction is VALID on a peer. @throws PegError */
export async function submit<T>(
  connection: ChainConnection,
  functionName: string,
  argument: string,
  shape: Shape<T>,
): Promise<Committed<T>> {
  return committed(shape, await connection.submit(functionName, argument));
}

/**
 * Reads what a contract answered.
 *
 * @param submitted - the transaction whose answer it is, once it is committed
 * @throws PegError ANSWER_MALFORMED
 */
export function answerOf<T>(shape: Shape<T>, json: string, submitted?: Submitted): T {
  try {
    return decode(shape, json, maximumAnswerLength);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new PegError({ code: 'ANSWER_MALFORMED', detail: error.message, submitted, cause: error });
  }
}

function committed<T>(shape: Shape<T>, { answer, txId, blockNumber }: Submission): Committed<T> {
  if (blockNumber === undefined) throw new Error(`transaction ${txId} was not submitted`);
  return { answer: answerOf(shape, answer, { txId, packetIds: [] }), txId, blockNumber };
}
