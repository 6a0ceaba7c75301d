// SPDX-License-Identifier: Apache-2.0

import {
  beginToFollow,
  blockHashOf,
  type BlockHeader,
  chainIdCodec,
  encodeBlockHeader,
  follow,
  type FollowedChain,
  type FollowStep,
  signaturesThatCount,
  signedHeaderOf,
} from '@gridpeg/protocol';
import { common } from '@hyperledger/fabric-protos';
import { realBlocks } from './real-blocks';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function headerOf(block: common.Block): BlockHeader {
  const header = block.getHeader() ?? new common.BlockHeader();
  return {
    number: BigInt(header.getNumber()),
    previousHash: hex(header.getPreviousHash_asU8()),
    dataHash: hex(header.getDataHash_asU8()),
  };
}

function envelopesOf(block: common.Block): readonly string[] {
  const data = block.getData()?.getDataList_asU8() ?? [];
  return data.map((envelope) => Buffer.from(envelope).toString('base64'));
}

describe.each(['raft', 'bft'] as const)('the light client follows a channel that Fabric wrote under %s', (kind) => {
  const [first = new common.Block(), ...later] = realBlocks(kind);
  const chainId = chainIdCodec.decode(`city-${blockHashOf(headerOf(first))}`, 'chainId');
  const genesis = {
    header: encodeBlockHeader(headerOf(first)).toString('base64'),
    envelope: envelopesOf(first)[0] ?? '',
  };
  const begun: FollowedChain = beginToFollow(chainId, genesis, 1);
  const { consensus, organizations } = begun.configuration;
  const signedOf = (block: common.Block): ReturnType<typeof signedHeaderOf> => {
    const entry = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES];
    return signedHeaderOf(headerOf(block), Buffer.from(entry ?? new Uint8Array()));
  };
  const heads = later.map((block) => ({ number: headerOf(block).number, hash: blockHashOf(headerOf(block)) }));

  test('which says who signs and endorses', () => {
    expect(consensus).toMatchObject({ kind, requiredSignatures: kind === 'bft' ? 3 : 1 });
    if (consensus.kind === 'bft') expect(consensus.consenters.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    else expect(consensus.organizations).toMatchObject([{ mspId: 'CityOrdererMSP', ordererUnit: 'orderer' }]);
    const members = ['ChargingMSP', 'GridMSP', 'MicrogridMSP', 'RegulatorMSP'];
    expect(organizations).toMatchObject(members.map((mspId) => ({ mspId, peerUnit: 'peer' })));
  });
  test('header by header, and by whole blocks', () => {
    const steps = later.map((block): readonly FollowStep[] => [
      { kind: 'header', links: [], signed: signedOf(block) },
      { kind: 'block', signed: signedOf(block), envelopes: envelopesOf(block) },
    ]);
    let followed = begun;
    for (const [place, [header, block]] of steps.entries()) {
      const next = follow(followed, header === undefined ? [] : [header]);
      expect(follow(followed, block === undefined ? [] : [block])).toEqual(next);
      expect(next.head).toMatchObject(heads[place] ?? {});
      followed = next;
    }
  });
  test('at once to any later block, over links or by the block alone', () => {
    for (const [place, block] of later.entries()) {
      const links = later.slice(0, place).map((between) => headerOf(between).dataHash);
      const signed = signedOf(block);
      const linked = follow(begun, [{ kind: 'header', links, signed }]);
      expect(linked.head).toMatchObject(heads[place] ?? {});
      expect(follow(begun, [{ kind: 'block', signed, envelopes: envelopesOf(block) }])).toEqual(linked);
      expect(signaturesThatCount(signed, consensus)).toEqual(signed.signatures);
    }
  });
});
