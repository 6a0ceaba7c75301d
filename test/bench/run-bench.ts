// SPDX-License-Identifier: Apache-2.0

import { type Participants } from './load/participants';
import { Pool } from './load/pool';
import { issueNotes, notesAtDestination, notesAtSource } from './load/prepare-notes';
import { Sender } from './load/sender';
import { CpuMeter } from './measure/cpu-meter';
import { CpuProfiles } from './measure/cpu-profiles';
import { PacketWatch } from './measure/packet-watch';
import { type BenchOptions } from './parse-bench-options';
import { benchPhases } from './bench-phases';
import { runPhases, type Outcome } from './phases/run-phases';
import { SingleChainSubject } from './phases/single-chain';
import { noteTransfers, yardstickTransfers } from './phases/transaction-kinds';
import { noFigures, type Figures } from './report/figures';

/** More than are ever under way at once, with some to lose. */
const sendingNotes = 200;

/**
 * Measures everything that was asked for on a network that is up.
 *
 * @param save - called with all figures so far whenever there are more of them
 * @throws what the network's clients throw while notes and assets are prepared; a phase that fails is in the outcome
 */
export async function runBench(
  participants: Participants,
  stateDir: string,
  options: BenchOptions,
  log: (line: string) => void,
  save: (outcome: Outcome<Figures>) => void,
): Promise<Outcome<Figures>> {
  const { laneId, atSource, atDestination } = participants;
  const watch = new PacketWatch(laneId, atSource[0].client, atDestination[0].client);
  try {
    log('preparing notes');
    const notes = await issueNotes(participants, atSource[0], sendingNotes);
    const sender = new Sender(participants, new Pool('notes to send from', notes));
    const singleChain = await prepareSingleChain(participants, watch, options);
    const profiles =
      options.profile === undefined ? undefined : await CpuProfiles.prepare(stateDir, options.profile, laneId);
    const meters = { meter: new CpuMeter(stateDir), profiles };
    const phases = benchPhases({ stateDir, participants, watch, meters, sender, singleChain, options, log });
    const withProfiles = ({ figures, failure }: Outcome<Figures>): Outcome<Figures> => ({
      figures: { ...figures, profiles: profiles?.shares ?? [] },
      failure,
    });
    const outcome = await runPhases(phases, noFigures, (soFar) => {
      save(withProfiles(soFar));
    });
    return withProfiles(outcome);
  } finally {
    await watch.close();
  }
}

/** In the order in which they are measured, so that what is compared lies next to each other. */
async function prepareSingleChain(
  participants: Participants,
  watch: PacketWatch,
  { parts, concurrency }: BenchOptions,
): Promise<readonly SingleChainSubject[]> {
  const { source, destination, atSource, atDestination } = participants;
  const count = concurrency * 2;
  const kinds = [];
  if (parts.has('yardstick')) kinds.push(await yardstickTransfers(participants, count));
  if (parts.has('notes')) {
    kinds.push(noteTransfers(source.name, atSource, await notesAtSource(participants, count)));
    const vouchers = await notesAtDestination(participants, watch, count);
    kinds.push(noteTransfers(destination.name, atDestination, vouchers));
  }
  return kinds.map((kind) => new SingleChainSubject(kind, concurrency));
}
