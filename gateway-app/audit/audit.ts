// SPDX-License-Identifier: Apache-2.0

import { chainIdShape } from '@gridpeg/protocol';
import { type ChainConnection } from '../client';
import { type AuditBlock } from './audit-block';
import { auditBlocks, type ChainBlocks } from './audit-blocks';
import { type AuditReport } from './audit-report';
import { parseBlock } from './parse-block';

/** A chain to audit. */
export interface AuditedChain {
  readonly name: string;
  /** `<channel>-<hash of the genesis block's header>`; compared with block 0 */
  readonly chainId: string;
  readonly connection: ChainConnection;
}

/**
 * Audits chains against each other from their blocks alone, without asking the chaincode; docs/spec/07-audit.md. May run while they are at work.
 *
 * @param chains - all chains that have lanes between each other
 * @throws PegError PEER_UNAVAILABLE, ...
 */
export async function audit(chains: readonly AuditedChain[]): Promise<AuditReport> {
  const first = await Promise.all(chains.map((chain) => readBlocks(chain, 0n)));
  // What a block of the first reading refers to was committed before it, so the second reading has it.
  const second = await Promise.all(chains.map((chain, index) => readBlocks(chain, BigInt(first[index]?.length ?? 0))));
  const read = chains.map(({ name, chainId }, index): ChainBlocks => {
    const [early, late] = [first[index] ?? [], second[index] ?? []];
    const id = chainIdShape.read(chainId, `chains.${name}.chainId`);
    return { name, chainId: id, blocks: [...early, ...late], floor: BigInt(early.length) };
  });
  return auditBlocks(read);
}

/** Blocks from a number up to the chain's height at the moment of the call. */
async function readBlocks({ connection }: AuditedChain, from: bigint): Promise<readonly AuditBlock[]> {
  const height = await connection.height();
  const blocks: AuditBlock[] = [];
  for await (const block of connection.blocks(from, height)) blocks.push(parseBlock(block, connection.chaincodeName));
  return blocks;
}
