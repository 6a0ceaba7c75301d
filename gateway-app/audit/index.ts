// SPDX-License-Identifier: Apache-2.0

export { audit, followAudit, type AuditedChain } from './audit';
export { type AuditBlock, type AuditTransaction, type StateWrite } from './audit-block';
export { auditBlocks, type ChainBlocks } from './audit-blocks';
export { type AuditReport, type Finding, type FindingRule, type HomeSupply, type LaneTotals } from './audit-report';
export { auditExplanations } from './explanations';
