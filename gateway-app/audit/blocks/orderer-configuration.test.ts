// SPDX-License-Identifier: Apache-2.0

import { isCaCertificate } from '@gridpeg/protocol';
import { common } from '@hyperledger/fabric-protos';
import { realBlocks } from '../../client/testing/real-blocks';
import { channelMembersIn } from './orderer-configuration';

const [first = new common.Block(), , , other = new common.Block()] = realBlocks('raft');

describe('the members of a real channel', () => {
  test('are in its first block, each with its authorities', () => {
    const members = channelMembersIn(first.serializeBinary());
    expect([...members.keys()].sort()).toEqual(['ChargingMSP', 'GridMSP', 'MicrogridMSP', 'RegulatorMSP']);
    expect(new Set([...members.values()].flat()).size).toBe(4);
    for (const certificate of [...members.values()].flat()) expect(isCaCertificate(certificate)).toBe(true);
  });

  test('are in no block without a configuration', () => {
    expect(() => channelMembersIn(other.serializeBinary())).toThrow('a first block without members');
  });
});
