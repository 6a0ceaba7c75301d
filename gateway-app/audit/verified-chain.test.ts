// SPDX-License-Identifier: Apache-2.0

import { common } from '@hyperledger/fabric-protos';
import { blockHashOf, chainIdCodec } from '@gridpeg/protocol';
import { parseBlock } from './blocks/parse-block';
import { LedgerReading } from './ledger-reading';
import { realBlocks, withMetadata } from '../client/testing/real-blocks';
import { VerifiedChain, type LedgerPeer } from './verified-chain';

const { TRANSACTIONS_FILTER } = common.BlockMetadataIndex;
const blocks = realBlocks('raft');
const [genesis = new common.Block()] = blocks;
const chain = {
  name: 'city',
  chainId: chainIdCodec.decode(`city-${blockHashOf(parseBlock(genesis, 'city'))}`, 'chainId'),
  chaincodeName: 'city',
};

/** A peer that has these blocks. */
function peerOf(organization: string, copy: readonly common.Block[]): LedgerPeer {
  const some = (from: bigint, to: bigint): readonly common.Block[] => copy.slice(Number(from), Number(to));
  return {
    organization,
    name: `peer0.${organization}`,
    height: () => Promise.resolve(BigInt(copy.length)),
    blocks: (from, to) => iterate(some(from, to)),
    validationCodes: (from, to) =>
      iterate(
        some(from, to).map((block) => {
          const { number, flags } = parseBlock(block, 'city');
          return { number, codes: flags };
        }),
      ),
  };
}

const silent: LedgerPeer = { ...peerOf('MicrogridMSP', []), height: () => Promise.reject(new Error('silent')) };

async function audited(...peers: readonly LedgerPeer[]) {
  const verified = new VerifiedChain(chain, peers);
  const { findings, verdict, chains } = await new LedgerReading([verified]).audit();
  const about = findings.map((finding) => finding.about);
  return { verdict, rules: findings.map(({ rule, block }) => [rule, block]), about, copies: chains[0]?.copies };
}

/** The last block with its transactions called invalid. */
const invalidated = [
  ...blocks.slice(0, -1),
  ...blocks.slice(-1).map((block) => withMetadata(block, TRANSACTIONS_FILTER, Uint8Array.from([11]))),
];
const last = BigInt(blocks.length - 1);

describe('T27: a chain read from the peers of two organizations', () => {
  test('holds when both have it alike', async () => {
    const { verdict, rules, copies } = await audited(peerOf('GridMSP', blocks), peerOf('ChargingMSP', blocks));
    expect({ rules, copies }).toEqual({
      rules: [],
      copies: { organization: 'GridMSP', comparedWith: 'ChargingMSP', compared: BigInt(blocks.length) },
    });
    expect(verdict).not.toBe('broken');
  });

  test('is broken when one of them judges a transaction otherwise, whichever it is', async () => {
    for (const peers of [
      [peerOf('GridMSP', blocks), peerOf('ChargingMSP', invalidated)],
      [peerOf('GridMSP', invalidated), peerOf('ChargingMSP', blocks)],
    ]) {
      expect((await audited(...peers)).rules).toContainEqual(['FLAGS_DIFFER', last]);
    }
  });

  test('is broken when the last blocks differ', async () => {
    const forked = blocks.map((block) => common.Block.deserializeBinary(block.serializeBinary()));
    forked.at(-1)?.getHeader()?.setDataHash(Buffer.alloc(32, 7));
    const { rules } = await audited(peerOf('GridMSP', blocks), peerOf('ChargingMSP', forked));
    expect(rules).toContainEqual(['HEADS_DIFFER', last]);
  });

  test('is broken when one of them leaves a block out, whichever it is, and the finding names whose peer', async () => {
    const gap = blocks.filter((_, number) => number !== 4);
    const read = await audited(peerOf('GridMSP', gap), peerOf('ChargingMSP', blocks));
    expect(read.rules).toContainEqual(['BLOCK_HASH', 5n]);
    expect(read.about).toContain("previous hash, by GridMSP's peer peer0.GridMSP");
    const compared = await audited(peerOf('GridMSP', blocks), peerOf('ChargingMSP', gap));
    expect(compared.rules).toContainEqual(['FLAGS_DIFFER', 4n]);
    expect(compared.about[0]).toContain("ChargingMSP's peer peer0.ChargingMSP");
  });

  test('is broken when a block of it cannot be read, and judged up to there', async () => {
    const garbage = common.Block.deserializeBinary(blocks[5]?.serializeBinary() ?? new Uint8Array());
    garbage.getData()?.setDataList([Uint8Array.from([0xff, 0xff, 0xff])]);
    const { rules, about } = await audited(
      peerOf('GridMSP', [...blocks.slice(0, 5), withMetadata(garbage, TRANSACTIONS_FILTER, Uint8Array.from([0]))]),
    );
    expect(rules).toContainEqual(['BLOCK_MALFORMED', 5n]);
    expect(about).toContain("block, by GridMSP's peer peer0.GridMSP");
  });

  test('is compared as far as the other peer has it', async () => {
    const { rules, copies } = await audited(peerOf('GridMSP', blocks), peerOf('ChargingMSP', blocks.slice(0, 4)));
    expect(rules).toEqual([]);
    expect(copies).toMatchObject({ comparedWith: 'ChargingMSP', compared: 4n });
  });

  test('is read from the next organization where one is silent, and says with whom it was not compared', async () => {
    const { rules, copies } = await audited(silent, peerOf('ChargingMSP', blocks));
    expect(rules).toEqual([]);
    expect(copies).toEqual({ organization: 'ChargingMSP', comparedWith: undefined, compared: 0n });
  });
});

describe('T27, T44: a block that is read once more', () => {
  const [data, empty] = [blocks[5] ?? new common.Block(), new common.BlockData()];
  const cut = common.Block.deserializeBinary(data.serializeBinary());
  cut.setData(empty);
  const unsigned = withMetadata(data, common.BlockMetadataIndex.SIGNATURES, new common.Metadata().serializeBinary());
  const invalid = withMetadata(data, TRANSACTIONS_FILTER, Uint8Array.from([11]));

  test.each<[string, readonly common.Block[], string | undefined]>([
    ['is the same', [data], undefined],
    ['has no signatures any more', [unsigned], 'BLOCK_UNSIGNED'],
    ['has other data under the same signatures', [cut], 'BLOCK_HASH'],
    ['has another number', blocks.slice(4, 5), 'BLOCK_HASH'],
    ['judges its transactions otherwise', [invalid], 'FLAGS_DIFFER'],
    ['is not there', [], 'BLOCK_MALFORMED'],
  ])('%s: findings as the first time', async (_, again, rule) => {
    let isAgain = false;
    const honest = peerOf('GridMSP', blocks);
    const peer = {
      ...honest,
      blocks: (from: bigint, to: bigint) => (isAgain ? iterate(again) : honest.blocks(from, to)),
    };
    const verified = new VerifiedChain(chain, [peer, peerOf('ChargingMSP', blocks)]);
    const height = await verified.height();
    for await (const block of verified.blocks(0n, height)) expect(block.number).toBeLessThan(height);
    expect(verified.takeFindings()).toEqual([]);
    isAgain = true;
    const transactions = await verified.transactions(5n);
    const rules = verified.takeFindings().map((finding) => finding.rule);
    if (rule === undefined) expect([rules, transactions.length]).toEqual([[], 3]);
    else expect(rules).toContain(rule);
    expect(verified.copies.compared).toBe(height);
  });
});

test('T27: a chain whose blocks no orderer signed is broken', async () => {
  const stripped = blocks.map((block, number) =>
    number === 3
      ? withMetadata(block, common.BlockMetadataIndex.SIGNATURES, new common.Metadata().serializeBinary())
      : block,
  );
  expect((await audited(peerOf('GridMSP', stripped))).rules).toContainEqual(['BLOCK_UNSIGNED', 3n]);
});

test('real transactions are read with caller, call, time and what they read in vain', () => {
  const transactions = blocks.flatMap((block) => parseBlock(block, 'city').transactions);
  const names = transactions.map(({ call }) => call.name);
  expect(names).toEqual(expect.arrayContaining(['governance:approveConfiguration', 'peg:issue', 'peg:send']));
  const issue = transactions.find(({ call }) => call.name === 'peg:issue');
  expect(issue).toMatchObject({ call: { chaincode: 'city' }, creator: { mspId: 'GridMSP' }, metadataKeys: [] });
  expect(JSON.parse(issue?.call.argument ?? '')).toMatchObject({ asset: 'city/energy' });
  expect(issue?.timeMs).toBeGreaterThan(1_700_000_000_000n);
  const approval = transactions.find(({ call }) => call.name === 'governance:approveConfiguration');
  expect(approval?.absent.size).toBeGreaterThan(0);
});

async function* iterate<T>(values: readonly T[]): AsyncGenerator<T, void> {
  for (const value of values) yield await Promise.resolve(value);
}
