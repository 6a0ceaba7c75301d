// SPDX-License-Identifier: Apache-2.0

import { sleepUntilAborted } from '@gridpeg/network';
import { chainIdCodec } from '@gridpeg/protocol';
import { type ChainConnection } from '../client';
import { type AuditReport } from './report/audit-report';
import { LedgerReading } from './ledger-reading';
import { VerifiedChain } from './verified-chain';

/** A chain to audit. */
export interface AuditedChain {
  readonly name: string;
  /** `<channel>-<hash of the genesis block's header>`; compared with block 0 */
  readonly chainId: string;
  readonly chaincodeName: string;
  /**
   * Connections that reach peers of one organization each; the first that answers is read, the next one compared with.
   */
  readonly peers: ReadonlyArray<{ readonly organization: string; readonly connection: ChainConnection }>;
}

/**
 * Audits chains against each other from their blocks alone, without asking the chaincode; docs/spec/07-audit.md. It may
 * run while the chains are in use.
 *
 * @param chains - all chains that have lanes between each other
 * @throws PegError PEER_UNAVAILABLE, ...
 */
export async function audit(chains: readonly AuditedChain[]): Promise<AuditReport> {
  return new LedgerReading(chains.map(verified)).audit();
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
  const reading = new LedgerReading(chains.map(verified));
  for (let first = true; !signal.aborted; first = false) {
    if (first || (await reading.hasGrown())) yield await reading.audit();
    await sleepUntilAborted(pollMs, signal);
  }
}

function verified({ name, chainId, chaincodeName, peers }: AuditedChain): VerifiedChain {
  return new VerifiedChain(
    { name, chainId: chainIdCodec.decode(chainId, `chains.${name}.chainId`), chaincodeName },
    peers.map(({ organization, connection }) => ({
      organization,
      name: connection.peerNames.join(' or '),
      height: () => connection.height(),
      blocks: (from, to) => connection.blocks(from, to),
      validationCodes: (from, to) => connection.validationCodes(from, to),
    })),
  );
}
