// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, both kinds of accusation with what they share.

import {
  certificateDigest,
  isSignedBy,
  questionAbout,
  signedEvidenceOf,
  type AbsenceQuestion,
  type AnyEvidence,
  type Batch,
  type Certificate,
  type EndorsedProof,
  type KeySignature,
  type Notary,
  type PacketId,
  type RecordedBatch,
  type TrustRecord,
} from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { type EvidenceClient, type GovernanceClient, type PegClient, PegError } from '../../client';
import { endorserSets } from '../chains/endorser-sets';
import { hedgedRequest } from '../chains/hedged-request';

/** A chain that is asked what it has committed. */
export interface AccusedSource {
  readonly client: Pick<PegClient, 'proveExport'> & {
    readonly evidence: Pick<EvidenceClient, 'declareAbsence' | 'proveAbsence'>;
  };
}

/** What an {@link Accuser} works with. */
export interface AccuserParts {
  readonly mspId: string;
  /** Where evidence is submitted. */
  readonly chains: ReadonlyArray<{
    readonly name: string;
    readonly client: { readonly governance: Pick<GovernanceClient, 'submitEvidence'> };
  }>;
  readonly log: Logger;
}

/** A certificate that a chain took, the batch in it, and the custodian that the chain's lane appoints, if it does. */
export interface TakenCertificate {
  readonly certificate: Certificate;
  readonly batch: RecordedBatch;
  readonly custodian: Notary | undefined;
}

/** A proof that the own peer contradicts about a packet, and the batch that it proves under a trust record. */
export interface Dispute {
  readonly packetId: PacketId;
  readonly proof: EndorsedProof;
  readonly batch: Batch;
  readonly trust: TrustRecord;
}

/** How long a set of endorsers may take before the next set is asked as well. */
const patienceMs = 2_000;
/** The codes with which a chain answers that the evidence does not concern it. */
const unconcerned: readonly string[] = ['NOTARY_STRANGER', 'CHAIN_UNTRUSTED'];

/**
 * Makes evidence of lies, and submits it on every chain of this organization; docs/spec/08-governance.md section 8.5.
 */
export class Accuser {
  readonly #parts: AccuserParts;

  constructor(parts: AccuserParts) {
    this.#parts = parts;
  }

  /**
   * Asks the source whether it committed what a certificate says, and accuses the notaries that signed what it did not.
   *
   * @param trusts - the records under which they may have signed, and under which evidence is judged
   * @returns whether there was something to accuse them of
   * @throws PegError when a chain cannot be asked
   */
  async accuseSigners(
    taken: TakenCertificate,
    trusts: readonly TrustRecord[],
    source: AccusedSource,
  ): Promise<boolean> {
    const { batch } = taken;
    const trust = signedUnder(taken, trusts);
    if (trust === undefined) {
      this.#parts.log.error(
        { laneId: batch.laneId },
        'nobody is accused: signed under a trust record that is not known',
      );
      return false;
    }
    const ids = batch.kind === 'packets' ? batch.entries.map(({ id }) => id) : batch.entries.map((r) => r.packetId);
    for (const packetId of ids) {
      const question = questionOf(taken, trust, packetId);
      if (question === undefined) continue;
      try {
        const { answer } = await source.client.evidence.declareAbsence(question);
        const proof = await proveAbsence(source.client, answer.questionHash, trusts, this.#parts.mspId);
        await this.#submit({ version: 1, kind: 'absence', sourceChainId: batch.sourceChainId, proof }, packetId);
        return true;
      } catch (error) {
        if (!(error instanceof PegError) || error.code !== 'ENTRY_COMMITTED') throw error;
      }
    }
    return false;
  }

  /**
   * Looks for enough peers that agree with the own one, which contradicts a proof, and submits both answers.
   *
   * @throws PegError when too few agree, or a chain cannot be asked
   */
  async accuseEndorsers({ packetId, proof, batch, trust }: Dispute, source: AccusedSource): Promise<void> {
    const { mspId } = this.#parts;
    const { kind, laneId, txIds, sourceChainId } = batch;
    const names = trust.organizations.map((organization) => organization.mspId);
    const sets = endorserSets(names, trust.minimumOrganizations, mspId).filter((set) => set.includes(mspId));
    const other = await hedgedRequest(
      sets.map((set) => () => source.client.proveExport(kind, { laneId, txIds }, set)),
      patienceMs,
    );
    await this.#submit({ version: 1, kind: 'answers', sourceChainId, packetId, proofs: [proof, other] }, packetId);
  }

  async #submit(evidence: AnyEvidence, packetId: PacketId): Promise<void> {
    const { chains, log } = this.#parts;
    const failures: unknown[] = [];
    for (const { name, client } of chains) {
      try {
        const { answer, txId } = await client.governance.submitEvidence(evidence);
        const { result, frozen } = answer;
        if (result === 'done')
          log.error({ chain: name, kind: evidence.kind, packetId, frozen, txId }, 'evidence of a lie');
      } catch (error) {
        if (!(error instanceof PegError) || !unconcerned.includes(error.code)) failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** The first of these trust records under which somebody signed; undefined when nobody did under any. */
export function signedUnder(taken: TakenCertificate, trusts: readonly TrustRecord[]): TrustRecord | undefined {
  return trusts.find((trust) => keysThatSigned(taken, trust).length > 0);
}

/**
 * The question whether the source committed what a certificate says of a packet.
 *
 * @param trust - the record under which the notaries signed
 * @returns undefined when the certificate says nothing of that packet, or nobody signed it under that record
 */
export function questionOf(
  taken: TakenCertificate,
  trust: TrustRecord,
  packetId: PacketId,
): AbsenceQuestion | undefined {
  const signatures = keysThatSigned(taken, trust);
  const { form } = signedEvidenceOf(taken.certificate);
  return signatures.length === 0 ? undefined : questionAbout(packetId, taken.batch, trust, signatures, form);
}

/** Whose keys signed a certificate's batch under a trust record, by the committee in it or as the lane's custodian. */
function keysThatSigned(
  { certificate, batch, custodian }: TakenCertificate,
  trust: TrustRecord,
): readonly KeySignature[] {
  const { signatures, form } = signedEvidenceOf(certificate);
  const signers = form.mode === 'custodian' ? [custodian].flatMap((each) => each ?? []) : trust.committee.notaries;
  const digest = certificateDigest(batch, trust, form);
  const signed = signatures.filter((signature) => isSignedBy(signature, digest, signers));
  return signed.flatMap(({ notary, signature }) => {
    const key = signers.find(({ mspId }) => mspId === notary)?.publicKey;
    return key === undefined ? [] : [{ publicKey: key, signature }];
  });
}

/**
 * Lets as many organizations as will answer sign a committed absence: a key is suspended only if its own organization's
 * peer is among them. More than half of those of one trust record are enough.
 *
 * @param trusts - the records under which evidence is judged
 * @param mspId - the own organization
 * @throws PegError when fewer answer
 */
export async function proveAbsence(
  client: AccusedSource['client'],
  questionHash: string,
  trusts: readonly TrustRecord[],
  mspId: string,
): Promise<EndorsedProof> {
  const sets = trusts.flatMap(({ organizations, minimumOrganizations }) => {
    const names = organizations.map((organization) => organization.mspId);
    const majority = Math.max(Math.floor(names.length / 2) + 1, minimumOrganizations);
    return [names, ...endorserSets(names, majority, mspId)];
  });
  const each = new Map(sets.map((set) => [[...set].sort().join(), set]));
  return hedgedRequest(
    [...each.values()].map((set) => () => client.evidence.proveAbsence(questionHash, set)),
    patienceMs,
  );
}
