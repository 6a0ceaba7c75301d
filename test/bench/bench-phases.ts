// SPDX-License-Identifier: Apache-2.0

import { once } from 'node:events';
import { type Participants } from './load/participants';
import { type Sender } from './load/sender';
import { measure, type Load, type MeasuredWindow, type Meters, type PhaseLength } from './measure/measure';
import { type PacketWatch } from './measure/packet-watch';
import { readProofBytes } from './measure/proof-bytes';
import { type BenchOptions } from './parse-bench-options';
import { type Figures } from './report/figures';
import { leastSamples } from './report/judge';
import { halfLoad } from './report/ratios';
import { measureColdStart } from './phases/cold-start';
import { CrossChainSubject, type CrossChainForm } from './phases/cross-chain';
import { measureEndToEnd } from './phases/end-to-end';
import { measureInTurns } from './phases/measure-in-turns';
import { type Phase } from './phases/run-phases';
import { type SingleChainSubject } from './phases/single-chain';
import { measureSubject } from './phases/subject';

/** What the phases of a bench share. */
interface Bench {
  readonly stateDir: string;
  readonly participants: Participants;
  readonly watch: PacketWatch;
  readonly meters: Meters;
  readonly sender: Sender;
  readonly singleChain: readonly SingleChainSubject[];
  readonly options: BenchOptions;
  readonly log: (line: string) => void;
}

type BenchPhase = Phase<Figures>;

/** Single sends by many: what relays make of many small senders. Half load is half of what this reaches. */
const singles: CrossChainForm = { packetsPerSend: 1, senders: 50 };
/** The form that is compared with transactions on one chain. */
const at50: CrossChainForm = { packetsPerSend: 50, senders: 4 };
const forms: readonly CrossChainForm[] = [
  { packetsPerSend: 1, senders: 1 },
  singles,
  { packetsPerSend: 10, senders: 8 },
];
/** All phases that were asked for, in the order in which they are run. */
export function benchPhases(bench: Bench): readonly BenchPhase[] {
  const { parts } = bench.options;
  const wantedForms = parts.has('cross-chain') ? forms : parts.has('end-to-end') ? [singles] : [];
  return [
    idlePhase(bench),
    ...bench.singleChain.map((subject) => idleCommitPhase(subject, bench)),
    ...(bench.singleChain.length > 0 || parts.has('cross-chain') ? [comparisonPhase(bench)] : []),
    ...wantedForms.map((form) => formPhase(form, bench)),
    ...(parts.has('end-to-end') ? [endToEndPhase('low load', bench), endToEndPhase(halfLoad, bench)] : []),
    ...(parts.has('cross-chain') ? [proofPhase(bench)] : []),
    // Last: profilers and meters know the processes that it ends.
    ...(parts.has('cold-start') ? [coldStartPhase(bench)] : []),
  ];
}

function idlePhase({ meters, options }: Bench): BenchPhase {
  const name = 'no load';
  const nothing: Load = async (stop) => {
    await once(stop, 'abort');
  };
  return {
    name,
    run: async (before, record) => {
      const length = { name, warmUpSeconds: 2, seconds: options.seconds / 2 };
      record({ ...before, idle: await measure(meters, length, nothing) });
    },
  };
}

function idleCommitPhase(subject: SingleChainSubject, { meters, options }: Bench): BenchPhase {
  return {
    name: `${subject.name}, one at a time`,
    run: async (before, record) => {
      const length = { warmUpSeconds: 1, seconds: Math.max(2, options.seconds / 2) };
      const figure = await subject.measureIdleCommit(length, meters);
      record({ ...before, idleCommits: [...before.idleCommits, figure] });
    },
  };
}

/** Everything whose rates are compared with each other, in slices that alternate. */
function comparisonPhase(bench: Bench): BenchPhase {
  const { options, meters, singleChain, log } = bench;
  const across = options.parts.has('cross-chain') ? [new CrossChainSubject(at50, bench)] : [];
  // Next to the note transfers of both chains, with which it is compared.
  const subjects = [...singleChain.slice(0, -1), ...across, ...singleChain.slice(-1)];
  // As many pairs as an aim needs, and more where more time is given; an even number, so that both orders are as many.
  const rounds = Math.max(leastSamples, options.seconds * 2);
  const seconds = Math.min(2, Math.max(1, options.seconds / 4));
  return {
    name: 'in turns',
    run: async (before, record) => {
      log(`in turns, ${rounds} rounds: ${subjects.map(({ name }) => name).join('; ')}`);
      await measureInTurns<SingleChainSubject | CrossChainSubject, MeasuredWindow>(
        subjects,
        rounds,
        (subject, round) => {
          const profiles = round === rounds ? meters.profiles : undefined;
          return measureSubject(subject, { name: subject.name, warmUpSeconds: 0.5, seconds }, { ...meters, profiles });
        },
        (windows) => {
          record({
            ...before,
            singleChain: singleChain.map((subject) => subject.figure(windows.get(subject) ?? [])),
            crossChain: across.map((subject) => subject.figure(windows.get(subject) ?? [])),
          });
        },
      );
    },
  };
}

function formPhase(form: CrossChainForm, bench: Bench): BenchPhase {
  const subject = new CrossChainSubject(form, bench);
  const seconds = bench.options.seconds * 1.5;
  const length: PhaseLength = { name: subject.name, warmUpSeconds: Math.max(2, seconds / 4), seconds };
  return {
    name: subject.name,
    run: async (before, record) => {
      bench.log(subject.name);
      const figure = subject.figure([await measureSubject(subject, length, bench.meters)]);
      record({ ...before, crossChain: [...before.crossChain, figure] });
    },
  };
}

function endToEndPhase(load: string, bench: Bench): BenchPhase {
  const name = `end to end, ${load}`;
  return {
    name,
    run: async (before, record) => {
      const capacity = before.crossChain.find(({ senders }) => senders === singles.senders)?.deliveredPerSecond ?? 0;
      const sendsPerSecond = Math.max(1, load === halfLoad ? capacity / 2 : Math.min(5, capacity / 10));
      bench.log(`${name}, ${sendsPerSecond.toFixed(1)} a second`);
      const length = { name, warmUpSeconds: 2, seconds: bench.options.seconds * 2.5 };
      const figure = await measureEndToEnd({ load, sendsPerSecond }, length, bench);
      record({ ...before, endToEnd: [...before.endToEnd, figure] });
    },
  };
}

/** Sends 1, 10 and 50 packets on their own, so that there are such certificates, and reads all certificates' sizes. */
function proofPhase({ participants, watch, sender, log }: Bench): BenchPhase {
  const name = 'sizes of certificates';
  return {
    name,
    run: async (before, record) => {
      log(name);
      for (const packets of [1, 10, 50]) {
        const packetIds = await sender.send(packets);
        await Promise.all(packetIds.map((id) => watch.when('delivered', id)));
      }
      const { client } = participants.atDestination[0];
      const { chains } = await client.getConfiguration();
      const trust = chains.find(({ chainId }) => chainId === participants.source.chainId);
      if (trust === undefined) throw new Error('the destination trusts no source chain');
      record({ ...before, proofBytes: await readProofBytes(client.connection, participants.laneId, trust) });
    },
  };
}

function coldStartPhase(bench: Bench): BenchPhase {
  return {
    name: 'cold start',
    run: async (before, record) => {
      record({ ...before, coldStarts: [await measureColdStart(bench.options.packets, bench)] });
    },
  };
}
