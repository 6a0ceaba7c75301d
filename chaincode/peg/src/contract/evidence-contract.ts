// SPDX-License-Identifier: Apache-2.0

import {
  absenceQuestionCodec,
  absenceResponseCodec,
  absenceCodec,
  decodeRequest,
  encode,
  evidencePageCodec,
  exportAbsenceRequestCodec,
  listEvidenceRequestCodec,
  questionHashOf,
  Refused,
  unexpiredTrust,
  trustRecordsRequestCodec,
  trustRecordsResponseCodec,
} from '@gridpeg/protocol';
import { Contract, Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { declareAbsence } from '../domain/evidence/declare-absence';
import { GovernanceLedger } from '../ledger/governance-ledger';
import { PegLedger } from '../ledger/peg-ledger';
import { clientOf } from './caller';
import { checkCall, timeOf, txIdOf } from './transaction-of';

/**
 * What a chain answers about entries that notaries say it has committed; docs/spec/08-governance.md section 8.5.
 *
 * What follows from such an answer is decided by `governance:submitEvidence`, on this chain and on others.
 */
@Info({ title: 'Evidence', description: 'Answers about entries that were never committed (Gridpeg)' })
export class EvidenceContract extends Contract {
  constructor() {
    super('evidence');
  }

  /** Runs before every function. @throws Refused CLOCK_SKEW, REQUEST_MALFORMED */
  override beforeTransaction(ctx: Context): Promise<void> {
    checkCall(ctx, this.getName());
    return Promise.resolve();
  }

  /** Records that this ledger lacks an entry that notaries have signed; anybody may ask. See {@link declareAbsence}. */
  @Transaction()
  @Returns('string')
  async declareAbsence(ctx: Context, questionJson: string): Promise<string> {
    const question = decodeRequest(absenceQuestionCodec, questionJson);
    clientOf(ctx.stub);
    const txId = txIdOf(ctx);
    const ledger = new PegLedger(ctx.stub);
    const { chainId } = await ledger.chain();
    const questionHash = questionHashOf(question);
    const known = await ledger.absence(questionHash);
    if (known === undefined) {
      await ledger.saveAbsence(declareAbsence(question, await ledger.asked(question), { chainId, txId }));
    }
    const result = known === undefined ? 'done' : 'already-done';
    return encode(absenceResponseCodec, { txId, result, questionHash });
  }

  /** A committed absence, for an endorsed proof. */
  @Transaction(false)
  @Returns('string')
  async exportAbsence(ctx: Context, requestJson: string): Promise<string> {
    const { questionHash } = decodeRequest(exportAbsenceRequestCodec, requestJson);
    const absence = await new PegLedger(ctx.stub).absence(questionHash);
    if (absence === undefined) throw new Refused({ code: 'ABSENCE_UNKNOWN', questionHash });
    return encode(absenceCodec, absence);
  }

  /** Under which trust records of a chain evidence is judged here now, each with the committee of an epoch. */
  @Transaction(false)
  @Returns('string')
  async getTrustRecords(ctx: Context, requestJson: string): Promise<string> {
    const { chainId, epoch } = decodeRequest(trustRecordsRequestCodec, requestJson);
    const ledger = new GovernanceLedger(ctx.stub);
    const inForce = await ledger.trust(chainId);
    const past = (await ledger.pastCommittees(chainId, [epoch])).get(epoch);
    const committee = epoch === inForce.committee.epoch ? inForce.committee : past;
    const former = unexpiredTrust(await ledger.formerTrust([chainId]), timeOf(ctx)).map(({ trust }) => trust);
    const trustRecords = [inForce, ...former].map((trust) => ({ ...trust, committee: committee ?? trust.committee }));
    return encode(trustRecordsResponseCodec, { trustRecords });
  }

  /** What has been proven here by answers of source chains, page by page. */
  @Transaction(false)
  @Returns('string')
  async list(ctx: Context, requestJson: string): Promise<string> {
    const { pageSize, bookmark } = decodeRequest(listEvidenceRequestCodec, requestJson);
    return encode(evidencePageCodec, await new GovernanceLedger(ctx.stub).listEvidence(pageSize, bookmark));
  }
}
