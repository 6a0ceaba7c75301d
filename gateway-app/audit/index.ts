// SPDX-License-Identifier: Apache-2.0

export { audit, followAudit, type AuditedChain } from './audit';
export { type AuditReport, type HomeSupply, type LaneTotals, type ReadCopies } from './report/audit-report';
export { type Finding, type FindingRule } from './report/finding';
export { channelMembersIn } from './blocks/orderer-configuration';
export { parseBlock } from './blocks/parse-block';
