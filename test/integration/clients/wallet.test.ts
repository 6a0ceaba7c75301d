// SPDX-License-Identifier: Apache-2.0

import { accountCodec } from '@gridpeg/protocol';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gridpeg, gridpegWell } from '../../harness/cli/gridpeg';
import { sharedNetwork } from '../../harness/network/shared-network';
import { type TestNetwork } from '../../harness/network/test-network';

const run = promisify(execFile);

interface Profile {
  readonly peers: Readonly<Record<string, { url: string; tlsCACerts: { pem: string } }>>;
}

describe('wallets of applications on fabric-network 2', () => {
  let network: TestNetwork;
  let folder: string;
  /** What `gridpeg wallet export` wrote, all of it. */
  let exported: string;
  beforeAll(async () => {
    network = sharedNetwork();
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
    exported = join(folder, 'exported');
    await gridpegWell(network.stateDir, 'wallet', 'export', exported);
  });
  afterAll(() => {
    network.close();
    rmSync(folder, { recursive: true });
  });

  const wallet = (...parameters: readonly string[]) => gridpeg(network.stateDir, 'wallet', ...parameters);
  const identitiesDir = (): string => join(network.stateDir, 'identities', 'ChargingMSP');
  const content = (user: string): string => readFileSync(join(exported, `${user}.id`), 'utf8');
  let wallets = 0;
  /** A wallet of these entries. */
  function walletOf(entries: Readonly<Record<string, string>>): string {
    const made = join(folder, `wallet-${(wallets += 1)}`);
    mkdirSync(made);
    for (const [label, text] of Object.entries(entries)) writeFileSync(join(made, `${label}.id`), text);
    return made;
  }

  test('export writes every user once, readable by its owner only', () => {
    const users = network.state.organizations.flatMap(({ domain, users: all }) =>
      all.map(({ name }) => `${name}@${domain}.id`),
    );
    expect(readdirSync(exported).sort()).toEqual([...users].sort());
    for (const file of users) expect(statSync(join(exported, file)).mode & 0o777).toBe(0o600);
    const { certificate, privateKey } = network.identity('ChargingMSP');
    expect(JSON.parse(content('User1@charging.example.com'))).toEqual({
      credentials: { certificate, privateKey },
      mspId: 'ChargingMSP',
      type: 'X.509',
      version: 1,
    });
  });

  test('importing what was exported changes nothing', async () => {
    expect(await wallet('import', exported)).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(network.stateDir, 'identities'))).toBe(false);
    expect(await wallet('export', exported, '--user', 'GridMSP/User1')).toMatchObject({ status: 0 });
  });

  test('an imported identity acts by its label, in gridpeg and the peer command, until it is removed', async () => {
    const account = network.account('ChargingMSP', 'User2');
    const profile = network.organization('ChargingMSP').connectionProfile;
    const made = walletOf({ appUser: content('User2@charging.example.com') });
    for (const file of [profile.json, profile.yaml]) {
      const told = await wallet('import', made, '--profile', file, '--json');
      expect(JSON.parse(told.stdout)).toMatchObject([{ name: 'ChargingMSP/appUser', account }]);
    }
    expect(readdirSync(identitiesDir())).toEqual(['appUser']);

    const [note] = await network.issue(account, 40n);
    const pay = ['note', 'pay', '--chain', 'city', '--as', 'ChargingMSP/appUser', '--recipient', 'GridMSP/User1'];
    await gridpegWell(network.stateDir, ...pay, '--quantity', '40', '--note', note?.id ?? '');
    const variables = JSON.parse(
      (await gridpegWell(network.stateDir, 'env', 'Charging', '--user', 'appUser', '--json')).stdout,
    ) as Record<string, string>;
    expect(variables['CORE_PEER_MSPCONFIGPATH']).toBe(join(identitiesDir(), 'appUser'));
    const info = await run('peer', ['channel', 'getinfo', '-c', 'city'], { env: variables });
    expect(info.stdout).toMatch(/"height":\d+/);

    expect(await wallet('remove', 'ChargingMSP/appUser')).toMatchObject({ status: 0 });
    expect(readdirSync(identitiesDir())).toEqual([]);
    for (const told of [
      await gridpeg(network.stateDir, ...pay, '--quantity', '1'),
      await wallet('remove', 'ChargingMSP/appUser'),
    ])
      expect(told.stderr).toMatch(/^ACCOUNT_UNKNOWN: [^\n]+\. [^\n]+\.\n$/);
  });

  test('an identity with a key on P-384 pays like any other', async () => {
    const made = join(folder, 'p384');
    const authority = network.organization('ChargingMSP').caCertFile;
    const authorityKey = join(dirname(dirname(dirname(authority))), 'ca', 'priv_sk');
    mkdirSync(made);
    writeFileSync(join(made, 'extensions'), 'keyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:FALSE\n');
    const openssl = (...parameters: readonly string[]) => run('openssl', parameters, { cwd: made });
    await openssl('ecparam', '-name', 'secp384r1', '-genkey', '-noout', '-out', 'key.pem');
    await openssl('req', '-new', '-key', 'key.pem', '-subj', '/OU=client/CN=onP384', '-out', 'request.pem');
    const issuing = ['-CA', authority, '-CAkey', authorityKey, '-set_serial', '384', '-extfile', 'extensions'];
    await openssl('x509', '-req', '-in', 'request.pem', ...issuing, '-out', 'cert.pem');
    const [certificate, privateKey] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(made, name), 'utf8'));
    const entry = { credentials: { certificate, privateKey }, mspId: 'ChargingMSP', type: 'X.509', version: 1 };
    await gridpegWell(network.stateDir, 'wallet', 'import', walletOf({ onP384: JSON.stringify(entry) }));
    const [note] = await network.issue(accountCodec.decode('ChargingMSP/onP384', 'account'), 7n);
    const pay = ['note', 'pay', '--chain', 'city', '--as', 'ChargingMSP/onP384', '--recipient', 'GridMSP/User1'];
    await gridpegWell(network.stateDir, ...pay, '--quantity', '7', '--note', note?.id ?? '');
    expect(await wallet('remove', 'ChargingMSP/onP384')).toMatchObject({ status: 0 });
  });

  test('one bad identity keeps no other out, and the exit status tells of it', async () => {
    const made = walletOf({ appUser: content('User2@charging.example.com'), broken: '{}' });
    const imported = await wallet('import', made);
    expect(imported).toMatchObject({ status: 1, stdout: expect.stringContaining('ChargingMSP/appUser is') as string });
    expect(imported.stderr).toMatch(/^IDENTITY_MALFORMED: identity "broken" [^\n]+\n$/);
    expect(await wallet('import', made, '--label', 'appUser')).toMatchObject({ status: 0 });
    expect(await wallet('remove', 'ChargingMSP/appUser')).toMatchObject({ status: 0 });
  });

  const changed = (user: string, changes: object): string =>
    JSON.stringify({ ...JSON.parse(content(user)), ...changes });
  const user1 = 'User1@charging.example.com';
  test.each<readonly [what: string, code: string, parameters: () => readonly string[]]>([
    ['a folder that is not there', 'FILE_UNREADABLE', () => ['import', join(folder, 'nowhere')]],
    ['an empty folder', 'WALLET_EMPTY', () => ['import', walletOf({})]],
    ['a label that is not there', 'IDENTITY_UNKNOWN', () => ['import', exported, '--label', 'nobody']],
    [
      'an identity of another organization',
      'ORGANIZATION_UNKNOWN',
      () => ['import', walletOf({ a: changed(user1, { mspId: 'Org1MSP' }) })],
    ],
    [
      'a certificate of a stranger',
      'CERTIFICATE_FOREIGN',
      () => ['import', walletOf({ a: changed(user1, { mspId: 'GridMSP' }) })],
    ],
    ['the label of another', 'IDENTITY_LABEL_TAKEN', () => ['import', walletOf({ User2: content(user1) })]],
    [
      'a key in hardware',
      'IDENTITY_TYPE_UNSUPPORTED',
      () => ['import', walletOf({ a: changed(user1, { type: 'HSM-X.509' }) })],
    ],
    ['a user that is not there', 'ACCOUNT_UNKNOWN', () => ['export', join(folder, 'other'), '--user', 'GridMSP/User9']],
    [
      'a file that is there',
      'FILE_EXISTS',
      () => ['export', walletOf({ [user1]: 'mine' }), '--user', 'ChargingMSP/User1'],
    ],
  ])('%s: exit status 1 and one line with %s, nothing taken or written', async (_what, code, parameters) => {
    const told = await wallet(...parameters());
    expect(told).toMatchObject({ status: 1, stdout: '' });
    expect(told.stderr).toMatch(new RegExp(`^${code}: [^\\n]+\\. [^\\n]+\\.\\n$`));
    expect(existsSync(join(identitiesDir(), 'a'))).toBe(false);
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  const profileOf = (name: 'ChargingMSP' | 'GridMSP'): Profile =>
    JSON.parse(readFileSync(network.organization(name).connectionProfile.json, 'utf8')) as Profile;
  function withPeer(change: (peer: Profile['peers'][string]) => object): string {
    const profile = profileOf('ChargingMSP');
    const peers = Object.entries(profile.peers).map(([name, peer]) => [name, { ...peer, ...change(peer) }]);
    return JSON.stringify({ ...profile, peers: Object.fromEntries(peers) as unknown });
  }
  test.each<readonly [what: string, code: string | undefined, text: () => string]>([
    ['no profile', 'PROFILE_MALFORMED', () => 'peers: ['],
    ['a text', 'PROFILE_MALFORMED', () => 'connection'],
    ['no peers', 'PROFILE_WITHOUT_PEERS', () => JSON.stringify({ ...profileOf('GridMSP'), peers: {} })],
    ['a port of another network', 'PROFILE_PEER_UNKNOWN', () => withPeer(() => ({ url: 'grpcs://localhost:7051' }))],
    ['a peer without TLS', 'PROFILE_MALFORMED', () => withPeer(({ url }) => ({ url: url.replace('grpcs', 'grpc') }))],
    [
      'the TLS authority of another',
      'PROFILE_AUTHORITY_DIFFERS',
      () => withPeer(() => ({ tlsCACerts: Object.values(profileOf('GridMSP').peers)[0]?.tlsCACerts })),
    ],
    ['a TLS authority that is none', 'PROFILE_MALFORMED', () => withPeer(() => ({ tlsCACerts: { pem: 'x' } }))],
    [
      'an organization of another network',
      'ORGANIZATION_UNKNOWN',
      () =>
        JSON.stringify({
          ...profileOf('GridMSP'),
          client: { organization: 'Org1' },
          organizations: { Org1: { mspid: 'Org1MSP' } },
        }),
    ],
    ['localhost by its name', undefined, () => withPeer(({ url }) => ({ url: url.replace('127.0.0.1', 'localhost') }))],
  ])('a connection profile with %s: %s', async (_what, code, text) => {
    const file = join(folder, 'profile.json');
    writeFileSync(file, text());
    const told = await wallet('import', exported, '--profile', file);
    if (code === undefined) expect(told).toMatchObject({ status: 0, stderr: '' });
    else expect(told.stderr).toMatch(new RegExp(`^${code}: [^\\n]+\\. [^\\n]+\\.\\n$`));
  });
});
