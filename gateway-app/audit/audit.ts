// SPDX-License-Identifier: Apache-2.0

import { type ChainConnection } from '../client';
import { type AuditReport } from './audit-report';

/** A chain to audit. */
export interface AuditedChain {
  readonly name: string;
  readonly chainId: string;
  readonly connection: ChainConnection;
}

/**
 * Audits chains against each other from their blocks alone; docs/spec/07-audit.md.
 *
 * @throws PegError PEER_UNAVAILABLE, ...
 */
export function audit(_chains: readonly AuditedChain[]): Promise<AuditReport> {
  return Promise.reject(new Error('not yet'));
}
