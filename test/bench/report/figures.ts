// SPDX-License-Identifier: Apache-2.0

import { type ColdStartFigure } from '../phases/cold-start';
import { type CrossChainFigure } from '../phases/cross-chain';
import { type EndToEndFigure } from '../phases/end-to-end';
import { type MeasuredWindow } from '../measure/measure';
import { type ProfileShares } from '../measure/profile-shares';
import { type ProofBytesFigure } from '../measure/proof-bytes';
import { type IdleCommitFigure, type SingleChainFigure } from '../phases/single-chain';

/** All that was measured in one run. */
export interface Figures {
  /** The network with nothing to do: part of the CPU time of every other figure. */
  readonly idle?: MeasuredWindow;
  readonly idleCommits: readonly IdleCommitFigure[];
  readonly singleChain: readonly SingleChainFigure[];
  readonly crossChain: readonly CrossChainFigure[];
  readonly endToEnd: readonly EndToEndFigure[];
  readonly proofBytes: readonly ProofBytesFigure[];
  /** One figure, or none when it was left out. */
  readonly coldStarts: readonly ColdStartFigure[];
  /** Empty unless profiles were asked for: a profiler spoils the other figures. */
  readonly profiles: readonly ProfileShares[];
}

/** The figures before anything was measured. */
export const noFigures: Figures = {
  idleCommits: [],
  singleChain: [],
  crossChain: [],
  endToEnd: [],
  proofBytes: [],
  coldStarts: [],
  profiles: [],
};
