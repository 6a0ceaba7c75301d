// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { chainIdShape } from '@gridpeg/protocol';
import { type ChainConnection } from '../client';
import { type AuditReport } from './audit-report';
import { BlockSequence } from './blocks/block-sequence';
import { parseBlock } from './blocks/parse-block';
import { type Finding } from './finding';
import { LedgerReading, type BlockSource } from './ledger-reading';

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
  return new LedgerReading(chains.map(sourceOf)).audit();
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
  const reading = new LedgerReading(chains.map(sourceOf));
  for (let first = true; !signal.aborted; first = false) {
    if (first || (await reading.hasGrown())) yield await reading.audit();
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

function sourceOf({ name, chainId: id, connection }: AuditedChain): BlockSource {
  const { chaincodeName } = connection;
  const chainId = chainIdShape.read(id, `chains.${name}.chainId`);
  const sequence = new BlockSequence(name, chainId);
  const findings: Finding[] = [];
  return {
    ...{ name, chainId, chaincodeName },
    height: () => connection.height(),
    async *blocks(from, to) {
      for await (const received of connection.blocks(from, to)) {
        const block = parseBlock(received, chaincodeName);
        for (const finding of sequence.check(block)) findings.push(finding);
        yield block;
      }
    },
    takeFindings: () => findings.splice(0),
  };
}
