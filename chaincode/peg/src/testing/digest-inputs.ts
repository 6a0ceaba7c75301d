// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table of inputs, which every version of Node must digest alike.

import { createHash } from 'node:crypto';
import {
  batchRootOf,
  certificateDigest,
  certificateCodec,
  classOf,
  committeeHashOf,
  configurationHashOf,
  decode,
  encodeBatch,
  escrowIdOf,
  hash,
  labelHashOf,
  noteIdOf,
  notaryKeyHashOf,
  type ObjectType,
  packetHashOf,
  packetIdOf,
  parseStateKey,
  receiptHashOf,
  Refused,
  stateKey,
  trustHashOf,
  type TrustRecord,
  trustRecordCodec,
  verifyFederation,
} from '@gridpeg/protocol';
import {
  accountNamed,
  charging,
  city,
  configurationFixture,
  energy,
  laneBetween,
  members,
  packetBatchOf,
  packetWith,
  receiptBatchOf,
  receiptFor,
  fixtures,
  trustFixture,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { dueMs } from '../domain/governance/proposal';
import { receive } from '../domain/packets/receive';
import { send } from '../domain/packets/send';
import { settle } from '../domain/packets/settle';
import { type History, Replay } from './recorded-channel';

/**
 * Reads what to compute, one JSON a line behind a line of histories, and writes a digest of what each gives: the same
 * on every machine, whatever its time zone, language and version of Node (T22). The first line out says what this
 * process is.
 */

interface Numbers {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}
type Drawn<Kind extends string> = {
  readonly [Each in Kind]: Numbers & { readonly kind: Each; readonly text: string };
}[Kind];
/** What a call is made of; texts are anything. */
export type Input =
  | Drawn<'ids' | 'batch' | 'digest' | 'send' | 'receive' | 'settle' | 'due'>
  | { readonly kind: 'hash'; readonly texts: readonly string[] }
  | { readonly kind: 'key'; readonly type: string; readonly texts: readonly string[] }
  | {
      readonly kind: 'record';
      readonly index: number;
      readonly at: number;
      readonly put: string;
      readonly drop: number;
    }
  | { readonly kind: 'certificate'; readonly certificate: string; readonly trust: string }
  | CallInput;
/**
 * A call of a contract again: on the state as it was before this or another one, by this or another caller, with an
 * argument that may be changed.
 */
interface CallInput {
  readonly kind: 'call';
  readonly history: number;
  readonly call: number;
  readonly on: number;
  readonly by: number | undefined;
  readonly laterMs: number;
  readonly edit: { readonly at: number; readonly put: string; readonly drop: number };
}

type MadeKind = Exclude<Input['kind'], 'call'>;
type Maker<Kind extends MadeKind> = (input: Extract<Input, { readonly kind: Kind }>) => unknown;
const caller = accountNamed('GridMSP/alice');
const lane = laneBetween(city, charging, { window: { lengthMs: 60_000n, quantity: 4_000n, shards: 4 } });
const timeMs = 1_700_000_000_000n;

const packetOf = ({ a, b, c, text }: Numbers & { readonly text: string }): ReturnType<typeof packetWith> =>
  packetWith({
    quantity: BigInt(a) + 1n,
    index: b % 10_000,
    deadlineMs: timeMs + BigInt(c) - 500n,
    txId: txIdNamed(text),
    memo: text.replace(/[^\x20-\x7e]/g, '').slice(0, 128),
  });
const facts = ({ b, text }: Numbers & { readonly text: string }, chainId = charging) => ({
  ...{ chainId, caller, timeMs: timeMs + BigInt(b) },
  ...{ txId: txIdNamed(`transaction ${text}`), members: configurationFixture.members },
});

const makers: { readonly [Kind in MadeKind]: Maker<Kind> } = {
  hash: ({ texts: [domain = '', ...fields] }) => hash(domain, ...fields, fields.length),
  key: ({ type, texts }) => {
    const key = stateKey(type as ObjectType, ...texts);
    return [key, parseStateKey(key)];
  },
  ids: ({ a, text }) => {
    const txId = txIdNamed(text);
    const id = packetIdOf(city, txId, a % 10_000);
    return [id, noteIdOf(caller, txId, a % 10_000), escrowIdOf(txId, a % 10_000), notaryKeyHashOf(text)];
  },
  record: ({ index, at, put, drop }) => {
    const { encoded, encode } = fixtures[index % fixtures.length] ?? raise();
    const place = at % encoded.length;
    return encode(encoded.slice(0, place) + put + encoded.slice(place + drop));
  },
  batch: (input) => {
    const packet = packetOf(input);
    const receipts = receiptBatchOf(packet, receiptFor(packet));
    const packets = packetBatchOf(packet, packetWith());
    const hashes = [
      packetHashOf(packet),
      ...receipts.entries.map(receiptHashOf),
      classOf(packet),
      labelHashOf(packet.label),
    ];
    return [...hashes, ...[packets, receipts].flatMap((batch) => [encodeBatch(batch), batchRootOf(batch)])];
  },
  digest: (input) => {
    const trust: TrustRecord = { ...trustFixture, committee: { ...trustFixture.committee, epoch: input.a } };
    const configuration = { ...configurationFixture, sequence: input.a + 1 };
    return [
      certificateDigest(packetBatchOf(packetOf(input)), trust).toString('hex'),
      ...[trustHashOf(trust), committeeHashOf(trust.committee), configurationHashOf(configuration)],
    ];
  },
  certificate: ({ certificate: text, trust: record }) => {
    const certificate = decode(certificateCodec, text);
    const trust = decode(trustRecordCodec, record);
    return encodeBatch(verifyFederation(certificate, trust, new Set()));
  },
  send: (input) => {
    const notes = [input.a, input.b].map((quantity, index) => ({
      ...{ version: 1 as const, id: noteIdOf(caller, txIdNamed(input.text), index), owner: caller, asset: energy },
      ...{ label: { home: city, path: [] }, quantity: BigInt(quantity) + 1n, memo: '' },
    }));
    const { quantity, recipient, memo, deadlineMs } = packetOf({ ...input, a: input.c });
    const outputs = [{ kind: 'transfer' as const, recipient, quantity, memo }];
    const request = { laneId: lane.id, noteIds: notes.map(({ id }) => id), outputs, deadlineMs };
    return send(notes, request, lane, configurationFixture.members, { ...facts(input, city), timeMs });
  },
  receive: (input) => {
    const batch = packetBatchOf(packetOf(input), packetWith({ quantity: BigInt(input.c) + 1n }));
    const none = new Map<never, never>();
    const nothing = { arrivalLanes: none, laneStatuses: none, receipts: none, insufficient: none };
    const view = { lane, ...nothing, escrow: [], usages: [] };
    return receive(batch, view, facts(input));
  },
  settle: (input) => {
    const packet = packetOf(input);
    const { id: packetId, laneId, txId, index } = packet;
    const receipt = receiptFor(packet, input.c % 2 === 0 ? {} : { outcome: 'refused', code: 'DEADLINE_PASSED' });
    const { asset, label } = packet;
    const escrow = {
      version: 1 as const,
      id: escrowIdOf(txId, 0),
      laneId,
      asset,
      label,
      quantity: BigInt(input.b) + 1n,
    };
    const entry = { version: 1 as const, packetId, laneId, txId, index };
    const inFlight = new Map([[packetId, { entry, packet }]]);
    const view = { lane, inFlight, settled: new Set<never>(), escrow: [escrow], insufficient: new Map() };
    return settle(receiptBatchOf(packet, receipt), view, facts(input, city));
  },
  due: ({ a, b, c }) => {
    const consents = [a, b, c].map((ms) => ({ timeMs: BigInt(ms) }));
    return dueMs(consents, c % 2 === 0 ? configurationFixture.delayMs : 0n, configurationFixture);
  },
};

/** What an input is about, and what it gives. */
function callOf(input: Input, replay: Replay): { readonly name: string; readonly result: () => unknown } {
  if (input.kind !== 'call') {
    return { name: input.kind, result: () => (makers[input.kind] as (made: Input) => unknown)(input) };
  }
  return replay.again(input, (call) => {
    const { at, put, drop } = input.edit;
    const place = at % (call.argument.length + 1);
    const argument = call.argument.slice(0, place) + put + call.argument.slice(place + drop);
    const caller = input.by === undefined ? undefined : members[input.by % members.length]?.admin;
    const { mspId, certificate } = caller ?? call;
    return { ...call, argument, mspId, certificate, timeMs: call.timeMs + input.laterMs };
  });
}

/** What a call gives, or the refusal. */
async function resultOf(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Refused) return { refused: error.refusal };
    return { failed: error instanceof Error ? error.name : 'unknown' };
  }
}

/** One line for each line but the first, which has the histories of channels. */
async function answer(text: string): Promise<string> {
  const [first = '[]', ...lines] = text.trimEnd().split('\n');
  const replay = await Replay.of(JSON.parse(first) as readonly History[]);
  const digests: string[] = [];
  for (const line of lines) {
    const { name, result } = callOf(JSON.parse(line) as Input, replay);
    const given = JSON.stringify(await resultOf(result), (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    const [outcome] = /refused|failed/.exec(given.slice(0, 12)) ?? ['given'];
    digests.push(`${name} ${outcome} ${createHash('sha256').update(given).digest('hex')}`);
  }
  const self = {
    node: process.version,
    time: new Date(0).toString(),
    number: (1234.5).toLocaleString(),
  };
  return [JSON.stringify(self), ...digests, ''].join('\n');
}

function raise(): never {
  throw new Error('no such sample');
}

const parts: Buffer[] = [];
process.stdin.on('data', (part: Buffer) => parts.push(part));
process.stdin.on('end', () => {
  void answer(Buffer.concat(parts).toString('utf8')).then((text) => process.stdout.write(text));
});
