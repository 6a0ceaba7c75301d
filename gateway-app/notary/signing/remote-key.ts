// SPDX-License-Identifier: Apache-2.0

import { base64Codec, decodeRequest, encode, record } from '@gridpeg/protocol';
import { type DigestSigner } from './digest-signer';
import { askOverTls, type TlsCredentials } from '../messages/mutual-tls';

const timeoutMs = 10_000;
const maximumAnswerBytes = 4_096;
const keyCodec = record({ publicKey: base64Codec });
const digestCodec = record({ digest: base64Codec });
const signatureCodec = record({ signature: base64Codec });

/** A key behind `GET <url>` and `POST <url>`, as the notary guide says; https with mutual TLS. */
export class RemoteKey implements DigestSigner {
  readonly #url: URL;
  readonly #tls: () => TlsCredentials;

  constructor(url: string, tls: () => TlsCredentials) {
    this.#url = new URL(url);
    this.#tls = tls;
    if (this.#url.protocol !== 'https:') throw new Error('a remote signer is reached by https only');
  }

  async publicKey(): Promise<Buffer> {
    const { publicKey } = decodeRequest(keyCodec, await this.#ask('GET', ''));
    return Buffer.from(publicKey, 'base64');
  }

  async signDigest(digest: Buffer): Promise<Buffer> {
    const body = encode(digestCodec, { digest: digest.toString('base64') });
    const { signature } = decodeRequest(signatureCodec, await this.#ask('POST', body));
    return Buffer.from(signature, 'base64');
  }

  async #ask(method: 'GET' | 'POST', body: string): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await askOverTls({ url: this.#url, method, body, tls: this.#tls(), signal, maximumAnswerBytes });
    if (answer.status !== 200)
      throw new Error(`the signer answers with status ${answer.status}: ${answer.body.slice(0, 200)}`);
    return answer.body;
  }
}
