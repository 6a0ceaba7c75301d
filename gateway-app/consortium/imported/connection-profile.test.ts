// SPDX-License-Identifier: Apache-2.0

import { grid } from '@gridpeg/protocol/testing';
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../errors/command-error';
import { readOrganizationProfile } from './connection-profile';

const folder = mkdtempSync(join(tmpdir(), 'gridpeg-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const peer = { url: 'grpcs://127.0.0.1:7051', tlsCACerts: { pem: grid.caCertificate } };
const profile = {
  name: 'grid',
  client: { organization: 'Grid' },
  organizations: { Grid: { mspid: 'GridMSP', peers: ['peer0.grid.example.com'] } },
  peers: { 'peer0.grid.example.com': peer },
  channels: { city: { peers: { 'peer0.grid.example.com': {} } } },
};

const file = join(folder, 'profile.json');
function read(document: unknown): ReturnType<typeof readOrganizationProfile> {
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return readOrganizationProfile(file);
}
function codeOf(document: unknown): string {
  try {
    read(document);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    expect(error.message).toMatch(/^[^\n]+\. [A-Z][^\n]+\.$/);
    return error.code;
  }
}
test('T34: a profile whose parts are nested without end is refused before it is parsed', () => {
  const refused = expect.objectContaining({ code: 'NESTING_TOO_DEEP' }) as Error;
  for (const text of ['? '.repeat(10_000), `${'{"peers":'.repeat(10_000)}1${'}'.repeat(10_000)}`]) {
    expect(() => read(text)).toThrow(refused);
  }
});

const withPeer = (changes: object): object => ({
  ...profile,
  peers: { 'peer0.grid.example.com': { ...peer, ...changes } },
});
const named = (organization: string, mspid: string): object => ({
  ...profile,
  client: { organization },
  organizations: Object.fromEntries([[organization, { mspid }]]),
});

describe('a connection profile', () => {
  test('says the organization, its peers and its channels', () => {
    expect(read(profile)).toMatchObject({
      mspId: 'GridMSP',
      name: 'Grid',
      peers: [{ name: 'peer0.grid.example.com', endpoint: '127.0.0.1:7051', hostAlias: 'peer0.grid.example.com' }],
      channels: [{ name: 'city', peers: [{ name: 'peer0.grid.example.com' }] }],
    });
  });
  test('names files as seen from where it lies', () => {
    mkdirSync(join(folder, 'tls'));
    writeFileSync(join(folder, 'tls', 'ca.pem'), grid.caCertificate);
    expect(read(withPeer({ tlsCACerts: { path: 'tls/ca.pem' } })).peers[0]?.tlsCaCert).toBe(grid.caCertificate);
    expect(read(withPeer({ tlsCACerts: { path: join(folder, 'tls', 'ca.pem') } })).peers).toHaveLength(1);
  });
  test.each<[what: string, code: string, document: unknown]>([
    ['no text', 'PROFILE_MALFORMED', ''],
    ['a list', 'PROFILE_MALFORMED', []],
    ['a part that holds itself', 'PROFILE_MALFORMED', '&a\npeers: *a\n'],
    ['a byte order mark', 'TEXT_ENCODING_UNSUPPORTED', `\uFEFF${JSON.stringify(profile)}`],
    ['no peers', 'PROFILE_WITHOUT_PEERS', { ...profile, peers: {} }],
    [
      'no peer that is described',
      'PROFILE_WITHOUT_PEERS',
      { ...profile, organizations: { Grid: { mspid: 'GridMSP', peers: ['peer9'] } } },
    ],
    [
      'no peer of its organization',
      'PROFILE_WITHOUT_PEERS',
      { ...profile, organizations: { Grid: { mspid: 'GridMSP', peers: [] } } },
    ],
    [
      'a channel that its peers do not serve',
      'PROFILE_WITHOUT_PEERS',
      { ...profile, channels: { city: { peers: { peer9: {} } } } },
    ],
    ['a peer without TLS', 'PROFILE_MALFORMED', withPeer({ url: 'grpc://127.0.0.1:7051' })],
    ['a peer without a port', 'PROFILE_MALFORMED', withPeer({ url: 'grpcs://127.0.0.1' })],
    ['a TLS authority that is none', 'PROFILE_MALFORMED', withPeer({ tlsCACerts: { pem: 'x' } })],
    [
      'a TLS authority with escaped line feeds',
      'PROFILE_MALFORMED',
      withPeer({ tlsCACerts: { pem: grid.caCertificate.replaceAll('\n', '\\n') } }),
    ],
    ['a path that is a folder', 'FILE_UNREADABLE', withPeer({ tlsCACerts: { path: '.' } })],
    ['a path that leads nowhere', 'PROFILE_MALFORMED', withPeer({ tlsCACerts: { path: 'none.pem' } })],
    ['a client of no organization', 'PROFILE_MALFORMED', { ...profile, client: { organization: 'Other' } }],
    [
      'a client of an organization that every object has',
      'PROFILE_MALFORMED',
      { ...profile, client: { organization: 'constructor' } },
    ],
    [
      'an organization that every object has',
      'PROFILE_MALFORMED',
      { ...profile, client: { organization: '__proto__' } },
    ],
  ])('with %s: %s', (_, code, document) => {
    expect(codeOf(document)).toBe(code);
  });

  const paths = ['../elsewhere', '..', '/etc', 'a/b', 'a\\b', '.hidden', '', 'a\0b', 'a\nb', 'x'.repeat(129)];
  test.each(paths)('T50: with the name %j, of whatever it is, is refused', (name) => {
    const invalid = 'PROFILE_NAME_INVALID';
    expect(codeOf(named(name, 'GridMSP'))).toBe(invalid);
    expect(codeOf(named('Grid', name))).toBe(invalid);
    expect(codeOf({ ...profile, organizations: { Grid: { mspid: 'GridMSP' } }, peers: { [name]: peer } })).toBe(
      invalid,
    );
    expect(codeOf({ ...profile, channels: { [name]: {} } })).toBe(invalid);
    expect(codeOf(withPeer({ grpcOptions: { 'ssl-target-name-override': name } }))).toBe(invalid);
  });

  test('of whatever content never ends in anything but a code', () => {
    const text = JSON.stringify(profile);
    const keys = ['client', 'organizations', 'peers', 'channels', 'name'] as const;
    const contents = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc
        .record({ at: fc.nat(text.length), put: fc.string(), drop: fc.nat(30) })
        .map(({ at, put, drop }) => text.slice(0, at) + put + text.slice(at + drop)),
      fc
        .record({ key: fc.constantFrom(...keys), value: fc.jsonValue() })
        .map(({ key, value }) => ({ ...profile, [key]: value })),
      fc.jsonValue().map((value) => withPeer({ url: value })),
      fc.jsonValue().map((value) => withPeer({ tlsCACerts: value })),
      fc.jsonValue().map((value) => ({ ...profile, organizations: { Grid: value } })),
    );
    fc.assert(
      fc.property(contents, (document) => {
        codeOf(document);
      }),
      { numRuns: 1_500 },
    );
  });
});
