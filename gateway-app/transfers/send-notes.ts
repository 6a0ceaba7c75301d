// SPDX-License-Identifier: Apache-2.0

import { laneIdCodec, type Note, type PacketId, type SendOutput, type SendResponse } from '@gridpeg/protocol';
import { type PeggedNetwork } from '../consortium/consortium';
import { recipientOn, type Recipient } from './recipient-on';
import { spend, spenderOn, type Spender, type Spending } from './spender';

/** A packet that has left. */
export interface Sent extends SendResponse {
  readonly blockNumber: bigint;
  readonly lane: string;
  readonly sender: string;
  readonly packetId: PacketId;
}

/**
 * Sends value over a lane to another chain.
 *
 * @param request - `deadlineMs` gives the time until when the other chain may receive it, Unix milliseconds, and is
 *   asked when the notes are chosen
 * @throws PegError; CommandError as the names given are not known
 */
export async function send(
  network: PeggedNetwork,
  request: Spending & {
    readonly lane: string;
    readonly memo: string;
    readonly recipient: Recipient;
    readonly deadlineMs: () => Promise<bigint>;
  },
): Promise<Sent> {
  const { quantity, memo } = request;
  const lane = network.lane(request.lane);
  const spender = spenderOn(network, lane.source, request.by);
  const cameBy = laneIdCodec.decode(network.returnLane(lane).id, 'lane');
  const recipient = await recipientOn(network, network.chain(lane.destination), request.recipient);
  return spend(network, spender, request, { cameBy }, async (notes) => {
    const output = { kind: 'transfer', recipient, quantity, memo } as const;
    return sendNotes(spender, { lane: lane.id, notes, output, deadlineMs: await request.deadlineMs() });
  });
}

/** Submits the transaction that spends these notes and makes one packet. @throws PegError */
export async function sendNotes(
  { client, holder }: Spender,
  what: {
    readonly lane: string;
    readonly notes: readonly Note[];
    readonly output: SendOutput;
    readonly deadlineMs: bigint;
  },
): Promise<Sent> {
  const { answer, blockNumber } = await client.send({
    laneId: laneIdCodec.decode(what.lane, 'lane'),
    noteIds: what.notes.map(({ id }) => id),
    outputs: [what.output],
    deadlineMs: what.deadlineMs,
  });
  const [packetId] = answer.packetIds;
  if (packetId === undefined) throw new Error('a transaction that sends makes a packet');
  return { ...answer, blockNumber, lane: what.lane, sender: holder.account, packetId };
}
