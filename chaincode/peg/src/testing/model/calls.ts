// SPDX-License-Identifier: Apache-2.0

import type { CertificateKindName } from './certificate-kinds';
import type { ChainName, Content, LaneName } from './state';

/** What an entry of a batch says of a packet; of receipts also how it was answered. */
export interface Claim {
  readonly id: string;
  readonly content: Content;
  readonly outcome?: 'received' | 'refused' | 'absent';
}

/** Submits a certificate. */
export interface CertificateCall {
  readonly do: 'receive' | 'settle';
  readonly on: ChainName;
  readonly lane: LaneName;
  readonly claims: readonly Claim[];
  readonly kind: CertificateKindName;
  readonly epoch: number;
  /** Escrow that the relay names: the first there is, none, or that of the lane to the third chain. */
  readonly escrow: 'first' | 'none' | 'of another lane';
  /** The batch is of packets though receipts are asked for. */
  readonly ofPackets?: true;
  /** The timestamp is a tick off. */
  readonly offClock?: true;
}

/** What anybody may ask of a chain. */
export type Call =
  | CertificateCall
  | { readonly do: 'send'; readonly on: ChainName }
  /** Names escrow of the lane out, or of the lane to the third chain. */
  | { readonly do: 'merge'; readonly on: 'home'; readonly escrow: readonly string[] }
  | { readonly do: 'rotate'; readonly on: ChainName; readonly by: 'threshold' | 'too few' | 'the next' }
  | {
      readonly do: 'evidence';
      readonly on: ChainName;
      readonly lane: LaneName;
      readonly against: 'the liar' | 'an honest notary';
    }
  | { readonly do: 'propose'; readonly on: ChainName; readonly state: 'open' | 'paused' }
  | { readonly do: 'approve'; readonly on: ChainName; readonly by: 'another' | 'the proposer again' }
  | { readonly do: 'execute'; readonly on: ChainName };

/** What may happen next. A relay that crashes leaves its transaction held for ever, or somebody orders it later. */
export type Action =
  { readonly kind: 'submit' | 'endorse'; readonly call: Call } | { readonly kind: 'order' | 'forget' | 'tick' };

/** What became of one entry. */
export interface Result {
  readonly id: string;
  readonly result: 'received' | 'refused' | 'delivered' | 'refunded' | 'skipped' | 'already-done';
  readonly code: string;
  readonly content: Content;
  /** Escrow that is consumed for it. */
  readonly escrow: string;
}

/** What a chain answers: a refusal, or what it did. */
export interface Decision {
  readonly refusal: string;
  readonly done: 'done' | 'already-done';
  readonly results: readonly Result[];
  /** By the transaction's time. */
  readonly at: number;
}

export const done: Decision = { refusal: '', done: 'done', results: [], at: 0 };
export const alreadyDone: Decision = { ...done, done: 'already-done' };

export function refused(refusal: string): Decision {
  return { ...done, refusal };
}

/** The decision as a client sees it, entry by entry. */
export function outcomeOf({ refusal, done, results }: Decision): string {
  if (refusal !== '') return refusal;
  return results.map(({ result, code }) => `${result} ${code}`.trim()).join(', ') || done;
}

export function isCertificateCall(call: Call): call is CertificateCall {
  return call.do === 'receive' || call.do === 'settle';
}
