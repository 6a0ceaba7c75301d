// SPDX-License-Identifier: Apache-2.0

import { shownPath } from '../../consortium/consortium';
import { type TransferReport } from '../../transfers/read-transfer';
import { toJson, type CommandContext } from '../context/command-context';
import { formatQuantity, formatTable } from './format-table';

/** Prints both ends as a table, or as JSON. */
export function printTransfer(
  { packet, state, steps }: Pick<TransferReport, 'packet' | 'state' | 'steps'>,
  { json, print }: CommandContext,
): void {
  if (json) {
    print(toJson({ packet, state, steps }));
    return;
  }
  const deadline = packet.kind === 'retirement' ? 'none' : new Date(Number(packet.deadlineMs)).toISOString();
  const lines = [
    `packet     ${packet.id}`,
    `lane       ${packet.laneId} (${packet.kind})`,
    `quantity   ${formatQuantity(packet.quantity)} of ${packet.asset}, ${shownPath(packet.label)}`,
    `from       ${packet.sender}`,
    `to         ${packet.recipient}`,
    ...(packet.memo === '' ? [] : [`memo       ${packet.memo}`]),
    `deadline   ${deadline}`,
    `state      ${state}`,
    '',
    ...formatTable(
      [
        { heading: 'step' },
        { heading: 'chain' },
        { heading: 'block', right: true },
        { heading: 'transaction' },
        { heading: 'code' },
      ],
      steps.map(({ step, chain, blockNumber, txId, code }) => [
        step,
        chain,
        blockNumber?.toString() ?? '-',
        txId || '-',
        code,
      ]),
    ),
    '',
    ...steps.filter(({ note }) => note !== '').map(({ step, note }) => `${step}: ${note}`),
  ];
  for (const line of lines) print(line);
}
