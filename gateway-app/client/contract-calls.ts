// SPDX-License-Identifier: Apache-2.0

import { decode, Refused, type Codec } from '@gridpeg/protocol';
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
  codec: Codec<T>,
): Promise<T> {
  return answerOf(codec, await connection.evaluate(functionName, argument));
}

/** Returns once the transaction is VALID on a peer. @throws PegError */
export async function submit<T>(
  connection: ChainConnection,
  functionName: string,
  argument: string,
  codec: Codec<T>,
): Promise<Committed<T>> {
  return committed(codec, await connection.submit(functionName, argument));
}

/**
 * Reads what a contract answered.
 *
 * @param submitted - the transaction whose answer it is, once it is committed
 * @throws PegError ANSWER_MALFORMED
 */
export function answerOf<T>(codec: Codec<T>, json: string, submitted?: Submitted): T {
  try {
    return decode(codec, json, maximumAnswerLength);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new PegError({ code: 'ANSWER_MALFORMED', detail: error.message, submitted, cause: error });
  }
}

function committed<T>(codec: Codec<T>, { answer, txId, blockNumber }: Submission): Committed<T> {
  if (blockNumber === undefined) throw new Error(`transaction ${txId} was not submitted`);
  return { answer: answerOf(codec, answer, { txId, packetIds: [] }), txId, blockNumber };
}
