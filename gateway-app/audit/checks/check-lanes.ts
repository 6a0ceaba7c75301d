// SPDX-License-Identifier: Apache-2.0

import { classOf, labelBehind, type Lane, type LaneId, type Packet, type PacketId } from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { type CarriedBatch } from '../replay/carried-batch';
import { type LedgerState } from '../replay/ledger-state';
import { receivedBy } from '../replay/received-by';
import { type TransactionFacts } from '../replay/transaction-facts';
import { WindowTotals } from '../replay/window-totals';

type Step = 'send' | 'receive' | 'settle';

/** Something that a transaction did on a lane. */
interface LaneUse {
  readonly step: Step;
  readonly laneId: LaneId;
  readonly packetId: PacketId;
}

/**
 * Checks one ledger's lanes: none moves while its status forbids it, the wrong way, or more than its window
 * allows. It adds up itself what was moved, and does not rely on the ledger's usage records.
 */
export class LaneWatch {
  readonly #moved = new WindowTotals();

  /** @param state - as the transaction left it; transactions that move value change no lane */
  check(facts: TransactionFacts, carried: CarriedBatch, state: LedgerState, report: Report): void {
    for (const use of usesOf(facts)) this.#checkUse(use, state, report);
    for (const packet of receivedBy(facts, carried)) {
      const lane = state.get('lane', packet.laneId);
      if (lane !== undefined) this.#count(lane, packet, facts, report);
    }
  }

  #checkUse({ step, laneId, packetId }: LaneUse, state: LedgerState, report: Report): void {
    const status = state.get('standing', laneId)?.state ?? 'open';
    if (status === 'frozen' || (status === 'paused' && step !== 'settle')) {
      report('LANE_MOVED', `packet ${packetId}`, `no ${step} while the lane is ${status}`, step, laneId);
    }
    this.#checkEnd({ step, laneId, packetId }, state, report);
  }

  #checkEnd({ step, laneId, packetId }: LaneUse, state: LedgerState, report: Report): void {
    const lane = state.get('lane', laneId);
    const end = step === 'receive' ? lane?.destinationChainId : lane?.sourceChainId;
    if (lane !== undefined && end !== state.chainId) {
      report('LANE_MOVED', `packet ${packetId}`, `a lane on which this chain may ${step}`, laneId, laneId);
    }
  }

  /** By the label that the value has here; docs/spec/03-transfer.md section 3.5. */
  #count(lane: Lane, packet: Packet, { transaction }: TransactionFacts, report: Report): void {
    const { asset, quantity } = packet;
    const counted = [lane.id, classOf({ asset, label: labelBehind(packet.label, lane) })].join(' ');
    const excess = this.#moved.add(counted, lane.window, quantity, transaction);
    if (excess === undefined) return;
    report('WINDOW_EXCEEDED', asset, `at most ${excess.allowed.toString()}`, excess.found.toString(), lane.id);
  }
}

function usesOf({ written }: TransactionFacts): readonly LaneUse[] {
  return [
    ...written.outbox
      .flatMap(({ packets }) => packets)
      .map(({ id, laneId }) => ({ step: 'send' as const, laneId, packetId: id })),
    ...written.receipt.map(({ packetId, laneId }) => ({ step: 'receive' as const, laneId, packetId })),
    ...written.settled.map(({ packetId, laneId }) => ({ step: 'settle' as const, laneId, packetId })),
  ];
}
