// SPDX-License-Identifier: Apache-2.0

import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  killNode,
  lockSeconds,
  networkStatus,
  pauseNode,
  restartNode,
  startNode,
  takeDown,
  withLock,
} from '@gridpeg/network';
import { type PacketId } from '@gridpeg/protocol';
import { issueCertificate, keyNamed, keyUsages } from '@gridpeg/protocol/testing';
import { doctor, problemsIn, type DoctorReport } from '../harness/cli/doctor';
import { gridpeg, startGridpeg, startGridpegIn } from '../harness/cli/gridpeg';
import { startImpostor, startStranger, type Impostor } from '../harness/adversary/impostor';
import { lateClock } from '../harness/faults/late-clock';
import { OwnNetwork } from '../harness/network/own-network';
import { energy } from '../harness/network/test-network';
import { waitUntil } from '../harness/wait-until';

const cityService = 'city@city.charging.example.com';
const cityPeer = 'peer0.charging.example.com';
const cityOrderer = 'orderer0.city-orderer.example.com';
const notary = 'notary.charging.example.com';

/** Faults of a network, injected for real, one after the other; each leaves it as it was. */
describe('gridpeg doctor on a network', () => {
  const own = new OwnNetwork();
  let stateDir: string;
  beforeAll(async () => {
    await own.up();
    stateDir = realpathSync(own.stateDir);
  });
  afterAll(() => own.down());

  const expectFound = (report: DoctorReport, code: string, cause: RegExp): void => {
    const lines = problemsIn(report).filter((line) => line.includes(` ${code}: `));
    if (!lines.some((line) => cause.test(line))) {
      throw new Error(`no ${code} that matches ${String(cause)} in\n${problemsIn(report).join('\n')}`);
    }
  };
  const waitUntilWell = (): Promise<unknown> =>
    waitUntil('the doctor finds nothing any more', async () => {
      const report = await doctor(stateDir);
      return report.well ? report : undefined;
    });
  const portsOf = async (node: string): Promise<readonly number[]> =>
    Object.values((await networkStatus({ stateDir })).find(({ name }) => name === node)?.ports ?? {});
  /** Lets something else be in a file while it is looked at. */
  const withFile = async (file: string, content: string | Buffer, look: () => Promise<void>): Promise<void> => {
    const before = readFileSync(file);
    writeFileSync(file, content);
    try {
      await look();
    } finally {
      writeFileSync(file, before);
    }
  };
  const identityOf = (peer: string): string =>
    join(stateDir, 'organizations', 'peerOrganizations', 'charging.example.com', 'peers', peer);

  test('finds nothing when all is well', async () => {
    await waitUntilWell();
  });

  test('NODE_DEAD, NODE_PAUSED, KEY_EXPOSED, PARTIAL_FILES: each is named, and --fix repairs them', async () => {
    const key = join(identityOf(cityPeer), 'tls', 'server.key');
    await Promise.all([cityOrderer, notary, 'peer1.charging.example.com'].map((node) => killNode({ stateDir, node })));
    await pauseNode({ stateDir, node: 'charging@charging.charging.example.com' });
    await killNode({ stateDir, node: cityService });
    chmodSync(key, 0o644);
    writeFileSync(join(stateDir, 'network.json.partial'), '{');
    const report = await doctor(stateDir);
    expectFound(report, 'NODE_DEAD', /orderer orderer0\.city-orderer\.example\.com of city is dead/);
    expectFound(report, 'NODE_DEAD', /peer peer1\.charging\.example\.com of microgrid is dead/);
    expectFound(report, 'NODE_DEAD', /chaincode service city@city\.charging\.example\.com of city is dead/);
    expectFound(report, 'NODE_DEAD', /service notary\.charging\.example\.com is dead/);
    expectFound(report, 'NODE_PAUSED', /charging@charging\.charging\.example\.com of charging is paused/);
    expectFound(report, 'KEY_EXPOSED', /server\.key can be read by other users/);
    expectFound(report, 'PARTIAL_FILES', /network\.json\.partial/);
    const after = await doctor(stateDir, {}, '--fix');
    expect(after.fixed.filter(({ done }) => !done)).toEqual([]);
    expect(after.fixed).toHaveLength(7);
    await waitUntilWell();
  });

  test('PORT_TAKEN: names the program that has the port of a dead node', async () => {
    await killNode({ stateDir, node: cityService });
    const [port = 0] = await portsOf(cityService);
    const impostor = await startStranger([port]);
    try {
      const cause = new RegExp(
        `${cityService} is dead, and .*node.* \\(process ${impostor.pid.toString()}\\) has its port ${port.toString()}`,
      );
      expectFound(await doctor(stateDir), 'PORT_TAKEN', cause);
      const fixed = await doctor(stateDir, {}, '--fix');
      expect(fixed.well).toBe(false);
    } finally {
      await impostor.end();
    }
    await startNode({ stateDir, node: cityService });
  });

  /** Something in a node's place that has its ports and its marks. */
  const replaced = async (node: string, says: 'nothing' | 'unwell', look: () => Promise<void>): Promise<void> => {
    await killNode({ stateDir, node });
    let impostor: Impostor | undefined;
    try {
      impostor = await startImpostor(await portsOf(node), { stateDir, node }, says);
      await look();
    } finally {
      await impostor?.end();
      await startNode({ stateDir, node });
    }
  };

  test('NODE_HANGS, PEER_SILENT: a peer that runs and answers nothing', async () => {
    await replaced(cityPeer, 'nothing', async () => {
      const report = await doctor(stateDir);
      expectFound(report, 'NODE_HANGS', /peer peer0\.charging\.example\.com of city runs, and does not answer/);
      expectFound(report, 'PEER_SILENT', /peer0\.charging\.example\.com/);
    });
  });

  test('NODE_UNWELL: a node that says that it is not well', async () => {
    await replaced(cityOrderer, 'unwell', async () => {
      expectFound(await doctor(stateDir), 'NODE_UNWELL', /orderer0\.city-orderer.+: the disk is on fire/);
    });
  });

  test('CHAINCODE_DOES_NOT_ANSWER, NOTARY_SILENT: services that run and answer nothing', async () => {
    await replaced(cityService, 'nothing', async () => {
      expectFound(await doctor(stateDir), 'CHAINCODE_DOES_NOT_ANSWER', /city@city\.charging\.example\.com runs, and/);
    });
    const { port } = (
      JSON.parse(readFileSync(join(stateDir, 'notaries', 'addresses.json'), 'utf8')) as Record<string, { port: number }>
    )['ChargingMSP']!;
    await killNode({ stateDir, node: notary });
    const impostor = await startImpostor([port], { stateDir, node: notary });
    try {
      expectFound(await doctor(stateDir), 'NOTARY_SILENT', /notary\.charging\.example\.com runs, and does not answer/);
    } finally {
      await impostor.end();
      await startNode({ stateDir, node: notary });
    }
    await waitUntilWell();
  });

  test('PACKAGE_STALE: a service under another package id than the ledger has', async () => {
    const file = join(stateDir, 'nodes', cityService, 'node.json');
    const stale = readFileSync(file, 'utf8').replaceAll(/city_([^"]+):[0-9a-f]{64}/g, `city_$1:${'ab'.repeat(32)}`);
    await withFile(file, stale, async () => {
      await restartNode({ stateDir, node: cityService });
      expectFound(
        await doctor(stateDir),
        'PACKAGE_STALE',
        /city@city\.charging.+ runs as city_.+:abab.+ChargingMSP approved/,
      );
    });
    await restartNode({ stateDir, node: cityService });
  });

  test('KEY_UNREADABLE, KEY_MISMATCH: keys that are damaged, closed, or of another certificate', async () => {
    const key = join(identityOf(cityPeer), 'tls', 'server.key');
    const other = keyNamed('other').export({ format: 'pem', type: 'pkcs8' });
    await withFile(key, 'no key', () =>
      withFile(join(identityOf('peer1.charging.example.com'), 'tls', 'server.key'), other, async () => {
        const report = await doctor(stateDir);
        expectFound(report, 'KEY_UNREADABLE', /peer0\.charging.+server\.key cannot be read as a private key/);
        expectFound(report, 'KEY_MISMATCH', /peer1\.charging.+server\.key is not the key of the certificate beside it/);
      }),
    );
    chmodSync(key, 0o000);
    expectFound(await doctor(stateDir), 'KEY_UNREADABLE', /server\.key/);
    chmodSync(key, 0o600);
  });

  test('CERTIFICATE_EXPIRED, CERTIFICATE_EXPIRING, CERTIFICATE_UNREADABLE: certificates by their dates', async () => {
    const [expired, expiring, unreadable] = ['peer0', 'peer1', 'peer2'].map((name) => {
      const folder = join(identityOf(`${name}.charging.example.com`), 'msp', 'signcerts');
      return join(folder, readdirSync(folder)[0]!);
    }) as [string, string, string];
    const until = (notAfter: string): string =>
      issueCertificate({
        ...{ issuer: 'ca', issuerKey: keyNamed('ca'), commonNames: [cityPeer], units: ['peer'], key: keyNamed('peer') },
        ...{ serial: '01', notAfter, authority: false, keyUsage: keyUsages.digitalSignature },
      });
    const soon = new Date(Date.now() + 7 * 86_400_000).toISOString();
    const look = async (): Promise<void> => {
      const report = await doctor(stateDir);
      expectFound(report, 'CERTIFICATE_EXPIRED', /peer0\.charging.+ expired on 2021-01-31/);
      const cause = new RegExp(`peer1\\.charging.+ expires on ${soon.slice(0, 10)}`);
      expectFound(report, 'CERTIFICATE_EXPIRING', cause);
      expectFound(report, 'CERTIFICATE_UNREADABLE', /peer2\.charging.+signcerts.+ is no certificate/);
    };
    await withFile(expired, until('210131235959Z'), () =>
      withFile(expiring, until(`${soon.slice(2, 10).replaceAll('-', '')}000000Z`), () =>
        withFile(unreadable, 'no certificate', look),
      ),
    );
  });

  test('CLOCK_SKEWED: this clock is two minutes ahead of those of the nodes', async () => {
    const shift = join(own.folder, 'shift.cjs');
    writeFileSync(shift, 'const now = Date.now; Date.now = () => now() + 120_000;\n');
    const report = await doctor(stateDir, { env: { NODE_OPTIONS: `--require ${shift}` } });
    expectFound(report, 'CLOCK_SKEWED', /the clock of .+ is 1[12]\d s behind this machine's/);
  });

  test('CLOCK_SKEW: deadlines are counted by the nodes, and a clock that is far off is reported', async () => {
    const to = ['--recipient', 'ChargingMSP/User1', '--quantity', '7'];
    const sendAt = (lateMs: number) => {
      const send = ['send', '--lane', 'city-charging', ...to, '--as', 'ChargingMSP', '--deadline', '30s'];
      return startGridpegIn(lateClock(own.folder, lateMs), stateDir, ...send).ended;
    };
    await gridpeg(stateDir, 'note', 'issue', ...to);
    const [before, told] = [Date.now(), await sendAt(45_000)];
    expect(told.stderr).toMatch(/CLOCK_SKEW: this machine's clock is 4\d s behind that of peer/);
    const id = /^packet ([0-9a-f]{64})$/m.exec(told.stdout)?.[1] ?? '';
    const { packet } = await own
      .open()
      .client('city', 'ChargingMSP')
      .getTransfer(id as PacketId);
    expect(Number(packet.deadlineMs)).toBeGreaterThan(before);
    expect((await sendAt(1_200_000)).stderr).toMatch(/^CLOCK_SKEW: .*clock is 1(19|20|21)\d s behind that of peer/m);
  });

  test('NOTARY_KEY_DIFFERS, CONFIGURATION_DIFFERS: a signing key that the ledgers do not know', async () => {
    const file = join(stateDir, 'notaries', 'ChargingMSP', 'signing-key.pem');
    const other = keyNamed('another notary').export({ format: 'pem', type: 'pkcs8' });
    await withFile(file, other, async () => {
      expectFound(
        await doctor(stateDir),
        'NOTARY_KEY_DIFFERS',
        /ChargingMSP's notary is not the one on city, microgrid, charging/,
      );
      const up = await gridpeg(stateDir, 'up');
      expect(up.stderr).toMatch(/^CONFIGURATION_DIFFERS: .+\. .+\.$/m);
    });
    const state = join(stateDir, 'network.json');
    await withFile(state, readFileSync(state, 'utf8').replace('"1000000000000"', '"7"'), async () => {
      expectFound(
        await doctor(stateDir),
        'CONFIGURATION_DIFFERS',
        /the configuration on city is not that of the topology/,
      );
    });
  });

  test('STATE_UNREADABLE, TOPOLOGY_CHANGED: a damaged plan, and another topology than the network has', async () => {
    await withFile(join(stateDir, 'plan.json'), '{ "format": 1', async () => {
      expectFound(await doctor(stateDir), 'STATE_UNREADABLE', /plan\.json/);
    });
    const other = join(own.folder, 'other.yaml');
    const dev = join(__dirname, '..', '..', '..', 'network', 'topologies', 'dev.yaml');
    writeFileSync(other, readFileSync(dev, 'utf8').replaceAll('1000000000000', '999'));
    const report = await doctor(stateDir, {}, '--topology', other);
    expectFound(report, 'TOPOLOGY_CHANGED', /another topology than the one named/);
  });

  test('STATE_MOVED: a copy names the folder that it was copied from, and whose nodes have its ports', async () => {
    const copy = join(realpathSync(own.folder), 'copy');
    // Sockets are no content: the notaries hold their signing histories by them.
    cpSync(stateDir, copy, { recursive: true, filter: (path) => !lstatSync(path).isSocket() });
    try {
      const report = await doctor(copy);
      expectFound(report, 'STATE_MOVED', new RegExp(`made for the folder ${stateDir}: this one was moved or copied`));
      expectFound(report, 'PORT_TAKEN', new RegExp(`a node of the network in ${stateDir}`));
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  test('PEER_BEHIND: a peer that was away, and finds no orderer to catch up with', async () => {
    const network = own.open();
    const lagging = 'peer0.regulator.example.com';
    await killNode({ stateDir, node: lagging });
    const outputs = [{ recipient: network.account('ChargingMSP'), quantity: 1n, memo: '' }];
    await network.client('city', 'GridMSP').issue({ asset: energy, outputs });
    await killNode({ stateDir, node: cityOrderer });
    await startNode({ stateDir, node: lagging });
    try {
      const report = await doctor(stateDir);
      expectFound(report, 'PEER_BEHIND', /peer0\.regulator\.example\.com has \d+ blocks, others of its chain have \d+/);
    } finally {
      await startNode({ stateDir, node: cityOrderer });
    }
    await waitUntilWell();
  });

  test('LEDGERS_DIFFER: a block that was altered on the disk of one peer', async () => {
    const chains = join(stateDir, 'nodes', cityPeer);
    const file = readdirSync(chains, { recursive: true, encoding: 'utf8' })
      .map((name) => join(chains, name))
      .find((name) => name.endsWith('blockfile_000000') && name.includes('/city/'))!;
    const bytes = readFileSync(file);
    const altered = Buffer.from(bytes);
    // Somewhere in the middle of the last block, which ends the file.
    const place = altered.lastIndexOf('peg:issue');
    altered.write('peg:xssue', place);
    expect(place).toBeGreaterThan(0);
    writeFileSync(file, altered);
    try {
      expectFound(await doctor(stateDir), 'LEDGERS_DIFFER', /block \d+ on peer peer0\.charging.+ its file was altered/);
    } finally {
      writeFileSync(file, bytes);
    }
    await waitUntilWell();
  });

  test('NETWORK_HALF_STARTED: an up that was killed in the middle', async () => {
    const half = join(own.folder, 'half');
    const up = startGridpeg(half, 'up');
    await waitUntil('there is a plan', async () => Promise.resolve(existsSync(join(half, 'plan.json'))));
    up.kill('SIGKILL');
    await up.ended;
    try {
      expectFound(await doctor(half), 'NETWORK_HALF_STARTED', /did not come to its end/);
    } finally {
      await takeDown({ stateDir: half });
    }
  });

  test('STATE_LOCKED: another gridpeg that is at work', async () => {
    await withLock(realpathSync(stateDir), lockSeconds, async () => {
      expectFound(await doctor(stateDir), 'STATE_LOCKED', /another gridpeg is at work/);
    });
    await waitUntilWell();
  });
});
