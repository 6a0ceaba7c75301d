// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: the rules for all functions that move value are compared most easily side by side.

import {
  classOf,
  issueRequestCodec,
  labelBehind,
  noteIdOf,
  retireRequestCodec,
  sendRequestCodec,
  transferRequestCodec,
  txIdCodec,
  type Account,
  type Packet,
} from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import {
  changeOf,
  contentOf,
  differences,
  holdingOf,
  outputsOf,
  packetsOf,
  packetText,
  sumOf,
  type NoteContent,
} from './expected-records';
import { type CarriedBatch } from '../replay/carried-batch';
import { type LedgerRecords } from '../replay/ledger-record';
import { type LedgerState } from '../replay/ledger-state';
import { requestOf } from '../replay/request-of';
import { type TransactionFacts } from '../replay/transaction-facts';

/**
 * Compares the notes and packets that a transaction made with what its maker asked for, and the notes that it spent
 * with what its maker owns and named: so that chaincode behind a majority of endorsers can neither spend nor redirect
 * what is not its maker's.
 */
export function checkRequest(facts: TransactionFacts, carried: CarriedBatch, state: LedgerState, report: Report): void {
  checkCaller(facts, report);
  const expected = expectedOf(facts, carried, state, report);
  if (expected === undefined) return;
  const named = expected.noteIds ?? [];
  const spent = facts.spentNotes.map(({ id }) => id);
  differences(named, spent, (id, isMissing) => {
    report(
      'REQUEST_DIFFERS',
      `note ${id}`,
      isMissing ? 'spent, as asked for' : 'not spent',
      isMissing ? 'not' : 'spent',
    );
  });
  differences(expected.notes.map(contentOf), facts.written.note.map(contentOf), (content, isMissing) => {
    report('REQUEST_DIFFERS', 'note', isMissing ? content : 'none more', isMissing ? 'none' : content);
  });
  for (const { id, owner } of facts.written.note) checkId(id, owner, facts.transaction.txId, report);
}

function checkCaller({ spentNotes, caller, role, name }: TransactionFacts, report: Report): void {
  for (const { id, owner } of spentNotes) {
    if (owner === caller) continue;
    report('NOTE_STOLEN', `note ${id}`, `spent by ${owner}`, `spent by ${caller ?? 'nobody known'}`);
  }
  if (role !== 'client' && role !== 'admin') {
    report('REQUEST_DIFFERS', name, 'made by a client or an administrator', role ?? 'another role');
  }
}

interface Expected {
  readonly noteIds?: readonly string[];
  readonly notes: readonly NoteContent[];
}

function expectedOf(
  facts: TransactionFacts,
  carried: CarriedBatch,
  state: LedgerState,
  report: Report,
): Expected | undefined {
  switch (facts.name) {
    case 'peg:issue':
      return issued(facts, state, report);
    case 'peg:transfer':
      return transferred(facts, report);
    case 'peg:retire':
      return retired(facts, state, report);
    case 'peg:send':
      return sent(facts, state, report);
    case 'peg:receive':
      return received(facts, carried, state, report);
    case 'peg:settle':
      return { notes: refunds(facts) };
    default:
      return undefined;
  }
}

function issued(facts: TransactionFacts, state: LedgerState, report: Report): Expected | undefined {
  const request = requestOf(issueRequestCodec, facts, report, 'REQUEST_DIFFERS');
  if (request === undefined) return undefined;
  const { asset, outputs } = request;
  const quantity = sumOf(outputs);
  checkSupply(facts, [{ kind: 'issued', asset, quantity, account: facts.caller }], report);
  checkIssuer(facts, state.get('asset', asset), asset, report);
  if (state.get('asset-standing', asset)?.state === 'paused') {
    report('ISSUER_FOREIGN', asset, 'issued by nobody while it is paused', facts.caller ?? 'unknown');
  }
  return { notes: outputsOf(outputs, { asset, label: { home: state.chainId, path: [] } }) };
}

/** Assets of the first version named an organization, and any of its accounts could issue them. */
function checkIssuer(
  { caller }: TransactionFacts,
  stored: LedgerRecords['asset'] | undefined,
  asset: string,
  report: Report,
): void {
  const names = stored === undefined ? [] : 'issuers' in stored ? stored.issuers : [`${stored.issuer}/`];
  const may = names.some((name) => (name.endsWith('/') ? caller?.startsWith(name) : caller === name));
  if (!may) report('ISSUER_FOREIGN', asset, `issued by ${names.join(' or ') || 'nobody'}`, caller ?? 'unknown');
}

function transferred(facts: TransactionFacts, report: Report): Expected | undefined {
  const request = requestOf(transferRequestCodec, facts, report, 'REQUEST_DIFFERS');
  if (request === undefined) return undefined;
  const holding = holdingOf(facts);
  const outputs = holding === undefined ? [] : outputsOf(request.outputs, holding);
  return { noteIds: request.noteIds, notes: [...outputs, ...changeOf(facts, holding, sumOf(request.outputs))] };
}

function retired(facts: TransactionFacts, state: LedgerState, report: Report): Expected | undefined {
  const request = requestOf(retireRequestCodec, facts, report, 'REQUEST_DIFFERS');
  if (request === undefined) return undefined;
  const { noteIds, quantity } = request;
  const holding = holdingOf(facts);
  const asset = holding?.asset ?? '';
  checkSupply(facts, [{ kind: 'retired', asset, quantity, account: facts.caller }], report);
  if (holding !== undefined && (holding.label.path.length > 0 || holding.label.home !== state.chainId)) {
    report('REQUEST_DIFFERS', asset, 'retired at home', holding.label.path.join(' > '));
  }
  return { noteIds, notes: changeOf(facts, holding, quantity) };
}

function sent(facts: TransactionFacts, state: LedgerState, report: Report): Expected | undefined {
  const request = requestOf(sendRequestCodec, facts, report, 'REQUEST_DIFFERS');
  if (request === undefined) return undefined;
  const holding = holdingOf(facts);
  const found = facts.written.outbox.flatMap(({ packets }) => packets).map(packetText);
  const wanted = holding === undefined ? [] : packetsOf(request, holding, facts, state).map(packetText);
  differences(wanted, found, (text, isMissing) => {
    report('REQUEST_DIFFERS', 'packet', isMissing ? text : 'none more', isMissing ? 'none' : text, request.laneId);
  });
  return { noteIds: request.noteIds, notes: changeOf(facts, holding, sumOf(request.outputs)) };
}

/** A transfer that was received makes one note for its recipient; a retirement ends, at home in a supply record. */
function received(facts: TransactionFacts, carried: CarriedBatch, state: LedgerState, report: Report): Expected {
  const arrivals = facts.written.receipt
    .filter(({ outcome }) => outcome === 'received')
    .flatMap(({ packetId, laneId }) => {
      const packet = carried.packets.get(packetId)?.value;
      const lane = state.get('lane', laneId);
      return packet === undefined || lane === undefined ? [] : [{ ...packet, label: labelBehind(packet.label, lane) }];
    });
  const ended = arrivals.filter(({ kind }) => kind === 'retirement');
  const atHome = ended.filter(({ label }) => label.path.length === 0);
  const supply = atHome.map(({ asset, quantity, sender }) => ({ kind: 'retired', asset, quantity, account: sender }));
  checkSupply(facts, supply, report);
  checkOnward(
    facts,
    ended.filter(({ label }) => label.path.length > 0),
    report,
  );
  return {
    notes: arrivals
      .filter(({ kind }) => kind === 'transfer')
      .map(({ recipient: owner, asset, label, quantity, memo }) => ({ owner, asset, label, quantity, memo })),
  };
}

/** A retirement of a voucher's voucher goes on, for the same account and with the same quantity. */
function checkOnward(facts: TransactionFacts, ended: readonly Packet[], report: Report): void {
  const text = ({ kind, sender, recipient, asset, label, quantity, memo, deadlineMs }: Packet): string =>
    [kind, sender, recipient, classOf({ asset, label }), quantity, deadlineMs, JSON.stringify(memo)].join(' ');
  const found = facts.written.outbox.flatMap(({ packets }) => packets).map(text);
  differences(ended.map(text), found, (content, isMissing) => {
    report('REQUEST_DIFFERS', 'onward packet', isMissing ? content : 'none more', isMissing ? 'none' : content);
  });
}

function refunds(facts: TransactionFacts): readonly NoteContent[] {
  return facts.written.settled
    .filter(({ outcome }) => outcome === 'refunded')
    .flatMap(({ packetId }) => facts.arrived.get(packetId) ?? [])
    .map(({ sender: owner, asset, label, quantity, memo }) => ({ owner, asset, label, quantity, memo }));
}

function checkSupply(
  { written }: TransactionFacts,
  expected: ReadonlyArray<{ kind: string; asset: string; quantity: bigint; account: Account | undefined }>,
  report: Report,
): void {
  const text = (entry: (typeof expected)[number]): string =>
    [entry.kind, entry.asset, entry.quantity, entry.account].join(' ');
  differences(expected.map(text), written.supply.map(text), (content, isMissing) => {
    report('REQUEST_DIFFERS', 'supply', isMissing ? content : 'none more', isMissing ? 'none' : content);
  });
}

/** A note's id names its owner, its transaction and its place, so that listing notes by owner finds it. */
function checkId(id: string, owner: Account, txId: string, report: Report): void {
  const index = Number(id.slice(id.lastIndexOf('-') + 1));
  const expected = noteIdOf(owner, txIdCodec.decode(txId, 'txId'), index);
  if (id !== expected) report('RECORD_CHANGED', `note ${id}`, expected, id);
}
