// SPDX-License-Identifier: Apache-2.0

import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import { decodeRequest, encode, Refused } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError, type ClientIdentity } from '../../client';
import { type NotaryMetrics } from './notary-metrics';
import { signAnswerShape, signRequestShape } from './sign-messages';
import { type Signer } from './signer';

const maximumBodyBytes = 1_048_576;
const requestTimeoutMs = 10_000;
/** Verifying costs a few milliseconds of CPU each: what comes beyond this is turned away at once instead of waiting too long. */
const maximumUnderWay = 32;

/** What a notary server answers with. */
export interface NotaryServerParts {
  /** the organization's client certificate and key: those that call know the notary by its authority */
  readonly identity: ClientIdentity;
  readonly signer: Pick<Signer, 'sign'>;
  /** Whose certificate a caller has shown; undefined for strangers. */
  readonly callerOf: (pem: string) => string | undefined;
  /** What `GET /health` says. */
  readonly health: () => ServedHealth;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** A JSON value; a notary that cannot sign answers it with status 503. */
export interface ServedHealth {
  readonly signing: { readonly well: boolean; readonly lastError?: string };
  readonly [field: string]: unknown;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/**
 * `POST /v1/sign` for callers with a certificate of a member, `GET /health` and `GET /metrics` for anybody who gets here; HTTPS. Refusals
 * come as 4xx with `{code, ...}`; nothing it answers is secret, and nothing it signs is believed beyond what the proof itself shows.
 */
export function newNotaryServer(parts: NotaryServerParts): Server {
  const { certificate: cert, privateKey: key } = parts.identity;
  let underWay = 0;
  const limited = async (request: IncomingMessage): Promise<Answer> => {
    if (underWay >= maximumUnderWay) throw new PegError({ code: 'NOTARY_BUSY' });
    underWay += 1;
    try {
      return await answer(request, parts);
    } finally {
      underWay -= 1;
    }
  };
  // Who is accepted changes with the ledgers, so every caller gets in and is judged by its certificate.
  const tls = { cert, key, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' } as const;
  const server = createServer(tls, (request, response) => {
    void limited(request)
      .catch((error: unknown) => refusalAnswer(error, parts))
      .then((result) => reply(response, result));
  });
  server.requestTimeout = requestTimeoutMs;
  server.headersTimeout = requestTimeoutMs;
  server.keepAliveTimeout = 60_000;
  return server;
}

async function answer(request: IncomingMessage, parts: NotaryServerParts): Promise<Answer> {
  const { health, metrics } = parts;
  const path = request.url?.split('?')[0];
  if (request.method === 'GET' && path === '/health') {
    const told = health();
    return { status: told.signing.well ? 200 : 503, body: JSON.stringify(told) };
  }
  if (request.method === 'GET' && path === '/metrics') return { status: 200, ...(await metrics.exposition()) };
  if (request.method === 'POST' && path === '/v1/sign') return sign(request, parts);
  throw new PegError({ code: 'ROUTE_UNKNOWN' });
}

async function sign(request: IncomingMessage, parts: NotaryServerParts): Promise<Answer> {
  const { signer, metrics, callerOf } = parts;
  const shown = request.socket instanceof TLSSocket ? request.socket.getPeerX509Certificate() : undefined;
  if (shown === undefined || callerOf(shown.toString()) === undefined)
    throw new PegError({ code: 'CALLER_NOT_NOTARY' });
  const { proof } = decodeRequest(signRequestShape, await readBody(request), maximumBodyBytes);
  const startedMs = performance.now();
  const signed = await signer.sign(proof);
  metrics.signRequest('signed', (performance.now() - startedMs) / 1000);
  return { status: 200, body: encode(signAnswerShape, signed) };
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
  ['CALLER_NOT_NOTARY', 403],
  ['ROUTE_UNKNOWN', 404],
  ['EQUIVOCATION', 409],
  ['BODY_TOO_LARGE', 413],
  ['NOTARY_BUSY', 503],
  ['SIGNING_KEY_FAILED', 503],
  ['SIGNING_HISTORY_FAILED', 503],
]);

function refusalAnswer(error: unknown, { log, metrics }: NotaryServerParts): Answer {
  const refusal =
    error instanceof Refused
      ? error.refusal
      : error instanceof PegError
        ? { code: error.code, ...error.data }
        : undefined;
  if (refusal === undefined) {
    log.error({ err: error }, 'request failed');
    return { status: 500, body: '{"code":"UNEXPECTED"}' };
  }
  metrics.signRequest(refusal.code);
  if (refusal.code !== 'ROUTE_UNKNOWN') log.warn({ refusal }, 'refused to sign');
  return { status: statusOfCode.get(refusal.code) ?? 422, body: JSON.stringify(refusal) };
}

function reply(response: ServerResponse, { status, body, type = 'application/json' }: Answer): void {
  // A body that was not read to its end would be taken for the next request of the connection.
  const unread = [403, 413, 503].includes(status) ? { connection: 'close' } : {};
  const later = status === 503 ? { 'retry-after': '1' } : {};
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...unread, ...later });
  response.end(body);
}
