// SPDX-License-Identifier: Apache-2.0

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import type { Driver } from '../drivers/driver/driver';
import type { Authority } from '../render/authorities';
import { renderCaConfig } from '../render/ca-config';
import { nodeDir } from '../render/layout';
import { writeJson, writeFileAtomic } from '../runtime/write-file-atomic';
import { isDue, readValidity } from './certificate-validity';
import { parseState } from '../state/network-state';
import { ensureRunning } from '../state/node-registry';
import { authoritySpec } from '../nodes/node-specs';
import { planPlacement, type Plan } from '../state/plan';

/** Fabric CA's own. */
const certificateLifetime = '8760h';

/** What is needed to enrol with an authority. */
export interface AuthorityAccess {
  /** The certificate of the authority, which also vouches for its server. */
  readonly certificateFile: string;
  /** The enrolment secret of an identity. */
  passwordOf(identity: string): string;
}

/**
 * Starts an organization's certificate authority, and restarts it if it is to vouch for other organizations.
 *
 * @throws NetworkError NODE_DID_NOT_START, PORT_TAKEN, STATE_UNREADABLE
 */
export async function startAuthority(
  stateDir: string,
  plan: Plan,
  driver: Driver,
  authority: Authority,
): Promise<AuthorityAccess> {
  const home = nodeDir(stateDir, authority.node);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const passwords = keptPasswords(join(home, 'passwords.json'), authority);
  const passwordOf = (identity: string): string => {
    const password = passwords[identity];
    if (password === undefined) throw new Error(`${identity} has no password`);
    return password;
  };
  const lifetime = typeof plan.topology.ca === 'object' ? plan.topology.ca.lifetime : certificateLifetime;
  const config = renderCaConfig(authority, passwordOf, lifetime, planPlacement(stateDir, plan));
  writeFileAtomic(join(home, 'fabric-ca-server-config.yaml'), config);
  await discardDueServerCertificate(join(home, 'tls-cert.pem'), driver, authority.node);
  await ensureRunning(stateDir, driver, authoritySpec(stateDir, plan, authority, config));
  return { certificateFile: join(home, 'ca-cert.pem'), passwordOf };
}

/** One random password for each identity. It is kept, because the identity enrols with it again. */
function keptPasswords(file: string, { identities }: Authority): Readonly<Record<string, string>> {
  const known = existsSync(file) ? parseState(z.record(z.string(), z.string()), file) : {};
  const missing = identities.filter(({ name }) => known[name] === undefined);
  if (missing.length === 0) return known;
  const all = { ...known, ...Object.fromEntries(missing.map(({ name }) => [name, randomBytes(24).toString('hex')])) };
  writeJson(file, all);
  return all;
}

/** The server makes itself a certificate when it has none, and does not renew it. */
async function discardDueServerCertificate(file: string, driver: Driver, node: string): Promise<void> {
  if (!existsSync(file)) return;
  // A crash of the server may have left an incomplete file.
  const validity = readValidity(readFileSync(file, 'utf8'));
  if (validity !== undefined && !isDue(validity, new Date())) return;
  await driver.stop(node);
  rmSync(file);
}
