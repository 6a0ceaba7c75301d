// SPDX-License-Identifier: Apache-2.0

import {
  encode,
  issueRequestCodec,
  transferRequestCodec,
  type Account,
  type Note,
  type NotesResponse,
} from '@gridpeg/protocol';
import { type Committed } from '@gridpeg/gateway-app';
import { RawGateway } from '../../harness/network/raw-gateway';
import { sharedNetwork } from '../../harness/network/shared-network';
import { shimRequests } from '../../harness/adversary/shim-requests';
import {
  energy,
  freshAccount,
  sumOf,
  type OrganizationName,
  type TestNetwork,
} from '../../harness/network/test-network';

describe('notes on a real chain', () => {
  let network: TestNetwork;
  beforeAll(() => {
    network = sharedNetwork();
  });
  afterAll(() => network.close());

  const pay = (
    payer: OrganizationName,
    notes: readonly Note[],
    ...outputs: ReadonlyArray<readonly [recipient: Account, quantity: bigint]>
  ): Promise<Committed<NotesResponse>> =>
    network.everywhere(
      'city',
      network.client('city', payer).transfer({
        noteIds: notes.map(({ id }) => id),
        outputs: outputs.map(([recipient, quantity]) => ({ recipient, quantity, memo: '' })),
      }),
    );

  test('PEG-5: the issuer makes notes of its asset, with an empty path, for whom it names', async () => {
    const owner = freshAccount('ChargingMSP', 'issued');
    const [note] = await network.issue(owner, 5000n);
    expect(note).toMatchObject({
      owner,
      asset: energy,
      quantity: 5000n,
      label: { home: network.chain('city').chainId, path: [] },
    });
  });

  test('PEG-5: nobody but the issuer makes notes, nor the issuer on another chain than home', async () => {
    const outputs = [{ recipient: network.account('ChargingMSP'), quantity: 1n, memo: '' }];
    const height = await network.height('city');
    for (const other of ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] as const) {
      const attempt = network.client('city', other).issue({ asset: energy, outputs });
      await expect(attempt).rejects.toMatchObject({ code: 'NOT_ISSUER' });
    }
    // The utility is no member of the side chains: their peers do not let it speak, and nobody there issues for it.
    await expect(network.client('charging', 'GridMSP').issue({ asset: energy, outputs })).rejects.toMatchObject({
      code: 'IDENTITY_REJECTED',
    });
    await expect(network.client('charging', 'ChargingMSP').issue({ asset: energy, outputs })).rejects.toMatchObject({
      code: 'ASSET_UNKNOWN',
    });
    expect(await network.height('city')).toBe(height);
  });

  describe('T14: the timestamp of a client', () => {
    const now = Math.floor(Date.now() / 1000);
    const skew = 'CLOCK_SKEW';
    // More than 15 minutes off, and the peer does not even ask the chaincode.
    const timeWindow = 'incorrect timestamp';
    const off: ReadonlyArray<readonly [what: string, seconds: number, refusal: string]> = [
      ['14 minutes ahead', 14 * 60, skew],
      ['14 minutes behind', -14 * 60, skew],
      ['in 2099', Date.UTC(2099, 0) / 1000 - now, timeWindow],
      ['in 1971', Date.UTC(1971, 0) / 1000 - now, timeWindow],
    ];
    const issueAt = async (seconds: number): Promise<string> => {
      const raw = new RawGateway(network.connectionOptions('city', 'GridMSP'));
      const outputs = [{ recipient: freshAccount('ChargingMSP', 'dated'), quantity: 1n, memo: '' }];
      try {
        const request = encode(issueRequestCodec, { asset: energy, outputs });
        return (await raw.endorse('peg:issue', request, undefined, seconds)).answer;
      } catch (error) {
        return JSON.stringify((error as { readonly details?: unknown }).details);
      } finally {
        raw.close();
      }
    };

    test.each(off)('%s: nobody endorses', async (_, seconds, refusal) => {
      expect(await issueAt(seconds)).toContain(refusal);
    });
    test.each([0, 30, -30])('%i s off: endorsed', async (seconds) => {
      expect(await issueAt(seconds)).toContain('"noteIds"');
    });
  });

  test('a note is spent by its owner only', async () => {
    const owner = network.account('ChargingMSP');
    const [note] = await network.issue(owner, 10n);
    await expect(pay('MicrogridMSP', [note!], [network.account('MicrogridMSP'), 10n])).rejects.toMatchObject({
      code: 'NOTE_NOT_OWNED',
      details: { noteId: note!.id },
    });
    expect(await network.notesOf('city', owner, [note!.id])).toEqual([note]);
  });

  test('PEG-4: a transfer splits a note, and what is not named comes back as change', async () => {
    const [note] = await network.issue(network.account('ChargingMSP'), 100n);
    const [anna, ben] = [freshAccount('ChargingMSP', 'anna'), freshAccount('GridMSP', 'ben')];
    const { answer } = await pay('ChargingMSP', [note!], [anna, 30n], [ben, 25n]);
    expect((await network.notesOf('city', anna)).map(({ quantity }) => quantity)).toEqual([30n]);
    expect((await network.notesOf('city', ben)).map(({ quantity }) => quantity)).toEqual([25n]);
    const [change] = await network.notesOf('city', network.account('ChargingMSP'), answer.noteIds.slice(2));
    expect(change?.quantity).toBe(45n);
    expect(answer.noteIds).toHaveLength(3);
  });

  test('PEG-4: a transfer merges notes, and never makes more than it spends', async () => {
    const notes = await network.issue(network.account('ChargingMSP'), 1n, 2n, 3n);
    const owner = freshAccount('ChargingMSP', 'merged');
    await expect(pay('ChargingMSP', notes, [owner, 7n])).rejects.toMatchObject({
      code: 'QUANTITY_EXCEEDS_NOTES',
      details: { asked: '7', available: '6' },
    });
    await pay('ChargingMSP', notes, [owner, 6n]);
    expect((await network.notesOf('city', owner)).map(({ quantity }) => quantity)).toEqual([6n]);
  });

  test('peers get all reads of a transfer in one message, and all writes in another', async () => {
    const notes = await network.issue(network.account('ChargingMSP'), 1n, 2n, 3n);
    const before = await shimRequests(network.stateDir, 'city');
    await pay('ChargingMSP', notes, [freshAccount('GridMSP', 'ben'), 4n]);
    const after = await shimRequests(network.stateDir, 'city');
    const more = Object.entries(after).map(([type, count]) => [type, count - (before[type] ?? 0)] as const);
    const { GET_STATE_MULTIPLE: endorsed, ...rest } = Object.fromEntries(more.filter(([, count]) => count > 0));
    expect(endorsed).toBeGreaterThan(0);
    expect(rest).toEqual({ WRITE_BATCH_STATE: endorsed });
  });

  test('PEG-4: a note is spent once: later, named twice, or by two transactions at the same time', async () => {
    const [first, second] = await network.issue(network.account('ChargingMSP'), 40n, 50n);
    const [anna, ben] = [freshAccount('ChargingMSP', 'anna'), freshAccount('ChargingMSP', 'ben')];
    await expect(pay('ChargingMSP', [first!, first!], [anna, 80n])).rejects.toMatchObject({ code: 'NOTE_REPEATED' });
    await pay('ChargingMSP', [first!], [anna, 40n]);
    await expect(pay('ChargingMSP', [first!], [ben, 40n])).rejects.toMatchObject({
      code: 'NOTE_SPENT',
      details: { noteId: first!.id },
    });

    const racers = [anna, ben, anna, ben, anna, ben].map((recipient) =>
      pay('ChargingMSP', [second!], [recipient, 50n]),
    );
    const outcomes = await Promise.allSettled(racers);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'NOTE_SPENT' });
    }
    const held = [...(await network.notesOf('city', anna)), ...(await network.notesOf('city', ben))];
    expect(sumOf(held)).toBe(90n);
  });

  test('T25: of 64 clients that pay between two accounts at once, 99 % succeed within five tries', async () => {
    const [owner, till] = [network.account('ChargingMSP'), freshAccount('ChargingMSP', 'till')];
    const ones = Array.from({ length: 32 }, () => 1n);
    const notes = [...(await network.issue(owner, ...ones)), ...(await network.issue(owner, ...ones))];
    const tries = await Promise.all(
      notes.map(async ({ id }) => {
        const client = new RawGateway(network.connectionOptions('city', 'ChargingMSP'));
        const outputs = [{ recipient: till, quantity: 1n, memo: '' }];
        try {
          for (let count = 1; count <= 5; count += 1) {
            const paying = await client.endorse(
              'peg:transfer',
              encode(transferRequestCodec, { noteIds: [id], outputs }),
            );
            if ((await paying.submit()) === 'VALID') return count;
          }
          return Infinity;
        } finally {
          client.close();
        }
      }),
    );
    expect(tries.filter((count) => count <= 5).length).toBeGreaterThanOrEqual(0.99 * notes.length);
    expect(sumOf(await network.notesOf('city', till))).toBe(64n);
  });

  test('retiring at home ends value, and only what is owned', async () => {
    const owner = network.account('ChargingMSP');
    const [note] = await network.issue(owner, 100n);
    const request = { noteIds: [note!.id], quantity: 60n };
    await expect(network.client('city', 'MicrogridMSP').retire(request)).rejects.toMatchObject({
      code: 'NOTE_NOT_OWNED',
    });
    const retiring = network.client('city', 'ChargingMSP').retire(request);
    const { answer } = await network.everywhere('city', retiring);
    const [change] = await network.notesOf('city', owner, answer.noteIds);
    expect(change?.quantity).toBe(40n);
    await expect(network.client('city', 'ChargingMSP').retire(request)).rejects.toMatchObject({ code: 'NOTE_SPENT' });
  });

  test('T31: a user does not spend what belongs to another user of the same organization', async () => {
    const [note] = await network.issue(network.account('ChargingMSP', 'User2'), 10n);
    await expect(pay('ChargingMSP', [note!], [network.account('ChargingMSP'), 10n])).rejects.toMatchObject({
      code: 'NOTE_NOT_OWNED',
    });
  });
});
