// SPDX-License-Identifier: Apache-2.0

import { certificateRequestCodec, decodeRequest, packetHashOf, type Packet, type Receipt } from '@gridpeg/protocol';
import { claimedBatch } from '../../client';
import { type Report } from '../report/finding';
import { type TransactionFacts } from './transaction-facts';

/** What the certificate of a `receive` or `settle` says, by packet id; empty for other functions. */
export interface CarriedBatch {
  readonly laneId: string | undefined;
  readonly packets: ReadonlyMap<string, { readonly value: Packet; readonly hash: string }>;
  readonly receipts: ReadonlyMap<string, Receipt>;
}

const nothing: CarriedBatch = { laneId: undefined, packets: new Map(), receipts: new Map() };

/**
 * Reads the certificate that a transaction received. It was the chaincode's business to verify it; another chain's
 * ledger proves it.
 */
export function carriedBatch({ name, transaction }: TransactionFacts, report: Report): CarriedBatch {
  if (name !== 'peg:receive' && name !== 'peg:settle') return nothing;
  try {
    const { certificate } = decodeRequest(certificateRequestCodec, transaction.call.argument ?? '');
    const batch = claimedBatch(certificate);
    return batch.kind === 'packets'
      ? {
          ...nothing,
          laneId: batch.laneId,
          packets: new Map(batch.entries.map((value) => [value.id, { value, hash: packetHashOf(value) }])),
        }
      : {
          ...nothing,
          laneId: batch.laneId,
          receipts: new Map(batch.entries.map((receipt) => [receipt.packetId, receipt])),
        };
  } catch (error) {
    report('REQUEST_DIFFERS', name, 'a certificate', error instanceof Error ? error.message.slice(0, 200) : 'none');
    return nothing;
  }
}
