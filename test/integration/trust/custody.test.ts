// SPDX-License-Identifier: Apache-2.0

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNode, stopNode } from '@gridpeg/network';
import {
  certificateRequestCodec,
  decodeRequest,
  digestFor,
  evidenceOf,
  packetIdOf,
  signBatch,
  txIdCodec,
  type Packet,
  type PacketBatch,
  type PacketId,
} from '@gridpeg/protocol';
import { gridpeg, gridpegWell, repositoryDir } from '../../harness/cli/gridpeg';
import { notaryNodes, OwnNetwork } from '../../harness/network/own-network';
import {
  energy,
  freshAccount,
  laneId,
  type OrganizationName,
  type TestNetwork,
} from '../../harness/network/test-network';
import { waitUntil } from '../../harness/wait-until';

const user = 'ChargingMSP/User1';
const custodian: OrganizationName = 'RegulatorMSP';
/** The custody of the lanes between the two chains, both ways; the third pair stays with the federation. */
const custodies = [
  ['city', 'microgrid', `{ custodian: ${custodian} }`],
  ['city', 'charging', 'notary'],
] as const;

function topologyOfThreeModes(): string {
  const dev = readFileSync(join(repositoryDir, 'network', 'topologies', 'dev.yaml'), 'utf8');
  return custodies.reduce(
    (text, [one, other, custody]) => {
      const lanes = new RegExp(
        `(- id: (?:${one}-${other}|${other}-${one})\\n(?: +\\S.*\\n){2} +custody: )federation`,
        'g',
      );
      return text.replace(lanes, `$1${custody}`);
    },
    dev.replace('name: dev', 'name: custody'),
  );
}

describe('three custody modes beside each other on a real network', () => {
  const own = new OwnNetwork();
  let network: TestNetwork;
  beforeAll(async () => {
    const topology = join(own.folder, 'custody.yaml');
    writeFileSync(topology, topologyOfThreeModes());
    await own.up('--topology', topology);
    network = own.open();
    await network.issue(network.account('ChargingMSP'), 1000n, 1000n);
  });
  afterAll(() => own.down());

  const send = (lane: string, quantity: string, ...more: readonly string[]) =>
    gridpeg(
      own.stateDir,
      ...['send', '--lane', lane, '--as', user, '--recipient', user, '--quantity', quantity, '--wait', '--json'],
      ...more,
    );
  const sent = async (lane: string, quantity: string): Promise<PacketId> => {
    const { status, stdout, stderr } = await send(lane, quantity, '--timeout', '180s');
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return (JSON.parse(stdout) as { packetIds: readonly [PacketId] }).packetIds[0];
  };
  /** The mode of the certificate by which the packet was received. */
  const modeOf = async (chain: 'city' | 'microgrid' | 'charging', packetId: PacketId): Promise<string> => {
    const client = network.client(chain, 'ChargingMSP');
    const [receipt] = await client.getReceipts([packetId]);
    const { args } = await client.connection.transaction(receipt!.txId);
    return evidenceOf(decodeRequest(certificateRequestCodec, args[1]!).certificate).mode;
  };

  test('PEG-1: each lane carries energy out and home by the evidence of its own mode', async () => {
    for (const [out, back, there, mode] of [
      ['city-microgrid', 'microgrid-city', 'microgrid', 'custodian'],
      ['city-charging', 'charging-city', 'charging', 'notary'],
    ] as const) {
      expect(await modeOf(there, await sent(out, '300'))).toBe(mode);
      expect(await modeOf('city', await sent(back, '100'))).toBe(mode);
    }
    expect(await modeOf('charging', await sent('microgrid-charging', '50'))).toBe('federation');
    const { stdout } = await gridpegWell(own.stateDir, 'lane', 'status');
    expect(stdout).toMatch(new RegExp(`^city-microgrid +custodian ${custodian} `, 'm'));
    expect(stdout).toMatch(/^charging-city +notary /m);
    expect(stdout).toMatch(/^microgrid-charging +federation /m);
    const audited = await gridpeg(own.stateDir, 'audit');
    expect(audited).toMatchObject({ status: 0 });
  });

  test('T32: without the custodian only its lane waits, and its packet arrives when it is back', async () => {
    const node = (await notaryNodes(own.stateDir)).find((name) => name.includes('regulator'))!;
    await stopNode({ stateDir: own.stateDir, node });
    const { status, stdout } = await send('city-microgrid', '40', '--timeout', '8s');
    expect(status).toBe(75);
    const [packetId] = (JSON.parse(stdout) as { packetIds: readonly [PacketId] }).packetIds;
    expect(await modeOf('charging', await sent('city-charging', '40'))).toBe('notary');
    const why = await gridpeg(own.stateDir, 'transfer', 'why', packetId);
    expect(why.stdout).toMatch(new RegExp(`SIGNATURES_TOO_FEW|${custodian}`));
    await startNode({ stateDir: own.stateDir, node });
    await waitUntil('the packet is delivered', async () => {
      const { state } = await network.client('city', 'ChargingMSP').getTransfer(packetId);
      return state === 'delivered';
    });
  });

  test('T44: a custodian takes what was never sent, until the watch of another organization ends its key', async () => {
    const { chainId: source } = network.chain('city');
    const { chainId: destination } = network.chain('microgrid');
    const [example] = await network.client('city', 'ChargingMSP').notes(network.account('ChargingMSP'));
    const txId = txIdCodec.decode('ab'.repeat(32), 'txId');
    const recipient = freshAccount(custodian, 'thief');
    const packet: Packet = {
      ...{ version: 1, id: packetIdOf(example!.label.home, txId, 0), laneId: laneId('city-microgrid') },
      ...{ sourceChainId: example!.label.home, txId, index: 0, kind: 'transfer', sender: example!.owner, recipient },
      destinationChainId: (await network.lane('city-microgrid')).destinationChainId,
      ...{ asset: energy, label: { home: example!.label.home, path: [] }, quantity: 5n, memo: '' },
      deadlineMs: BigInt(Date.now() + 3_600_000),
    };
    expect([packet.sourceChainId, packet.destinationChainId]).toEqual([source, destination]);
    const { laneId: lane, sourceChainId, destinationChainId } = packet;
    const batch: PacketBatch = {
      ...{ version: 2, kind: 'packets', laneId: lane, sourceChainId, destinationChainId },
      ...{ txIds: [txId], entries: [packet] },
    };
    const trust = await network.trust('city', 'microgrid');
    const mspId = trust.committee.notaries.find((notary) => notary.mspId === custodian)!.mspId;
    const signature = signBatch(batch, trust, mspId, network.notaryKey(custodian), digestFor('custodian'));
    const evidence = { mode: 'custodian', epoch: trust.committee.epoch, signature } as const;
    const client = network.client('microgrid', custodian);
    const taken = await client.receive({ certificate: { version: 3, batch, evidence }, escrowIds: [] });
    expect(taken.answer.results).toEqual([{ packetId: packet.id, result: 'received', code: '' }]);
    // The very key lies in vain where the lane asks for a proof.
    const other = { ...batch, laneId: laneId('microgrid-charging') };
    await expect(
      network.client('charging', custodian).receive({
        certificate: { version: 3, batch: other, evidence },
        escrowIds: [],
      }),
    ).rejects.toMatchObject({ code: 'CUSTODY_MISMATCH' });

    for (const chain of ['microgrid', 'city'] as const) {
      await waitUntil(`the lane is frozen on ${chain}`, async () => {
        const { lanes } = await network.client(chain, 'ChargingMSP').governance.statusRecords();
        return lanes.some(({ laneId: id, state }) => id === packet.laneId && state === 'frozen');
      });
    }
    const { notaries } = await network.client('microgrid', 'ChargingMSP').governance.statusRecords();
    expect(notaries.filter(({ state }) => state === 'suspended').map((notary) => notary.mspId)).toEqual([custodian]);
  });
});
