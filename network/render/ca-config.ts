// SPDX-License-Identifier: Apache-2.0

import { stringify } from 'yaml';

import { loopbackNames, type Authority } from './authorities';
import { listenAddressOf, portOf, type Placement } from './layout';

/** The release whose format the file has. */
const formatVersion = '1.5.15';
/**
 * Fabric CA's own: fifteen years. Nothing renews an authority, whose certificate is part of channels and trust records.
 */
const authorityLifetime = '131400h';

/**
 * Renders fabric-ca-server-config.yaml of an organization's certificate authority.
 *
 * All identities are in it: the server registers at every start those that it does not know, so that nobody has to be
 * registered by command, and nobody can be twice.
 *
 * @param passwordOf - what each identity proves itself with when it enrols
 * @param lifetime - of the certificates that it issues, such as `8760h`
 * @param placement - its `listen` and `operations` ports
 */
export function renderCaConfig(
  { node, organization, identities }: Authority,
  passwordOf: (identity: string) => string,
  lifetime: string,
  placement: Placement,
): string {
  return stringify(
    {
      version: formatVersion,
      address: placement.bindAddress,
      port: portOf(placement.ports, node, 'listen'),
      tls: { enabled: true },
      // An identity whose certificate has expired can still prove that it has the key.
      ca: { name: node, reenrollIgnoreCertExpiry: true },
      db: { type: 'sqlite3', datasource: 'fabric-ca-server.db' },
      registry: {
        maxenrollments: -1,
        identities: identities.map(({ name, type }) => ({
          ...{ name, pass: passwordOf(name), type, affiliation: '', maxenrollments: -1 },
        })),
      },
      // No units but the type of an identity appear in its certificates.
      affiliations: {},
      signing: {
        default: { usage: ['digital signature'], expiry: lifetime },
        profiles: {
          tls: {
            usage: ['signing', 'key encipherment', 'server auth', 'client auth', 'key agreement'],
            expiry: lifetime,
          },
        },
      },
      csr: {
        cn: node,
        keyrequest: { algo: 'ecdsa', size: 256 },
        names: [{ O: organization }],
        hosts: [node, ...loopbackNames],
        ca: { expiry: authorityLifetime, pathlength: 0 },
      },
      operations: { listenAddress: listenAddressOf(placement, node, 'operations') },
      metrics: { provider: 'prometheus' },
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
