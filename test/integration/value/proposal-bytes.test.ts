// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import {
  exportFunctions,
  exportRequestCodec,
  encode,
  laneIdCodec,
  requestedExport,
  readProposal,
  Refused,
  txIdCodec,
  type ProposalBytes,
} from '@gridpeg/protocol';
import { pseudoRandom } from '../../harness/faults/pseudo-random';
import { realProposals, type Question } from '../../harness/adversary/real-proposals';
import { cut, fieldEnds, ProposalForger } from '../../harness/adversary/recut-proposals';
import { unpackProposals, type Execution } from '../../harness/adversary/unpack-proposals';

const channels = ['city', 'microgrid', 'charging'];
const random = pseudoRandom(39);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const txId = (): string => Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('');

function question(): Question {
  const laneId = laneIdCodec.decode(`${pick(channels)}-${pick(channels)}`, 'laneId');
  const txIds = Array.from({ length: 1 + Math.floor(random() * 3) }, () => txIdCodec.decode(txId(), 'txId'));
  const functionName = pick([exportFunctions.packets, exportFunctions.packets, exportFunctions.receipts, 'peg:send']);
  return { channel: pick(channels), functionName, argument: encode(exportRequestCodec, { laneId, txIds }) };
}

/** One way to read bytes as an export, with what is read. */
interface Reading {
  readonly proposal: ProposalBytes;
  readonly channel: string;
  readonly args: readonly string[];
}

/** All readings of bytes on all channels. A message ends where a field ends, so no other places need be tried. */
function readingsOf(bytes: Buffer): readonly Reading[] {
  return fieldEnds(bytes, 0).flatMap((first) => {
    // What is no header of a channel is none whatever comes after it.
    const channel = channelIn(cut(bytes, first, first));
    if (channel === undefined) return [];
    const found = fieldEnds(bytes, first).map((second) => readingOn(channel, cut(bytes, first, second)));
    return found.filter((reading) => typeof reading === 'object');
  });
}

function channelIn(proposal: ProposalBytes): string | undefined {
  for (const channel of channels) {
    const refused = readingOn(channel, proposal);
    if (refused === 'channelHeader.channelId') continue;
    const isHeader =
      typeof refused === 'object' || refused === 'channelHeader.txId' || !refused.startsWith('channelHeader');
    return isHeader ? channel : undefined;
  }
  return undefined;
}

/** @returns the field that is refused, if it is none */
function readingOn(channel: string, proposal: ProposalBytes): Reading | string {
  try {
    const { kind, laneId, txIds } = requestedExport(readProposal(proposal, channel, 'gridpeg'));
    return { proposal, channel, args: [exportFunctions[kind], encode(exportRequestCodec, { laneId, txIds })] };
  } catch (error) {
    if (!(error instanceof Refused) || !('field' in error.refusal)) throw error;
    return error.refusal.field;
  }
}

/** What Fabric hashes: of the payload the last input alone, without transient data and whatever else there is. */
function hashedBytes({ channelHeader, signatureHeader, proposalPayload }: ProposalBytes): Buffer {
  const ends = fieldEnds(proposalPayload, 0);
  const fields = ends.slice(1).map((end, index) => proposalPayload.subarray(ends[index], end));
  const inputs = fields.filter(([tag]) => tag === 0x0a);
  return Buffer.concat([channelHeader, signatureHeader, ...inputs.slice(-1)]);
}

const asExecuted = ({ channel, chaincode, args, refused }: Execution): unknown => ({
  ...{ channel, chaincode, refused, args: args?.map((arg) => Buffer.from(arg, 'base64').toString()) },
});
const asRead = ({ channel, args }: Reading): unknown => ({ channel, chaincode: 'gridpeg', refused: '', args });

// Hundreds of thousands of refusals: their stacks would take most of the time.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe('T02, T39: the bytes of 1,000 real proposals', () => {
  const questions = Array.from({ length: 1000 }, question);
  const real = realProposals(questions);

  test('have one reading where they ask for an export, and none where they do not', () => {
    const found = real.map((proposal) =>
      readingsOf(hashedBytes(proposal)).map(({ channel, args }) => [channel, ...args]),
    );
    const asked = questions.map(({ channel, functionName, argument }) =>
      functionName === 'peg:send' ? [] : [[channel, functionName, argument]],
    );
    expect(found).toEqual(asked);
  });

  test('in 10,000 forms have at most one reading, which is what a peer of Fabric executes', async () => {
    const { ways } = new ProposalForger(real, random);
    const forms = Array.from({ length: 10_000 }, (_, index) => ways[index % ways.length]!).map(([way, make]) => ({
      way,
      proposal: make(),
    }));
    const executions = await unpackProposals(forms.map(({ proposal }) => proposal));
    const readings = forms.flatMap(({ way, proposal }, index) => {
      const execution = executions[index]!;
      const executed = execution.refused === '';
      const bytes = executed ? hashedBytes(proposal) : Buffer.concat(Object.values(proposal));
      if (executed && createHash('sha256').update(bytes).digest('hex') !== execution.proposalHash) {
        throw new Error(`${way}: other bytes than the peer hashes`);
      }
      const found = readingsOf(bytes);
      if (found.length > 1) throw new Error(`${way}: ${found.length.toString()} readings`);
      return found.map((reading) => ({ way, executed, execution, reading }));
    });
    for (const { executed, execution, reading } of readings) {
      if (executed) expect(asRead(reading)).toEqual(asExecuted(execution));
    }
    // What peers would not execute in that form may be a real proposal's bytes in another; then it is that one.
    const again = await unpackProposals(readings.map(({ reading }) => reading.proposal));
    expect(readings.map(({ reading }) => asRead(reading))).toEqual(again.map(asExecuted));
    // The forms are worth something: peers execute most ways of hiding, and none of those has a reading.
    const executedBy = (part: string): number =>
      forms.filter(({ way }, index) => way.startsWith(part) && executions[index]!.refused === '').length;
    expect(
      ['as it is', 'hidden in the channel', 'hidden in the signature', 'hidden in the payload', 'padded with a field']
        .map(executedBy)
        .map((count) => count > 100),
    ).toEqual([true, true, true, true, true]);
    expect(readings.filter(({ way, executed }) => way.startsWith('hidden') && executed)).toEqual([]);
  });
});
