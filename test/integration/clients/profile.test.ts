// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkStatus } from '@gridpeg/network';
import { type PacketId } from '@gridpeg/protocol';
import { gridpeg, gridpegWell, startGridpegIn } from '../../harness/cli/gridpeg';
import { ManualRelay } from '../../harness/network/manual-relay';
import { lateClock } from '../../harness/faults/late-clock';
import { sharedNetwork } from '../../harness/network/shared-network';
import { energy, type TestNetwork } from '../../harness/network/test-network';

describe('a network that others run, imported by the connection profile and the wallet of an application', () => {
  let network: TestNetwork;
  let folder: string;
  let wallet: string;
  /** The state folder of the imported network. */
  let stateDir: string;
  beforeAll(async () => {
    network = sharedNetwork();
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
    wallet = join(folder, 'wallet');
    stateDir = join(folder, 'imported');
    const users = ['ChargingMSP/User1', 'ChargingMSP/Admin', 'GridMSP/User1'].flatMap((user) => ['--user', user]);
    await gridpegWell(network.stateDir, 'wallet', 'export', wallet, ...users);
  });
  afterAll(() => {
    network.close();
    rmSync(folder, { recursive: true });
  });

  const profileOf = (name: 'ChargingMSP' | 'GridMSP'): string => network.organization(name).connectionProfile.json;
  const importing = (profile: string, ...parameters: readonly string[]) => [
    ...['profile', 'import', profile, '--wallet', wallet, ...parameters],
  ];

  test('is known by its ledgers, with chain ids, members, lanes, assets and committee', async () => {
    await gridpegWell(stateDir, ...importing(profileOf('ChargingMSP')));
    const told = JSON.parse((await gridpegWell(stateDir, 'status', '--json')).stdout) as {
      readonly chains: ReadonlyArray<{ readonly name: string; readonly chainId: string; readonly height: string }>;
    };
    expect(told.chains.map(({ name, chainId }) => ({ name, chainId }))).toEqual(
      network.state.chains.map(({ name, chainId }) => ({ name, chainId })),
    );
    const { peg, chains, organizations } = JSON.parse(
      readFileSync(join(stateDir, 'network.json'), 'utf8'),
    ) as typeof network.state;
    // A ledger names accounts, where the topology names an organization for its first user.
    const issuers = [network.account('GridMSP')];
    expect(peg.assets).toEqual(network.state.peg.assets.map((asset) => ({ ...asset, issuers })));
    expect(peg.committee).toEqual(network.state.peg.committee);
    expect(peg.proofPolicy).toEqual(network.state.peg.proofPolicy);
    expect([...peg.lanes].map(({ id }) => id).sort()).toEqual(network.state.peg.lanes.map(({ id }) => id).sort());
    expect(chains.map(({ members }) => members)).toEqual(network.state.chains.map(({ members }) => members));
    expect(organizations.map(({ mspId }) => mspId)).toEqual(['ChargingMSP']);
  });

  test('takes transactions of the identities of the wallet, and tells what its ledgers hold', async () => {
    const [note] = await network.issue(network.account('ChargingMSP'), 25n);
    const pay = ['note', 'pay', '--chain', 'city', '--as', 'ChargingMSP/User1', '--note', note?.id ?? ''];
    const paid = await gridpegWell(
      stateDir,
      ...pay,
      '--quantity',
      '25',
      '--recipient',
      network.account('GridMSP'),
      '--unknown-recipient',
      '--json',
    );
    const { noteIds } = JSON.parse(paid.stdout) as { readonly noteIds: readonly string[] };
    await network.everywhere('city', Promise.resolve({ blockNumber: (await network.height('city')) - 1n }));
    expect(await network.notesOf('city', network.account('GridMSP'), noteIds)).toMatchObject([
      { quantity: 25n, asset: energy },
    ]);
    const notes = await gridpegWell(stateDir, 'note', 'list', '--owner', network.account('GridMSP'), '--json');
    expect(notes.stdout).toContain(noteIds[0]);
    const audit = await gridpegWell(stateDir, 'audit', '--json');
    expect(JSON.parse(audit.stdout)).toMatchObject({ verdict: 'holds' });
  });

  test('CLOCK_SKEW: counts deadlines by what was written last, and names a clock that is far behind', async () => {
    const to = ['--recipient', 'ChargingMSP/User1', '--quantity', '7'];
    const sendAt = (lateMs: number) => {
      const send = ['send', '--lane', 'city-charging', ...to, '--as', 'ChargingMSP/User1', '--deadline', '30s'];
      return startGridpegIn(lateClock(folder, lateMs), stateDir, ...send).ended;
    };
    await network.issue(network.account('ChargingMSP'), 7n);
    const [before, told] = [Date.now(), await sendAt(45_000)];
    expect(told.stderr).toMatch(/CLOCK_SKEW: .*clock is \d\d s behind that of whoever wrote the last block of city/);
    const id = /^packet ([0-9a-f]{64})$/m.exec(told.stdout)?.[1] ?? '';
    const { packet } = await network.client('city', 'ChargingMSP').getTransfer(id as PacketId);
    expect(Number(packet.deadlineMs)).toBeGreaterThan(before);
    expect((await sendAt(1_200_000)).stderr).toMatch(/^CLOCK_SKEW: .*peer time/m);
  });

  test("governs for its own organization alone, with its administrator's imported key", async () => {
    const governance = (...parameters: readonly string[]) => gridpegWell(stateDir, 'governance', ...parameters);
    const as = ['--as', 'ChargingMSP'];
    const proposed = await governance('propose', 'pause', 'city-charging', '--chain', 'city', ...as);
    const id = proposed.stdout.trim();
    expect((await governance('show', '--chain', 'city')).stdout).toContain(id);
    await governance('withdraw', id, ...as);
    const foreign = await gridpeg(
      stateDir,
      'governance',
      'propose',
      'pause',
      'city-charging',
      '--chain',
      'city',
      '--as',
      'GridMSP',
    );
    expect(foreign.stderr).toMatch(/^ACCOUNT_UNKNOWN: /);
    expect((await governance('show', '--chain', 'city')).stdout).not.toContain(id);
  });

  test('is looked at by the doctor, as far as its own peers tell', async () => {
    const { stdout } = await gridpegWell(stateDir, 'doctor');
    for (const { name } of network.state.chains)
      expect(stdout).toMatch(new RegExp(`chain ${name}: 1 peers agree on \\d+ blocks, and their chaincode answers`));
  });

  test('serves applications in the same way: env for clients, without what only its operators have', async () => {
    const told = JSON.parse((await gridpegWell(stateDir, 'env', 'Charging', '--json')).stdout) as Record<
      string,
      string
    >;
    const peer = network.chain('city').peers.find(({ organization }) => organization === 'ChargingMSP');
    expect(told).toMatchObject({ MSP_ID: 'ChargingMSP', CHANNEL_NAME: 'city', PEER_ENDPOINT: peer?.endpoint });
    expect(told).not.toHaveProperty('ORDERER_ADDRESS');
    expect(told).not.toHaveProperty('FABRIC_CFG_PATH');
  });

  test('is not imported twice into one folder, nor brought up', async () => {
    for (const parameters of [importing(profileOf('ChargingMSP')), ['up']])
      expect((await gridpeg(stateDir, ...parameters)).stderr).toMatch(/STATE_TAKEN: [^\n]+\. [^\n]+\.\n$/);
  });

  test('is forgotten by down, and runs on', async () => {
    const before = await networkStatus({ stateDir: network.stateDir });
    await gridpegWell(stateDir, 'down');
    expect(existsSync(stateDir)).toBe(false);
    const after = await networkStatus({ stateDir: network.stateDir });
    expect(after.map(({ name, state, pid }) => ({ name, state, pid }))).toEqual(
      before.map(({ name, state, pid }) => ({ name, state, pid })),
    );
  });

  test("a profile in the samples' form, which names no channels, does with chains that are named", async () => {
    const { channels, ...profile } = JSON.parse(readFileSync(profileOf('GridMSP'), 'utf8')) as { channels: unknown };
    expect(channels).toBeDefined();
    const file = join(folder, 'samples.json');
    writeFileSync(file, JSON.stringify(profile));
    const told = await gridpeg(stateDir, ...importing(file));
    expect(told.stderr).toMatch(/^PROFILE_WITHOUT_CHANNELS: [^\n]+\. [^\n]+\.\n$/);
    await gridpegWell(stateDir, ...importing(file, '--chain', 'city=city'));
    expect((await gridpeg(stateDir, 'note', 'list', '--chain', 'charging')).stderr).toMatch(/^CHAIN_UNKNOWN: /);
    expect(await gridpeg(stateDir, 'note', 'list')).toMatchObject({ status: 0 });
    await seesItsOwnEnd();
    await gridpegWell(stateDir, 'down');
  });

  /** Of a transfer to a chain that was not imported: what left is shown and audited, and what is not seen is said. */
  async function seesItsOwnEnd(): Promise<void> {
    const [note] = await network.issue(network.account('ChargingMSP'), 7n);
    await network.everywhere('city', Promise.resolve({ blockNumber: (await network.height('city')) - 1n }));
    const user = ['--as', 'ChargingMSP/User1', '--recipient', 'ChargingMSP/User1'];
    const sending = ['send', '--lane', 'city-charging', '--quantity', '7', '--note', note?.id ?? '', ...user, '--json'];
    const sent = JSON.parse((await gridpegWell(network.stateDir, ...sending)).stdout) as {
      readonly packetIds: readonly string[];
    };
    const [packetId = ''] = sent.packetIds;
    const shown = await gridpegWell(stateDir, 'transfer', 'show', packetId, '--json');
    const { steps } = JSON.parse(shown.stdout) as { readonly steps: ReadonlyArray<{ readonly step: string }> };
    expect(steps.map(({ step }) => step).slice(0, 2)).toEqual(['locked', 'unknown']);
    // What was settled on the word of a chain that is not seen cannot be compared.
    const notes = await network.issue(network.account('ChargingMSP'), 8n);
    const outputs = [{ recipient: network.account('ChargingMSP'), quantity: 8n }];
    await new ManualRelay(network).transfer({ lane: 'city-charging', sender: 'ChargingMSP', notes, outputs });
    const audited = JSON.parse((await gridpegWell(stateDir, 'audit', '--json')).stdout) as {
      readonly unseen: ReadonlyArray<{ readonly laneId: string }>;
    };
    expect(audited).toMatchObject({ verdict: 'unknown', findings: [] });
    expect(audited.unseen.map(({ laneId }) => laneId)).toContain('city-charging');
  }

  test('NOTARY_IDENTITY_MISSING: an administrator alone runs no notary: others listen to clients', async () => {
    await gridpegWell(stateDir, ...importing(profileOf('ChargingMSP'), '--label', 'Admin@charging.example.com'));
    const told = await gridpeg(stateDir, 'notary', 'run', '--organization', 'ChargingMSP');
    expect(told).toMatchObject({ status: 1, stdout: '' });
    expect(told.stderr).toMatch(/^NOTARY_IDENTITY_MISSING: [^\n]+\. [^\n]+\.\n$/);
    expect(existsSync(join(stateDir, 'notaries'))).toBe(false);
    await gridpegWell(stateDir, 'down');
  });

  const changed = (change: (profile: Record<string, unknown>) => object): string => {
    const file = join(folder, 'changed.json');
    const profile = JSON.parse(readFileSync(profileOf('ChargingMSP'), 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...profile, ...change(profile) }));
    return file;
  };
  const noAuthority = ({ peers }: Record<string, unknown>): object => {
    const bare = Object.entries(peers as object).map(([name, peer]) => [name, { ...(peer as object), tlsCACerts: {} }]);
    return { peers: Object.fromEntries(bare) as unknown };
  };
  const otherAuthority = ({ peers }: Record<string, unknown>): object => {
    const tlsCACerts = { path: network.organization('GridMSP').tlsCaCertFile };
    const strange = Object.entries(peers as object).map(([name, peer]) => [name, { ...(peer as object), tlsCACerts }]);
    return { peers: Object.fromEntries(strange) as unknown };
  };
  test.each<readonly [what: string, code: string, parameters: () => readonly string[]]>([
    ['no profile', 'FILE_UNREADABLE', () => importing(join(folder, 'none.json'))],
    ['no organization', 'PROFILE_MALFORMED', () => importing(changed(() => ({ organizations: {} })))],
    ['no TLS authority', 'PROFILE_MALFORMED', () => importing(changed(noAuthority))],
    ['the TLS authority of another', 'PROFILE_AUTHORITY_DIFFERS', () => importing(changed(otherAuthority))],
    ['no peers', 'PROFILE_WITHOUT_PEERS', () => importing(changed(() => ({ peers: {} })))],
    [
      'no identity of the organization',
      'IDENTITY_UNKNOWN',
      () => importing(profileOf('ChargingMSP'), '--label', 'User1@grid.example.com'),
    ],
    [
      'a channel that the peers have not',
      'PEER_UNAVAILABLE',
      () => importing(profileOf('ChargingMSP'), '--chain', 'moon'),
    ],
    [
      'a chaincode that is not there',
      'CHAINCODE_NOT_READY',
      () => importing(profileOf('ChargingMSP'), '--chain', 'city=moon'),
    ],
  ])('%s: one line with %s, and no folder made', async (_what, code, parameters) => {
    const told = await gridpeg(stateDir, ...parameters());
    const statuses: Readonly<Record<string, number>> = { PEER_UNAVAILABLE: 75, CHAINCODE_NOT_READY: 70 };
    expect(told).toMatchObject({ status: statuses[code] ?? 1, stdout: '' });
    expect(told.stderr).toMatch(new RegExp(`^${code}: [^\\n]+\\. [^\\n]+\\.\\n`));
    expect(existsSync(stateDir)).toBe(false);
  });
});
