// SPDX-License-Identifier: Apache-2.0

import { type Packet } from '@gridpeg/protocol';
import { shownPath } from '../../consortium/consortium';
import { type TransferReport } from '../../transfers/read-transfer';
import { formatQuantity, formatTable } from './format-table';

type Shown = Pick<TransferReport, 'packet' | 'state' | 'steps'>;

/** Both ends of a transfer, for programs. */
export function transferDocument({ packet, state, steps }: Shown): Shown {
  return { packet, state, steps };
}

/** Both ends of a transfer, for people. */
export function transferLines({ packet, state, steps }: Shown): readonly string[] {
  return [
    `packet     ${packet.id}`,
    `lane       ${packet.laneId} (${packet.kind})`,
    `quantity   ${formatQuantity(packet.quantity)} of ${packet.asset}, ${shownPath(packet.label)}`,
    `from       ${packet.sender}`,
    `to         ${packet.recipient}`,
    ...(packet.memo === '' ? [] : [`memo       ${packet.memo}`]),
    `deadline   ${deadlineText(packet)}`,
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
}

/** Until when a packet may be received; a retirement always may. */
export function deadlineText({ kind, deadlineMs }: Pick<Packet, 'kind' | 'deadlineMs'>): string {
  return kind === 'retirement' ? 'none' : new Date(Number(deadlineMs)).toISOString();
}
