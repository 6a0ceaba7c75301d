// SPDX-License-Identifier: Apache-2.0

import { type Packet } from '@gridpeg/protocol';
import { type CarriedBatch } from './carried-batch';
import { type TransactionFacts } from './transaction-facts';

/** The values that count against windows; docs/spec/03-transfer.md section 3.5. */
export function receivedBy({ written }: TransactionFacts, carried: CarriedBatch): readonly Packet[] {
  return written.receipt
    .filter(({ outcome }) => outcome === 'received')
    .flatMap(({ packetId, laneId }) => {
      const packet = carried.packets.get(packetId)?.value;
      return packet?.laneId === laneId ? packet : [];
    });
}
