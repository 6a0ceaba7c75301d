// SPDX-License-Identifier: Apache-2.0

import { decode, encode } from '../codec/codec';
import { issueCertificate, keyNamed, keyUsages, revocationList } from '../testing/certificate-writer';
import {
  type ConfigurationPlan,
  configurationPlan,
  genesisBlock,
  mspOf,
  type OrganizationPlan,
  organizationPlan,
} from '../testing/light-client/block-writer';
import { grid, identityOf, members, regulator } from '../testing/members';
import { fabricMessage, message } from '../testing/proof-writer';
import { readCertificate } from '../x509';
import { beginToFollow } from './follow';
import { type FollowedConfiguration, followedConfigurationCodec, followedHeadCodec } from './followed-chain';

function configurationWith(kind: 'raft' | 'bft', changes: Partial<ConfigurationPlan>): FollowedConfiguration {
  const { chainId, block } = genesisBlock(configurationPlan(kind, changes));
  const { configuration, head } = beginToFollow(chainId, block, 1);
  expect(decode(followedConfigurationCodec, encode(followedConfigurationCodec, configuration))).toEqual(configuration);
  expect(decode(followedHeadCodec, encode(followedHeadCodec, head))).toEqual(head);
  return configuration;
}

const own = organizationPlan(grid);
const others = members.slice(1).map(organizationPlan);
const serial = readCertificate(grid.peer.certificate).serialNumber;

/** The same MSP, in which node OUs are there and not enabled. */
function withoutNodeOus(msp: Buffer): Buffer {
  const enabled = Buffer.concat([message([1, 1]), Buffer.from([0x12])]);
  const place = msp.indexOf(enabled);
  return Buffer.concat([msp.subarray(0, place), message([1, 0]), msp.subarray(place + 2)]);
}

/** What a configuration says of the grid. */
function gridIn(change: Partial<OrganizationPlan>): FollowedConfiguration['organizations'][number] | undefined {
  const { organizations, consensus } = configurationWith('raft', {
    organizations: [...others, { ...own, ...change }],
    orderers: [{ ...own, ...change }],
  });
  const orderers = consensus.kind === 'raft' ? consensus.organizations : [];
  const found = organizations.find(({ mspId }) => mspId === grid.mspId);
  // What can be held of a member can be held of an ordering organization.
  if (found !== undefined)
    expect(orderers).toMatchObject([{ mspId: grid.mspId, revokedSerials: found.revokedSerials }]);
  return found;
}

describe('the members of a channel', () => {
  test('are known by authorities, units and revoked certificates, in the order of their ids', () => {
    const { organizations } = configurationWith('bft', { organizations: [...others, own].reverse() });
    expect(organizations.map(({ mspId }) => mspId)).toEqual(members.map(({ mspId }) => mspId).sort());
    expect(organizations.find(({ mspId }) => mspId === grid.mspId)).toEqual({
      mspId: grid.mspId,
      caCertificates: [grid.caCertificate],
      peerUnit: 'peer',
      revokedSerials: [],
    });
  });
  test('have intermediate authorities as well, and certificates with text around them', () => {
    const text = `Certificate:\n${regulator.caCertificate.replaceAll('\n', '\r\n')}more`;
    expect(gridIn({ caCertificates: [text], intermediateCertificates: [grid.caCertificate] })?.caCertificates).toEqual([
      regulator.caCertificate,
      grid.caCertificate,
    ]);
  });
  test('have no authorities that cannot be read, or that are none', () => {
    const rsa = grid.caCertificate.replace('MII', 'MIJ');
    expect(
      gridIn({ caCertificates: [rsa, grid.peer.certificate, 'text', grid.caCertificate] })?.caCertificates,
    ).toEqual([grid.caCertificate]);
  });
  test('T13: are known by the lists that one of their authorities signed', () => {
    const lists = [
      revocationList(grid, [serial, '77']),
      revocationList(grid, ['77', '05']),
      revocationList(regulator, ['66']),
      revocationList({ ...grid, caKey: regulator.caKey }, ['55']),
    ];
    expect(gridIn({ revocationLists: lists })?.revokedSerials).toEqual(['05', serial, '77'].sort());
  });
  const many = Array.from({ length: 9 }, (_, place) => {
    const key = keyNamed(`authority ${place.toString()}`);
    return issueCertificate({
      ...{ issuer: 'ca', issuerKey: key, commonNames: ['ca'], units: [], key, serial: '01', notAfter: '491231235959Z' },
      ...{ authority: true, keyUsage: keyUsages.keyCertSign },
    });
  });
  const serials = Array.from({ length: 1001 }, (_, place) => (place + 4096).toString(16));
  test.each<readonly [string, Partial<OrganizationPlan>]>([
    ['no authority', { caCertificates: [] }],
    ['no authority that can be read', { caCertificates: ['text'] }],
    ['more authorities than a record holds', { caCertificates: many }],
    ['more revoked certificates than a record holds', { revocationLists: [revocationList(grid, serials)] }],
    ['no node OUs', { units: undefined }],
    ['no unit for peers', { units: { peer: '', orderer: 'orderer' } }],
    ['a unit that no record holds', { units: { peer: 'a peer', orderer: 'orderer' } }],
    ['an id that no record holds', { mspId: 'Grid MSP' }],
    ['more authorities than are tried', { caCertificates: [grid.caCertificate, ...Array<string>(32).fill('text')] }],
    ['more lists than are tried', { revocationLists: Array<Buffer>(33).fill(revocationList(grid, [])) }],
    ['a list of revoked certificates that is none', { revocationLists: [Buffer.from('text')] }],
    ['an MSP of another kind', { msp: Buffer.concat([fabricMessage([1, 1]), mspOf(own)]) }],
    ['node OUs that are off', { msp: withoutNodeOus(mspOf(own)) }],
    ['an MSP with an unknown field', { msp: Buffer.concat([mspOf(own), message([9, 'x'])]) }],
    ['an MSP that is no message', { msp: Buffer.from('text') }],
  ])('T06: are left out with %s, and nobody else is', (_, change) => {
    expect(gridIn(change)).toBeUndefined();
    const { organizations } = configurationWith('bft', { organizations: [...others, { ...own, ...change }] });
    expect(organizations).toHaveLength(3);
  });
  test('are left out when two have one id', () => {
    const { organizations } = configurationWith('bft', { organizations: [own, own, ...others] });
    expect(organizations.map(({ mspId }) => mspId)).not.toContain(grid.mspId);
  });
});

describe('the consenters of a channel', () => {
  const named = configurationPlan('bft').consenters;
  const consensusWith = (changes: Partial<ConfigurationPlan>): FollowedConfiguration['consensus'] =>
    configurationWith('bft', changes).consensus;

  test('are known by number and certificate, in the order of their numbers', () => {
    expect(consensusWith({ consenters: [...named].reverse() })).toEqual({
      kind: 'bft',
      requiredSignatures: 3,
      consenters: members.map(({ mspId, orderer: { certificate } }, place) => ({ id: place + 1, mspId, certificate })),
    });
  });
  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 4],
    [6, 4],
    [7, 5],
    [10, 7],
    [13, 9],
  ])('of whom there are %i must sign by %i', (count, requiredSignatures) => {
    const consenters = Array.from({ length: count }, (_, place) => ({
      id: place + 1,
      identity: identityOf(grid, { units: ['orderer'], commonNames: [`orderer${place.toString()}`] }),
    }));
    expect(consensusWith({ consenters })).toMatchObject({ requiredSignatures });
  });
  test('T13: are left out and still counted when they cannot sign', () => {
    const [first, ...rest] = named;
    if (first === undefined) throw new Error('no consenters');
    const unable: readonly (readonly [Partial<ConfigurationPlan>, readonly number[]])[] = [
      [{ consenters: [{ id: 1, identity: { ...first.identity, certificate: 'text' } }, ...rest] }, [2, 3, 4]],
      [
        { consenters: [{ id: 1, identity: identityOf(grid, { key: keyNamed('p384 orderer', 'P-384') }) }, ...rest] },
        [2, 3, 4],
      ],
      [{ consenters: [first, ...rest.slice(0, 2), { id: 4, identity: first.identity }] }, [1, 2, 3]],
      [{ orderers: [{ ...own, revocationLists: [revocationList(grid, ['1004'])] }, ...others] }, [2, 3, 4]],
      // An organization's MSP may also be defined among the members alone.
      [{ orderers: others, organizations: [{ ...own, revocationLists: [revocationList(grid, ['1004'])] }] }, [2, 3, 4]],
      [{ orderers: [{ ...own, msp: Buffer.from('text') }, ...others], organizations: others }, [2, 3, 4]],
      [{ orderers: others, organizations: others }, [2, 3, 4]],
      [{ orderers: others }, [1, 2, 3, 4]],
      [{ orderers: [{ ...own, revocationLists: [revocationList(grid, ['1003'])] }, ...others] }, [1, 2, 3, 4]],
    ];
    for (const [changes, ids] of unable) {
      const consensus = consensusWith(changes);
      expect(consensus.requiredSignatures).toBe(3);
      expect(consensus.kind === 'bft' ? consensus.consenters.map(({ id }) => id) : []).toEqual(ids);
    }
  });
});
