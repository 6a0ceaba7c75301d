// SPDX-License-Identifier: Apache-2.0

import type { Topology } from './topology';
import { repeated, type Path, type Placed, type TopologyFault } from './topology-fault';

/** Faults for names that two things share, and that folders, certificates or channels would then confuse. */
export function nameFaults({ organizations, chains, peg }: Topology): readonly TopologyFault[] {
  const members = organizations.map((organization, index) => ({ ...organization, path: ['organizations', index] }));
  const orderers = chains.map(({ ordering }, index) => ({ ...ordering, path: ['chains', index, 'ordering'] }));
  const operators = [...members, ...orderers];
  const pegged = (list: 'assets' | 'lanes'): readonly Placed[] =>
    peg[list].map(({ id }, index) => ({ value: id, path: ['peg', list, index, 'id'] }));
  return [
    ...repeated(operators.map(({ mspId, path }) => at([...path, 'mspId'], mspId))),
    // Names become file names, which not every file system tells apart by case.
    ...repeated(operators.map(({ name, path }) => at([...path, 'name'], name.toLowerCase()))),
    ...repeated(operators.map(({ domain, path }) => at([...path, 'domain'], domain))),
    ...repeated(chains.map(({ name }, index) => at(['chains', index, 'name'], name.toLowerCase()))),
    ...repeated(chains.map(({ channel }, index) => at(['chains', index, 'channel'], channel))),
    ...repeated(pegged('assets')),
    ...repeated(pegged('lanes')),
  ];
}

function at(path: Path, value: string): Placed {
  return { path, value };
}
