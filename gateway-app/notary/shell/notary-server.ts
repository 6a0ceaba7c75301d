// SPDX-License-Identifier: Apache-2.0

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { decodeRequest, encode, Refused } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError } from '../../client';
import { signAnswerShape, signRequestShape } from './sign-messages';
import { type Signer } from './signer';

const maximumBodyBytes = 1_048_576;
const requestTimeoutMs = 10_000;

/** What a notary server answers with. */
export interface NotaryServerParts {
  readonly signer: Signer;
  /** A JSON value for `GET /health`. */
  readonly health: () => unknown;
  readonly log: Logger;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * `POST /v1/sign` and `GET /health`. Refusals come as 4xx with `{code, ...}`; nothing it answers is secret, and nothing it signs is
 * believed beyond what the proof itself shows.
 */
export function newNotaryServer(parts: NotaryServerParts): Server {
  const server = createServer((request, response) => {
    void answer(request, parts)
      .catch((error: unknown) => refusalAnswer(error, parts.log))
      .then((result) => reply(response, result));
  });
  server.requestTimeout = requestTimeoutMs;
  server.headersTimeout = requestTimeoutMs;
  server.keepAliveTimeout = 60_000;
  return server;
}

async function answer(request: IncomingMessage, { signer, health }: NotaryServerParts): Promise<Answer> {
  const path = request.url?.split('?')[0];
  if (request.method === 'GET' && path === '/health') return { status: 200, body: JSON.stringify(health()) };
  if (request.method !== 'POST' || path !== '/v1/sign') throw new PegError({ code: 'ROUTE_UNKNOWN' });
  const { proof } = decodeRequest(signRequestShape, await readBody(request), maximumBodyBytes);
  return { status: 200, body: encode(signAnswerShape, await signer.sign(proof)) };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maximumBodyBytes) throw new PegError({ code: 'BODY_TOO_LARGE' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const statusOfCode: ReadonlyMap<string, number> = new Map([
  ['REQUEST_MALFORMED', 400],
  ['PROOF_MALFORMED', 400],
  ['ROUTE_UNKNOWN', 404],
  ['EQUIVOCATION', 409],
  ['BODY_TOO_LARGE', 413],
]);

function refusalAnswer(error: unknown, log: Logger): Answer {
  const refusal =
    error instanceof Refused
      ? error.refusal
      : error instanceof PegError
        ? { code: error.code, ...error.data }
        : undefined;
  if (refusal === undefined) {
    log.error({ err: error }, 'request failed');
    return { status: 500, body: '{"code":"INTERNAL"}' };
  }
  if (refusal.code !== 'ROUTE_UNKNOWN') log.warn({ refusal }, 'refused to sign');
  return { status: statusOfCode.get(refusal.code) ?? 422, body: JSON.stringify(refusal) };
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  // A body that was not read to its end would be taken for the next request of the connection.
  const headers = status === 413 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(body);
}
