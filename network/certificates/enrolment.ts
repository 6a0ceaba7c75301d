// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Driver } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import { authoritiesOf, identityFiles, renderNodeOus, type Authority, type Identity } from '../render/authorities';
import { localAddressOf, nodeDir, organizationCaFile, tlsCaFile } from '../render/layout';
import { renameDurable, writeFileAtomic } from '../runtime/write-file-atomic';
import { startAuthority, type AuthorityAccess } from './certificate-authorities';
import type { Plan } from '../state/plan';
import { settleAll } from '../runtime/progress';

/** One of the two certificates of an identity: what it signs with, and what it is reached by. */
export type Purpose = 'msp' | 'tls';

/** An authority that runs, with what is needed to ask it for certificates. */
export interface RunningAuthority extends Authority {
  readonly access: AuthorityAccess;
}

/** Starts all authorities of a network. @throws NetworkError as `startAuthority` */
export async function startAuthorities(
  stateDir: string,
  plan: Plan,
  driver: Driver,
): Promise<readonly RunningAuthority[]> {
  const running: RunningAuthority[] = [];
  await settleAll(
    authoritiesOf(plan.topology, stateDir).map(async (authority) => {
      const access = await startAuthority(stateDir, plan, driver, authority);
      running.push({ ...authority, access });
    }),
  );
  return running;
}

/** Asks certificate authorities for the certificates of a network, in the layout that cryptogen writes. */
export class Enrolment {
  readonly #stateDir: string;
  readonly #plan: Plan;
  readonly #driver: Driver;

  constructor(stateDir: string, plan: Plan, driver: Driver) {
    this.#stateDir = stateDir;
    this.#plan = plan;
    this.#driver = driver;
  }

  /**
   * Enrols all identities of an organization that are not enrolled yet. Each has all of its files or none.
   *
   * @throws NetworkError ENROLMENT_FAILED
   */
  async enrolAll(authority: RunningAuthority): Promise<void> {
    const { folder, domain } = authority;
    writeMspRoot(authority, join(folder, 'msp'));
    const certificate = readFileSync(authority.access.certificateFile);
    writeFileAtomic(join(folder, 'ca', `ca.${domain}-cert.pem`), certificate);
    writeFileAtomic(join(folder, 'tlsca', `tlsca.${domain}-cert.pem`), certificate);
    for (const identity of authority.identities) {
      if (!existsSync(identity.folder)) await this.#enrol(authority, identity);
    }
  }

  /**
   * Gets a new certificate for the key that an identity has: nothing that names the key has to change, on no channel.
   *
   * @throws NetworkError ENROLMENT_FAILED
   */
  async renew(authority: RunningAuthority, identity: Identity, purpose: Purpose): Promise<void> {
    const { certificate, key, tlsCertificate, tlsKey } = identityFiles(identity);
    const [certificateFile, keyFile] = purpose === 'msp' ? [certificate, key] : [tlsCertificate, tlsKey];
    await this.#inWorkFolder(authority, identity, async (work) => {
      writeFileAtomic(join(work, purpose, 'keystore', 'priv_sk'), readFileSync(keyFile));
      writeFileAtomic(join(work, purpose, 'signcerts', 'cert.pem'), readFileSync(certificateFile));
      await this.#ask(authority, identity, purpose, work, ['reenroll', '--csr.keyrequest.reusekey']);
      writeFileAtomic(certificateFile, readFileSync(join(work, purpose, 'signcerts', 'cert.pem')));
    });
  }

  async #enrol(authority: RunningAuthority, identity: Identity): Promise<void> {
    const partial = `${identity.folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    const files = identityFiles({ ...identity, folder: partial });
    await this.#inWorkFolder(authority, identity, async (work) => {
      for (const purpose of ['msp', 'tls'] as const) {
        await this.#ask(authority, identity, purpose, work, ['enroll']);
        const [certificateFile, keyFile] =
          purpose === 'msp' ? [files.certificate, files.key] : [files.tlsCertificate, files.tlsKey];
        const keystore = join(work, purpose, 'keystore');
        const [key = ''] = readdirSync(keystore).filter((name) => name.endsWith('_sk'));
        writeFileAtomic(certificateFile, readFileSync(join(work, purpose, 'signcerts', 'cert.pem')));
        writeFileAtomic(keyFile, readFileSync(join(keystore, key)));
      }
    });
    writeMspRoot(authority, join(partial, 'msp'));
    writeFileAtomic(join(partial, 'tls', 'ca.crt'), readFileSync(authority.access.certificateFile));
    renameDurable(partial, identity.folder);
  }

  /** The client keeps what it asks for and gets in a folder, which is of no use afterwards. */
  async #inWorkFolder(
    { node }: RunningAuthority,
    { name }: Identity,
    action: (folder: string) => Promise<void>,
  ): Promise<void> {
    const folder = join(nodeDir(this.#stateDir, node), 'enrolment', name);
    await rm(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      await action(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #ask(
    { node, organization, access }: RunningAuthority,
    { name, hosts }: Identity,
    purpose: Purpose,
    work: string,
    [verb, ...parameters]: readonly [verb: 'enroll' | 'reenroll', ...parameters: string[]],
  ): Promise<void> {
    const client = this.#plan.caBinaries?.['fabric-ca-client'];
    if (client === undefined) throw new Error('no programs of Fabric CA were found for this network');
    // Everybody on the machine can read arguments, so the password is in the environment.
    const credentials = verb === 'enroll' ? `${encodeURIComponent(name)}:${access.passwordOf(name)}@` : '';
    const { status, log } = await this.#driver.run({
      command: [
        ...[client, verb, ...parameters, '--mspdir', join(work, purpose)],
        ...(purpose === 'tls' ? ['--enrollment.profile', 'tls'] : []),
        ...['--tls.certfiles', access.certificateFile],
        ...['--csr.hosts', (purpose === 'tls' ? hosts : [name]).join(','), '--csr.names', `O=${organization}`],
      ],
      env: {
        FABRIC_CA_CLIENT_HOME: work,
        FABRIC_CA_CLIENT_URL: `https://${credentials}${localAddressOf(this.#plan.ports, node)}`,
      },
      cwd: work,
    });
    if (status === 0) return;
    throw new NetworkError(
      'ENROLMENT_FAILED',
      `${node} gave ${name} no ${purpose === 'tls' ? 'TLS ' : ''}certificate`,
      `Read what it says below, and its log with "gridpeg logs ${node}".`,
      log.slice(-2000).trim(),
    );
  }
}

/** The part of an MSP that all of an organization have: its authorities, and what makes somebody what. */
function writeMspRoot({ access, domain, folder }: RunningAuthority, msp: string): void {
  const certificate = readFileSync(access.certificateFile);
  for (const file of [organizationCaFile(folder, domain), tlsCaFile(folder, domain)]) {
    writeFileAtomic(join(msp, file.slice(join(folder, 'msp').length)), certificate);
  }
  writeFileAtomic(join(msp, 'config.yaml'), renderNodeOus(domain));
}
