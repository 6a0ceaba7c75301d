// SPDX-License-Identifier: Apache-2.0

import { encodeBlockHeader, readCertificate, signMessage } from '@gridpeg/protocol';
import { members, revocationList, type Identity, type Member } from '@gridpeg/protocol/testing';
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { realBlocks, signaturesOf, withMetadata } from '../../client/testing/real-blocks';
import { BlockSignatures } from './block-signatures';
import { parseBlock } from './parse-block';

const { SIGNATURES } = common.BlockMetadataIndex;

/** The numbers of the blocks that are found not to be signed. */
function unsigned(blocks: readonly common.Block[]): readonly bigint[] {
  const signatures = new BlockSignatures();
  return blocks.flatMap((block) => {
    const header = parseBlock(block, 'city');
    return signatures.check(block, header) === undefined ? [] : [header.number];
  });
}

function changed(
  blocks: readonly common.Block[],
  number: number,
  change: (metadata: common.Metadata) => void,
): readonly common.Block[] {
  return blocks.map((block, place) => {
    if (place !== number) return block;
    const metadata = signaturesOf(block);
    change(metadata);
    return withMetadata(block, SIGNATURES, metadata.serializeBinary());
  });
}

describe.each(['raft', 'bft'] as const)('T27: blocks that real %s orderers signed', (consensus) => {
  const blocks = realBlocks(consensus);

  test('are signed, each of them', () => {
    expect(blocks.length).toBeGreaterThan(7);
    expect(unsigned(blocks)).toEqual([]);
  });

  test('are not, with a signature that has one bit changed', () => {
    const flip = (metadata: common.Metadata): void => {
      for (const signature of metadata.getSignaturesList()) {
        const bytes = Buffer.from(signature.getSignature_asU8());
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        signature.setSignature(bytes);
      }
    };
    expect(unsigned(changed(blocks, 3, flip))).toEqual([3n]);
  });

  test('are not, without signatures', () => {
    expect(unsigned(changed(blocks, 4, (metadata) => metadata.setSignaturesList([])))).toEqual([4n]);
  });

  test('are not, with other data under the same signatures', () => {
    const other = blocks.map((block) => common.Block.deserializeBinary(block.serializeBinary()));
    other[5]?.getHeader()?.setDataHash(Buffer.alloc(32, 1));
    expect(unsigned(other)).toEqual([5n]);
  });

  test('are not, when they name another configuration', () => {
    const rename = (metadata: common.Metadata): void => {
      const value = common.OrdererBlockMetadata.deserializeBinary(metadata.getValue_asU8());
      const last = new common.LastConfig();
      last.setIndex(2);
      value.setLastConfig(last);
      metadata.setValue(value.serializeBinary());
    };
    expect(unsigned(changed(blocks, 6, rename))).toEqual([6n]);
  });

  test("are not, signed by a stranger in an orderer's name", () => {
    const [stranger] = members;
    const sign = (metadata: common.Metadata): void => {
      const header = encodeBlockHeader(parseBlock(blocks[3] ?? new common.Block(), 'city'));
      for (const signature of metadata.getSignaturesList()) {
        const own = signature.getSignatureHeader_asU8();
        const heading = own.length > 0 ? own : signature.getIdentifierHeader_asU8();
        signature.setSignature(
          signMessage(stranger.orderer.key, Buffer.concat([metadata.getValue_asU8(), heading, header])),
        );
      }
    };
    expect(unsigned(changed(blocks, 3, sign))).toEqual([3n]);
  });
});

describe('T27: the signatures of consenters', () => {
  test('are counted once each: a quorum of four is three different ones', () => {
    const blocks = realBlocks('bft');
    const repeat = (metadata: common.Metadata): void => {
      const [first, second] = metadata.getSignaturesList();
      if (first && second) metadata.setSignaturesList([first, second, first]);
    };
    expect(unsigned(changed(blocks, 3, repeat))).toEqual([3n]);
  });

  const [a, b, c, d] = members.map(({ orderer: identity }) => identity) as [Identity, Identity, Identity, Identity];
  const peers = members.map(({ peer }) => peer) as [Identity, Identity, Identity, Identity];

  test('are followed through a configuration block, which the former ones sign', () => {
    const first = configurationBlock(0, 0, [a, b, c, d], []);
    const second = configurationBlock(1, 1, peers, [a, b, c]);
    const third = configurationBlock(2, 2, peers, peers.slice(0, 3));
    expect(unsigned([first, second, third])).toEqual([]);
    // The new ones cannot bring themselves in, and the former ones sign no longer.
    expect(unsigned([first, configurationBlock(1, 1, peers, peers)])).toEqual([1n]);
    expect(unsigned([first, second, configurationBlock(2, 2, peers, [a, b, c])])).toEqual([2n]);
    expect(unsigned([first, configurationBlock(1, 1, peers, [a, b])])).toEqual([1n]);
  });

  test('are judged by who might sign at that time, when a block from before is read once more', () => {
    const first = configurationBlock(0, 0, [a, b, c, d], []);
    const second = configurationBlock(1, 1, peers, [a, b, c]);
    const third = configurationBlock(2, 2, peers, peers.slice(0, 3));
    const chain = [first, second, third];
    expect(unsigned([...chain, second, third, first])).toEqual([]);
    expect(unsigned([...chain, configurationBlock(1, 1, peers, peers)])).toEqual([1n]);
    // What is read again brings nobody in: the next block is still signed by those that the last one names.
    const next = configurationBlock(3, 3, [a, b, c, d], peers.slice(0, 3));
    expect(unsigned([...chain, second, next, second])).toEqual([]);
  });

  test('T13: under Raft do not count either, when their certificate is revoked, and do when another is', () => {
    const [grid, other] = members;
    const { serialNumber } = readCertificate(a.certificate);
    const signedBlock = (list: Buffer, owner = grid): readonly bigint[] => {
      const none = members.map((member) => [member, revocationList(member, [])] as const);
      const lists = new Map([...none, [owner, list] as const]);
      const first = configurationBlock(0, 0, [], [], lists);
      return unsigned([first, configurationBlock(1, 1, [], [a], lists)]);
    };
    expect(signedBlock(revocationList(grid, []))).toEqual([]);
    expect(signedBlock(revocationList(grid, [serialNumber]))).toEqual([1n]);
    expect(signedBlock(Buffer.from(pemOf(revocationList(grid, ['77', serialNumber]))))).toEqual([1n]);
    expect(signedBlock(revocationList(grid, ['77']))).toEqual([]);
    expect(signedBlock(revocationList({ ...grid, caKey: other.caKey }, [serialNumber]))).toEqual([]);
    // The serial number is another authority's.
    expect(signedBlock(revocationList(other, [serialNumber]), other)).toEqual([]);
  });

  test('T13: do not count when their certificate is on the revocation list that its authority signed', () => {
    const [grid] = members;
    const { serialNumber } = readCertificate(a.certificate);
    const signedBlock = (list: Buffer): readonly bigint[] => {
      const first = configurationBlock(0, 0, [a, b, c, d], [], new Map([[grid, list]]));
      return unsigned([first, configurationBlock(1, 1, [a, b, c, d], [a, b, c])]);
    };
    expect(signedBlock(revocationList(grid, [serialNumber]))).toEqual([1n]);
    expect(signedBlock(Buffer.from(pemOf(revocationList(grid, ['77', serialNumber]))))).toEqual([1n]);
    expect(signedBlock(revocationList(grid, ['77']))).toEqual([]);
    expect(signedBlock(revocationList(grid, []))).toEqual([]);
    // One that another authority signed in its name counts for nothing.
    const [, other] = members;
    expect(signedBlock(revocationList({ ...grid, caKey: other.caKey }, [serialNumber]))).toEqual([]);
  });
});

/**
 * A block with a configuration that lists consenters, numbered from 1, signed by some of the former ones in their
 * order. Without consenters it is one of Raft, whose signers name themselves.
 */
function configurationBlock(
  number: number,
  lastConfiguration: number,
  consenters: readonly Identity[],
  signers: readonly Identity[],
  lists: RevocationLists = new Map(),
): common.Block {
  const block = new common.Block();
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setDataHash(Buffer.alloc(32, number + 1));
  if (number > 0) header.setPreviousHash(Buffer.alloc(32, number));
  block.setHeader(header);
  const data = new common.BlockData();
  const none = members.map((member) => [member, revocationList(member, [])] as const);
  data.setDataList([configurationEnvelope(consenters, new Map([...none, ...lists]))]);
  block.setData(data);
  const last = new common.LastConfig();
  last.setIndex(lastConfiguration);
  const value = new common.OrdererBlockMetadata();
  value.setLastConfig(last);
  const signed = new common.Metadata();
  signed.setValue(value.serializeBinary());
  const bytes = encodeBlockHeader(parseBlock(block, 'city'));
  signed.setSignaturesList(
    signers.map((signer, place) => {
      const signature = new common.MetadataSignature();
      const heading = consenters.length === 0 ? headingOf(signer) : identifierOf(place + 1);
      if (consenters.length === 0) signature.setSignatureHeader(heading);
      else signature.setIdentifierHeader(heading);
      const message = Buffer.concat([value.serializeBinary(), heading, bytes]);
      signature.setSignature(signMessage(signer.key, message));
      return signature;
    }),
  );
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList([signed.serializeBinary()]);
  block.setMetadata(metadata);
  return block;
}

function identifierOf(place: number): Uint8Array {
  const identifier = new common.IdentifierHeader();
  identifier.setIdentifier(place);
  return identifier.serializeBinary();
}

function headingOf({ mspId, certificate }: Identity): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificate));
  const header = new common.SignatureHeader();
  header.setCreator(identity.serializeBinary());
  return header.serializeBinary();
}

function configurationEnvelope(consenters: readonly Identity[], lists: RevocationLists): Uint8Array {
  const type = new orderer.ConsensusType();
  type.setType(consenters.length === 0 ? 'etcdraft' : 'BFT');
  const list = new common.Orderers();
  list.setConsenterMappingList(
    consenters.map(({ mspId, certificate }, place) => {
      const consenter = new common.Consenter();
      consenter.setId(place + 1);
      consenter.setMspId(mspId);
      consenter.setIdentity(Buffer.from(certificate));
      return consenter;
    }),
  );
  const group = new common.ConfigGroup();
  valuesOf(group).set('ConsensusType', valueOf(type.serializeBinary()));
  valuesOf(group).set('Orderers', valueOf(list.serializeBinary()));
  for (const [member, list] of lists) groupsOf(group).set(member.mspId, organizationOf(member, list));
  const channel = new common.ConfigGroup();
  groupsOf(channel).set('Orderer', group);
  groupsOf(channel).set('Application', new common.ConfigGroup());
  const config = new common.Config();
  config.setChannelGroup(channel);
  const envelope = new common.ConfigEnvelope();
  envelope.setConfig(config);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(envelope.serializeBinary());
  const outer = new common.Envelope();
  outer.setPayload(payload.serializeBinary());
  return outer.serializeBinary();
}

function pemOf(list: Buffer): string {
  return `-----BEGIN X509 CRL-----\n${list.toString('base64')}\n-----END X509 CRL-----\n`;
}

/** Which lists the organizations of orderers have. */
type RevocationLists = ReadonlyMap<Member, Buffer>;

function organizationOf({ mspId, caCertificate }: Member, list: Buffer): common.ConfigGroup {
  const fabric = new msp.FabricMSPConfig();
  fabric.setName(mspId);
  fabric.setRootCertsList([Buffer.from(caCertificate)]);
  fabric.setRevocationListList([list]);
  const config = new msp.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  const organization = new common.ConfigGroup();
  valuesOf(organization).set('MSP', valueOf(config.serializeBinary()));
  return organization;
}

function valueOf(bytes: Uint8Array): common.ConfigValue {
  const value = new common.ConfigValue();
  value.setValue(bytes);
  return value;
}

/** The maps of google-protobuf, whose types do not come with it. */
interface MessageMap<Value> {
  set(name: string, value: Value): unknown;
}

function groupsOf(group: common.ConfigGroup): MessageMap<common.ConfigGroup> {
  return group.getGroupsMap() as MessageMap<common.ConfigGroup>;
}

function valuesOf(group: common.ConfigGroup): MessageMap<common.ConfigValue> {
  return group.getValuesMap() as MessageMap<common.ConfigValue>;
}
