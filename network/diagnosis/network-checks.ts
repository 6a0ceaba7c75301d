// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';

import { driverOf } from '../drivers/driver-of';
import type { Topology } from '../topology/topology';
import { absoluteStateDir, type Plan } from '../state/plan';
import { judgeCertificates, judgeKeys, readCredentials } from './credentials';
import type { Check } from './finding';
import { judgeLeftovers, readLeftovers } from './leftovers';
import { machineChecks, type MachineOptions } from './machine-checks';
import { readNodes } from './node-facts';
import { judgeClocks, judgeNodes } from './nodes';
import { judgeState, readState } from './state';

/** What the checks of machine and network need to know. */
export interface DiagnosisOptions extends Omit<MachineOptions, 'isUp'> {
  /** The topology that the user means to have, if one was named. */
  readonly topology?: Topology | undefined;
}

/** The checks of machine and network; those of ledgers need a client. Changes nothing. */
export async function networkChecks(options: DiagnosisOptions): Promise<readonly Check[]> {
  const stateDir = absoluteStateDir(options.stateDir);
  const state = await readState(stateDir);
  const { plan, nodes: specs, network } = state;
  const checks = machineChecks({
    ...options,
    stateDir,
    docker: options.docker || plan?.driver === 'docker',
    isUp: network !== undefined,
  });
  const others: readonly Check[] = [
    { name: 'state', run: () => Promise.resolve(judgeState(state, options.topology)) },
    { name: 'leftovers', run: async () => judgeLeftovers(await Promise.resolve(readLeftovers())) },
  ];
  if (state.folder !== 'ours') return [...checks, ...others];
  const folders = [join(stateDir, 'organizations'), join(stateDir, 'notaries')];
  const credentials: Check = {
    name: 'credentials',
    run: async () => {
      const ours = await readCredentials(folders);
      // Whoever runs an attached network looks after its keys, so only its certificates are judged.
      const attached = plan?.attached === undefined ? [] : [join(plan.attached, 'organizations', 'peerOrganizations')];
      const theirs = await readCredentials(attached);
      const certificates = {
        certificates: [...ours.certificates, ...theirs.certificates],
        unreadable: [...ours.unreadable, ...theirs.unreadable],
      };
      return [
        ...judgeKeys(ours, stateDir),
        ...judgeCertificates(certificates, new Date(), stateDir, renewalRemedy(plan)),
      ];
    },
  };
  const nodes: Check = {
    name: 'nodes',
    run: async () => {
      const facts = await readNodes(stateDir, specs, driverOf(stateDir, plan?.driver ?? 'native'), options.slowness);
      return [...judgeNodes(facts), ...judgeClocks(facts)];
    },
  };
  return [...checks, ...others, credentials, nodes];
}

function renewalRemedy(plan: Plan | undefined): string {
  if (plan?.attached !== undefined) return 'Renew it with the authority of its organization';
  if (plan === undefined || plan.topology.ca === false)
    return 'Make a network with `ca: true` and move to it: those of cryptogen cannot be renewed';
  return 'Run `gridpeg certificates renew`';
}
