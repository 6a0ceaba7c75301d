// SPDX-License-Identifier: Apache-2.0

import { notaryKeyHashOf, packetHashOf, receiptHashOf, type Batch } from '@gridpeg/protocol';
import { createHash } from 'node:crypto';
import { PegError } from '../../client';

/** One entry of a batch as a notary remembers that it signed it. */
export interface SignedEntry {
  /** What may have one content only: kind, the chain that said it, packet id. */
  readonly subject: string;
  /** Hash of the content. */
  readonly content: string;
}

/**
 * What signing a batch commits a notary to. The chain that speaks is part of the subject, so that one chain's lies
 * about another chain's packets cannot stop the true answer.
 */
export function signedEntries(batch: Batch): readonly SignedEntry[] {
  const subject = (packetId: string): string => `${batch.kind} ${batch.sourceChainId} ${packetId}`;
  return batch.kind === 'packets'
    ? batch.entries.map((packet) => ({ subject: subject(packet.id), content: packetHashOf(packet) }))
    : batch.entries.map((receipt) => ({ subject: subject(receipt.packetId), content: receiptHashOf(receipt) }));
}

/** The first entry that contradicts what was signed before, or another entry of the same batch. */
export function contradiction(
  entries: readonly SignedEntry[],
  known: Pick<ReadonlyMap<string, string>, 'get'>,
): SignedEntry | undefined {
  const here = new Map<string, string>();
  return entries.find(({ subject, content }) => {
    const before = known.get(subject) ?? here.get(subject);
    here.set(subject, content);
    return before !== undefined && before !== content;
  });
}

/** Contents by subject, in some 130 bytes each, so that millions fit into a process. */
export class SignedContents {
  readonly #contents = new Map<string, string>();

  get(subject: string): string | undefined {
    const content = this.#contents.get(compact(subject));
    return content === undefined ? undefined : Buffer.from(content, 'latin1').toString('hex');
  }

  set({ subject, content }: SignedEntry): void {
    this.#contents.set(compact(subject), Buffer.from(content, 'hex').toString('latin1'));
  }
}

function compact(subject: string): string {
  return createHash('sha256').update(subject).digest().toString('latin1');
}

/**
 * The file of a signing history. It belongs to a key: evidence is of two signatures of one key, so with another key
 * there is nothing to contradict.
 *
 * @param publicKey - as committees name it
 * @see docs/spec/08-governance.md section 8.5
 */
export function historyFileOf(publicKey: string): string {
  return `signed-${notaryKeyHashOf(publicKey).slice(0, 16)}.log`;
}

/** Whether a file is the signing history of some key. */
export function isHistoryFile(name: string): boolean {
  return /^signed-[0-9a-f]{16}\.log$/.test(name);
}

/** The first line of the history's file, so that no file that was ever used is empty. Earlier versions wrote none. */
export const historyHeader = 'gridpeg signing history 1';

/** One line of the history's file. */
export function lineOf({ subject, content }: SignedEntry): string {
  return `${subject} ${content}\n`;
}

/** @returns undefined for a line that a crash cut short */
export function parseLine(line: string): SignedEntry | undefined {
  const match = /^((?:packets|receipts) \S+ [0-9a-f]{64}) ([0-9a-f]{64})$/.exec(line);
  const [, subject, content] = match ?? [];
  return subject === undefined || content === undefined ? undefined : { subject, content };
}

/** Why a history cannot be used. */
export function damaged(file: string, line: number, detail: string): PegError {
  return new PegError({ code: 'SIGNING_HISTORY_DAMAGED', details: { file, line }, detail });
}
