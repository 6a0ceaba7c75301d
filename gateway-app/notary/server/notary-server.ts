// SPDX-License-Identifier: Apache-2.0

import { type IncomingMessage } from 'node:http';
import { type Server, type ServerOptions } from 'node:https';
import { type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { decodeRequest, encode } from '@gridpeg/protocol';
import Fastify, { type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { PegError, type ClientIdentity } from '../../client';
import { sendJson, sendRefusal } from './send-refusal';
import { limitConnections } from './connection-limits';
import { type NotaryMetrics } from '../metrics/notary-metrics';
import { readBody } from './read-body';
import { type Readiness } from './readiness';
import { RefusalLog } from './refusal-log';
import { RequestLimits } from './request-limits';
import { maximumBodyBytes, signResponseCodec, signRequestCodec } from '../messages/sign-messages';
import { type Signer } from '../signing/signer';

const requestTimeoutMs = 10_000;
/** How often the server searches for requests that take too long. */
const checkMs = 2_000;

/** What a notary server answers with. */
export interface NotaryServerParts {
  /** The organization's client certificate and key: those that call know the notary by its authority. */
  readonly identity: ClientIdentity;
  readonly signer: Pick<Signer, 'sign'>;
  /** Which organization of a committee a caller's certificate is of; undefined for everybody else. */
  readonly callerOf: (pem: string) => string | undefined;
  /** What `GET /health` says. */
  readonly health: () => ServedHealth;
  /** What `GET /readyz` says. */
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** A JSON value; a notary that cannot sign answers it with status 503. */
export interface ServedHealth {
  readonly signing: { readonly well: boolean; readonly lastError?: string };
  readonly [field: string]: unknown;
}

/** How the server shows who it is, and which version of TLS it speaks. */
function tlsOf({ certificate: cert, privateKey: key }: ClientIdentity): ServerOptions {
  return { cert, key, minVersion: 'TLSv1.3' };
}

/** Shows another certificate to those who connect from now on. */
export function useIdentity(server: Server, identity: ClientIdentity): void {
  server.setSecureContext(tlsOf(identity));
}

/**
 * `POST /v1/sign` for callers with a certificate of an organization of a committee; `GET /health`, `/metrics`,
 * `/healthz` and `/readyz` for anybody who gets here; HTTPS. Refusals come as 4xx with `{code, ...}`; nothing it
 * answers is secret, and nothing it signs is believed beyond what the proof itself shows.
 */
export async function newNotaryServer(parts: NotaryServerParts): Promise<Server> {
  const limits = new RequestLimits();
  const records = { ...parts, refusals: new RefusalLog(parts.log) };
  const caller = (request: FastifyRequest): string | undefined => callerOf(request.raw.socket, parts);
  const app = Fastify({
    // The ledgers decide who is accepted, so every caller may connect and is judged by its certificate.
    https: {
      ...tlsOf(parts.identity),
      ...{ requestCert: true, rejectUnauthorized: false },
      ...{ handshakeTimeout: requestTimeoutMs, connectionsCheckingInterval: checkMs },
    },
    ...{ requestTimeout: requestTimeoutMs, keepAliveTimeout: 60_000, exposeHeadRoutes: false },
    // A path that cannot be decoded is an unknown route.
    frameworkErrors: (_error, request, reply) => {
      sendRefusal(reply, new PegError({ code: 'ROUTE_UNKNOWN' }), caller(request), records);
    },
  });
  app.server.headersTimeout = requestTimeoutMs;
  // This is Node's own answer to invalid HTTP. Fastify would write its answer into the middle of another one.
  app.server.removeAllListeners('clientError');
  limitConnections(app.server, (connection) => callerOf(connection, parts));
  // Routes read their bodies, once the caller is authorized, so the content type does not matter.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null);
  });
  app.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type'];
    if (request.is404) throw new PegError({ code: 'ROUTE_UNKNOWN' });
    return Promise.resolve();
  });
  app.setErrorHandler((error, request, reply) => sendRefusal(reply, error, caller(request), records));
  /** A route that is open to everybody. */
  const serve = (path: string, answer: () => Promise<PublicResponse>): void => {
    app.get(path, async (request, reply) => {
      const { status, body, type } = await limits.reading(answer);
      return sendJson(reply, status, body, caller(request), type);
    });
  };
  serve('/health', () => Promise.resolve(healthResponse(parts)));
  serve('/metrics', async () => ({ status: 200, ...(await parts.metrics.exposition()) }));
  serve('/healthz', () => Promise.resolve({ status: 200, body: '{"alive":true}' }));
  serve('/readyz', async () => {
    const readiness = await parts.readiness();
    return { status: readiness.ready ? 200 : 503, body: JSON.stringify(readiness) };
  });
  app.post('/v1/sign', async (request, reply) => {
    const asking = caller(request);
    if (asking === undefined) throw new PegError({ code: 'CALLER_NOT_NOTARY' });
    const body = await limits.signing(asking, request.raw.socket, () => sign(request.raw, parts));
    return sendJson(reply, 200, body, asking);
  });
  await app.ready();
  return app.server;
}

/** The response of a route that is open to everybody. */
interface PublicResponse {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

function healthResponse({ health }: NotaryServerParts): PublicResponse {
  const serve = health();
  return { status: serve.signing.well ? 200 : 503, body: JSON.stringify(serve) };
}

function callerOf(socket: Socket, parts: NotaryServerParts): string | undefined {
  const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return shown && parts.callerOf(shown.toString());
}

async function sign(message: IncomingMessage, { signer, metrics }: NotaryServerParts): Promise<string> {
  const request = decodeRequest(signRequestCodec, await readBody(message, maximumBodyBytes), maximumBodyBytes);
  const startedMs = performance.now();
  const signed = await signer.sign(request);
  metrics.signRequest('signed', (performance.now() - startedMs) / 1000);
  return encode(signResponseCodec, signed);
}
