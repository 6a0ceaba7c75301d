// SPDX-License-Identifier: Apache-2.0

import { certificateRequestCodec, escrowPageCodec, inFlightPageCodec, receiptsResponseCodec } from './custody/requests';
import {
  certify,
  city,
  codeOf,
  escrowFixture,
  inFlightFixture,
  packetBatchFixture,
  receiptEntryFixture,
  refusalOf,
  fixtureNamed,
  fixtures as committed,
  trustIn,
} from './testing';
import { type Fixture, fixture } from './testing/fixture';

type Path = readonly (string | number)[];

const fixtures: readonly Fixture[] = [
  ...committed,
  fixture('request of receive', certificateRequestCodec, {
    certificate: certify(packetBatchFixture, trustIn(city)),
    escrowIds: [escrowFixture.id],
  }),
  fixture('answer of getReceipts', receiptsResponseCodec, [receiptEntryFixture]),
  fixture('answer of listEscrow', escrowPageCodec, { entries: [escrowFixture], bookmark: '' }),
  fixture('answer of listInFlight', inFlightPageCodec, { entries: [inFlightFixture], bookmark: '' }),
];
const named = (name: string): Fixture => fixtures.find((one) => one.name === name) ?? fixtureNamed(name);
/** The path as text says `a.b[0]`. */
const pathOf = (text: string): Path =>
  text.split(/[.[]/).flatMap((step) => (step === '' ? [] : [step.endsWith(']') ? Number.parseInt(step) : step]));

function at(value: unknown, path: Path): unknown {
  return path.reduce((part, step) => (part as Record<string | number, unknown>)[step], value);
}

/** The record with another value at the path; undefined: with none. */
function changed(value: unknown, [step, ...rest]: Path, to: unknown): unknown {
  if (step === undefined) return to;
  const old = value as Record<string | number, unknown>;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? changed(item, rest, to) : item));
  return { ...old, [step]: changed(old[step], rest, to) };
}

function codeWith({ encoded, decode }: Fixture, path: Path, value: unknown): string {
  return codeOf(() => decode(JSON.stringify(changed(JSON.parse(encoded), path, value))));
}

describe('T26: numbers are taken up to their bounds and no further', () => {
  const int31 = 2_147_483_647;
  const quantity = 999_999_999_999_999_999n;
  const time = 999_999_999_999_999n;

  test.each<[string, string, number | bigint, number | bigint]>([
    ['note', 'quantity', 1n, quantity],
    ['escrow note', 'quantity', 1n, quantity],
    ['supply record', 'quantity', 1n, quantity],
    ['packet, transfer', 'index', 0, 9999],
    ['packet, transfer', 'quantity', 1n, quantity],
    ['packet, transfer', 'deadlineMs', 0n, time],
    ['in-flight entry', 'index', 0, 9999],
    ['settled entry', 'index', 0, 9999],
    ['lane', 'version', 2, 2],
    ['lane', 'maximumQuantity', 1n, quantity],
    ['lane', 'window.lengthMs', 60_000n, 2_678_400_000n],
    ['lane', 'window.quantity', 1n, quantity],
    ['lane', 'window.shards', 1, 256],
    ['trust record', 'version', 1, 1],
    ['trust record', 'minimumOrganizations', 0, int31],
    ['trust record', 'committee.epoch', 0, int31],
    ['trust record', 'committee.threshold', 0, int31],
    ['configuration', 'version', 3, 3],
    ['configuration of version 2', 'version', 2, 2],
    ['configuration', 'sequence', 1, int31],
    ['configuration', 'delayMs', 0n, 1_209_600_000n],
    ['configuration', 'urgentDelayMs', 0n, 1_209_600_000n],
    ['asset', 'version', 2, 2],
    ['asset', 'window.quantity', 1n, quantity],
    ['usage of an asset’s window', 'shard', 0, 255],
    ['usage of an asset’s window', 'startMs', 0n, time],
    ['usage of an asset’s window', 'used', 0n, quantity],
    ['standing of an asset', 'sequence', 1, int31],
    ['replacement of a committee', 'sequence', 1, int31],
    ['proposal, set-assets', 'action.assets[0].sequence', 1, int31],
    ['proposal, replace-committee', 'action.chains[0].sequence', 1, int31],
    ['proposal, replace-committee', 'action.threshold', 0, int31],
    ['chain record', 'sequence', 1, int31],
    ['chain record, version 1', 'sequence', 1, int31],
    ['usage of a window', 'shard', 0, 255],
    ['usage of a window', 'startMs', 0n, time],
    ['usage of a window', 'used', 0n, quantity],
    ['standing of a lane', 'sequence', 1, int31],
    ['proposal, set-lanes', 'timeMs', 0n, time],
    ['proposal, set-lanes', 'action.lanes[0].sequence', 1, int31],
    ['evidence of packets', 'statements[1].epoch', 0, int31],
    ['proof file', 'version', 1, 1],
    ['request of receive', 'certificate.epoch', 0, int31],
    ['request of listNotes', 'pageSize', 1, 1000],
    ['request of listEscrow', 'pageSize', 1, 1000],
    ['request of listInFlight', 'pageSize', 1, 1000],
    ['answer of getProposal', 'required', 1, 32],
    ['event', 'version', 1, 1],
  ])('%s: %s from %s to %s', (name, field, minimum, maximum) => {
    const write = (value: bigint): unknown => (typeof minimum === 'bigint' ? value.toString() : Number(value));
    const code = (value: bigint): string => codeWith(named(name), pathOf(field), write(value));
    const [least, most] = [BigInt(minimum), BigInt(maximum)];
    expect([least, most].map(code)).toEqual(['accepted', 'accepted']);
    expect([least - 1n, most + 1n].map(code)).toEqual(['REQUEST_MALFORMED', 'REQUEST_MALFORMED']);
  });
});

describe('T34: lists are taken up to their bounds and no further', () => {
  test.each<[string, string, number, number]>([
    ['note', 'label.path', 0, 8],
    ['outbox record', 'packets', 0, 100],
    ['outbox record', 'receipts', 0, 100],
    ['batch of packets', 'entries', 1, 100],
    ['batch of receipts', 'entries', 1, 100],
    ['lane', 'assets', 1, 64],
    ['trust record', 'organizations', 1, 32],
    ['trust record', 'organizations[0].caCertificates', 1, 8],
    ['trust record', 'organizations[0].revokedSerials', 0, 1000],
    ['trust record', 'committee.notaries', 1, 32],
    ['configuration', 'members', 2, 32],
    ['chain record', 'members', 2, 32],
    ['configuration', 'assets', 0, 64],
    ['configuration', 'chains', 1, 16],
    ['configuration', 'lanes', 0, 64],
    ['standing of a notary', 'lanes', 0, 64],
    ['proposal, set-lanes', 'action.lanes', 1, 64],
    ['asset', 'issuers', 0, 32],
    ['proposal, set-assets', 'action.assets', 1, 64],
    ['proposal, replace-committee', 'action.chains', 1, 16],
    ['proposal, replace-committee', 'action.notaries', 1, 32],
    ['proposal of version 1, replace-committee', 'action.chainIds', 1, 16],
    ['rotation', 'signatures', 0, 32],
    ['rotation', 'possessions', 0, 32],
    ['evidence of packets', 'statements', 2, 2],
    ['evidence of packets', 'statements[0].entryHashes', 1, 100],
    ['evidence file', '', 1, 32],
    ['request of issue', 'outputs', 1, 50],
    ['request of transfer', 'noteIds', 1, 50],
    ['request of transfer', 'outputs', 1, 50],
    ['request of retire', 'noteIds', 1, 50],
    ['request of send', 'noteIds', 1, 50],
    ['request of send', 'outputs', 1, 50],
    ['request of exportPackets and exportReceipts', 'txIds', 1, 100],
    ['request of getReceipts', 'packetIds', 1, 1000],
    ['request of receive', 'escrowIds', 0, 200],
    ['request of mergeEscrow', 'escrowIds', 2, 200],
    ['request of receive', 'certificate.signatures', 0, 32],
    ['request of receive', 'certificate.proof.endorsements', 1, 16],
    ['answer of issue, transfer and retire', 'noteIds', 0, 51],
    ['answer of send', 'packetIds', 1, 50],
    ['answer of send', 'noteIds', 0, 1],
    ['answer of receive and settle', 'results', 1, 100],
    ['answer of getProposal', 'consents', 0, 32],
    ['answer of submitEvidence', 'frozen', 0, 4],
    ['answer of getStandings', 'lanes', 0, 64],
    ['answer of getStandings', 'notaries', 0, 512],
    ['answer of getReceipts', '', 0, 1000],
    ['answer of listNotes', 'entries', 0, 1000],
    ['answer of listEscrow', 'entries', 0, 1000],
    ['answer of listInFlight', 'entries', 0, 1000],
    ['event', 'packets', 0, 100],
    ['event', 'receipts', 0, 100],
    ['event', 'settled', 0, 100],
  ])('%s: %s of %i to %i', (name, field, minimum, maximum) => {
    const path = pathOf(field);
    const element = [at(JSON.parse(named(name).encoded), path)].flat()[0] ?? elementOf[`${name}: ${field}`];
    const code = (length: number): string =>
      codeWith(
        named(name),
        path,
        Array.from({ length }, () => element),
      );
    expect([minimum, maximum].map(code)).toEqual(['accepted', 'accepted']);
    expect(code(maximum + 1)).toBe('REQUEST_MALFORMED');
    if (minimum > 0) expect(code(minimum - 1)).toBe('REQUEST_MALFORMED');
  });
});

/** Of lists that the samples leave empty. */
const mention = { id: inFlightFixture.packetId, laneId: inFlightFixture.laneId };
const elementOf: Readonly<Record<string, unknown>> = {
  'answer of send: noteIds': (JSON.parse(named('request of transfer').encoded) as { noteIds: string[] }).noteIds[0],
  'event: receipts': mention,
  'event: settled': mention,
};

describe('words are taken as they are, and no others', () => {
  test.each<[string, string, readonly string[]]>([
    ['supply record', 'kind', ['issued', 'retired']],
    ['packet, transfer', 'kind', ['transfer', 'retirement']],
    ['receipt, received', 'outcome', ['received', 'refused']],
    ['receipt entry', 'outcome', ['received', 'refused']],
    ['settled entry', 'outcome', ['delivered', 'refunded']],
    ['batch of packets', 'kind', ['packets']],
    ['batch of receipts', 'kind', ['receipts']],
    ['lane', 'custody', ['federation']],
    ['lane of notaries', 'custody.mode', ['notary']],
    ['standing of a lane', 'state', ['open', 'paused', 'frozen']],
    ['standing of a notary', 'state', ['trusted', 'suspended']],
    ['proposal, set-lanes', 'action.state', ['open', 'paused']],
    ['proposal, set-lanes', 'action.kind', ['set-lanes']],
    ['answer of rotate', 'result', ['done', 'already-done']],
    ['answer of submitEvidence', 'result', ['done', 'already-done']],
    ['answer of getTransfer', 'state', ['in-flight', 'delivered', 'refunded']],
    [
      'answer of receive and settle',
      'results[0].result',
      ['received', 'refused', 'delivered', 'refunded', 'already-done', 'skipped'],
    ],
  ])('%s: %s', (name, field, words) => {
    const codes = words.map((word) => codeWith(named(name), pathOf(field), word));
    expect(codes).toEqual(words.map(() => 'accepted'));
    for (const other of ['', 'frozen ', 'FROZEN', `${words[0]!} `]) {
      expect(codeWith(named(name), pathOf(field), other)).toBe('REQUEST_MALFORMED');
    }
  });
});

describe('T23: texts are taken up to their bounds and no further', () => {
  test.each<[string, string, string, number, number]>([
    ['note', 'memo', '~', 0, 128],
    ['receipt, refused', 'code', 'A', 0, 64],
    ['receipt, refused', 'code', '_', 0, 64],
    ['receipt, refused', 'packetHash', 'f', 64, 64],
    ['asset', 'unit', 'W', 1, 32],
    ['asset', 'unit', '-', 1, 32],
    ['asset of version 1', 'issuer', 'Z', 1, 64],
    ['trust record', 'organizations[0].mspId', '.', 1, 64],
    ['trust record', 'organizations[0].peerUnit', '_', 1, 64],
    ['trust record', 'organizations[0].peerUnit', '9', 1, 64],
    ['trust record', 'organizations[0].revokedSerials[1]', 'F', 1, 64],
    ['trust record', 'chaincodeName', '-', 1, 64],
    ['trust record', 'chaincodeName', 'z', 1, 64],
    ['answer of getProposal', 'dueMs', '9', 0, 16],
    ['request of listNotes', 'bookmark', '\u0000', 0, 1024],
  ])('%s: %s of %j, %i to %i', (name, field, character, minimum, maximum) => {
    const code = (text: string): string => codeWith(named(name), pathOf(field), text);
    const longest = character.repeat(maximum);
    expect([character.repeat(minimum), longest].map(code)).toEqual(['accepted', 'accepted']);
    expect(code(`${longest}${character}`)).toBe('REQUEST_MALFORMED');
    if (minimum > 0) expect(code(character.repeat(minimum - 1))).toBe('REQUEST_MALFORMED');
    if (field === 'bookmark') return;
    const shorter = longest.slice(1);
    for (const other of [`\n${shorter}`, `${shorter}\n`, `${shorter}\u00e9`, `/${shorter}`, `${shorter}/`]) {
      if (field !== 'memo' || !other.includes('/')) expect(code(other)).toBe('REQUEST_MALFORMED');
    }
  });
  test.each([
    ['packet, transfer', 'id', 'a packet id (64 hex digits)'],
    ['packet, transfer', 'laneId', 'a lane id ([a-z][a-z0-9-]*)'],
    ['packet, transfer', 'sourceChainId', '<channel name>-<64 hex digits>'],
    ['packet, transfer', 'txId', 'a transaction id (64 hex digits)'],
    ['packet, transfer', 'sender', '<MSP id>/<common name>, as GridMSP/User1@grid.example.com'],
    ['packet, transfer', 'asset', '<home chain>/<asset>, as city/energy'],
    ['packet, transfer', 'memo', 'at most 128 printable ASCII characters'],
    ['note', 'id', 'a note id'],
    ['escrow note', 'id', 'an escrow id'],
    ['receipt, refused', 'packetHash', '64 lower-case hex digits'],
    ['receipt, refused', 'code', 'a refusal code or nothing'],
    ['asset', 'unit', 'a unit'],
    ['asset of version 1', 'issuer', 'an MSP id'],
    ['trust record', 'chaincodeName', 'a chaincode name'],
    ['trust record', 'organizations[0].caCertificates[0]', 'a PEM certificate'],
    ['trust record', 'organizations[0].peerUnit', 'an organizational unit'],
    ['trust record', 'organizations[0].revokedSerials[0]', 'a serial number in upper-case hex'],
    ['answer of getProposal', 'dueMs', 'Unix milliseconds or nothing'],
    ['answer of getTransfer', 'settledTxId', 'a transaction id or nothing'],
    ['request of listNotes', 'bookmark', 'a bookmark of at most 1024 characters'],
  ])('a refusal says what is expected: %s: %s', (name, field, expected) => {
    const { encoded, decode } = named(name);
    const other = JSON.stringify(changed(JSON.parse(encoded), pathOf(field), null));
    expect(refusalOf(() => decode(other))).toEqual({ code: 'REQUEST_MALFORMED', field, expected });
  });
  test('a CA certificate is one PEM block', () => {
    const [begin, end] = ['-----BEGIN CERTIFICATE-----\n', '\n-----END CERTIFICATE-----'];
    const code = (pem: string): string =>
      codeWith(named('trust record'), pathOf('organizations[0].caCertificates[0]'), pem);
    for (const good of ['A', 'Az09+/=\n'.repeat(1024)]) {
      expect([`${begin}${good}${end}`, `${begin}${good}${end}\n`].map(code)).toEqual(['accepted', 'accepted']);
    }
    for (const bad of ['', '-', 'A-', `A${end}\n${begin}A`, 'A'.repeat(8193)]) {
      expect(code(`${begin}${bad}${end}`)).toBe('REQUEST_MALFORMED');
    }
    for (const bad of [`x${begin}A${end}`, `\n${begin}A${end}`, `${begin}A${end}\n\n`, `${begin}A${end}x`]) {
      expect(code(bad)).toBe('REQUEST_MALFORMED');
    }
  });
  test('a settling transaction is a transaction id or nothing', () => {
    const code = (text: string): string => codeWith(named('answer of getTransfer'), ['settledTxId'], text);
    expect(['', 'a'.repeat(64)].map(code)).toEqual(['accepted', 'accepted']);
    for (const bad of ['a', 'a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), `\n${'a'.repeat(64)}`]) {
      expect(code(bad)).toBe('REQUEST_MALFORMED');
    }
  });
});

/** Every place of a record: itself, its fields, their fields and last elements. */
function placesIn(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const name = (step: string): string => (Array.isArray(value) ? `${path}[${step}]` : join(path, step));
  const parts = Object.entries(value).slice(Array.isArray(value) ? -1 : 0);
  return [path, ...parts.flatMap(([step, part]) => placesIn(part, name(step)))];
}
function join(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`;
}

/** What was not asked for before wire version 3, and is still left out by whoever means all lanes. */
const optional: ReadonlySet<string> = new Set(['request of listInFlight laneId']);

describe('T24: a refusal names the place', () => {
  test.each(fixtures.map(({ name }) => name))('%s', (record) => {
    const { encoded, decode } = named(record);
    const value: unknown = JSON.parse(encoded);
    for (const place of placesIn(value)) {
      const fieldWith = (part: unknown): string => {
        const refusal = refusalOf(() => decode(JSON.stringify(changed(value, pathOf(place), part))));
        return typeof refusal === 'object' && refusal.code === 'REQUEST_MALFORMED' ? refusal.field : 'not malformed';
      };
      // Where there are several kinds or versions of records, that is looked at first.
      const orKind = (field: string): readonly string[] => [
        field,
        ...['kind', 'mode', 'version'].map((name) => join(field, name)),
      ];
      for (const wrong of [null, true, 7.5, -1]) expect(orKind(place)).toContain(fieldWith(wrong));
      expect(fieldWith([null]).startsWith(place)).toBe(true);
      const part = at(value, pathOf(place));
      if (typeof part !== 'object' || part === null || Array.isArray(part)) continue;
      expect(fieldWith({ ...part, another: 1 })).toBe(place);
      for (const name of Object.keys(part)) {
        const without = fieldWith({ ...part, [name]: undefined });
        if (optional.has(`${record} ${join(place, name)}`)) expect(without).toBe('not malformed');
        else expect(orKind(join(place, name))).toContain(without);
      }
    }
  });
});
