// SPDX-License-Identifier: Apache-2.0

import { grid, identityOf, microgridMember, type Identity } from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { type ClientIdentity } from '../client';
import { CredentialReload, type Credentials } from './credential-reload';

const pem = ({ mspId, certificate, key }: Identity): ClientIdentity => ({
  ...{ mspId, certificate },
  privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
});
const renewed = (options: Parameters<typeof identityOf>[1] = { units: ['client'] }): ClientIdentity =>
  pem(identityOf(grid, options));
const peer = { mspId: grid.mspId, endpoint: '192.0.2.1:7051', hostAlias: 'peer0', tlsCaCert: grid.caCertificate };
const initial: Credentials = {
  identity: pem(grid.client),
  signerAuthorities: [grid.caCertificate],
  chains: [
    {
      name: 'city',
      chainId: 'city',
      channel: 'city',
      chaincodeName: 'city',
      peers: [peer],
      identity: pem(grid.client),
    },
  ],
};

describe('the credentials of a notary that runs', () => {
  let files: () => Credentials;
  let adopted: Credentials[];
  let logged: string[];
  let reload: CredentialReload;
  beforeEach(() => {
    files = () => initial;
    adopted = [];
    logged = [];
    reload = new CredentialReload({
      ...{ initial, read: () => files(), adopt: (found) => void adopted.push(found) },
      log: pino({ base: null }, { write: (line: string) => void logged.push(line) }),
    });
  });

  test('stay as they are while the files do', () => {
    reload.check();
    expect([adopted, logged, reload.lastError]).toEqual([[], [], undefined]);
  });

  test.each<[what: string, change: Partial<Credentials>]>([
    ['a renewed certificate', { identity: renewed() }],
    ['another authority of the signer', { signerAuthorities: [microgridMember.caCertificate] }],
    ['another authority of a peer', chainsWith({ tlsCaCert: microgridMember.caCertificate })],
    ['another address of a peer', chainsWith({ endpoint: '192.0.2.2:7051' })],
  ])('become those of the files with %s, once', (_what, change) => {
    files = () => ({ ...initial, ...change });
    reload.check();
    reload.check();
    expect(adopted).toEqual([{ ...initial, ...change }]);
    expect(reload.current).toEqual(adopted[0]);
    expect(logged).toHaveLength(1);
  });

  test.each<[what: string, bad: () => Credentials]>([
    [
      'a file that is gone',
      () => {
        throw new Error('ENOENT');
      },
    ],
    ['no certificate', () => ({ ...initial, identity: { ...initial.identity, certificate: 'nonsense' } })],
    ['half a certificate', () => withIdentity(({ certificate }) => ({ certificate: certificate.slice(0, 300) }))],
    ['no key', () => withIdentity(() => ({ privateKey: '' }))],
    [
      'the key of another certificate',
      () => withIdentity(() => ({ privateKey: pem(microgridMember.client).privateKey })),
    ],
    ['a certificate of a peer', () => ({ ...initial, identity: pem(grid.peer) })],
    [
      'a certificate that has expired',
      () => ({ ...initial, identity: renewed({ units: ['client'], notAfter: '200101000000Z' }) }),
    ],
    ['an authority of the signer that is none', () => ({ ...initial, signerAuthorities: ['nonsense'] })],
    ['no peers of a chain', () => ({ ...initial, chains: initial.chains.map((chain) => ({ ...chain, peers: [] })) })],
    ['an authority of a peer that is none', () => ({ ...initial, ...chainsWith({ tlsCaCert: '' }) })],
  ])('CREDENTIALS_UNUSABLE: stay in use where the files hold %s, until they are mended', (_what, bad) => {
    files = bad;
    for (let count = 0; count < 3; count += 1) reload.check();
    expect(reload.lastError?.code).toBe('CREDENTIALS_UNUSABLE');
    expect([reload.current, adopted]).toEqual([initial, []]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('CREDENTIALS_UNUSABLE');
    expect(logged[0]).not.toMatch(/PRIVATE KEY|stack/);
    files = () => ({ ...initial, identity: renewed() });
    reload.check();
    expect([adopted.length, reload.lastError]).toEqual([1, undefined]);
    // The files of before are no error either.
    files = bad;
    reload.check();
    files = () => ({ ...initial, identity: reload.current.identity });
    reload.check();
    expect([adopted.length, reload.lastError]).toEqual([1, undefined]);
  });

  function chainsWith(change: Partial<typeof peer>): Pick<Credentials, 'chains'> {
    return { chains: initial.chains.map((chain) => ({ ...chain, peers: [{ ...peer, ...change }] })) };
  }
  function withIdentity(change: (identity: ClientIdentity) => Partial<ClientIdentity>): Credentials {
    return { ...initial, identity: { ...initial.identity, ...change(initial.identity) } };
  }
});
