// SPDX-License-Identifier: Apache-2.0

import { packetIdCodec } from '@gridpeg/protocol';
import { PegError } from '../client';
import { CommandError } from '../errors/command-error';
import { type TransferReport } from './read-transfer';
import { waitForTransfer, type Waited } from './wait-for-transfer';

const packetId = packetIdCodec.decode('a'.repeat(64), '');
type Read = Pick<TransferReport, 'state' | 'outcome'> | Error;
const onItsWay: Read = { state: 'in-flight', outcome: undefined };
const received: Read = { state: 'in-flight', outcome: 'received' };
const refused: Read = { state: 'in-flight', outcome: 'refused' };

/** Waits for a transfer that is read as these one after the other, and as the last for ever. */
async function waitFor(
  reads: readonly Read[],
  timeoutMs = 3_600_000,
): Promise<{ readonly waited: Waited; readonly changes: readonly Waited[] }> {
  const changes: Waited[] = [];
  let count = 0;
  const read = (): Promise<TransferReport> => {
    const next = reads[Math.min(count, reads.length - 1)]!;
    count += 1;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next as TransferReport);
  };
  const { waited } = await waitForTransfer(packetId, { timeoutMs, pollMs: 0 }, read, (change) => changes.push(change));
  return { waited, changes };
}

test.each<readonly [Waited, readonly Read[], readonly Waited[]]>([
  [
    'delivered',
    [onItsWay, onItsWay, received, { state: 'delivered', outcome: 'received' }],
    ['in-flight', 'received', 'delivered'],
  ],
  ['refunded', [onItsWay, refused, { state: 'refunded', outcome: 'refused' }], ['in-flight', 'refused', 'refunded']],
])('a wait ends when it is %s, and each change is told once', async (waited, reads, changes) => {
  expect(await waitFor(reads)).toEqual({ waited, changes });
});

test.each<readonly [Waited, Read]>([
  ['in-flight', onItsWay],
  ['received', received],
  ['refused', refused],
])('when the time is over, a transfer that is %s is told as that', async (waited, read) => {
  expect(await waitFor([read], 0)).toEqual({ waited, changes: [waited] });
});

const passing = [
  new PegError({ code: 'PEER_UNAVAILABLE' }),
  new CommandError('PACKET_UNKNOWN', 'a peer that lags does not know it', 'Wait.'),
];
test('chains that do not answer, or lag, end nothing', async () => {
  const done: Read = { state: 'delivered', outcome: 'received' };
  expect(await waitFor([...passing, onItsWay, ...passing, done])).toMatchObject({ waited: 'delivered' });
  expect(await waitFor(passing, 0)).toEqual({ waited: 'in-flight', changes: [] });
});

test('a fault ends the wait', async () => {
  await expect(waitFor([onItsWay, new Error('fault')])).rejects.toThrow('fault');
});
