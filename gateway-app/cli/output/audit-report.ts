// SPDX-License-Identifier: Apache-2.0

import { channelOf } from '@gridpeg/protocol';
import { type AuditReport, type ReadCopies } from '../../audit';
import { formatQuantity, formatTable } from './format-table';

const maximumFindings = 50;

/** What each lane holds and has carried, since the first block; one row a lane and way its value came. */
export function laneTable({ lanes }: AuditReport): readonly string[] {
  const numbers = ['locked', 'minted', 'burnt', 'released', 'retired', 'refunded', 'in flight', 'escrow', 'vouchers'];
  return formatTable(
    [
      ...['lane', 'asset', 'came by'].map((heading) => ({ heading })),
      ...numbers.map((heading) => ({ heading, right: true })),
    ],
    lanes.map((lane) => [
      ...[lane.laneId, lane.asset, lane.path.join(' > ') || 'home'],
      ...[lane.locked, lane.minted, lane.burnt, lane.released, lane.retired].map(formatQuantity),
      ...[lane.refunded, lane.inFlight, lane.escrow, lane.vouchers].map(formatQuantity),
    ]),
  );
}

/** The verdict and what it rests on, as lines. */
export function verdictLines({ verdict, chains, supply, unseen, findings }: AuditReport): readonly string[] {
  const read = chains.map(
    ({ chain, height, transactions }) =>
      `${chain} ${height.toString()} blocks, ${transactions.toString()} transactions`,
  );
  return [
    ...supply.map(
      ({ chain, asset, issued, retired, notes, escrow }) =>
        `${asset} on ${chain}: issued ${formatQuantity(issued)} - retired ${formatQuantity(retired)} = ` +
        `notes ${formatQuantity(notes)} + escrow ${formatQuantity(escrow)}`,
    ),
    `read: ${read.join('; ')}`,
    ...chains.map(({ chain, copies }) => comparedLine(chain, copies)),
    ...findings
      .slice(0, maximumFindings)
      .flatMap((finding) => [
        `${finding.rule} on ${finding.chain}, block ${finding.block?.toString() ?? '-'}, ` +
          `lane ${finding.laneId ?? '-'}, ` +
          `transaction ${finding.txId ?? '-'}: ${finding.about}`,
        `  expected ${finding.expected}`,
        `  found    ${finding.found}`,
      ]),
    ...(findings.length > maximumFindings
      ? [`and ${(findings.length - maximumFindings).toString()} more (--json has all)`]
      : []),
    ...unseen.map(
      ({ laneId, chainId, arrivals, settlements }) =>
        `not compared on lane ${laneId}, because ${channelOf(chainId)} was not read: ` +
        `${arrivals.toString()} arrivals, ${settlements.toString()} settlements`,
    ),
    verdictLine(verdict, findings.length),
  ];
}

function comparedLine(chain: string, { organization, comparedWith, compared }: ReadCopies): string {
  return comparedWith === undefined
    ? `${chain}: blocks of ${organization}'s peer; validity not compared, since no second organization's peer answers`
    : `${chain}: blocks of ${organization}'s peer; validity of ${compared.toString()} compared with ${comparedWith}'s`;
}

function verdictLine(verdict: AuditReport['verdict'], findings: number): string {
  if (verdict === 'holds') return 'audit: holds';
  if (verdict === 'broken') return `audit: broken (${findings.toString()} findings)`;
  return 'audit: nothing is wrong with what was read; an audit that reads the other chains too can say more';
}
