// SPDX-License-Identifier: Apache-2.0

import {
  readSignedHeader,
  signaturesThatCount,
  signedHeaderOf,
  type BlockHeader,
  type Consensus,
} from '@gridpeg/protocol';
import { common } from '@hyperledger/fabric-protos';
import { consensusIn } from './orderer-configuration';

/** What is wrong with a block's signatures. */
interface SignatureFault {
  readonly expected: string;
  readonly found: string;
}

/** Who may sign the blocks after one that configures the channel. */
interface Configured {
  readonly number: bigint;
  readonly consensus: Consensus;
}

/** Follows who may sign a chain's blocks from its first block on, and checks that they did. */
export class BlockSignatures {
  /** Configurations in order. There are few, because a channel is configured seldom. */
  readonly #configurations: Configured[] = [];

  /**
   * The next block, beginning with number 0, which nobody signs: its hash is in the chain id. Or one from before, which
   * is read once more.
   *
   * @param header - of the block, as it is hashed
   */
  check(block: common.Block, header: BlockHeader): SignatureFault | undefined {
    try {
      const next = consensusIn(block);
      const before = this.#configurations.findLast(({ number }) => number < header.number);
      const fault = header.number === 0n ? undefined : faultOf(block, header, before, next !== undefined);
      const isLater = header.number > (this.#configurations.at(-1)?.number ?? -1n);
      if (fault === undefined && next !== undefined && isLater) {
        this.#configurations.push({ number: header.number, consensus: next });
      }
      return fault;
    } catch (error) {
      return { expected: 'a block that Fabric writes', found: error instanceof Error ? error.message : 'another' };
    }
  }
}

function faultOf(
  block: common.Block,
  header: BlockHeader,
  before: Configured | undefined,
  isConfiguration: boolean,
): SignatureFault | undefined {
  if (before === undefined) return { expected: 'a first block with a configuration', found: 'none' };
  const bytes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES] ?? new Uint8Array();
  const signed = signedHeaderOf(header, Buffer.from(bytes));
  const last = readSignedHeader(signed).lastConfiguration;
  const expected = isConfiguration ? header.number : before.number;
  if (last !== expected) {
    return { expected: `configuration of block ${expected.toString()}`, found: `of block ${last.toString()}` };
  }
  const { requiredSignatures } = before.consensus;
  const counted = signaturesThatCount(signed, before.consensus).length;
  if (counted >= requiredSignatures) return undefined;
  return { expected: `signed by ${requiredSignatures.toString()} orderers`, found: `by ${counted.toString()}` };
}
