// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class with a method for each function of the contract `peg`.

import {
  certificateRequestCodec,
  currentConfiguration,
  emptyRequestCodec,
  encode,
  escrowPageCodec,
  exportFunctions,
  exportRequestCodec,
  inFlightPageCodec,
  issueRequestCodec,
  limits,
  listEscrowRequestCodec,
  listInFlightRequestCodec,
  listNotesRequestCodec,
  mergeEscrowResponseCodec,
  mergeEscrowRequestCodec,
  notesResponseCodec,
  notesPageCodec,
  packetRequestCodec,
  packetsRequestCodec,
  receiptsResponseCodec,
  resultsResponseCodec,
  retireRequestCodec,
  sendResponseCodec,
  sendRequestCodec,
  storedConfigurationCodec,
  transferResponseCodec,
  transferRequestCodec,
  type Account,
  type BatchKind,
  type CertificateRequest,
  type Configuration,
  type EndorsedProof,
  type EscrowNote,
  type ExportRequest,
  type InFlight,
  type IssueRequest,
  type LaneId,
  type MergeEscrowResponse,
  type MergeEscrowRequest,
  type Note,
  type NotesResponse,
  type PacketId,
  type ReceiptEntry,
  type ResultsResponse,
  type RetireRequest,
  type SendResponse,
  type SendRequest,
  type TransferResponse,
  type TransferRequest,
} from '@gridpeg/protocol';
import { type ChainConnection } from './connection/chain-connection';
import { type Committed } from './committed';
import { answerOf, evaluate, submit } from './contract-calls';
import { proofOfEnvelope } from './endorsed-envelope';
import { EvidenceClient } from './evidence-client';
import { GovernanceClient } from './governance-client';
import { PegError } from './errors/peg-error';
import { PegEventStream } from './connection/peg-event-stream';

/** A relayed batch's results; `blockNumber` is undefined when everything was done already and nothing was submitted. */
export interface Relayed {
  readonly answer: ResultsResponse;
  readonly blockNumber: bigint | undefined;
}

interface Page<T> {
  readonly entries: readonly T[];
  readonly bookmark: string;
}

/** Bounds paging if a ledger returns bookmarks in a circle: a thousand pages of a thousand entries. */
const maximumPages = 1_000;
/** Shards of an asset's window that one call draws: with half of them full, a call in a million finds none. */
const maximumShardsTried = 20;
/** How many requests for receipts run at the same time. Chaincode answers one while the peer reads for another. */
const pagesAtOnce = 5;

/**
 * A typed client of the contract `peg` of one chain.
 *
 * Submitting methods return once the transaction is VALID on a peer. All throw {@link PegError}.
 * @see docs/spec/06-ledger.md
 */
export class PegClient {
  readonly connection: ChainConnection;
  /** The contract `governance` of the same chain. */
  readonly governance: GovernanceClient;
  /** The contract `evidence` of the same chain. */
  readonly evidence: EvidenceClient;

  constructor(connection: ChainConnection) {
    this.connection = connection;
    this.governance = new GovernanceClient(connection);
    this.evidence = new EvidenceClient(connection);
  }

  /**
   * Tries again while there is too little left of the window: each attempt is a transaction of its own, and so counts
   * in a shard of the asset's window that is drawn again. What was refused was not submitted.
   */
  async issue(request: IssueRequest): Promise<Committed<NotesResponse>> {
    const argument = encode(issueRequestCodec, request);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await submit(this.connection, 'peg:issue', argument, notesResponseCodec);
      } catch (error) {
        const isFull = error instanceof PegError && error.code === 'ISSUE_LIMIT_REACHED';
        if (!isFull || attempt === maximumShardsTried) throw error;
      }
    }
  }

  async transfer(request: TransferRequest): Promise<Committed<NotesResponse>> {
    return submit(this.connection, 'peg:transfer', encode(transferRequestCodec, request), notesResponseCodec);
  }

  /** Retires at home; away from home send a packet of kind `retirement`. */
  async retire(request: RetireRequest): Promise<Committed<NotesResponse>> {
    return submit(this.connection, 'peg:retire', encode(retireRequestCodec, request), notesResponseCodec);
  }

  async send(request: SendRequest): Promise<Committed<SendResponse>> {
    return submit(this.connection, 'peg:send', encode(sendRequestCodec, request), sendResponseCodec);
  }

  /** Makes one escrow note of several; anybody may. */
  async mergeEscrow(request: MergeEscrowRequest): Promise<Committed<MergeEscrowResponse>> {
    return submit(
      this.connection,
      'peg:mergeEscrow',
      encode(mergeEscrowRequestCodec, request),
      mergeEscrowResponseCodec,
    );
  }

  async receive(request: CertificateRequest): Promise<Committed<ResultsResponse>> {
    return submit(this.connection, 'peg:receive', encode(certificateRequestCodec, request), resultsResponseCodec);
  }

  async settle(request: CertificateRequest): Promise<Committed<ResultsResponse>> {
    return submit(this.connection, 'peg:settle', encode(certificateRequestCodec, request), resultsResponseCodec);
  }

  /** As receive or settle, but submits nothing when the endorsed answer says that it would change nothing. */
  async relay(step: 'receive' | 'settle', request: CertificateRequest): Promise<Relayed> {
    const argument = encode(certificateRequestCodec, request);
    const submission = await this.connection.submit(`peg:${step}`, argument, (answer) =>
      answerOf(resultsResponseCodec, answer).results.some(
        ({ result }) => !['already-done', 'skipped'].includes(result),
      ),
    );
    return { answer: answerOf(resultsResponseCodec, submission.answer), blockNumber: submission.blockNumber };
  }

  async getConfiguration(): Promise<Configuration> {
    const request = encode(emptyRequestCodec, {});
    const stored = await evaluate(this.connection, 'peg:getConfiguration', request, storedConfigurationCodec);
    return currentConfiguration(stored);
  }

  /** @throws PegError PACKET_UNKNOWN when no packet of that id started here */
  async getTransfer(packetId: PacketId): Promise<TransferResponse> {
    return evaluate(
      this.connection,
      'peg:getTransfer',
      encode(packetRequestCodec, { packetId }),
      transferResponseCodec,
    );
  }

  /** The receipts that exist among those asked for; any number of ids. */
  async getReceipts(packetIds: readonly PacketId[]): Promise<readonly ReceiptEntry[]> {
    const found: ReceiptEntry[] = [];
    for (let from = 0; from < packetIds.length; from += limits.pageSize * pagesAtOnce) {
      const pages = Array.from({ length: pagesAtOnce }, (_, page) => from + page * limits.pageSize)
        .map((start) => packetIds.slice(start, start + limits.pageSize))
        .filter((some) => some.length > 0);
      const answers = pages.map((some) =>
        evaluate(
          this.connection,
          'peg:getReceipts',
          encode(packetsRequestCodec, { packetIds: some }),
          receiptsResponseCodec,
        ),
      );
      found.push(...(await Promise.all(answers)).flat());
    }
    return found;
  }

  /** All unspent notes of an owner. */
  async notes(owner: Account): Promise<readonly Note[]> {
    return allOf(this.notesPages(owner));
  }

  /** Unspent notes of an owner page by page, for readers that need only some. */
  notesPages(owner: Account): AsyncGenerator<readonly Note[], void> {
    return this.#pages((page) =>
      evaluate(this.connection, 'peg:listNotes', encode(listNotesRequestCodec, { owner, ...page }), notesPageCodec),
    );
  }

  /** All escrow notes of a lane. */
  async escrow(laneId: LaneId): Promise<readonly EscrowNote[]> {
    return allOf(this.escrowPages(laneId));
  }

  /** Escrow notes of a lane page by page, for readers that need only some. */
  escrowPages(laneId: LaneId): AsyncGenerator<readonly EscrowNote[], void> {
    return this.#pages((page) =>
      evaluate(this.connection, 'peg:listEscrow', encode(listEscrowRequestCodec, { laneId, ...page }), escrowPageCodec),
    );
  }

  /** All packets that left here by a lane, or by any without one, and are not settled. */
  async inFlight(laneId?: LaneId): Promise<readonly InFlight[]> {
    return allOf(this.inFlightPages(laneId));
  }

  /** As {@link inFlight}, page by page, for readers that only count. */
  inFlightPages(laneId?: LaneId): AsyncGenerator<readonly InFlight[], void> {
    const lane = laneId === undefined ? {} : { laneId };
    return this.#pages((page) =>
      evaluate(
        this.connection,
        'peg:listInFlight',
        encode(listInFlightRequestCodec, { ...lane, ...page }),
        inFlightPageCodec,
      ),
    );
  }

  /**
   * Lets a peer of each organization sign a read of committed outbox records; submits nothing.
   *
   * @param organizations - MSP ids, each once
   * @param signal - cancels it when nobody wants it any more
   */
  async proveExport(
    kind: BatchKind,
    request: ExportRequest,
    organizations: readonly string[],
    signal?: AbortSignal,
  ): Promise<EndorsedProof> {
    const argument = encode(exportRequestCodec, request);
    return proofOfEnvelope(await this.connection.endorse(exportFunctions[kind], argument, organizations, signal));
  }

  /** Wakes its reader at each transaction that sends, receives or settles, from the next block on. */
  pegEvents(options: { readonly onSkipped?: (error: PegError) => void } = {}): PegEventStream {
    return new PegEventStream(this.connection, undefined, options.onSkipped);
  }

  async *#pages<T>(
    read: (page: { readonly pageSize: number; readonly bookmark: string }) => Promise<Page<T>>,
  ): AsyncGenerator<readonly T[], void> {
    let bookmark = '';
    for (let count = 0; count < maximumPages; count += 1) {
      const page = await read({ pageSize: limits.pageSize, bookmark });
      yield page.entries;
      // A page may be short before the last one: what is of somebody else, or of another lane, was left out.
      if (page.bookmark === '') return;
      bookmark = page.bookmark;
    }
    throw new PegError({ code: 'ANSWER_MALFORMED', detail: 'a list does not end' });
  }
}

async function allOf<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const entries: T[] = [];
  for await (const page of pages) for (const entry of page) entries.push(entry);
  return entries;
}
