// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gridpeg, repositoryDir, startGridpeg } from '../harness/cli/gridpeg';
import { OwnNetwork } from '../harness/network/own-network';
import { waitUntil } from '../harness/wait-until';

const sample = join(repositoryDir, 'gateway-app', 'data', 'acn-jpl-2019-05-16.csv');
const lanes = [
  'city-microgrid',
  'microgrid-city',
  'city-charging',
  'charging-city',
  'microgrid-charging',
  'charging-microgrid',
];
/** The transfer that is made to miss its deadline, watt-hours. */
const missed = 1000n;

interface Report {
  readonly verdict: string;
  readonly findings: readonly unknown[];
  readonly lanes: readonly LaneRow[];
}
type LaneRow = Readonly<Record<'laneId' | 'locked' | 'minted' | 'released' | 'retired' | 'refunded', string>> &
  Readonly<Record<'inFlight' | 'escrow' | 'vouchers', string>> & { readonly path: readonly string[] };

describe('the main job: a day of EV charging, from nothing', () => {
  const own = new OwnNetwork();
  afterAll(() => own.down());

  const audit = async (): Promise<Report> =>
    JSON.parse((await gridpeg(own.stateDir, 'audit', '--json')).stdout) as Report;
  /** Totals of energy that came to charging straight from the city. */
  const chargingLane = ({ lanes: rows }: Report): LaneRow | undefined =>
    rows.find(({ laneId, path }) => laneId === 'city-charging' && path.length === 0);

  test('a file without the columns is refused before anything is started', async () => {
    const file = join(own.folder, 'other.csv');
    writeFileSync(file, 'time,energy\n2019-05-16,1\n');
    const told = await gridpeg(own.stateDir, 'day', '--sessions', file);
    expect(told).toMatchObject({ status: 1, stdout: '' });
    expect(told.stderr).toMatch(/^SESSION_COLUMN_MISSING: other\.csv:1: no column arrival, [^\n]+\. [^\n]+\.\n$/);
    expect(existsSync(own.stateDir)).toBe(false);
  });

  test('a missing file, and a topology without the lanes, are refused before anything is started', async () => {
    const told = await gridpeg(own.stateDir, 'day', '--sessions', join(own.folder, 'none.csv'));
    expect(told).toMatchObject({ status: 1, stdout: '' });
    expect(told.stderr).toMatch(/^SESSIONS_UNREADABLE: [^\n]+none\.csv cannot be read\. [^\n]+\.\n$/);
    const topology = join(own.folder, 'without-lanes.yaml');
    const text = readFileSync(join(repositoryDir, 'network', 'topologies', 'dev.yaml'), 'utf8');
    writeFileSync(
      topology,
      text.replaceAll('microgrid-charging', 'one-way').replaceAll('charging-microgrid', 'or-other'),
    );
    const other = await gridpeg(own.stateDir, 'day', '--topology', topology);
    expect(other).toMatchObject({ status: 1, stdout: '' });
    expect(other.stderr).toMatch(/^LANE_NOT_IN_TOPOLOGY: [^\n]+\. [^\n]+\.\n$/m);
    expect(existsSync(own.stateDir)).toBe(false);
  });

  test('PEG-1: the sample: every lane carries, what was delivered is retired, the rest comes home', async () => {
    const day = await gridpeg(own.stateDir, 'day');
    expect(day.status).toBe(0);
    for (const lane of lanes)
      expect(day.stdout).toMatch(new RegExp(`^${lane} +[1-9]\\d* +[1-9]\\d* +[1-9][\\d ]*$`, 'm'));
    expect(day.stdout).toMatch(/^audit: holds$/m);
    expect(day.stdout).toMatch(/^latency, end to end .*: p50 \d+ ms, p95 \d+ ms, of [1-9]\d*$/m);

    const report = await audit();
    expect(report).toMatchObject({ verdict: 'holds', findings: [] });
    const { requested, delivered, overshoot, unused } = totals(readFileSync(sample, 'utf8'));
    expect(chargingLane(report)).toMatchObject({
      locked: (requested + overshoot + missed).toString(),
      minted: (requested + overshoot).toString(),
      retired: delivered.toString(),
      released: unused.toString(),
      refunded: missed.toString(),
      ...{ inFlight: '0', escrow: '0', vouchers: '0' },
    });

    // The commands that it ends with work as printed.
    const [, packetId] =
      /transfer show ([0-9a-f]{64}) {2}# the transfer that missed its deadline/.exec(day.stdout) ?? [];
    const shown = await gridpeg(own.stateDir, 'transfer', 'show', packetId ?? '');
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain('refunded');
    expect(shown.stdout).toContain('DEADLINE_PASSED');
    expect((await gridpeg(own.stateDir, 'status')).status).toBe(0);
  });

  test("a second day on the same network, from a user's file: a broken line is reported", async () => {
    const before = chargingLane(await audit());
    const [header = '', ...lines] = readFileSync(sample, 'utf8').replaceAll('2019-05-16', '2019-05-17').split('\n');
    const good = lines.slice(0, 6);
    const broken = good[2]!.split(',').with(3, 'much').join(',');
    const file = join(own.folder, 'mine.csv');
    writeFileSync(file, [header, ...good.with(2, broken)].join('\n'));
    const day = await gridpeg(own.stateDir, 'day', '--sessions', file, '--batch', '3', '--json');
    expect(day.stderr).toMatch(/^SESSION_ENERGY: mine\.csv:4: delivered_energy "much" is no energy\. [^\n]+\.$/m);
    expect(day.status).toBe(1);
    const { delivered, requested } = totals([header, ...good.toSpliced(2, 1)].join('\n'));
    expect(JSON.parse(day.stdout)).toMatchObject({
      ...{ sessions: 5, deliveredWh: delivered.toString(), requestedWh: requested.toString(), problems: [] },
      faults: [{ code: 'SESSION_ENERGY', file: 'mine.csv', line: 4 }],
      audit: { verdict: 'holds', findings: [] },
    });
    const after = chargingLane(await audit());
    expect(BigInt(after?.retired ?? 0) - BigInt(before?.retired ?? 0)).toBe(delivered);
    expect(BigInt(after?.refunded ?? 0) - BigInt(before?.refunded ?? 0)).toBe(missed);
  });

  test('PEG-4: sessions that were settled are not settled again, whatever their file is called', async () => {
    const before = chargingLane(await audit());
    const file = join(own.folder, 'renamed.csv');
    const columns = 'arrival,departure,requested_energy (kWh),delivered_energy (kWh),station_id,session_id';
    // The second one got twice of what it asked for: its two parts have one quantity.
    const lines = [
      '2019-05-16 10:00:00Z,2019-05-16 12:00:00Z,10,5,AG-1,s1',
      '2019-05-16 10:00:00Z,2019-05-16 12:00:00Z,10,20,AG-2,s2',
    ];
    const sampleLines = readFileSync(sample, 'utf8').trimEnd().split('\n').slice(1);
    const withoutMore = sampleLines.map((line) => line.split(',').slice(0, 6).join(','));
    writeFileSync(file, [columns, ...lines, ...withoutMore].join('\n'));
    for (const settledBefore of [79, 81]) {
      const day = await gridpeg(own.stateDir, 'day', '--sessions', file, '--json');
      expect([day.status, day.stderr]).toEqual([0, expect.any(String)]);
      const document = JSON.parse(day.stdout) as { readonly settledBefore: readonly string[] };
      expect(document.settledBefore).toHaveLength(settledBefore);
    }
    const after = chargingLane(await audit());
    expect(BigInt(after?.retired ?? 0) - BigInt(before?.retired ?? 0)).toBe(25_000n);
    expect(after).toMatchObject({ inFlight: '0', escrow: '0', vouchers: '0' });
  });

  test('killed in the middle, a day is completed by the next run, and nothing stays behind', async () => {
    const before = chargingLane(await audit());
    const text = readFileSync(sample, 'utf8')
      .replaceAll('2019-05-17', '2019-05-19')
      .replaceAll('2019-05-16', '2019-05-18');
    const file = join(own.folder, 'killed.csv');
    writeFileSync(file, text);
    const cut = startGridpeg(own.stateDir, 'day', '--sessions', file);
    await waitUntil('credit is settled', () => Promise.resolve(cut.output().includes(': settling')), 120);
    cut.kill('SIGKILL');
    await cut.ended;
    expect(cut.output()).not.toContain('audit:');
    expect((await gridpeg(own.stateDir, 'day', '--sessions', file)).status).toBe(0);
    const after = chargingLane(await audit());
    expect(BigInt(after?.retired ?? 0) - BigInt(before?.retired ?? 0)).toBe(totals(text).delivered);
    expect(after).toMatchObject({ inFlight: '0', escrow: '0', vouchers: '0' });
  });
});

/** Sums of a file of sessions, watt-hours, by plain arithmetic. */
function totals(csv: string): Readonly<Record<'requested' | 'delivered' | 'overshoot' | 'unused', bigint>> {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const columns = header.split(',');
  const sums = { requested: 0n, delivered: 0n, overshoot: 0n, unused: 0n };
  for (const line of lines) {
    const field = (name: string): bigint => wattHours(line.split(',')[columns.indexOf(`${name}_energy (kWh)`)] ?? '');
    const difference = field('delivered') - field('requested');
    sums.requested += field('requested');
    sums.delivered += field('delivered');
    if (difference > 0n) sums.overshoot += difference;
    else sums.unused -= difference;
  }
  return sums;
}

/** By floating point, on purpose not as the product does it; a tie would make the two disagree. */
function wattHours(kilowattHours: string): bigint {
  const exact = Number(kilowattHours) * 1000;
  const isTie = Math.abs(Math.abs(exact % 1) - 0.5) < 1e-6;
  if (!/^[\d.e-]+$/.test(kilowattHours) || isTie) throw new Error(`no energy to be added up here: ${kilowattHours}`);
  return BigInt(Math.round(exact));
}
