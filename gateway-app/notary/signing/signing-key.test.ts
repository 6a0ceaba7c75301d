// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { verifySignature } from '@gridpeg/protocol';
import { grid, hostileKeys, identityOf, regulator, type Identity } from '@gridpeg/protocol/testing';
import { type KeySurroundings } from './digest-signer';
import { openSigningKey } from './signing-key';

const message = Buffer.from('a certificate digest');
const pair = (): KeyPairKeyObjectResult => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKeyOf = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
const pem = ({ certificate, key }: Identity): { certificate: string; privateKey: string } => ({
  certificate,
  privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
});
const surroundings: KeySurroundings = {
  environment: {},
  tls: () => ({ own: pem(grid.client), authorities: [regulator.caCertificate] }),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridpeg-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a key in a file', () => {
  test('signs so that the chaincode accepts it', async () => {
    const { privateKey } = pair();
    const file = join(folder, 'key.pem');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const key = await openSigningKey(file, surroundings);
    expect(verifySignature(publicKeyOf(key.publicKey), message, await key.sign(message))).toBe(true);
    expect(publicKeyOf(key.publicKey).equals(createPublicKey(privateKey))).toBe(true);
  });

  test.each<[what: string, content: string]>([
    ['nothing', ''],
    ['no key', 'hello'],
    [
      'a key on another curve',
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
  ])('with %s in it is refused', async (_what, content) => {
    const file = join(folder, 'key.pem');
    writeFileSync(file, content);
    await expect(openSigningKey(file, surroundings)).rejects.toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
  });

  test('that is not there is refused', async () => {
    const opening = openSigningKey(join(folder, 'none'), surroundings);
    await expect(opening).rejects.toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
  });
});

/**
 * Stands for OpenSC's tool where no token can be had: signs with a key in a file, and takes the parameters that the
 * tool takes.
 */
function tokenTool(
  key: KeyObject,
  shown: Buffer = createPublicKey(key).export({ type: 'spki', format: 'der' }),
): KeySurroundings['environment'] {
  const keyFile = join(folder, 'token.pem');
  writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem' }));
  const script = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const at = (name) => process.argv[process.argv.indexOf(name) + 1];
if (process.env[at('--pin').slice('env:'.length)] !== '4321') process.exit(3);
if (at('--token-label') !== 'gridpeg' || at('--label') !== 'notary' || at('--module') !== '/module.so') process.exit(4);
const output = at('--output-file');
const sign = ['pkeyutl', '-sign', '-inkey', ${JSON.stringify(keyFile)}, '-in', at('--input-file'), '-out', output];
if (process.argv.includes('--read-object')) writeFileSync(output, Buffer.from('${shown.toString('hex')}', 'hex'));
else require('node:child_process').execFileSync('openssl', sign);
`;
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'pkcs11-tool'), script);
  chmodSync(join(folder, 'bin', 'pkcs11-tool'), 0o700);
  return { PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter) };
}

describe('a key on a token', () => {
  const uri = 'pkcs11:token=gridpeg;object=notary?module-path=/module.so&pin-value=4321';

  test('signs digests, and its signatures come out with low S', async () => {
    const { privateKey } = pair();
    const key = await openSigningKey(uri, { ...surroundings, environment: tokenTool(privateKey) });
    expect(publicKeyOf(key.publicKey).equals(createPublicKey(privateKey))).toBe(true);
    // One in two has high S as the token makes it.
    for (let attempt = 0; attempt < 8; attempt += 1) {
      expect(verifySignature(publicKeyOf(key.publicKey), message, await key.sign(message))).toBe(true);
    }
  });

  test.each(hostileKeys.filter(({ name }) => /infinity$|compressed|explicit|Ed25519/.test(name)))(
    'T41: that shows $name as its public key is refused, and the process lives',
    async ({ spki }) => {
      const opening = openSigningKey(uri, { ...surroundings, environment: tokenTool(pair().privateKey, spki) });
      await expect(opening).rejects.toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
    },
  );

  test('whose PIN lies in a file is opened with it, and a wrong PIN is told without being repeated', async () => {
    const environment = tokenTool(pair().privateKey);
    const pin = join(folder, 'pin');
    writeFileSync(pin, '4321\n');
    const fromFile = uri.replace('pin-value=4321', `pin-source=file:${pin}`);
    expect((await openSigningKey(fromFile, { ...surroundings, environment })).publicKey).toMatch(/^MFkw/);
    const opening = openSigningKey(uri.replace('4321', '9876'), { ...surroundings, environment });
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
    expect(String(error)).not.toContain('9876');
  });

  test.each(['token=gridpeg;', 'object=notary', 'module-path=/module.so&', '&pin-value=4321'])(
    'is refused when the URI lacks %s',
    async (part) => {
      const opening = openSigningKey(uri.replace(part, ''), surroundings);
      await expect(opening).rejects.toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
    },
  );
});

/** A signer as docs/notary.md describes it, which asks for the notary's certificate. */
async function remoteSigner(answer: (digest: Buffer) => string, publicKey: KeyObject): Promise<Server> {
  const identity = pem(identityOf(regulator, { commonNames: ['signer'], units: ['client'], serial: '77' }));
  const tls = { cert: identity.certificate, key: identity.privateKey, ca: grid.caCertificate, requestCert: true };
  const server = createServer(tls, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      const text = request.method === 'GET' ? `{"publicKey":"${spki}"}` : answer(Buffer.from(digestIn(body), 'base64'));
      response.writeHead(text === '' ? 500 : 200).end(text);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function digestIn(body: string): string {
  return (JSON.parse(body) as { digest: string }).digest;
}

function urlOf(server: Server): string {
  return `https://127.0.0.1:${(server.address() as AddressInfo).port.toString()}/keys/notary`;
}

describe('a key behind a remote signer', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
  });

  test('signs, over mutual TLS', async () => {
    const { privateKey, publicKey } = pair();
    const keyFile = join(folder, 'key.pem');
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const signDigest = (digest: Buffer): string => {
      writeFileSync(join(folder, 'digest'), digest);
      const made = execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', keyFile, '-in', join(folder, 'digest')]);
      return `{"signature":"${made.toString('base64')}"}`;
    };
    server = await remoteSigner(signDigest, publicKey);
    const key = await openSigningKey(urlOf(server), surroundings);
    expect(verifySignature(publicKey, message, await key.sign(message))).toBe(true);
  });

  test('of somebody else than the authority vouches for is not asked', async () => {
    server = await remoteSigner(() => '', pair().publicKey);
    const tls = () => ({ authorities: [grid.caCertificate] });
    const opening = openSigningKey(urlOf(server), { ...surroundings, tls });
    await expect(opening).rejects.toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
  });

  test.each<[what: string, answer: string]>([
    ['fails', ''],
    ['answers something else', '{"signature":1}'],
    ['answers with no signature', `{"signature":"${Buffer.from('hello').toString('base64')}"}`],
  ])('that %s is told as a failure to sign', async (_what, answer) => {
    server = await remoteSigner(() => answer, pair().publicKey);
    const key = await openSigningKey(urlOf(server), surroundings);
    await expect(key.sign(message)).rejects.toMatchObject({ code: 'SIGNING_KEY_FAILED', class: 'retry' });
  });

  test('is not asked over plain http', async () => {
    const opening = openSigningKey('http://127.0.0.1:1/key', surroundings);
    await expect(opening).rejects.toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
  });
});
