// SPDX-License-Identifier: Apache-2.0

import { type ObjectType } from '@gridpeg/protocol';
import { type AuditCall } from '../blocks/audit-block';

/** Which functions write, and which delete, records of a type; the table of docs/spec/06-ledger.md. */
interface Writers {
  readonly put: readonly string[];
  readonly delete: readonly string[];
}

const configuring = ['governance:commitConfiguration', 'governance:execute', 'governance:rotate'];

export const writers: { readonly [T in ObjectType]: Writers } = {
  configuration: { put: configuring, delete: [] },
  approval: { put: ['governance:approveConfiguration'], delete: [] },
  chain: { put: configuring, delete: [] },
  asset: { put: configuring, delete: [] },
  'asset-standing': { put: ['governance:execute'], delete: [] },
  'asset-usage': { put: ['peg:issue'], delete: [] },
  trust: { put: configuring, delete: [] },
  'former-trust': { put: ['governance:execute'], delete: [] },
  lane: { put: configuring, delete: [] },
  note: {
    put: ['peg:issue', 'peg:transfer', 'peg:retire', 'peg:send', 'peg:receive', 'peg:settle'],
    delete: ['peg:transfer', 'peg:retire', 'peg:send'],
  },
  escrow: {
    put: ['peg:send', 'peg:mergeEscrow', 'peg:receive', 'peg:settle'],
    delete: ['peg:mergeEscrow', 'peg:receive', 'peg:settle'],
  },
  supply: { put: ['peg:issue', 'peg:retire', 'peg:receive'], delete: [] },
  outbox: { put: ['peg:send', 'peg:receive'], delete: [] },
  'lane-inflight': { put: ['peg:send', 'peg:receive'], delete: ['peg:settle'] },
  // Written before each lane had a range of its own, which older blocks show.
  inflight: { put: ['peg:send', 'peg:receive'], delete: ['peg:settle'] },
  settled: { put: ['peg:settle'], delete: [] },
  receipt: { put: ['peg:receive'], delete: [] },
  // Settling wrote it while refunds counted, which older blocks show.
  usage: { put: ['peg:receive', 'peg:settle'], delete: [] },
  standing: { put: ['governance:execute', 'governance:submitEvidence'], delete: [] },
  notary: { put: [...configuring, 'governance:submitEvidence'], delete: [] },
  replacement: { put: ['governance:execute'], delete: [] },
  proposal: { put: ['governance:propose'], delete: ['governance:withdraw', 'governance:execute'] },
  consent: { put: ['governance:propose', 'governance:approve'], delete: ['governance:withdraw'] },
  committee: { put: ['governance:execute', 'governance:rotate'], delete: [] },
  absence: { put: ['evidence:declareAbsence'], delete: [] },
  evidence: { put: ['governance:submitEvidence'], delete: [] },
};

/** All functions that write. */
const functions: ReadonlySet<string> = new Set(Object.values(writers).flatMap(({ put }) => put));

/**
 * The function that a transaction called, as `contract:function`.
 *
 * @param chaincodeName - the chaincode whose records are audited: a call of another one, which called this one, names
 *   no function of it
 * @returns the empty text when the call says nothing about what this chaincode was asked
 */
export function functionOf({ chaincode, name }: AuditCall, chaincodeName: string): string {
  if (chaincode !== chaincodeName) return '';
  // Fabric takes a name without a contract for one of the first contract, which is `peg` where nothing else is added.
  return !name.includes(':') && functions.has(`peg:${name}`) ? `peg:${name}` : name;
}

/** Whether a function belongs to the peg's own contracts, which write no keys but those of the table. */
export function isPegFunction(name: string): boolean {
  return ['peg:', 'governance:', 'evidence:'].some((contract) => name.startsWith(contract));
}
