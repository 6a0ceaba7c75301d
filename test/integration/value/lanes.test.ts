// SPDX-License-Identifier: Apache-2.0

import { type Note } from '@gridpeg/protocol';
import { ManualRelay } from '../../harness/network/manual-relay';
import { sharedNetwork } from '../../harness/network/shared-network';
import { freshAccount, sumOf, type OrganizationName, type TestNetwork } from '../../harness/network/test-network';

/** Every organization but the utility is a member of all three chains; this one sends. */
const sender: OrganizationName = 'ChargingMSP';

describe('the six lanes on a real network', () => {
  let network: TestNetwork;
  let relay: ManualRelay;
  beforeAll(() => {
    network = sharedNetwork();
    relay = new ManualRelay(network);
  });
  afterAll(() => network.close());

  const escrowOf = async (lane: string): Promise<bigint> => {
    const { source, id } = await network.lane(lane);
    return sumOf(await network.client(source, sender).escrow(id));
  };
  /** Energy on a side chain, brought there from the city. */
  const vouchers = async (chain: 'microgrid' | 'charging', quantity: bigint): Promise<readonly Note[]> => {
    const account = network.account(sender);
    const before = new Set((await network.notesOf(chain, account)).map(({ id }) => id));
    const notes = await network.issue(account, quantity);
    await relay.transfer({ lane: `city-${chain}`, sender, notes, outputs: [{ recipient: account, quantity }] });
    return (await network.notesOf(chain, account)).filter(({ id }) => !before.has(id));
  };

  test.each(['microgrid', 'charging'] as const)(
    'PEG-1: city to %s locks exactly what is minted there, and the way back burns and releases it',
    async (chain) => {
      const [out, back] = [`city-${chain}`, `${chain}-city`];
      const [account, recipient] = [network.account(sender), freshAccount('ChargingMSP', 'home')];
      const [escrow, backEscrow] = [await escrowOf(out), await escrowOf(back)];
      const notes = await network.issue(account, 1000n);
      const { sent, received, settled } = await relay.transfer({
        ...{ lane: out, sender, notes },
        outputs: [{ recipient: account, quantity: 700n, memo: 'session 7' }],
      });
      expect(received.answer.results).toEqual([{ packetId: sent.answer.packetIds[0], result: 'received', code: '' }]);
      expect(settled.answer.results).toEqual([{ packetId: sent.answer.packetIds[0], result: 'delivered', code: '' }]);
      expect(await escrowOf(out)).toBe(escrow + 700n);
      expect(sumOf(await network.notesOf('city', account, sent.answer.noteIds))).toBe(300n);
      const [voucher] = (await network.notesOf(chain, account)).filter(({ id }) => id.includes(received.txId));
      expect(voucher).toMatchObject({
        quantity: 700n,
        memo: 'session 7',
        label: { home: network.chain('city').chainId, path: [out] },
      });

      const returned = await relay.transfer({
        ...{ lane: back, sender, notes: [voucher!], outputs: [{ recipient, quantity: 450n }] },
      });
      expect(returned.received.answer.results[0]?.result).toBe('received');
      expect(await escrowOf(out)).toBe(escrow + 250n);
      expect(await escrowOf(back)).toBe(backEscrow);
      const released = await network.notesOf('city', recipient);
      expect(released).toMatchObject([{ quantity: 450n, label: { path: [] } }]);
      expect(sumOf(await network.notesOf(chain, account, returned.sent.answer.noteIds))).toBe(250n);
    },
  );

  test.each([
    ['microgrid', 'charging'],
    ['charging', 'microgrid'],
  ] as const)(
    'vouchers go on from %s to %s with both lanes in their label, and unwind the same way',
    async (via, end) => {
      const [account, recipient] = [network.account(sender), freshAccount('ChargingMSP', 'unwound')];
      const [first, second, back, home] = [`city-${via}`, `${via}-${end}`, `${end}-${via}`, `${via}-city`];
      const [firstEscrow, secondEscrow] = [await escrowOf(first), await escrowOf(second)];
      const hop = await relay.transfer({
        ...{
          lane: second,
          sender,
          notes: await vouchers(via, 600n),
          outputs: [{ recipient: account, quantity: 600n }],
        },
      });
      expect([await escrowOf(first), await escrowOf(second)]).toEqual([firstEscrow + 600n, secondEscrow + 600n]);
      const twoHops = (await network.notesOf(end, account)).filter(({ id }) => id.includes(hop.received.txId));
      expect(twoHops).toMatchObject([{ quantity: 600n, label: { path: [first, second] } }]);

      const unwound = await relay.transfer({
        ...{ lane: back, sender, notes: twoHops, outputs: [{ recipient: account, quantity: 600n }] },
      });
      const oneHop = (await network.notesOf(via, account)).filter(({ id }) => id.includes(unwound.received.txId));
      expect(oneHop).toMatchObject([{ quantity: 600n, label: { path: [first] } }]);
      await relay.transfer({ lane: home, sender, notes: oneHop, outputs: [{ recipient, quantity: 600n }] });
      expect(await network.notesOf('city', recipient)).toMatchObject([{ quantity: 600n, label: { path: [] } }]);
      expect([await escrowOf(first), await escrowOf(second)]).toEqual([firstEscrow, secondEscrow]);
    },
  );

  test('vouchers that came another way are locked and not released: the city knows them by their label', async () => {
    const account = network.account(sender);
    const hop = await relay.transfer({
      lane: 'microgrid-charging',
      ...{ sender, notes: await vouchers('microgrid', 50n), outputs: [{ recipient: account, quantity: 50n }] },
    });
    const notes = (await network.notesOf('charging', account)).filter(({ id }) => id.includes(hop.received.txId));
    const recipient = freshAccount('ChargingMSP', 'round');
    const before = await escrowOf('charging-city');
    await relay.transfer({ lane: 'charging-city', sender, notes, outputs: [{ recipient, quantity: 50n }] });
    expect(await network.notesOf('city', recipient)).toMatchObject([
      { quantity: 50n, label: { path: ['city-microgrid', 'microgrid-charging', 'charging-city'] } },
    ]);
    expect(await escrowOf('charging-city')).toBe(before + 50n);
  });

  test.each(['microgrid', 'charging'] as const)(
    'PEG-1: retiring on %s ends the escrow behind it on the city chain, with a supply record',
    async (chain) => {
      const [out, back] = [`city-${chain}`, `${chain}-city`];
      const notes = await vouchers(chain, 500n);
      const escrow = await escrowOf(out);
      const { received, settled, sent } = await relay.transfer({
        ...{ lane: back, sender, notes },
        outputs: [{ kind: 'retirement', recipient: network.account(sender), quantity: 320n }],
      });
      expect(received.answer.results).toMatchObject([{ result: 'received' }]);
      expect(settled.answer.results).toMatchObject([{ result: 'delivered' }]);
      expect(await escrowOf(out)).toBe(escrow - 320n);
      expect(
        (await network.notesOf('city', network.account(sender))).some(({ id }) => id.includes(received.txId)),
      ).toBe(false);
      expect(sumOf(await network.notesOf(chain, network.account(sender), sent.answer.noteIds))).toBe(180n);
    },
  );

  test('a retirement two lanes from home goes on by itself and ends the escrow of both lanes', async () => {
    const account = network.account(sender);
    const hop = await relay.transfer({
      lane: 'microgrid-charging',
      ...{ sender, notes: await vouchers('microgrid', 90n), outputs: [{ recipient: account, quantity: 90n }] },
    });
    const notes = (await network.notesOf('charging', account)).filter(({ id }) => id.includes(hop.received.txId));
    const escrow = async (): Promise<readonly bigint[]> =>
      Promise.all(['city-microgrid', 'microgrid-charging'].map(escrowOf));
    const [first = 0n, second = 0n] = await escrow();
    const { received } = await relay.transfer({
      ...{ lane: 'charging-microgrid', sender, notes },
      outputs: [{ kind: 'retirement', recipient: account, quantity: 90n }],
    });
    expect(await escrow()).toEqual([first, second - 90n]);
    const onward = await relay.carry('packets', 'microgrid-city', [received.txId]);
    expect(onward.answer.results).toMatchObject([{ result: 'received' }]);
    expect(await escrow()).toEqual([first - 90n, second - 90n]);
    const done = await relay.carry('receipts', 'microgrid-city', [onward.txId]);
    expect(done.answer.results).toMatchObject([{ result: 'delivered' }]);
  });

  test('one certificate carries the packets of several transactions of a lane, in one transaction', async () => {
    const account = network.account(sender);
    const recipient = freshAccount('ChargingMSP', 'batch');
    const [first, second] = await network.issue(account, 60n, 70n);
    const sendings = [first!, second!].map((note) =>
      relay.send({
        lane: 'city-charging',
        ...{ sender, notes: [note], outputs: [10n, 20n, 30n].map((quantity) => ({ recipient, quantity })) },
      }),
    );
    const txIds = (await Promise.all(sendings)).map(({ txId }) => txId);
    const received = await relay.carry('packets', 'city-charging', txIds);
    expect(received.answer.results.map(({ result }) => result)).toEqual(Array.from({ length: 6 }, () => 'received'));
    const held = await network.notesOf('charging', recipient);
    expect(held.map(({ quantity }) => quantity).sort()).toEqual([10n, 10n, 20n, 20n, 30n, 30n]);
    const settled = await relay.carry('receipts', 'city-charging', [received.txId]);
    expect(settled.answer.results.map(({ result }) => result)).toEqual(Array.from({ length: 6 }, () => 'delivered'));
  });

  test.each([
    ['an unknown lane', { lane: 'city-nowhere' }, 'LANE_UNKNOWN'],
    ['a lane that does not start here', { lane: 'charging-city' }, 'LANE_UNKNOWN'],
    ['a deadline that has passed', { deadlineMs: 1_000_000_000_000n }, 'DEADLINE_PASSED'],
    ['a deadline more than 30 days off', { deadlineMs: BigInt(Date.now()) + 31n * 86_400_000n }, 'DEADLINE_TOO_FAR'],
    ['more than the lane takes', { quantity: 1_000_000_000_001n }, 'QUANTITY_ABOVE_LIMIT'],
    ['more than the notes hold', { quantity: 101n }, 'QUANTITY_EXCEEDS_NOTES'],
    ['a retirement at home', { kind: 'retirement' as const }, 'RETIREMENT_NOT_AWAY'],
  ])('sending %s is refused and locks nothing', async (_what, change, code) => {
    const [note] = await network.issue(network.account(sender), 100n);
    const [height, escrow] = [await network.height('city'), await escrowOf('city-charging')];
    const { lane, deadlineMs, quantity, kind } = {
      ...{ lane: 'city-charging', deadlineMs: BigInt(Date.now() + 60_000), quantity: 100n, kind: 'transfer' as const },
      ...change,
    };
    const attempt = network.client('city', sender).send({
      laneId: lane as Awaited<ReturnType<TestNetwork['lane']>>['id'],
      ...{
        noteIds: [note!.id],
        deadlineMs,
        outputs: [{ kind, recipient: network.account(sender), quantity, memo: '' }],
      },
    });
    await expect(attempt).rejects.toMatchObject({ code });
    expect([await network.height('city'), await escrowOf('city-charging')]).toEqual([height, escrow]);
  });
});
