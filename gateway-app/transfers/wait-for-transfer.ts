// SPDX-License-Identifier: Apache-2.0

import { pollUntil } from '@gridpeg/network';
import { type PacketId } from '@gridpeg/protocol';
import { PegError } from '../client';
import { CommandError } from '../errors/command-error';
import { type TransferReport } from './read-transfer';

/**
 * How a wait ended: with the value on the other chain, with the value back at its sender, or with the time over while
 * nothing, a receipt or a refusal is there.
 */
export type Waited = 'delivered' | 'refunded' | 'in-flight' | 'received' | 'refused';

/**
 * Waits until a transfer is settled on the chain that it left.
 *
 * A chain that does not answer for a while does not end the waiting.
 *
 * @param read - reads both ends of the transfer
 * @param onChange - gets every state that differs from the one before
 * @returns how it ended, and what was read last; nothing was read when the source did not answer in time
 */
export async function waitForTransfer(
  packetId: PacketId,
  { timeoutMs, pollMs = 500 }: { readonly timeoutMs: number; readonly pollMs?: number },
  read: (packetId: PacketId) => Promise<TransferReport>,
  onChange: (waited: Waited, report: TransferReport) => void,
): Promise<{ readonly waited: Waited; readonly report: TransferReport | undefined }> {
  let last: { readonly waited: Waited; readonly report: TransferReport } | undefined;
  const ask = async (): Promise<boolean> => {
    const report = await read(packetId).catch(orNothing);
    if (report === undefined) return false;
    const waited = stageOf(report);
    if (waited !== last?.waited) onChange(waited, report);
    last = { waited, report };
    return report.state !== 'in-flight';
  };
  await pollUntil(ask, { timeoutMs, pollMs });
  return last ?? { waited: 'in-flight', report: undefined };
}

function stageOf({ state, outcome }: Pick<TransferReport, 'state' | 'outcome'>): Waited {
  return state === 'in-flight' ? (outcome ?? 'in-flight') : state;
}

/** A peer that lags does not know the packet yet, and one that is down may come back. */
function orNothing(error: unknown): undefined {
  const isPassing = error instanceof PegError || (error instanceof CommandError && error.code === 'PACKET_UNKNOWN');
  if (!isPassing) throw error;
}
