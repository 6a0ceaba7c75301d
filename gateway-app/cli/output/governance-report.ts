// SPDX-License-Identifier: Apache-2.0

import { formatDuration } from '@gridpeg/network';
import { type Configuration, type ProposalStatus, type StatusRecords, type StoredProposal } from '@gridpeg/protocol';
import { type GovernanceReport } from '../../governance/read-governance';
import { formatQuantity, formatTable } from './format-table';

/** Reports as text. */
export function governanceLines(reports: readonly GovernanceReport[]): readonly string[] {
  return reports.flatMap((report, index) => (index === 0 ? [] : ['']).concat(linesOf(report)));
}

function linesOf({ chain, configuration, standings, proposals }: GovernanceReport): string[] {
  const { sequence, members, delayMs, urgentDelayMs } = configuration;
  return [
    `${chain}: configuration ${sequence.toString()}; ${(Math.floor(members.length / 2) + 1).toString()} of ` +
      `${members.length.toString()} members decide (${members.join(', ')}); ` +
      `what could move value waits ${formatDuration(delayMs)}, ` +
      `what only takes trust away or adds something new ${formatDuration(urgentDelayMs)}`,
    ...assetLines(configuration, standings),
    ...laneLines(configuration, standings),
    ...committeeLines(configuration, standings),
    ...proposals.flatMap(proposalLines),
    ...(proposals.length === 0 ? ['no open proposals'] : []),
  ];
}

function assetLines({ assets }: Configuration, standings: StatusRecords): readonly string[] {
  if (assets.length === 0) return [];
  return formatTable(
    [
      { heading: 'asset' },
      { heading: 'issuing' },
      { heading: 'window', right: true },
      { heading: 'quantity', right: true },
      { heading: 'issuers' },
    ],
    assets.map(({ id, issuers, window }) => [
      ...[id, standings.assets.find(({ asset }) => asset === id)?.state ?? 'open', formatDuration(window.lengthMs)],
      ...[formatQuantity(window.quantity), issuers.join(', ')],
    ]),
  );
}

function laneLines({ lanes }: Configuration, standings: StatusRecords): readonly string[] {
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
      ...[formatDuration(window.lengthMs), formatQuantity(window.quantity)],
    ]),
  );
}

function committeeLines({ chains }: Configuration, { notaries }: StatusRecords): readonly string[] {
  const suspended = new Set(notaries.filter(({ state }) => state === 'suspended').map(({ publicKey }) => publicKey));
  return chains.map(({ chainId, committee }) => {
    const names = committee.notaries.map(({ mspId, publicKey }) =>
      suspended.has(publicKey) ? `${mspId} (suspended)` : mspId,
    );
    const threshold = `${committee.threshold.toString()} of ${names.length.toString()}`;
    return (
      `notaries for ${chainId.slice(0, -65)}: epoch ${committee.epoch.toString()}, ` +
      `${threshold}: ${names.join(', ')}`
    );
  });
}

function proposalLines({ proposal, consents, required, dueMs, problem }: ProposalStatus): readonly string[] {
  const who = consents.map(({ organization }) => organization).join(', ');
  return [
    `proposal ${proposal.id} of ${proposal.organization}: ${describeAction(proposal.action)}`,
    `  ${consents.length.toString()} of ${required.toString()} consents${who === '' ? '' : ` (${who})`}; ` +
      nextStep(dueMs, problem),
  ];
}

function nextStep(dueMs: string, problem: string): string {
  if (problem !== '') return `cannot come in: ${problem}`;
  if (dueMs === '') return 'next: gridpeg governance approve';
  const due = Number(dueMs);
  return due <= Date.now() ? 'next: gridpeg governance execute' : `due ${new Date(due).toISOString()}`;
}

/** A proposal's action in a few words. */
function describeAction(action: StoredProposal['action']): string {
  switch (action.kind) {
    case 'configure':
      return `configuration ${action.configuration.sequence.toString()}`;
    case 'set-lanes':
      return `${action.state === 'open' ? 'open' : 'pause'} ${action.lanes.map(({ laneId }) => laneId).join(', ')}`;
    case 'set-assets':
      return (
        `${action.state === 'open' ? 'open' : 'pause'} issuing of ` + action.assets.map(({ asset }) => asset).join(', ')
      );
    case 'replace-committee': {
      const { notaries } = 'committee' in action ? action.committee : action;
      return `replace the committee by ${notaries.map(({ mspId }) => mspId).join(', ')}`;
    }
    case 'suspend-notary':
      return `suspend the notary's key ${action.publicKey.slice(-16)}`;
  }
}
