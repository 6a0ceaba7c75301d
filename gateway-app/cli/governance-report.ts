// SPDX-License-Identifier: Apache-2.0

import { type Action, type Configuration, type ProposalStatus, type Standings } from '@gridpeg/protocol';
import { toJson, type CommandContext } from './command-context';
import { type GovernedChain } from './governed-chain';
import { formatQuantity, formatTable } from './format-table';
import { describeDuration } from './describe-duration';

/** How one chain is governed now. */
export interface GovernanceReport {
  readonly chain: string;
  readonly configuration: Configuration;
  readonly standings: Standings;
  readonly proposals: readonly ProposalStatus[];
}

export async function readGovernance(governed: GovernedChain): Promise<GovernanceReport> {
  const [configuration, standings, proposals] = await Promise.all([
    governed.reader.getConfiguration(),
    governed.reader.governance.standings(),
    governed.proposals(),
  ]);
  return { chain: governed.chain.name, configuration, standings, proposals };
}

/** Prints reports as text, or as JSON. */
export function printGovernance(reports: readonly GovernanceReport[], { json, print }: CommandContext): void {
  if (json) print(toJson(reports));
  else
    for (const line of reports.flatMap((report, index) => (index === 0 ? [] : ['']).concat(linesOf(report))))
      print(line);
}

function linesOf({ chain, configuration, standings, proposals }: GovernanceReport): string[] {
  const { sequence, members, delayMs } = configuration;
  return [
    `${chain}: configuration ${sequence.toString()}; ${(Math.floor(members.length / 2) + 1).toString()} of ` +
      `${members.length.toString()} members decide (${members.join(', ')}); what could move value waits ${describeDuration(delayMs)}`,
    ...laneLines(configuration, standings),
    ...committeeLines(configuration, standings),
    ...proposals.flatMap(proposalLines),
    ...(proposals.length === 0 ? ['no open proposals'] : []),
  ];
}

function laneLines({ lanes }: Configuration, standings: Standings): readonly string[] {
  return formatTable(
    [
      { heading: 'lane' },
      { heading: 'state' },
      { heading: 'largest packet', right: true },
      { heading: 'window', right: true },
      { heading: 'quantity', right: true },
    ],
    lanes.map(({ id, maximumQuantity, window }) => [
      ...[id, standings.lanes.find(({ laneId }) => laneId === id)?.state ?? 'open', formatQuantity(maximumQuantity)],
      ...[describeDuration(window.lengthMs), formatQuantity(window.quantity)],
    ]),
  );
}

function committeeLines({ chains }: Configuration, { notaries }: Standings): readonly string[] {
  const suspended = new Set(notaries.filter(({ state }) => state === 'suspended').map(({ publicKey }) => publicKey));
  return chains.map(({ chainId, committee }) => {
    const names = committee.notaries.map(({ mspId, publicKey }) =>
      suspended.has(publicKey) ? `${mspId} (suspended)` : mspId,
    );
    const threshold = `${committee.threshold.toString()} of ${names.length.toString()}`;
    return `notaries for ${chainId.slice(0, -65)}: epoch ${committee.epoch.toString()}, ${threshold}: ${names.join(', ')}`;
  });
}

function proposalLines({ proposal, consents, required, dueMs, problem }: ProposalStatus): readonly string[] {
  const who = consents.map(({ organization }) => organization).join(', ');
  return [
    `proposal ${proposal.id} of ${proposal.organization}: ${describeAction(proposal.action)}`,
    `  ${consents.length.toString()} of ${required.toString()} consents${who === '' ? '' : ` (${who})`}; ${nextStep(dueMs, problem)}`,
  ];
}

function nextStep(dueMs: string, problem: string): string {
  if (problem !== '') return `cannot come in: ${problem}`;
  if (dueMs === '') return 'next: gridpeg governance approve';
  const due = Number(dueMs);
  return due <= Date.now() ? 'next: gridpeg governance execute' : `due ${new Date(due).toISOString()}`;
}

/** A proposal's action in a few words. */
function describeAction(action: Action): string {
  switch (action.kind) {
    case 'configure':
      return `configuration ${action.configuration.sequence.toString()}`;
    case 'set-lanes':
      return `${action.state === 'open' ? 'open' : 'pause'} ${action.lanes.map(({ laneId }) => laneId).join(', ')}`;
    case 'replace-committee':
      return `replace the committee by ${action.committee.notaries.map(({ mspId }) => mspId).join(', ')}`;
    case 'suspend-notary':
      return `suspend the notary's key ${action.publicKey.slice(-16)}`;
  }
}
