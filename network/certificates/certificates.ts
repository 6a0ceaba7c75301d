// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Driver } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import { authoritiesOf, identityFiles } from '../render/authorities';
import { judgeCertificate, readValidity, renewalDays, type CertificateState } from './certificate-validity';
import { startAuthorities } from './enrolment';
import { FabricCommands } from '../nodes/fabric-commands';
import { keepCopies } from '../state/kept-copies';
import { lockSeconds, withLock } from '../runtime/lock';
import { pollUntil } from '../runtime/poll-until';
import { absoluteStateDir, chainNamed, networkDriver, peersOf, requireOwnPlan, type Plan } from '../state/plan';
import { inStep, settleAll, type OnProgress } from '../runtime/progress';
import { renewAndRestart, type Renewed } from './renewal';

const discoverySeconds = 30;

/** A certificate of a network. */
export interface CertificateStatus {
  /** The common name of its subject. */
  readonly name: string;
  /** MSP id */
  readonly organization: string;
  readonly purpose: 'authority' | 'identity' | 'tls';
  readonly state: CertificateState;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly file: string;
}

/** All certificates of a network, and whether they can be renewed. */
export interface CertificateList {
  readonly renewable: boolean;
  readonly certificates: readonly CertificateStatus[];
}

/**
 * Lists all certificates of a network, those that end first before others.
 *
 * @param options - `windowDays`: how many days before its end a certificate is due
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED; STATE_UNREADABLE if one is missing or damaged
 */
export function listCertificates(options: {
  readonly stateDir: string;
  readonly windowDays?: number | undefined;
}): CertificateList {
  const stateDir = absoluteStateDir(options.stateDir);
  const { topology } = requireOwnPlan(stateDir);
  const now = new Date();
  const certificates = authoritiesOf(topology, stateDir).flatMap(({ mspId, domain, folder, node, identities }) => {
    const read = (name: string, purpose: CertificateStatus['purpose'], file: string): CertificateStatus => {
      const validity = readCertificate(file);
      const state = judgeCertificate(validity, now, options.windowDays ?? renewalDays);
      return { name, organization: mspId, purpose, state, ...validity, file };
    };
    return [
      read(node, 'authority', join(folder, 'ca', `ca.${domain}-cert.pem`)),
      read(`tls${node}`, 'authority', join(folder, 'tlsca', `tlsca.${domain}-cert.pem`)),
      ...identities.flatMap((identity) => {
        const { certificate, tlsCertificate } = identityFiles(identity);
        return [read(identity.name, 'identity', certificate), read(identity.name, 'tls', tlsCertificate)];
      }),
    ];
  });
  return {
    renewable: topology.ca !== false,
    certificates: certificates.sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime()),
  };
}

/**
 * Renews certificates by their authorities, with the keys they have, and restarts the nodes that use them, one at a
 * time. Chains continue, and nothing on them changes. Services are left to their caller.
 *
 * @param options - `windowDays`: how many days before its end a certificate is renewed; `all`: all, however long they
 * hold
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED, CERTIFICATES_NOT_RENEWABLE, ENROLMENT_FAILED,
 * NODE_DID_NOT_START
 */
export async function renewCertificates(options: {
  readonly stateDir: string;
  readonly windowDays?: number | undefined;
  readonly all?: boolean | undefined;
  readonly onProgress?: OnProgress | undefined;
}): Promise<Renewed> {
  const { onProgress = () => undefined, windowDays = renewalDays } = options;
  const stateDir = absoluteStateDir(options.stateDir);
  return withLock(stateDir, lockSeconds, async () => {
    const plan = requireOwnPlan(stateDir);
    if (plan.topology.ca === false) {
      throw new NetworkError(
        'CERTIFICATES_NOT_RENEWABLE',
        `cryptogen made the certificates of the network in ${stateDir}, and it cannot renew any`,
        'Make another network of a topology that says "ca: true".',
      );
    }
    const driver = networkDriver(stateDir);
    await driver.killTools();
    const authorities = await inStep(onProgress, 'certificate authorities', () =>
      startAuthorities(stateDir, plan, driver),
    );
    const renewed = await inStep(onProgress, 'renew certificates', () =>
      renewAndRestart(stateDir, plan, driver, authorities, options.all === true ? 'all' : windowDays),
    );
    keepCopies(stateDir);
    await inStep(onProgress, 'peers know each other', () =>
      waitForDiscovery(stateDir, plan, driver, renewed.restarted),
    );
    return renewed;
  });
}

/**
 * Waits until the running peers of chains of which some were restarted could have transactions endorsed again, or
 * half a minute, because a missing peer may have been dead before.
 */
async function waitForDiscovery(
  stateDir: string,
  plan: Plan,
  driver: Driver,
  restarted: readonly string[],
): Promise<void> {
  const commands = new FabricCommands(stateDir, plan, driver);
  const running = await driver.status();
  const waits = plan.deployments.flatMap((deployment) => {
    const chain = chainNamed(plan, deployment.chain);
    const peers = peersOf(plan, chain).filter(({ node }) => running.has(node));
    if (!peers.some(({ node }) => restarted.includes(node))) return [];
    return peers.map((peer) =>
      pollUntil(async () => (await commands.discoverEndorsers(chain, peer, deployment.name)).status === 0, {
        timeoutMs: discoverySeconds * 1000,
        pollMs: 250,
      }),
    );
  });
  await settleAll(waits);
}

function readCertificate(file: string): { readonly notBefore: Date; readonly notAfter: Date } {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // reported below, as what is not a certificate
  }
  const validity = readValidity(text);
  if (validity !== undefined) return validity;
  throw new NetworkError(
    'STATE_UNREADABLE',
    `${file} is no certificate`,
    'Run "gridpeg up", which puts back its copy.',
  );
}
