// SPDX-License-Identifier: Apache-2.0

import type { Call } from './calls';
import type { CertificateKindName } from './certificate-kinds';
import { type ChainName, chainNames, type LaneName } from './state';

/** What is explored together, and how far. */
export interface Scenario {
  /** Units issued at home, and how many a lane may move on a ledger. */
  readonly supply: number;
  readonly limit: number;
  /** How many packets each lane carries, and how many the liar makes up. */
  readonly packets: Readonly<Record<LaneName, number>>;
  readonly inventions: number;
  readonly ticks: number;
  /** How often a lane's status may change by proposals; 0 when nobody proposes. */
  readonly proposals: number;
  /** Whether committees rotate and notaries are accused. */
  readonly rotations: boolean;
  readonly evidence: boolean;
  /** Where that happens. */
  readonly governed: readonly ChainName[];
  /** Certificates of false facts. */
  readonly lies: readonly CertificateKindName[];
  /**
   * Chains of which everybody believes every lie: the proof policy's peers lie, and honest notaries sign what they
   * prove.
   */
  readonly takenOver: boolean;
  /** Neither that nor a committee that lies with the peers: what chains hold of each other is true. */
  readonly honest: boolean;
  /** Batches of two, odd clocks, wrong chains and wrong kinds of proof. */
  readonly mixed: boolean;
  /** Whether escrow is merged. */
  readonly merges: boolean;
  /** Calls that may be held back between endorsement and order. */
  readonly held: ReadonlyArray<Call['do']>;
}

const lies: readonly CertificateKindName[] = [
  'a lying peer and a lying notary',
  'a lying peer twice',
  'lying peers, a lying notary',
  'lying peers, a lying notary thrice',
  'lying peers, signatures of another batch',
  'a lying peer, lying notaries',
  'a simulation',
  'strangers',
];

const governance: Scenario = {
  ...{ supply: 1, limit: 9, packets: { out: 1, back: 1 }, inventions: 1, ticks: 1 },
  ...{ proposals: 2, rotations: true, evidence: true, lies: ['lying peers and the committee of old'] },
  ...{ takenOver: false, honest: true, mixed: false, merges: true },
  governed: [],
  held: ['receive', 'settle', 'execute'],
};

export const scenarios = {
  /** Transfers there and back, relays that repeat, reorder, hold back and lie. */
  transfers: {
    ...{ supply: 2, limit: 9, packets: { out: 2, back: 1 }, inventions: 1, ticks: 1 },
    ...{ proposals: 0, rotations: false, evidence: false, governed: [] },
    ...{ lies, takenOver: false, honest: true, mixed: true, merges: true },
    held: ['send', 'merge', 'receive', 'settle'],
  },
  /** The same value under rotation, evidence, pause and thaw on the chain that receives first. */
  'governance away': { ...governance, governed: ['away'] },
  /** And on the chain that refunds and releases. */
  'governance at home': { ...governance, governed: ['home'] },
  /** The committee's threshold and the proof policy's peers lie together. */
  collusion: {
    ...{ supply: 2, limit: 1, packets: { out: 2, back: 0 }, inventions: 1, ticks: 0 },
    ...{ proposals: 0, rotations: false, evidence: true, governed: chainNames },
    ...{ lies: ['lying peers and the committee'], takenOver: false, honest: false, mixed: false, merges: false },
    held: [],
  },
  /** All of the away chain lies. */
  takeover: {
    ...{ supply: 2, limit: 2, packets: { out: 1, back: 1 }, inventions: 2, ticks: 1 },
    ...{ proposals: 0, rotations: false, evidence: false, governed: [] },
    ...{ lies: [], takenOver: true, honest: false, mixed: false, merges: true },
    held: ['receive'],
  },
} as const satisfies Record<string, Scenario>;
export type ScenarioName = keyof typeof scenarios;
