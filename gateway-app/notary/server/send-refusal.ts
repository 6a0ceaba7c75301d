// SPDX-License-Identifier: Apache-2.0

import { Refused } from '@gridpeg/protocol';
import { type FastifyReply } from 'fastify';
import { type Logger } from 'pino';
import { PegError } from '../../client';
import { type NotaryMetrics } from '../metrics/notary-metrics';
import { type RefusalLog } from './refusal-log';

/** Statuses of refusals; every other code is answered with 422. */
const statusOfCode: ReadonlyMap<string, number> = new Map([
  ['REQUEST_MALFORMED', 400],
  ['PROOF_MALFORMED', 400],
  ['CALLER_NOT_NOTARY', 403],
  ['ROUTE_UNKNOWN', 404],
  ['EQUIVOCATION', 409],
  ['SOURCE_DIFFERS', 409],
  ['BODY_TOO_LARGE', 413],
  ['NOTARY_BUSY', 503],
  ['SIGNING_KEY_FAILED', 503],
  ['SOURCE_BEHIND', 503],
  ['SOURCE_UNAVAILABLE', 503],
  ['SIGNING_HISTORY_FAILED', 503],
]);

/** Statuses that may come before the body was read to its end. */
const unreadStatuses: readonly number[] = [400, 403, 413, 503];

/** Where refusals are recorded, besides the response to the caller. */
export interface RefusalRecords {
  readonly log: Logger;
  readonly metrics: NotaryMetrics;
  readonly refusals: RefusalLog;
}

/**
 * Answers with the code of what failed. A refusal repeats what the caller sent; texts of ours, such as the names of
 * files, stay in the log.
 *
 * @param caller - MSP id of who asked; undefined for everybody who may not ask for signatures
 */
export function sendRefusal(
  reply: FastifyReply,
  error: unknown,
  caller: string | undefined,
  { log, metrics, refusals }: RefusalRecords,
): FastifyReply {
  if (!(error instanceof Refused) && !(error instanceof PegError)) {
    log.error({ err: error }, 'request failed');
    return sendJson(reply, 500, '{"code":"UNEXPECTED"}', caller);
  }
  const refusal = error instanceof Refused ? error.refusal : { code: error.code };
  metrics.signRequest(refusal.code);
  refusals.record(refusal.code, caller, { reason: error.message });
  return sendJson(reply, statusOfCode.get(refusal.code) ?? 422, JSON.stringify(refusal), caller);
}

/** Answers with a JSON text. Only those who may ask for signatures keep their connection. */
export function sendJson(
  reply: FastifyReply,
  status: number,
  body: string,
  caller: string | undefined,
  type = 'application/json',
): FastifyReply {
  void reply.code(status).headers({ 'content-type': type, 'cache-control': 'no-store' });
  // A body that was not read to its end would be taken for the next request of the connection.
  if (caller === undefined || unreadStatuses.includes(status)) void reply.header('connection', 'close');
  if (status === 503) void reply.header('retry-after', '1');
  return reply.send(body);
}
