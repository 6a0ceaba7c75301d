// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Note, type Packet, type TxId } from '@gridpeg/protocol';
import { gridpeg, gridpegWell, startGridpeg, type Running } from '../../harness/cli/gridpeg';
import { ManualRelay } from '../../harness/network/manual-relay';
import { sharedNetwork } from '../../harness/network/shared-network';
import { type ChainName, type TestNetwork } from '../../harness/network/test-network';
import { untilPassed, waitUntil } from '../../harness/wait-until';

const user = 'ChargingMSP/User1';
const nobody = '0'.repeat(64);

describe('the gridpeg command on a real network', () => {
  let network: TestNetwork;
  let spent: Note;
  let foreign: Note;
  beforeAll(async () => {
    network = sharedNetwork();
    [foreign] = (await network.issue(network.account('MicrogridMSP'), 50n)) as [Note];
    [spent] = (await network.issue(network.account('ChargingMSP'), 50n)) as [Note];
    const retiring = network.client('city', 'ChargingMSP').retire({ noteIds: [spent.id], quantity: 50n });
    await network.everywhere('city', retiring);
  });
  afterAll(() => network.close());

  const heights = async (): Promise<readonly bigint[]> =>
    Promise.all((['city', 'microgrid', 'charging'] as const).map((chain: ChainName) => network.height(chain)));

  const send = ['send', '--as', user, '--recipient', user];
  const pay = ['note', 'pay', '--chain', 'city', '--as', user, '--recipient', user];
  test.each<readonly [what: string, status: number, code: string, parameters: () => readonly string[]]>([
    ['a note of another owner', 1, 'NOTE_UNKNOWN', () => [...pay, '--quantity', '1', '--note', foreign.id]],
    ['a spent note', 1, 'NOTE_UNKNOWN', () => [...pay, '--quantity', '1', '--note', spent.id]],
    ['zero', 2, 'USAGE', () => [...send, '--lane', 'city-charging', '--quantity', '0']],
    ['a negative quantity', 2, 'USAGE', () => [...send, '--lane', 'city-charging', '--quantity=-5']],
    ['a broken quantity', 2, 'USAGE', () => [...send, '--lane', 'city-charging', '--quantity', '1.5']],
    ['more than a note can hold', 2, 'USAGE', () => [...pay, '--quantity', (10n ** 18n).toString()]],
    ['more than there is', 1, 'NOTES_INSUFFICIENT', () => [...pay, '--quantity', (10n ** 17n).toString()]],
    ['an unknown lane', 1, 'LANE_UNKNOWN', () => [...send, '--lane', 'city-moon', '--quantity', '1']],
    ['an unknown asset', 1, 'ASSET_UNKNOWN', () => [...pay, '--quantity', '1', '--asset', 'city/gold']],
    ['an unknown chain', 1, 'CHAIN_UNKNOWN', () => ['note', 'list', '--chain', 'moon']],
    ['an unknown account', 1, 'ACCOUNT_UNKNOWN', () => ['note', 'list', '--owner', 'MoonMSP/User1']],
    [
      'T31: a recipient of no member of the chain',
      1,
      'RECIPIENT_UNKNOWN',
      () => ['send', '--as', user, '--lane', 'city-charging', '--quantity', '1', '--recipient', 'GridMSP/User1'],
    ],
    [
      'T31: a recipient in other capitals',
      1,
      'RECIPIENT_UNKNOWN',
      () => [
        'note',
        'pay',
        '--chain',
        'city',
        '--as',
        user,
        '--quantity',
        '1',
        '--recipient',
        'gridmsp/User1@grid.example.com',
      ],
    ],
    [
      'T31: a recipient whom nobody here knows',
      1,
      'RECIPIENT_UNCONFIRMED',
      () => [...pay.slice(0, -1), 'ChargingMSP/User1@charging.exmaple.com', '--quantity', '1'],
    ],
    ['an unknown packet', 1, 'PACKET_UNKNOWN', () => ['transfer', 'show', nobody]],
    ['a packet id that is none', 2, 'USAGE', () => ['transfer', 'show', 'abc']],
    ['a misspelt code', 1, 'CODE_UNKNOWN', () => ['explain', 'NOTE_SPEND']],
    ['a notary of nobody', 1, 'ORGANIZATION_UNKNOWN', () => ['notary', 'run', '--organization', 'MoonMSP']],
    ['an unknown node', 1, 'NODE_UNKNOWN', () => ['node', 'kill', 'moon']],
    [
      'somebody who is not the issuer',
      1,
      'NOT_ISSUER',
      () => ['note', 'issue', '--quantity', '1', '--recipient', user, '--as', user],
    ],
    [
      'a deadline more than 30 days off',
      2,
      'USAGE',
      () => [
        'send',
        '--as',
        'MicrogridMSP/User1',
        '--recipient',
        user,
        '--lane',
        'city-charging',
        '--quantity',
        '1',
        '--deadline',
        '31d',
      ],
    ],
  ])(
    '%s: exit status %i and one line with %s and what to do, nothing written',
    async (_what, status, code, parameters) => {
      const before = await heights();
      const told = await gridpeg(network.stateDir, ...parameters());
      expect(told).toMatchObject({ status, stdout: '' });
      // The code, what happened, and a sentence that says what to do: one line.
      expect(told.stderr).toMatch(new RegExp(`^${code}: [^\\n]+\\. [^\\n]+\\.\\n$`));
      expect(await heights()).toEqual(before);
    },
  );

  test('more than a lane takes at once is refused by the chain itself', async () => {
    const quantity = 10n ** 12n + 1n;
    // One issue gives no more than that either. Halves leave room in every shard of the window for the tests that
    // follow.
    const halves = [quantity / 2n, quantity - quantity / 2n];
    const issued = [];
    for (const half of halves) issued.push(...(await network.issue(network.account('ChargingMSP'), half)));
    const notes = issued.flatMap(({ id }) => ['--note', id]);
    const before = await heights();
    const parameters = [...send, '--lane', 'city-charging', '--quantity', quantity.toString(), ...notes];
    const told = await gridpeg(network.stateDir, ...parameters);
    expect(told).toMatchObject({ status: 1, stdout: '' });
    expect(told.stderr).toMatch(/^QUANTITY_ABOVE_LIMIT: [^\n]*maximum 1000000000000[^\n]*\. [^\n]+\.\n$/);
    expect(await heights()).toEqual(before);
  });

  test('--json tells a refusal as one document on standard output, with the same code and exit status', async () => {
    const told = await gridpeg(network.stateDir, ...pay, '--quantity', '1', '--note', spent.id, '--json');
    expect(told).toMatchObject({ status: 1, stderr: '' });
    expect(JSON.parse(told.stdout)).toEqual({
      code: 'NOTE_UNKNOWN',
      summary: expect.stringMatching(/^no unspent note /) as string,
      remedy: 'See `gridpeg note list`.',
      message: expect.stringMatching(/\. .+\.$/) as string,
      class: 'drop',
    });
  });

  test('a command that does not exist is told with exit status 2', async () => {
    const told = await gridpeg(network.stateDir, 'transmogrify');
    expect(told).toMatchObject({ status: 2, stdout: '' });
    expect(told.stderr).toMatch(/^USAGE: unknown command 'transmogrify'/);
  });

  test('where no network is, every command says so', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
    try {
      for (const parameters of [['audit'], ['note', 'list'], [...pay, '--quantity', '1']]) {
        const told = await gridpeg(join(empty, 'none'), ...parameters);
        expect(told).toMatchObject({ status: 1, stdout: '' });
        expect(told.stderr).toMatch(/^NETWORK_NOT_UP: .+\. Run "gridpeg up" first\.?\n$/);
      }
    } finally {
      rmSync(empty, { recursive: true });
    }
  });

  test('issue, pay, send, transfer show, retire and notes tell the same as the ledgers', async () => {
    const json = async <T>(...parameters: readonly string[]): Promise<T> =>
      JSON.parse((await gridpegWell(network.stateDir, ...parameters, '--json')).stdout) as T;
    type Open = { total: number; transfers: ReadonlyArray<{ packet: Pick<Packet, 'id'> }> };
    const on = (chain: string): readonly string[] => ['--chain', chain, '--as', user];
    type Made = { readonly noteIds: readonly string[]; readonly txId: string; readonly packetIds: readonly string[] };
    const issued = await json<Made>('note', 'issue', '--quantity', '900', '--recipient', user, '--memo', 'by hand');
    const account = network.account('ChargingMSP');
    expect(await network.notesOf('city', account, issued.noteIds)).toMatchObject([{ quantity: 900n, memo: 'by hand' }]);
    const paid = await json<Made>(...pay, '--quantity', '600', '--note', issued.noteIds[0]!);
    const sent = await json<Made>(...send, '--lane', 'city-charging', '--quantity', '600', '--note', paid.noteIds[0]!);
    const relay = new ManualRelay(network);
    const txId = sent.txId as Parameters<ManualRelay['carry']>[2][number];
    const listed = await json<Open>('transfer', 'list', '--lane', 'city-charging', '--limit', '10000');
    expect(listed.transfers.find(({ packet }) => packet.id === sent.packetIds[0])).toMatchObject({
      ...{ source: 'city', destination: 'charging', answer: 'none' },
      packet: { quantity: '600' },
    });
    const why = await gridpegWell(network.stateDir, 'transfer', 'why', sent.packetIds[0]!);
    expect(why.stdout).toMatch(/^waits for {4}\d more of \d notaries/);
    expect(await json('lane', 'status', 'city-charging')).toEqual([
      expect.objectContaining({
        ...{ source: { chain: 'city', state: 'open' }, destination: { chain: 'charging', state: 'open' } },
        ...{ inFlight: listed.total, relays: [] },
      }),
    ]);
    const shown = async (): Promise<string> => JSON.stringify(await json('transfer', 'show', sent.packetIds[0]!));
    expect(await shown()).toContain('in-flight');
    const received = await relay.carry('packets', 'city-charging', [txId]);
    await relay.carry('receipts', 'city-charging', [received.txId]);
    expect(await shown()).toContain('delivered');
    const held = await json<readonly Note[]>('note', 'list', '--chain', 'charging', '--owner', user);
    const [voucher] = held.filter(({ id }) => id.includes(received.txId));
    expect(voucher).toMatchObject({ quantity: '600', label: { path: ['city-charging'] } });
    const retired = await json<Made>(
      'note',
      'retire',
      '--chain',
      'charging',
      '--as',
      user,
      '--quantity',
      '600',
      '--note',
      voucher!.id,
    );
    const ended = await relay.carry('packets', 'charging-city', [retired.txId as typeof txId]);
    expect(ended.answer.results).toMatchObject([{ result: 'received' }]);
    await relay.carry('receipts', 'charging-city', [ended.txId]);
    const small = await network.issue(account, 3n, 4n);
    const named = small.flatMap(({ id }) => ['--note', id]);
    const [merged] = await json<readonly [{ noteId: string }]>('note', 'merge', ...on('city'), ...named);
    expect(merged).toMatchObject({ asset: 'city/energy', path: [], quantity: '7', notes: 2 });
    expect(await network.notesOf('city', account, [merged.noteId])).toMatchObject([{ quantity: 7n }]);
    expect(await json('note', 'merge', ...on('city'), '--note', merged.noteId)).toEqual([]);
  });

  test('send --wait ends as the transfer does, or when its time is over', async () => {
    const relay = new ManualRelay(network);
    const waiting = [...send, '--lane', 'city-charging', '--wait', '--json'];
    const notesOf = async (quantity: bigint): Promise<readonly string[]> =>
      (await network.issue(network.account('ChargingMSP'), quantity)).flatMap(({ id }) => ['--note', id]);
    const ended = async (running: Running): Promise<readonly [number | undefined, Record<string, unknown>]> => {
      const { status, stdout } = await running.ended;
      return [status, JSON.parse(stdout) as Record<string, unknown>];
    };
    const early = [...waiting, '--quantity', '5', '--timeout', '1s', ...(await notesOf(5n))];
    const [status, document] = await ended(startGridpeg(network.stateDir, ...early));
    expect([status, document]).toEqual([
      75,
      expect.objectContaining({ outcome: 'in-flight', code: '', timedOut: true }),
    ]);
    /** Waits for a transfer that is carried by hand, and says how that ended. */
    const carried = async (...more: readonly string[]): Promise<Awaited<ReturnType<typeof ended>>> => {
      const parameters = [...waiting, '--quantity', '6', '--timeout', '5m', ...more, ...(await notesOf(6n))];
      const running = startGridpeg(network.stateDir, ...parameters);
      const packetId = await waitUntil('it has left', () =>
        Promise.resolve(/^packet ([0-9a-f]{64})$/m.exec(running.output())?.[1]),
      );
      const { stdout } = await gridpegWell(network.stateDir, 'transfer', 'show', packetId, '--json');
      const { packet } = JSON.parse(stdout) as { packet: { txId: TxId; deadlineMs: string } };
      if (more.includes('1s')) await untilPassed(BigInt(packet.deadlineMs));
      const received = await relay.carry('packets', 'city-charging', [packet.txId]);
      await relay.carry('receipts', 'city-charging', [received.txId]);
      return ended(running);
    };
    expect(await carried()).toEqual([0, expect.objectContaining({ outcome: 'delivered', code: '', timedOut: false })]);
    expect(await carried('--deadline', '1s')).toEqual([
      1,
      expect.objectContaining({ outcome: 'refunded', code: 'DEADLINE_PASSED', timedOut: false }),
    ]);
  });

  test('an old name is told with the new one and exit status 2, and nothing is done', async () => {
    const told = await gridpeg(network.stateDir, 'pay', ...pay.slice(2), '--quantity', '1');
    expect(told).toMatchObject({ status: 2, stdout: '' });
    expect(told.stderr).toMatch(/^COMMAND_RENAMED: `gridpeg pay` is now `gridpeg note pay`\. [^\n]+\.\n$/);
  });

  test('T25: ten sends of one account at the same time all succeed', async () => {
    const account = network.account('ChargingMSP');
    await network.issue(account, ...Array.from({ length: 10 }, () => 7n));
    const one = ['--lane', 'city-charging', '--quantity', '7', '--deadline', '30d'];
    const ended = await Promise.all(Array.from({ length: 10 }, () => gridpeg(network.stateDir, ...send, ...one)));
    expect(ended.map(({ status, stderr }) => `${String(status)} ${stderr}`)).toEqual(ended.map(() => '0 '));
  });

  test('PEG-1: audit holds, with exit status 0, and its JSON tells what every lane has carried', async () => {
    const told = await gridpeg(network.stateDir, 'audit', '--json');
    expect(told).toMatchObject({ status: 0, stderr: '' });
    const report = JSON.parse(told.stdout) as { readonly lanes: ReadonlyArray<Readonly<Record<string, string>>> };
    expect(report).toMatchObject({ verdict: 'holds', findings: [] });
    const lane = report.lanes.find(({ laneId, path }) => laneId === 'city-charging' && path?.length === 0);
    expect(BigInt(lane?.['locked'] ?? 0)).toBeGreaterThanOrEqual(600n);
    expect(BigInt(lane?.['retired'] ?? 0)).toBeGreaterThanOrEqual(600n);
  });
});

describe('T24: malformed texts given to the chaincode', () => {
  let network: TestNetwork;
  beforeAll(() => {
    network = sharedNetwork();
  });
  afterAll(() => network.close());

  const noteId = `${'a'.repeat(16)}-${'b'.repeat(64)}-0`;
  const output = '{"recipient":"GridMSP/a","quantity":"1","memo":""}';
  test.each([
    ['nothing', ''],
    ['no JSON', '{"noteIds":'],
    ['no record', '[]'],
    ['a missing field', `{"noteIds":["${noteId}"]}`],
    ['a field too many', `{"noteIds":["${noteId}"],"outputs":[${output}],"as":"admin"}`],
    ['a field twice', `{"noteIds":["${noteId}"],"noteIds":["${noteId}"],"outputs":[${output}]}`],
    ['white space', `{ "noteIds":["${noteId}"],"outputs":[${output}]}`],
    ['a byte order mark', `\ufeff{"noteIds":["${noteId}"],"outputs":[${output}]}`],
    ['trailing data', `{"noteIds":["${noteId}"],"outputs":[${output}]}{}`],
    ['a quantity that is a number', `{"noteIds":["${noteId}"],"outputs":[${output.replace('"1"', '1')}]}`],
    ['a quantity of 1e3', `{"noteIds":["${noteId}"],"outputs":[${output.replace('"1"', '"1e3"')}]}`],
    ['a quantity of zero', `{"noteIds":["${noteId}"],"outputs":[${output.replace('"1"', '"0"')}]}`],
    ['a negative quantity', `{"noteIds":["${noteId}"],"outputs":[${output.replace('"1"', '"-1"')}]}`],
    ['a quantity too large', `{"noteIds":["${noteId}"],"outputs":[${output.replace('"1"', `"${10n ** 18n}"`)}]}`],
    ['no notes', `{"noteIds":[],"outputs":[${output}]}`],
    ['51 outputs', `{"noteIds":["${noteId}"],"outputs":[${Array.from({ length: 51 }, () => output).join()}]}`],
    ['__proto__', `{"noteIds":["${noteId}"],"outputs":[${output}],"__proto__":{}}`],
    ['a memo of 64 kB', `{"noteIds":["${noteId}"],"outputs":[${output.replace('""', `"${'x'.repeat(65_536)}"`)}]}`],
    ['20,000 brackets', '['.repeat(20_000) + ']'.repeat(20_000)],
  ])('%s is REQUEST_MALFORMED and writes nothing', async (_what, text) => {
    const height = await network.height('city');
    const attempt = network.client('city', 'ChargingMSP').connection.submit('peg:transfer', text);
    await expect(attempt).rejects.toMatchObject({ code: 'REQUEST_MALFORMED' });
    expect(await network.height('city')).toBe(height);
  });
});
