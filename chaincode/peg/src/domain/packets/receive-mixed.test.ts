// SPDX-License-Identifier: Apache-2.0

import {
  escrowIdOf,
  noteIdOf,
  packetIdOf,
  type EscrowNote,
  type Label,
  type LaneStatusRecord,
} from '@gridpeg/protocol';
import {
  alice,
  away,
  bob,
  charging,
  city,
  configurationOf,
  energy,
  home,
  laneBetween,
  microgrid,
  packetBatchOf,
  packetWith,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { noChanges } from '../changes';
import { receive, type ReceiveView } from './receive';

const [out, back] = [laneBetween(city, charging), laneBetween(charging, city)];
const { members } = configurationOf(charging);
const abroad = { chainId: charging, txId: txIdNamed('now'), timeMs: 1_700_000_000_000n, caller: bob, members };
const viewOf = (changes: Partial<ReceiveView>): ReceiveView => ({
  ...{ lane: back, arrivalLanes: new Map(), laneStatuses: new Map(), receipts: new Map(), escrow: [], usages: [] },
  insufficient: new Map(),
  ...changes,
});
const escrowOf = (laneId: EscrowNote['laneId'], label: Label): EscrowNote => ({
  ...{ version: 1, id: escrowIdOf(txIdNamed('lock'), 0), laneId, asset: energy, label, quantity: 200n },
});

describe('a batch of transfers and retirements leaves no gap', () => {
  test('among the notes of the transaction', () => {
    const [retired, paid] = (['retirement', 'transfer'] as const).map((kind, index) =>
      packetWith({
        ...{ index, kind, sourceChainId: charging, destinationChainId: city },
        recipient: alice,
        label: away,
      }),
    );
    const view = viewOf({ escrow: [escrowOf(out.id, home)] });
    const { notes } = receive(packetBatchOf(retired!, paid!), view, { ...abroad, chainId: city }).changes;
    expect(notes.map(({ id }) => id)).toEqual([noteIdOf(alice, abroad.txId, 0)]);
  });
  test('among its packets', () => {
    const [onward, lane] = [laneBetween(charging, microgrid), laneBetween(microgrid, charging)];
    const label = { home: city, path: [out.id, onward.id] };
    const [paid, retired] = (['transfer', 'retirement'] as const).map((kind, index) =>
      packetWith({ ...{ index, kind, sourceChainId: microgrid, destinationChainId: charging }, label }),
    );
    const view = viewOf({ lane, escrow: [escrowOf(onward.id, away)], arrivalLanes: new Map([[out.id, out]]) });
    const { packets } = receive(packetBatchOf(paid!, retired!), view, abroad).changes;
    expect(packets.map(({ id, index }) => [id, index])).toEqual([[packetIdOf(charging, abroad.txId, 0), 0]]);
  });
});

describe('PEG-12: a retirement that goes onward obeys the lane onward', () => {
  const [onward, lane] = [laneBetween(charging, microgrid), laneBetween(microgrid, charging)];
  const label = { home: city, path: [out.id, onward.id] };
  const retired = packetWith({ kind: 'retirement', sourceChainId: microgrid, destinationChainId: charging, label });
  const receivedWhile = (state: LaneStatusRecord['state'], laneId = back.id): ReturnType<typeof receive> => {
    const status: LaneStatusRecord = { version: 1, laneId, sequence: 1, state, txId: txIdNamed('standing') };
    const view = viewOf({
      ...{ lane, escrow: [escrowOf(onward.id, away)], arrivalLanes: new Map([[out.id, out]]) },
      laneStatuses: new Map([[laneId, status]]),
    });
    return receive(packetBatchOf(retired), view, abroad);
  };

  test.each([
    ['paused', 'LANE_PAUSED'],
    ['frozen', 'LANE_FROZEN'],
  ] as const)('%s: it waits, and nothing is written', (state, code) => {
    const { changes, results } = receivedWhile(state);
    expect(results).toMatchObject([{ result: 'skipped', code }]);
    expect(changes).toEqual(noChanges);
  });
  test('open: it goes on; the lane by which the value came does not matter', () => {
    for (const { changes } of [receivedWhile('open'), receivedWhile('frozen', out.id)]) {
      expect(changes.packets).toMatchObject([{ kind: 'retirement', laneId: back.id }]);
    }
  });
});

test('T47: what a source makes up under other labels takes nothing of the window of genuine value', () => {
  const narrow = { ...out, window: { lengthMs: 60_000n, quantity: 400n, shards: 4 } };
  const made = [1, 2, 3].map((index) =>
    packetWith({ index, label: { home: microgrid, path: [laneBetween(microgrid, city).id] } }),
  );
  const received = receive(packetBatchOf(made[0]!, ...made.slice(1), packetWith()), viewOf({ lane: narrow }), abroad);
  expect(received.results.map(({ result, code }) => `${result} ${code}`.trim())).toEqual([
    ...['received', 'skipped WINDOW_FULL', 'skipped WINDOW_FULL'],
    'received',
  ]);
});
