// SPDX-License-Identifier: Apache-2.0

import { type Configuration, type ProposalStatus, type StatusRecords } from '@gridpeg/protocol';
import { type GovernedChain } from './governed-chain';

/** How one chain is governed now. */
export interface GovernanceReport {
  readonly chain: string;
  readonly configuration: Configuration;
  readonly standings: StatusRecords;
  readonly proposals: readonly ProposalStatus[];
}

/** Reads how a chain is governed now. @throws PegError */
export async function readGovernance(governed: GovernedChain): Promise<GovernanceReport> {
  const [configuration, standings, proposals] = await Promise.all([
    governed.reader.getConfiguration(),
    governed.reader.governance.statusRecords(),
    governed.proposals(),
  ]);
  return { chain: governed.chain.name, configuration, standings, proposals };
}
