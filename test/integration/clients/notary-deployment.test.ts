// SPDX-License-Identifier: Apache-2.0

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gridpegWell, launcher, runProgram, startProgram, type Running } from '../../harness/cli/gridpeg';
import { ManualRelay } from '../../harness/network/manual-relay';
import {
  canMakeNamespaces,
  loopbackHosts,
  namespaceHosts,
  type Host,
  type Hosts,
} from '../../harness/network/notary-hosts';
import { sharedNetwork } from '../../harness/network/shared-network';
import {
  freshAccount,
  organizations,
  sumOf,
  type OrganizationName,
  type TestNetwork,
} from '../../harness/network/test-network';
import { waitUntil } from '../../harness/wait-until';

const port = 7310;
const inNamespaces = canMakeNamespaces();

/** One organization's own: its host, its folder, its process. */
interface Member {
  readonly name: OrganizationName;
  readonly host: Host;
  readonly folder: string;
  running?: Running;
}

/** Says where it runs, as not every machine lets a test make network namespaces. */
const where = inNamespaces ? 'network namespaces' : 'addresses 127.0.0.x: no network namespaces can be made here';

describe(`four notaries of four organizations (${where})`, () => {
  let network: TestNetwork;
  let folder: string;
  let hosts: Hosts;
  let members: readonly Member[];

  /** Starts `gridpeg` on a member's host. */
  const start = ({ host }: Member, ...parameters: readonly string[]): Running => {
    const [program = '', ...rest] = [...host.prefix, process.execPath, launcher, ...parameters];
    return startProgram(program, ...rest);
  };
  const addressOf = ({ host }: Member): string => `https://${host.address}:${port.toString()}`;

  /** What an organization has: its profile, the wallet of its client, and its key of the committee. */
  const equip = async ({ name, folder: own }: Member): Promise<void> => {
    mkdirSync(own);
    await gridpegWell(network.stateDir, 'wallet', 'export', join(own, 'wallet'), '--user', `${name}/User1`);
    const profile = readFileSync(network.organization(name).connectionProfile.json, 'utf8');
    writeFileSync(join(own, 'profile.json'), profile.replaceAll('127.0.0.1', hosts.peers));
    copyFileSync(join(network.stateDir, 'notaries', name, 'signing-key.pem'), join(own, 'signing-key.pem'));
    const { certificate, privateKey } = network.identity(name);
    writeFileSync(join(own, 'client.pem'), certificate);
    writeFileSync(join(own, 'client-key.pem'), privateKey, { mode: 0o600 });
    const settings = {
      ...{ organization: name, state: 'state', signingKey: 'signing-key.pem', dataDir: 'data' },
      ...{ certificate: 'client.pem', privateKey: 'client-key.pem' },
      listen: `${inNamespaces ? '0.0.0.0' : hostOf(name).address}:${port.toString()}`,
      notaries: Object.fromEntries(members.map((member) => [member.name, addressOf(member)])),
    };
    writeFileSync(join(own, 'notary.yaml'), JSON.stringify(settings));
  };
  const importProfile = async (member: Member): Promise<void> => {
    const at = (name: string): string => join(member.folder, name);
    const from = ['profile', 'import', at('profile.json'), '--wallet', at('wallet')];
    const { status, stderr } = await start(member, '--state', at('state'), ...from).ended;
    expect([status, stderr]).toEqual([0, '']);
  };
  const hostOf = (name: OrganizationName): Host => members.find((member) => member.name === name)!.host;

  const ask = async (member: Member, path: string): Promise<unknown> => {
    const script =
      `require('node:https').get(process.argv[1],{rejectUnauthorized:false},(r)=>r.pipe(process.stdout))` +
      `.on('error',()=>0)`;
    const run = [...hosts.outside.prefix, process.execPath, '-e', script, `${addressOf(member)}${path}`];
    const { stdout } = await runProgram(run[0] ?? '', ...run.slice(1));
    return stdout === '' ? undefined : (JSON.parse(stdout) as unknown);
  };
  const untilReady = (member: Member): Promise<unknown> =>
    waitUntil(`${member.name} is ready: ${member.running?.output() ?? ''}`, async () => {
      const told = await ask(member, '/readyz');
      return (told as { readonly ready?: boolean } | undefined)?.ready === true;
    });
  const transfer = async (): Promise<void> => {
    const sender = 'ChargingMSP';
    const recipient = freshAccount(sender, 'deployed');
    const notes = await network.issue(network.account(sender), 21n);
    const outputs = [{ recipient, quantity: 21n }];
    await new ManualRelay(network).send({ lane: 'city-charging', sender, notes, outputs });
    await waitUntil(
      'the transfer has arrived',
      async () => sumOf(await network.notesOf('charging', recipient)) === 21n,
    );
  };

  beforeAll(async () => {
    network = sharedNetwork();
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
    const peers = network.state.chains.flatMap((chain) => chain.peers.map(({ endpoint }) => endpoint.split(':')[1]));
    const ports = [...new Set(peers)].map(Number);
    hosts = inNamespaces ? await namespaceHosts(organizations.length, ports) : loopbackHosts(organizations.length);
    members = organizations.map((name, index) => ({ name, host: hosts.hosts[index]!, folder: join(folder, name) }));
    await Promise.all(members.map(equip));
    await Promise.all(members.map(importProfile));
    for (const member of members) {
      member.running = start(member, 'notary', 'run', '--config', join(member.folder, 'notary.yaml'));
    }
    await Promise.all(members.map(untilReady));
  });
  afterAll(async () => {
    for (const { running } of members) running?.kill('SIGTERM');
    await Promise.all(members.map(async ({ running }) => running?.ended));
    hosts.close();
    network.close();
    rmSync(folder, { recursive: true });
  });

  test('each from a folder of its own, certify a transfer and deliver it', async () => {
    await transfer();
    for (const member of members) {
      expect(await ask(member, '/healthz')).toEqual({ alive: true });
      expect(await ask(member, '/health')).toMatchObject({ mspId: member.name, signing: { well: true }, relay: true });
    }
  });

  test('go on with another certificate that one of them is given, and without a restart', async () => {
    const [member] = members;
    const { certificate, privateKey } = network.identity(member!.name, 'User2');
    writeFileSync(join(member!.folder, 'client-key.pem'), privateKey);
    writeFileSync(join(member!.folder, 'client.pem'), certificate);
    member!.running?.kill('SIGHUP');
    await waitUntil('it has read it', () => Promise.resolve(member!.running?.output().includes('credentials read')));
    await untilReady(member!);
    await transfer();
  });
});
