// SPDX-License-Identifier: Apache-2.0

import { chainFaults } from './chain-faults';
import { nameFaults } from './name-faults';
import { organizationFaults } from './organization-faults';
import { pegFaults } from './peg-faults';
import type { Topology } from './topology';
import type { TopologyFault } from './topology-fault';

/**
 * Finds what refers to nothing, is there twice, or cannot work.
 *
 * @param topology - a document that has the right shape
 * @returns every fault found; empty if the topology can be built
 */
export function crossReferenceFaults(topology: Topology): readonly TopologyFault[] {
  return [...nameFaults(topology), ...organizationFaults(topology), ...chainFaults(topology), ...pegFaults(topology)];
}
