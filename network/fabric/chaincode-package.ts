// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';

import { tarArchive } from './tar-archive';

/** A chaincode package and the id that peers give it. */
export interface ChaincodePackage {
  readonly label: string;
  readonly packageId: string;
  readonly content: Buffer;
}

/**
 * Makes the package of a chaincode that runs as a service.
 *
 * The address is the template `{{.<name>}}`, which each peer's external builder fills with its organization's service:
 * so all organizations install the same bytes and approve the same package id.
 *
 * @param name - the chaincode's name
 * @param version - the chaincode's version, part of the label
 */
export function chaincodePackage(name: string, version: string): ChaincodePackage {
  const label = `${name}_${version}`;
  const connection = { address: `{{.${name}}}`, dial_timeout: '10s', tls_required: false };
  const content = tarArchive([
    {
      name: 'code.tar.gz',
      content: tarArchive([{ name: 'connection.json', content: Buffer.from(`${JSON.stringify(connection)}\n`) }]),
    },
    { name: 'metadata.json', content: Buffer.from(`${JSON.stringify({ type: 'ccaas', label })}\n`) },
  ]);
  return { label, packageId: packageIdOf(label, content), content };
}

/** The id that peers give a package. */
export function packageIdOf(label: string, content: Buffer): string {
  return `${label}:${createHash('sha256').update(content).digest('hex')}`;
}
