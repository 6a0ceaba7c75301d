// SPDX-License-Identifier: Apache-2.0

import { channelOf, type ChainId } from '@gridpeg/protocol';
import { blockHashOf, type AuditBlock } from './audit-block';
import { type AuditReport, type Finding, type FindingRule } from './audit-report';
import { ChainReplay } from './chain-replay';
import { checkTransactions } from './check-transactions';
import { consistentCut, type BlocksRead } from './consistent-cut';
import { homeSupply } from './home-supply';
import { laneTotals } from './lane-totals';

/** One chain's blocks, from number 0 and without gaps. */
export interface ChainBlocks extends BlocksRead {
  readonly name: string;
  readonly chainId: ChainId;
}

/** Judges blocks; pure. See docs/spec/07-audit.md. */
export function auditBlocks(read: readonly ChainBlocks[]): AuditReport {
  const cut = consistentCut(read);
  const chains = read.map((chain, index) => ({ ...chain, blocks: chain.blocks.slice(0, cut[index]) }));
  const replays = chains.map(({ name, chainId, blocks }) => new ChainReplay(name, chainId, blocks));
  const { lanes, findings: laneFindings } = laneTotals(replays);
  const { supply, findings: supplyFindings } = homeSupply(replays);
  const findings = [
    ...chains.flatMap(checkHashes),
    ...replays.flatMap((replay) => replay.findings),
    ...checkTransactions(replays),
    ...laneFindings,
    ...supplyFindings,
  ];
  return {
    verdict: findings.length === 0 ? 'holds' : 'broken',
    chains: replays.map(({ name, chainId, transactions }, index) => {
      return {
        chain: name,
        chainId,
        height: BigInt(chains[index]?.blocks.length ?? 0),
        transactions: transactions.length,
      };
    }),
    lanes,
    supply,
    findings,
  };
}

/** Each header hashes its data and the header before it, and the first one is that of the chain id. */
function checkHashes({ name, chainId, blocks }: ChainBlocks): readonly Finding[] {
  const findings: Finding[] = [];
  const compare = (rule: FindingRule, block: bigint, about: string, expected: string, found: string): void => {
    if (expected === found) return;
    findings.push({ rule, chain: name, block, txId: undefined, laneId: undefined, about, expected, found });
  };
  let previous: AuditBlock | undefined;
  for (const block of blocks) {
    const { number } = block;
    compare('BLOCK_HASH', number, 'data hash', block.dataHash, block.dataHashFound);
    if (previous === undefined) {
      compare('CHAIN_ID', number, 'chain id', chainId, `${channelOf(chainId)}-${blockHashOf(block)}`);
    } else {
      compare('BLOCK_HASH', number, 'number', (previous.number + 1n).toString(), number.toString());
      compare('BLOCK_HASH', number, 'previous hash', blockHashOf(previous), block.previousHash);
    }
    previous = block;
  }
  return findings;
}
