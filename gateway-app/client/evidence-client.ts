// SPDX-License-Identifier: Apache-2.0

import {
  absenceQuestionCodec,
  absenceResponseCodec,
  encode,
  evidencePageCodec,
  exportAbsenceFunction,
  exportAbsenceRequestCodec,
  limits,
  listEvidenceRequestCodec,
  trustRecordsRequestCodec,
  trustRecordsResponseCodec,
  type AbsenceQuestion,
  type AbsenceResponse,
  type EndorsedProof,
  type StoredEvidenceRecord,
  type TrustRecord,
  type TrustRecordsRequest,
} from '@gridpeg/protocol';
import { type ChainConnection } from './connection/chain-connection';
import { type Committed } from './committed';
import { evaluate, submit } from './contract-calls';
import { proofOfEnvelope } from './endorsed-envelope';

/**
 * A typed client of the contract `evidence` of one chain, which answers about entries that it never committed. All
 * methods throw `PegError`.
 *
 * @see docs/spec/08-governance.md section 8.5
 */
export class EvidenceClient {
  readonly #connection: ChainConnection;

  constructor(connection: ChainConnection) {
    this.#connection = connection;
  }

  /**
   * Lets the chain record that it lacks what notaries signed. @throws PegError ENTRY_COMMITTED when it does not lack it
   */
  async declareAbsence(question: AbsenceQuestion): Promise<Committed<AbsenceResponse>> {
    const argument = encode(absenceQuestionCodec, question);
    return submit(this.#connection, 'evidence:declareAbsence', argument, absenceResponseCodec);
  }

  /** Lets a peer of each organization sign a committed absence; submits nothing. */
  async proveAbsence(questionHash: string, organizations: readonly string[]): Promise<EndorsedProof> {
    const argument = encode(exportAbsenceRequestCodec, { questionHash });
    return proofOfEnvelope(await this.#connection.endorse(exportAbsenceFunction, argument, organizations));
  }

  /**
   * Under which trust records evidence about what a committee of that epoch signed is judged here, the one in force
   * first.
   */
  async trustRecords(request: TrustRecordsRequest): Promise<readonly TrustRecord[]> {
    const argument = encode(trustRecordsRequestCodec, request);
    const found = await evaluate(this.#connection, 'evidence:getTrustRecords', argument, trustRecordsResponseCodec);
    return found.trustRecords;
  }

  /** What answers of source chains have proven here: the first thousand records. */
  async list(): Promise<readonly StoredEvidenceRecord[]> {
    const argument = encode(listEvidenceRequestCodec, { pageSize: limits.pageSize, bookmark: '' });
    return (await evaluate(this.#connection, 'evidence:list', argument, evidencePageCodec)).entries;
  }
}
