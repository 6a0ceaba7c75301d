// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { audit, ChainConnection } from '@gridpeg/gateway-app';
import { deployChaincode } from '@gridpeg/network';
import { certificateRequestCodec, encode } from '@gridpeg/protocol';
import { common, type peer } from '@hyperledger/fabric-protos';
import { auditNetwork } from '../../harness/network/audit-network';
import { gridpeg } from '../../harness/cli/gridpeg';
import { ManualRelay } from '../../harness/network/manual-relay';
import { startLyingPeer, type Lie } from '../../harness/adversary/lying-peer';
import { OwnNetwork, stopNotaries } from '../../harness/network/own-network';
import { RawGateway } from '../../harness/network/raw-gateway';
import { replaceBuild } from '../../harness/faults/replace-chaincode';
import { oneMore, tamperedChaincode } from '../../harness/faults/tampered-chaincode';
import { freshAccount, sumOf, type OrganizationName, type TestNetwork } from '../../harness/network/test-network';
import { waitUntil } from '../../harness/wait-until';

const sender: OrganizationName = 'ChargingMSP';
const lane = 'city-charging';

/** The charging chain's chaincode with one changed line: it mints one watt-hour more than was locked. */
describe('a chaincode that mints one watt-hour too much', () => {
  const own = new OwnNetwork();
  const tampered = join(own.folder, 'tampered');
  let network: TestNetwork;
  let relay: ManualRelay;

  beforeAll(async () => {
    tamperedChaincode(tampered, 'charging', oneMore);
    await own.up();
    await stopNotaries(own.stateDir);
    network = own.open();
    relay = new ManualRelay(network);
  });
  afterAll(() => own.down());

  const lock = async (quantity: bigint) => {
    const recipient = freshAccount('ChargingMSP', 'drift');
    const notes = await network.issue(network.account(sender), quantity);
    const sent = await relay.send({ lane, sender, notes, outputs: [{ recipient, quantity }] });
    return { recipient, certificate: await relay.certificate('packets', lane, [sent.txId]) };
  };
  const held = async (recipient: ReturnType<typeof freshAccount>): Promise<bigint> =>
    sumOf(await network.notesOf('charging', recipient));

  test('T30: behind one organization it cannot commit: others disagree, and alone it is not enough', async () => {
    const node = 'charging@charging.charging.example.com';
    const { recipient, certificate } = await lock(100n);
    const argument = encode(certificateRequestCodec, { certificate, escrowIds: [] });
    const putBack = await runInPlaceOf(node);
    const raw = new RawGateway(network.connectionOptions('charging', sender));
    try {
      const alone = await raw.endorse('peg:receive', argument, ['ChargingMSP']);
      expect(alone.answer).toContain('"received"');
      expect(await alone.submit()).toBe('ENDORSEMENT_POLICY_FAILURE');
      for (const other of ['MicrogridMSP', 'RegulatorMSP']) {
        const { connection } = network.client('charging', sender);
        const together = connection.endorse('peg:receive', argument, ['ChargingMSP', other]);
        await expect(together).rejects.toMatchObject({ code: 'ENDORSEMENTS_DIFFER' });
      }
      expect(await held(recipient)).toBe(0n);
      const honest = await raw.endorse('peg:receive', argument, ['MicrogridMSP', 'RegulatorMSP']);
      expect(await honest.submit()).toBe('VALID');
    } finally {
      raw.close();
    }
    await putBack();
    expect(await held(recipient)).toBe(100n);
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });

  /** Of the charging chain, with the peer of one organization lying. */
  const auditWith = async (liar: OrganizationName, lie: Lie) => {
    const { chainId } = network.chain('charging');
    const honest = network.connectionOptions('charging', liar);
    const [endpoint] = honest.peers.filter(({ mspId }) => mspId === liar);
    if (endpoint === undefined) throw new Error(`${liar} has no peer`);
    const lying = await startLyingPeer(own.stateDir, endpoint, lie);
    const connection = ChainConnection.connect({ ...honest, peers: [lying.endpoint] });
    try {
      const read = { organization: 'RegulatorMSP', connection: network.client('charging', 'RegulatorMSP').connection };
      const lied = { organization: liar, connection };
      const by = async (...copies: readonly (typeof read)[]) => {
        const { findings } = await audit([{ name: 'charging', chainId, chaincodeName: 'charging', peers: copies }]);
        return { hostAlias: endpoint.hostAlias, found: findings.map(({ rule, about }) => ({ rule, about })) };
      };
      return { reading: await by(lied, read), comparing: await by(read, lied) };
    } finally {
      connection.close();
      lying.close();
    }
  };
  /** Changes the third block of a stream, or leaves it out. */
  const third = (change: (block: common.Block) => common.Block | undefined): Lie => {
    return (response) => {
      const block = response.getBlock();
      if (block?.getHeader()?.getNumber() !== 3) return response;
      const changed = change(block);
      if (changed !== undefined) response.setBlock(changed);
      return changed === undefined ? undefined : response;
    };
  };

  test.each<readonly [what: string, rule: string, lie: Lie]>([
    [
      'validity flags that were altered',
      'FLAGS_DIFFER',
      third((block) => {
        const metadata = block.getMetadata();
        const list = metadata?.getMetadataList_asU8() ?? [];
        const flags = common.BlockMetadataIndex.TRANSACTIONS_FILTER;
        metadata?.setMetadataList(list.map((bytes, index) => (index === flags ? bytes.map(() => 11) : bytes)));
        return block;
      }),
    ],
    [
      'a block that was altered',
      'BLOCK_HASH',
      third((block) => {
        const [first = new Uint8Array()] = block.getData()?.getDataList_asU8() ?? [];
        block.getData()?.setDataList([first, first]);
        return block;
      }),
    ],
    [
      'a block that was altered, and its header with it',
      'BLOCK_UNSIGNED',
      third((block) => {
        const [first = new Uint8Array()] = block.getData()?.getDataList_asU8() ?? [];
        block.getData()?.setDataList([first, first]);
        block.getHeader()?.setDataHash(createHash('sha256').update(first).update(first).digest());
        return block;
      }),
    ],
    ['a block that was left out', 'BLOCK_HASH', third(() => undefined)],
  ])('T27: a peer gives %s: the audit finds %s and names the peer', async (_what, rule, lie) => {
    const { reading, comparing } = await auditWith('ChargingMSP', lie);
    const named = reading.found.filter(({ about }) => about.includes(`ChargingMSP's peer ${reading.hostAlias}`));
    expect(named.map((finding) => finding.rule)).toContain(rule);
    // Where the other peer is read, what this one says of blocks that nobody asks it for does no harm.
    expect(comparing.found).toEqual([]);
  });

  test.each<readonly [what: string, lie: Lie]>([
    [
      'other validity flags',
      (response) => {
        for (const transaction of filteredThird(response)) transaction.setTxValidationCode(11);
        return response;
      },
    ],
    ['no flags of one block', (response) => (filteredThird(response).length > 0 ? undefined : response)],
  ])('T27: a peer that is compared with gives %s: FLAGS_DIFFER names both peers', async (_what, lie) => {
    const { reading, comparing } = await auditWith('MicrogridMSP', lie);
    expect(reading.found).toEqual([]);
    expect(comparing.found[0]).toMatchObject({ rule: 'FLAGS_DIFFER' });
    expect(comparing.found[0]?.about).toContain(`and MicrogridMSP's peer ${comparing.hostAlias}`);
  });

  test('T27: behind a majority it commits; the audit names chain, block, transaction, expected and found', async () => {
    const before = await gridpeg(own.stateDir, 'audit');
    expect(before).toMatchObject({ status: 0, stderr: '' });
    expect(before.stdout).toContain('audit: holds');
    const { recipient, certificate } = await lock(2000n);
    await deployChaincode({ stateDir: own.stateDir, chain: 'charging', name: 'charging', path: tampered });
    const received = await relay.submit('packets', lane, certificate);
    expect(await held(recipient)).toBe(2001n);

    const after = await gridpeg(own.stateDir, 'audit', '--json');
    expect(after.status).toBe(1);
    const { verdict, findings } = JSON.parse(after.stdout) as {
      readonly verdict: string;
      readonly findings: readonly Record<string, string>[];
    };
    expect(verdict).toBe('broken');
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: 'NOTE_BALANCE',
        chain: 'charging',
        block: received.blockNumber.toString(),
        txId: received.txId,
        expected: '2000',
        found: '2001',
      }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'LANE_EQUATION', laneId: lane }));
    // Nothing else is wrong, and nothing is blamed on another chain or transaction.
    expect(findings.filter(({ txId }) => txId !== undefined && txId !== received.txId)).toEqual([]);

    const told = await gridpeg(own.stateDir, 'audit');
    expect(told.status).toBe(1);
    expect(told.stdout).toMatch(/^audit: broken \(\d+ findings\)$/m);
    expect(told.stdout).toContain(
      `NOTE_BALANCE on charging, block ${received.blockNumber}, lane -, transaction ${received.txId}`,
    );
  });

  /** Runs the tampered build as an organization's service, and waits until its own peer gets an answer from it. */
  async function runInPlaceOf(node: string): Promise<() => Promise<void>> {
    const putBack = await replaceBuild({ stateDir: own.stateDir, node }, tampered);
    // Asked of this organization's peer alone: the client would go on to another one.
    const raw = new RawGateway(network.connectionOptions('charging', sender));
    await waitUntil('the tampered service answers its peer', () =>
      raw.endorse('peg:getConfiguration', '{}', [sender]).then(
        () => true,
        () => false,
      ),
    ).finally(() => {
      raw.close();
    });
    return putBack;
  }
});

/** The transactions of block 3 in a stream of validity flags. */
function filteredThird(response: peer.DeliverResponse): readonly peer.FilteredTransaction[] {
  const block = response.getFilteredBlock();
  return block?.getNumber() === 3 ? block.getFilteredTransactionsList() : [];
}
