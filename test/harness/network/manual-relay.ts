// SPDX-License-Identifier: Apache-2.0

import { type Committed } from '@gridpeg/gateway-app';
import {
  earlierCertificate,
  limits,
  signBatch,
  verifyEndorsedProof,
  type BatchKind,
  type Certificate,
  type EarlierCertificate,
  type EndorsedProof,
  type EscrowId,
  type Note,
  type Packet,
  type ResultsResponse,
  type SendResponse,
  type SendOutput,
  type TxId,
} from '@gridpeg/protocol';
import { laneId, mspId, type ChainName, type OrganizationName, type TestNetwork } from './test-network';

/** Who signs and endorses when nothing else is said: as many as the default topology asks for. */
export const quorum: readonly OrganizationName[] = ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'];

/** An hour from now. */
export function inAnHour(): bigint {
  return BigInt(Date.now() + 3_600_000);
}

/** What a test sends. */
export interface Sending {
  readonly lane: string;
  readonly sender: OrganizationName;
  readonly notes: readonly Note[];
  readonly outputs: ReadonlyArray<Pick<SendOutput, 'recipient' | 'quantity'> & Partial<SendOutput>>;
  readonly deadlineMs?: bigint;
}

/** Carries packets and receipts by hand, step by step, where no notary is at work. */
export class ManualRelay {
  readonly #network: TestNetwork;

  constructor(network: TestNetwork) {
    this.#network = network;
  }

  async send({ lane, sender, notes, outputs, deadlineMs = inAnHour() }: Sending): Promise<Committed<SendResponse>> {
    const { source } = this.#network.laneEnds(lane);
    const request = {
      laneId: laneId(lane),
      noteIds: notes.map(({ id }) => id),
      outputs: outputs.map((output) => ({ kind: 'transfer' as const, memo: '', ...output })),
      deadlineMs,
    };
    return this.#network.everywhere(source, this.#network.client(source, sender).send(request));
  }

  /** Lets peers read committed packets of the lane's source, or receipts of its destination. */
  async prove(
    kind: BatchKind,
    lane: string,
    txIds: readonly TxId[],
    organizations: readonly OrganizationName[] = quorum,
  ): Promise<EndorsedProof> {
    const client = this.#network.client(this.ends(kind, lane).from, 'ChargingMSP');
    return client.proveExport(kind, { laneId: laneId(lane), txIds }, organizations);
  }

  /** Signs a proof as notaries would, after the same check. */
  async certify(
    kind: BatchKind,
    lane: string,
    proof: EndorsedProof,
    notaries: readonly OrganizationName[] = quorum,
  ): Promise<EarlierCertificate> {
    const { from, to } = this.ends(kind, lane);
    const trust = await this.#network.trust(from, to);
    const { batch } = verifyEndorsedProof(proof, trust);
    const signatures = notaries.map((name) => signBatch(batch, trust, mspId(name), this.#network.notaryKey(name)));
    return earlierCertificate(proof, trust.committee.epoch, signatures);
  }

  async certificate(kind: BatchKind, lane: string, txIds: readonly TxId[]): Promise<EarlierCertificate> {
    return this.certify(kind, lane, await this.prove(kind, lane, txIds));
  }

  /** Submits a certificate where it belongs, naming all escrow there is, and waits until it is committed. */
  async submit(
    kind: BatchKind,
    lane: string,
    certificate: Certificate,
    submitter: OrganizationName = 'ChargingMSP',
  ): Promise<Committed<ResultsResponse>> {
    const { to } = this.ends(kind, lane);
    const client = this.#network.client(to, submitter);
    const request = { certificate, escrowIds: await this.escrowIds(kind, lane) };
    return this.#network.everywhere(to, kind === 'packets' ? client.receive(request) : client.settle(request));
  }

  /** Ids of the escrow notes that a submission may need: of the return lane for packets, of the lane for receipts. */
  async escrowIds(kind: BatchKind, lane: string): Promise<readonly EscrowId[]> {
    const { returnLaneId, id } = await this.#network.lane(lane);
    const client = this.#network.client(this.ends(kind, lane).to, 'ChargingMSP');
    const escrow = await client.escrow(kind === 'packets' ? returnLaneId : id);
    // A call names at most this many; the tests lock less.
    if (escrow.length > limits.batchEntries * 2) throw new Error(`too much escrow in ${lane} to name all of it`);
    return escrow.map((note) => note.id);
  }

  /** Proves, certifies and submits. */
  async carry(kind: BatchKind, lane: string, txIds: readonly TxId[]): Promise<Committed<ResultsResponse>> {
    return this.submit(kind, lane, await this.certificate(kind, lane, txIds));
  }

  /** Sends, receives and settles. @returns the transactions of the three steps */
  async transfer(sending: Sending): Promise<{
    readonly sent: Committed<SendResponse>;
    readonly received: Committed<ResultsResponse>;
    readonly settled: Committed<ResultsResponse>;
  }> {
    const sent = await this.send(sending);
    const received = await this.carry('packets', sending.lane, [sent.txId]);
    const settled = await this.carry('receipts', sending.lane, [received.txId]);
    return { sent, received, settled };
  }

  /** Packets of a committed transaction, as the source reads them. */
  async packets(lane: string, txId: TxId): Promise<readonly Packet[]> {
    const { source, destination } = this.#network.laneEnds(lane);
    const trust = await this.#network.trust(source, destination);
    const { batch } = verifyEndorsedProof(await this.prove('packets', lane, [txId]), trust);
    if (batch.kind !== 'packets') throw new Error('a batch of packets was asked for');
    return batch.entries;
  }

  /** The way of a batch: packets along the lane, receipts against it. */
  ends(kind: BatchKind, lane: string): { readonly from: ChainName; readonly to: ChainName } {
    const { source, destination } = this.#network.laneEnds(lane);
    return kind === 'packets' ? { from: source, to: destination } : { from: destination, to: source };
  }
}
