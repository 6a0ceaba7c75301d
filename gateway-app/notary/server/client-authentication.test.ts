// SPDX-License-Identifier: Apache-2.0

import {
  certificateCorpus,
  chargingMember,
  city,
  configurationFixture,
  grid,
  identityOf,
  keyNamed,
  trustIn,
} from '@gridpeg/protocol/testing';
import { callerOf } from './client-authentication';

const nowMs = Date.UTC(2030, 0, 1);
const configuration = { ...configurationFixture, chains: [trustIn(city)] };
const organizationOf = (pem: string, atMs = nowMs): string | undefined => callerOf(pem, [configuration], atMs);

describe('who calls a notary', () => {
  test('is the organization whose authority issued the certificate of a client', () => {
    expect(organizationOf(grid.client.certificate)).toBe('GridMSP');
    expect(organizationOf(chargingMember.client.certificate)).toBe('ChargingMSP');
  });
  test.each([
    ['a peer', grid.peer.certificate],
    ['an administrator', grid.admin.certificate],
    ['an authority', grid.caCertificate],
    ['a stranger', identityOf({ ...grid, caKey: keyNamed('stranger') }, { units: ['client'] }).certificate],
    ['a client whose time is over', identityOf(grid, { units: ['client'], notAfter: '291231235959Z' }).certificate],
    ['nobody', ''],
  ])('is not %s', (_, pem) => {
    expect(organizationOf(pem)).toBeUndefined();
  });
  test('is no client before its time', () => {
    expect(organizationOf(grid.client.certificate, Date.UTC(2019, 11, 31))).toBeUndefined();
  });
  test('T13: is not who was revoked', () => {
    const chains = configuration.chains.map((chain) => ({
      ...chain,
      organizations: chain.organizations.map((one) => ({ ...one, revokedSerials: ['1002'] })),
    }));
    expect(callerOf(grid.client.certificate, [{ ...configuration, chains }], nowMs)).toBeUndefined();
  });
  test('T41: is nobody for whatever else is shown, and the process lives', () => {
    for (const { name, pem } of certificateCorpus()) expect([name, organizationOf(pem)]).toEqual([name, undefined]);
  });
});
