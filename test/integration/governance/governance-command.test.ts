// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gridpeg, gridpegWell } from '../../harness/cli/gridpeg';
import { sharedNetwork } from '../../harness/network/shared-network';
import { type TestNetwork } from '../../harness/network/test-network';

describe('gridpeg governance', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  const file = (name: string): string => join(folder, name);
  let network: TestNetwork;
  beforeAll(() => {
    network = sharedNetwork();
  });
  afterAll(() => {
    network.close();
    rmSync(folder, { recursive: true });
  });

  const run = (...parameters: readonly string[]) => gridpeg(network.stateDir, 'governance', ...parameters);
  const runWell = async (...parameters: readonly string[]): Promise<string> =>
    (await gridpegWell(network.stateDir, 'governance', ...parameters)).stdout;
  const propose = async (...parameters: readonly string[]): Promise<string> =>
    (await runWell('propose', ...parameters, '--chain', 'microgrid', '--as', 'MicrogridMSP')).trim();
  const agree = async (...parameters: readonly string[]): Promise<string> => {
    const id = await propose(...parameters);
    await runWell('approve', id, '--as', 'RegulatorMSP');
    return id;
  };

  test('show: rules, lanes, committees, and that nothing is proposed', async () => {
    const told = await runWell('show', '--chain', 'microgrid');
    expect(told).toMatch(
      /^microgrid: configuration \d+; 2 of 3 members decide .*; what could move value waits 1m, what only takes trust away or adds something new 0s$/m,
    );
    expect(told).toMatch(/^city-microgrid +open +1 000 000 000 000 +1h +100 000 000 000 000$/m);
    expect(told).toMatch(/^notaries for city: epoch 1, 3 of 4: GridMSP, /m);
    expect(told).toMatch(/^no open proposals$/m);
    const json = JSON.parse(await runWell('show', '--json')) as { chain: string }[];
    expect(json.map(({ chain }) => chain).sort()).toEqual(['charging', 'city', 'microgrid']);
  });

  test('T35: one organization alone pauses nothing; two of three do, and reopen', async () => {
    const lanes = ['microgrid-charging', 'charging-microgrid'];
    const id = await propose('pause', ...lanes);
    expect(await run('execute', id)).toMatchObject({
      status: 75,
      stderr: expect.stringMatching(/^PROPOSAL_NOT_APPROVED: /) as string,
    });
    const open = await runWell('show', '--chain', 'microgrid');
    expect(open).toContain(`proposal ${id} of MicrogridMSP: pause microgrid-charging, charging-microgrid`);
    expect(open).toMatch(/^ {2}1 of 2 consents \(MicrogridMSP\); next: gridpeg governance approve$/m);
    await runWell('approve', id, '--as', 'RegulatorMSP');
    expect(await runWell('show', '--chain', 'microgrid')).toMatch(/; next: gridpeg governance execute$/m);
    expect(await runWell('execute', id)).toBe(`microgrid: ${id} in force\n`);
    expect(await runWell('execute', id)).toBe(`microgrid: ${id} already in force\n`);
    expect(await runWell('show', '--chain', 'microgrid')).toMatch(/^microgrid-charging +paused /m);
    await runWell('execute', await agree('open', ...lanes));
    expect(await runWell('show', '--chain', 'microgrid')).toMatch(/^microgrid-charging +open /m);
  });

  test('a configuration is printed, edited and proposed; one that loosens a rule waits for the delay', async () => {
    const written = await runWell('configuration', 'microgrid', '-o', file('microgrid.json'), '--json');
    expect(JSON.parse(written)).toMatchObject({ file: file('microgrid.json'), chain: 'microgrid' });
    const text = readFileSync(file('microgrid.json'), 'utf8');
    writeFileSync(
      file('looser.json'),
      text.replace('"maximumQuantity": "1000000000000"', '"maximumQuantity": "1500000000000"'),
    );
    const id = await agree('configure', file('looser.json'));
    expect(await run('execute', id)).toMatchObject({
      status: 75,
      stderr: expect.stringMatching(/^PROPOSAL_NOT_DUE: /) as string,
    });
    expect(await runWell('show', '--chain', 'microgrid')).toMatch(/; due \d{4}-\d\d-\d\dT/m);
    expect(await runWell('withdraw', id, '--as', 'MicrogridMSP')).toBe(`microgrid: ${id} withdrawn\n`);
    expect(await run('execute', id)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^PROPOSAL_UNKNOWN: /) as string,
    });
  });

  const proposing = ['--chain', 'microgrid', '--as', 'MicrogridMSP'];
  test.each<readonly [what: string, status: number, code: string, parameters: () => readonly string[]]>([
    ['an id that is none', 2, 'USAGE', () => ['approve', 'abc', '--as', 'MicrogridMSP']],
    ['an unknown proposal', 1, 'PROPOSAL_UNKNOWN', () => ['execute', '0'.repeat(64)]],
    [
      'a stranger',
      1,
      'CHAIN_FOREIGN',
      () => ['propose', 'pause', 'city-microgrid', '--chain', 'microgrid', '--as', 'GridMSP'],
    ],
    ['an unknown chain', 1, 'CHAIN_UNKNOWN', () => ['show', '--chain', 'moon']],
    ['an unknown lane', 1, 'LANE_UNKNOWN', () => ['propose', 'pause', 'city-moon', ...proposing]],
    ['an unknown notary', 1, 'ORGANIZATION_UNKNOWN', () => ['propose', 'suspend-notary', 'MoonMSP', ...proposing]],
    ['a file that is not there', 1, 'FILE_UNREADABLE', () => ['propose', 'configure', file('none'), ...proposing]],
    ['a file that is not JSON', 2, 'USAGE', () => ['propose', 'configure', __filename, ...proposing]],
    [
      'a file of another form',
      2,
      'USAGE',
      () => ['propose', 'replace-committee', file('microgrid.json'), ...proposing],
    ],
    ['no organization', 2, 'USAGE', () => ['propose', 'pause', 'city-microgrid', '--chain', 'microgrid']],
  ])('refuses %s', async (_what, status, code, parameters) => {
    const told = await run(...parameters());
    expect(told).toMatchObject({ status, stderr: expect.stringMatching(new RegExp(`^${code}: `)) as string });
  });
});
