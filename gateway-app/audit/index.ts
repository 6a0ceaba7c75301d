// SPDX-License-Identifier: Apache-2.0

export { audit, type AuditedChain } from './audit';
export { type AuditReport, type Finding, type FindingRule, type HomeSupply, type LaneTotals } from './audit-report';
