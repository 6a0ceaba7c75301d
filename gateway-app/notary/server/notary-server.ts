// SPDX-License-Identifier: Apache-2.0

import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { decodeRequest, encode, Refused } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError, type ClientIdentity } from '../../client';
import { limitConnections } from './connection-limits';
import { type NotaryMetrics } from '../metrics/notary-metrics';
import { readBody } from './read-body';
import { RefusalLog } from './refusal-log';
import { RequestLimits } from './request-limits';
import { maximumBodyBytes, signAnswerShape, signRequestShape } from '../messages/sign-messages';
import { type Signer } from '../signing/signer';

const requestTimeoutMs = 10_000;
/** How often it is looked for requests that take longer. */
const checkMs = 2_000;

/** What a notary server answers with. */
export interface NotaryServerParts {
  /** the organization's client certificate and key: those that call know the notary by its authority */
  readonly identity: ClientIdentity;
  readonly signer: Pick<Signer, 'sign'>;
  /** Which organization of a committee a caller's certificate is of; undefined for everybody else. */
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

/** What a server keeps between requests. */
interface ServerState {
  readonly limits: RequestLimits;
  readonly refusals: RefusalLog;
}

/**
 * `POST /v1/sign` for callers with a certificate of an organization of a committee, `GET /health` and `GET /metrics` for anybody who gets here; HTTPS. Refusals
 * come as 4xx with `{code, ...}`; nothing it answers is secret, and nothing it signs is believed beyond what the proof itself shows.
 */
export function newNotaryServer(parts: NotaryServerParts): Server {
  const { certificate: cert, privateKey: key } = parts.identity;
  const state = { limits: new RequestLimits(), refusals: new RefusalLog(parts.log) };
  // Who is accepted changes with the ledgers, so every caller gets in and is judged by its certificate.
  const versions = { minVersion: 'TLSv1.3' } as const;
  const tls = {
    cert,
    key,
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: requestTimeoutMs,
    connectionsCheckingInterval: checkMs,
    ...versions,
  };
  const server = createServer(tls, (request, response) => {
    const caller = callerOf(request.socket, parts);
    void answer(request, caller, parts, state)
      .catch((error: unknown) => refusalAnswer(error, caller, parts, state))
      .then((result) => reply(response, result, caller));
  });
  limitConnections(server, (connection) => callerOf(connection, parts));
  server.requestTimeout = requestTimeoutMs;
  server.headersTimeout = requestTimeoutMs;
  server.keepAliveTimeout = 60_000;
  return server;
}

async function answer(
  request: IncomingMessage,
  caller: string | undefined,
  parts: NotaryServerParts,
  { limits }: ServerState,
): Promise<Answer> {
  const { health, metrics } = parts;
  const route = `${request.method ?? ''} ${request.url?.split('?')[0] ?? ''}`;
  if (route === 'GET /health') {
    return limits.reading(() => {
      const told = health();
      return Promise.resolve({ status: told.signing.well ? 200 : 503, body: JSON.stringify(told) });
    });
  }
  if (route === 'GET /metrics') return limits.reading(async () => ({ status: 200, ...(await metrics.exposition()) }));
  if (route !== 'POST /v1/sign') throw new PegError({ code: 'ROUTE_UNKNOWN' });
  if (caller === undefined) throw new PegError({ code: 'CALLER_NOT_NOTARY' });
  return limits.signing(caller, request.socket, () => sign(request, parts));
}

function callerOf(socket: Socket, parts: NotaryServerParts): string | undefined {
  const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return shown && parts.callerOf(shown.toString());
}

async function sign(request: IncomingMessage, { signer, metrics }: NotaryServerParts): Promise<Answer> {
  const { proof } = decodeRequest(signRequestShape, await readBody(request, maximumBodyBytes), maximumBodyBytes);
  const startedMs = performance.now();
  const signed = await signer.sign(proof);
  metrics.signRequest('signed', (performance.now() - startedMs) / 1000);
  return { status: 200, body: encode(signAnswerShape, signed) };
}

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

/** A refusal repeats what the caller sent; texts of ours, such as the names of files, stay in the log. */
function refusalAnswer(
  error: unknown,
  caller: string | undefined,
  { log, metrics }: NotaryServerParts,
  { refusals }: ServerState,
): Answer {
  if (!(error instanceof Refused) && !(error instanceof PegError)) {
    log.error({ err: error }, 'request failed');
    return { status: 500, body: '{"code":"UNEXPECTED"}' };
  }
  const refusal = error instanceof Refused ? error.refusal : { code: error.code };
  metrics.signRequest(refusal.code);
  refusals.record(refusal.code, caller, { reason: error.message });
  return { status: statusOfCode.get(refusal.code) ?? 422, body: JSON.stringify(refusal) };
}

/** Only those who may ask for signatures keep their connection. */
function reply(
  response: ServerResponse,
  { status, body, type = 'application/json' }: Answer,
  caller: string | undefined,
): void {
  // A body that was not read to its end would be taken for the next request of the connection.
  const unread = caller === undefined || [403, 413, 503].includes(status) ? { connection: 'close' } : {};
  const later = status === 503 ? { 'retry-after': '1' } : {};
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...unread, ...later });
  response.end(body);
}
