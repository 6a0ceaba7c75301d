// SPDX-License-Identifier: Apache-2.0

import { request, type Agent } from 'node:https';

/** PEM texts by which one end of a connection knows itself and the other. */
export interface TlsCredentials {
  /** They are shown to the other end; without them none are shown. */
  readonly own?: { readonly certificate: string; readonly privateKey: string } | undefined;
  /** Authorities of which one must have issued the other end's certificate. */
  readonly authorities: readonly string[];
}

/** One request with a text as body. */
export interface TlsRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly tls: TlsCredentials;
  readonly signal: AbortSignal;
  readonly maximumAnswerBytes: number;
  readonly agent?: Agent;
}

/**
 * Asks over HTTPS. Who answers is known by the authority of its certificate: organizations have one each, and a
 * notary's certificate is its organization's, whatever host it runs on.
 *
 * @throws Error when nobody answers, somebody else does, or more than `maximumAnswerBytes` come
 */
export function askOverTls(asked: TlsRequest): Promise<{ readonly status: number; readonly body: string }> {
  const { url, method, body = '', tls, signal, maximumAnswerBytes, agent } = asked;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        ...{ method, signal, agent, ca: [...tls.authorities], minVersion: 'TLSv1.3' },
        ...(tls.own === undefined ? {} : { cert: tls.own.certificate, key: tls.own.privateKey }),
        checkServerIdentity: () => undefined,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > maximumAnswerBytes) response.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        response.once('error', reject);
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
