// SPDX-License-Identifier: Apache-2.0

import { once } from 'node:events';
import { type Figures } from './report/bench-report';
import { measureColdStart } from './phases/cold-start';
import { CpuMeter } from './measure/cpu-meter';
import { CpuProfiles } from './measure/cpu-profiles';
import { measureCrossChain, type CrossChainFigure, type CrossChainForm } from './phases/cross-chain';
import { measure, type Load, type Meters } from './measure/measure';
import { measureEndToEnd, type EndToEndFigure } from './phases/end-to-end';
import { PacketWatch } from './measure/packet-watch';
import { type BenchOptions } from './parse-bench-options';
import { type Participants } from './load/participants';
import { Pool } from './load/pool';
import { issueNotes, notesAtDestination, notesAtSource } from './load/prepare-notes';
import { readProofBytes, type ProofBytesFigure } from './measure/proof-bytes';
import { Sender } from './load/sender';
import { measureSingleChain, type SingleChainFigure, type Subject } from './phases/single-chain';
import { noteSubject, yardstickSubject } from './phases/subjects';

/** What the parts of a bench share. */
interface Bench {
  readonly stateDir: string;
  readonly participants: Participants;
  readonly watch: PacketWatch;
  readonly meters: Meters;
  readonly sender: Sender;
  readonly options: BenchOptions;
  readonly tell: (line: string) => void;
}

/** Single sends by many: what relays make of many small senders. Half load is half of what this reaches. */
const singles: CrossChainForm = { packetsPerSend: 1, senders: 50 };
const forms: readonly CrossChainForm[] = [
  { packetsPerSend: 1, senders: 1 },
  singles,
  { packetsPerSend: 10, senders: 8 },
  { packetsPerSend: 50, senders: 4 },
];
const rounds = 2;
/** More than are ever under way at once, with some to lose. */
const sendingNotes = 200;

/** Measures everything that was asked for on a network that is up. @throws what the network's clients throw */
export async function runBench(
  participants: Participants,
  stateDir: string,
  options: BenchOptions,
  tell: (line: string) => void,
): Promise<Figures> {
  const { laneId, atSource, atDestination } = participants;
  const watch = new PacketWatch(laneId, atSource[0].client, atDestination[0].client);
  try {
    tell('preparing notes');
    const notes = await issueNotes(participants, atSource[0], sendingNotes);
    const sender = new Sender(participants, new Pool('notes to send from', notes));
    const profiles =
      options.profile === undefined ? undefined : await CpuProfiles.prepare(stateDir, options.profile, laneId);
    const meters = { meter: new CpuMeter(stateDir), profiles };
    const bench: Bench = { stateDir, participants, watch, meters, sender, options, tell };
    tell('no load');
    const nothing: Load = async (stop) => {
      await once(stop, 'abort');
    };
    const idle = await measure(meters, { name: 'no load', warmUpSeconds: 2, seconds: options.seconds / 2 }, nothing);
    const singleChain = await measureSubjects(bench);
    const crossChain = await measureForms(bench);
    const endToEnd = await measureLoads(bench, crossChain);
    const proofBytes = await measureProofs(bench);
    // Last: profilers and meters know the processes that it ends.
    const coldStarts = options.parts.has('cold-start') ? [await measureColdStart(options.packets, bench)] : [];
    return { idle, singleChain, crossChain, endToEnd, proofBytes, coldStarts, profiles: profiles?.shares ?? [] };
  } finally {
    await watch.close();
  }
}

async function measureSubjects(bench: Bench): Promise<readonly SingleChainFigure[]> {
  const { participants, options, meters, tell, watch } = bench;
  const { source, destination, atSource, atDestination } = participants;
  const count = options.concurrency * 2;
  const subjects: Subject[] = [];
  if (options.parts.has('yardstick')) subjects.push(await yardstickSubject(participants, count));
  if (options.parts.has('notes')) {
    subjects.push(noteSubject(source.name, atSource, await notesAtSource(participants, count)));
    const vouchers = await notesAtDestination(participants, watch, count);
    subjects.push(noteSubject(destination.name, atDestination, vouchers));
  }
  const length = { warmUpSeconds: Math.max(1, options.seconds / 4), seconds: options.seconds };
  return measureSingleChain(subjects, { concurrency: options.concurrency, rounds, length }, meters, tell);
}

async function measureForms(bench: Bench): Promise<readonly CrossChainFigure[]> {
  const { parts } = bench.options;
  const wanted = parts.has('cross-chain') ? forms : parts.has('end-to-end') ? [singles] : [];
  const figures: CrossChainFigure[] = [];
  for (const form of wanted) {
    const name = `across chains, ${form.packetsPerSend} a send, ${form.senders} at a time`;
    bench.tell(name);
    const seconds = bench.options.seconds * 1.5;
    figures.push(await measureCrossChain(form, { name, warmUpSeconds: Math.max(2, seconds / 4), seconds }, bench));
  }
  return figures;
}

async function measureLoads(bench: Bench, crossChain: readonly CrossChainFigure[]): Promise<readonly EndToEndFigure[]> {
  if (!bench.options.parts.has('end-to-end')) return [];
  const capacity = crossChain.find(({ senders }) => senders === singles.senders)?.deliveredPerSecond ?? 0;
  const loads = [
    { load: 'low load', sendsPerSecond: Math.max(1, Math.min(5, capacity / 10)) },
    { load: 'half load', sendsPerSecond: Math.max(1, capacity / 2) },
  ];
  const figures: EndToEndFigure[] = [];
  for (const load of loads) {
    bench.tell(`end to end, ${load.load}, ${load.sendsPerSecond.toFixed(1)} a second`);
    const seconds = bench.options.seconds * 2.5;
    figures.push(await measureEndToEnd(load, { name: `end to end, ${load.load}`, warmUpSeconds: 2, seconds }, bench));
  }
  return figures;
}

/** Sends 1, 10 and 50 packets on their own, so that there are such certificates, and reads all certificates' sizes. */
async function measureProofs({
  participants,
  watch,
  sender,
  options,
  tell,
}: Bench): Promise<readonly ProofBytesFigure[]> {
  if (!options.parts.has('cross-chain')) return [];
  tell('sizes of certificates');
  for (const packets of [1, 10, 50]) {
    const packetIds = await sender.send(packets);
    await Promise.all(packetIds.map((id) => watch.when('delivered', id)));
  }
  const { client } = participants.atDestination[0];
  const { chains } = await client.getConfiguration();
  const trust = chains.find(({ chainId }) => chainId === participants.source.chainId);
  if (trust === undefined) throw new Error('the destination trusts no source chain');
  return readProofBytes(client.connection, participants.laneId, trust);
}
