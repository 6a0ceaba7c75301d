// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
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
  return new LedgerReading(chains).audit();
}

/**
 * Audits again whenever a chain has grown, reading new blocks only, until the signal; the first report comes at once.
 *
 * @throws PegError as `audit`
 */
export async function* followAudit(
  chains: readonly AuditedChain[],
  signal: AbortSignal,
  pollMs = 500,
): AsyncGenerator<AuditReport, void> {
  const reading = new LedgerReading(chains);
  for (let first = true; !signal.aborted; first = false) {
    if (first || (await reading.hasGrown())) yield await reading.audit();
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What was read of each ledger so far. */
class LedgerReading {
  readonly #chains: readonly AuditedChain[];
  readonly #blocks: readonly AuditBlock[][];

  constructor(chains: readonly AuditedChain[]) {
    this.#chains = chains;
    this.#blocks = chains.map(() => []);
  }

  async hasGrown(): Promise<boolean> {
    const heights = await Promise.all(this.#chains.map(({ connection }) => connection.height()));
    return heights.some((height, index) => height > BigInt(this.#blocks[index]?.length ?? 0));
  }

  async audit(): Promise<AuditReport> {
    await this.#read();
    const floors = this.#blocks.map(({ length }) => BigInt(length));
    // What a block of the first reading refers to was committed before it, so the second reading has it.
    await this.#read();
    const read = this.#chains.map(({ name, chainId }, index): ChainBlocks => {
      const id = chainIdShape.read(chainId, `chains.${name}.chainId`);
      return { name, chainId: id, blocks: this.#blocks[index] ?? [], floor: floors[index] ?? 0n };
    });
    return auditBlocks(read);
  }

  async #read(): Promise<void> {
    const found = await Promise.all(
      this.#chains.map((chain, index) => readBlocks(chain, BigInt(this.#blocks[index]?.length ?? 0))),
    );
    found.forEach((blocks, index) => this.#blocks[index]?.push(...blocks));
  }
}

/** Blocks from a number up to the chain's height at the moment of the call. */
async function readBlocks({ connection }: AuditedChain, from: bigint): Promise<readonly AuditBlock[]> {
  const height = await connection.height();
  const blocks: AuditBlock[] = [];
  for await (const block of connection.blocks(from, height)) blocks.push(parseBlock(block, connection.chaincodeName));
  return blocks;
}
