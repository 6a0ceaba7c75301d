// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, because Fabric takes the functions of a contract from one class.

import {
  actionCodec,
  anyEvidenceCodec,
  changedTrust,
  channelOf,
  configurationResponseCodec,
  configurationHashOf,
  configurationCodec,
  decodeRequest,
  emptyRequestCodec,
  encode,
  evidenceResponseCodec,
  getProposalRequestCodec,
  limits,
  proposalResponseCodec,
  proposalRequestCodec,
  proposalStatusCodec,
  Refused,
  rotationResponseCodec,
  rotationCodec,
  statusRecordsCodec,
  type Configuration,
  type StoredProposal,
} from '@gridpeg/protocol';
import { Contract, Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { checkApproved, checkFirst, majorityOf } from '../domain/governance/configure';
import { configured, notaryKeysOf } from '../domain/governance/governance-changes';
import { checkLife, dueMs, effectOf, execute, prospectOf, type ProposalView } from '../domain/governance/proposal';
import { rotate } from '../domain/governance/rotate';
import { GovernanceLedger } from '../ledger/governance-ledger';
import { PegLedger } from '../ledger/peg-ledger';
import { adminOf, clientOf } from './caller';
import { judgedEvidence } from './judged-evidence';
import { organizationsOf } from './organizations-of';
import { checkCall, timeOf, txIdOf } from './transaction-of';

/**
 * How what a chain trusts and allows changes: parse, read, decide, write, reply. docs/spec/08-governance.md.
 *
 * Nothing here is reached through a packet, and no function of the contract `peg` writes what this one writes.
 */
@Info({ title: 'Governance', description: 'Proposals, committee rotation and evidence of the two-way peg (Gridpeg)' })
export class GovernanceContract extends Contract {
  constructor() {
    super('governance');
  }

  /** Runs before every function. @throws Refused CLOCK_SKEW, REQUEST_MALFORMED */
  override beforeTransaction(ctx: Context): Promise<void> {
    checkCall(ctx, this.getName());
    return Promise.resolve();
  }

  /** An administrator's approval of the first configuration; docs/spec/05-configuration.md. */
  @Transaction()
  @Returns('string')
  async approveConfiguration(ctx: Context, configurationJson: string): Promise<string> {
    const first = decodeRequest(configurationCodec, configurationJson);
    const ledger = new GovernanceLedger(ctx.stub);
    await checkFirstHere(ctx, ledger, first);
    const { account, mspId } = adminOf(ctx.stub, first.members);
    const hash = configurationHashOf(first);
    await ledger.approve(first, hash, mspId, account);
    return encode(configurationResponseCodec, { txId: txIdOf(ctx), hash });
  }

  /** Puts the first configuration in force once all that it lists have approved it. */
  @Transaction()
  @Returns('string')
  async commitConfiguration(ctx: Context, configurationJson: string): Promise<string> {
    const first = decodeRequest(configurationCodec, configurationJson);
    const ledger = new GovernanceLedger(ctx.stub);
    await checkFirstHere(ctx, ledger, first);
    const hash = configurationHashOf(first);
    checkApproved(await ledger.approvals(first, hash), first.members.length);
    await ledger.save(configured(first, new Map(), txIdOf(ctx)));
    return encode(configurationResponseCodec, { txId: txIdOf(ctx), hash });
  }

  /** An administrator proposes for its organization, which thereby consents; what it proposed before is withdrawn. */
  @Transaction()
  @Returns('string')
  async propose(ctx: Context, actionJson: string): Promise<string> {
    const action = decodeRequest(actionCodec, actionJson, limits.configurationLength);
    const ledger = new GovernanceLedger(ctx.stub);
    const view = await viewFor(ctx, action, ledger);
    const { account, mspId: organization } = adminOf(ctx.stub, view.configuration.members);
    const [txId, timeMs] = [txIdOf(ctx), timeOf(ctx)];
    const proposal = { version: 2, id: txId, organization, account, timeMs, action } as const;
    effectOf(proposal, view, { txId, timeMs });
    await ledger.propose(proposal);
    await ledger.consent(proposal, organization, { version: 1, proposalId: txId, account, timeMs });
    return encode(proposalResponseCodec, { txId, proposalId: txId });
  }

  /** An administrator consents for its organization. */
  @Transaction()
  @Returns('string')
  async approve(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(proposalRequestCodec, requestJson);
    const ledger = new GovernanceLedger(ctx.stub);
    const proposal = await ledger.openProposal(request);
    const view = await viewFor(ctx, proposal.action, ledger);
    const { account, mspId } = adminOf(ctx.stub, view.configuration.members);
    const [txId, timeMs] = [txIdOf(ctx), timeOf(ctx)];
    checkLife(proposal, view.configuration, timeMs);
    effectOf(proposal, view, { txId, timeMs });
    const before = (await ledger.consents(proposal, [mspId])).get(mspId);
    // Consenting once more would give the consent a new date and delay the proposal.
    if (before === undefined) {
      await ledger.consent(proposal, mspId, { version: 1, proposalId: proposal.id, account, timeMs });
    }
    return encode(proposalResponseCodec, { txId, proposalId: proposal.id });
  }

  /** An administrator takes its organization's consent back; the proposer's ends the proposal. */
  @Transaction()
  @Returns('string')
  async withdraw(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(proposalRequestCodec, requestJson);
    const ledger = new GovernanceLedger(ctx.stub);
    const proposal = await ledger.openProposal(request);
    const { members } = await ledger.configurationInForce();
    const { mspId } = adminOf(ctx.stub, [...members, proposal.organization]);
    if (mspId === proposal.organization) await ledger.close(proposal);
    await ledger.takeBack(proposal, mspId);
    return encode(proposalResponseCodec, { txId: txIdOf(ctx), proposalId: proposal.id });
  }

  /** Carries out what a majority consents to; anybody may ask. */
  @Transaction()
  @Returns('string')
  async execute(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(proposalRequestCodec, requestJson);
    clientOf(ctx.stub);
    const ledger = new GovernanceLedger(ctx.stub);
    const proposal = await ledger.openProposal(request);
    const view = await viewFor(ctx, proposal.action, ledger);
    const consents = await ledger.consents(proposal, view.configuration.members);
    const [txId, timeMs] = [txIdOf(ctx), timeOf(ctx)];
    const changes = execute(proposal, [...consents.values()], view, { txId, timeMs });
    await ledger.save(changes);
    await ledger.close(proposal);
    return encode(proposalResponseCodec, { txId, proposalId: proposal.id });
  }

  /** One committee's hand-over to the next; anybody submits it. */
  @Transaction()
  @Returns('string')
  async rotate(ctx: Context, rotationJson: string): Promise<string> {
    const rotation = decodeRequest(rotationCodec, rotationJson);
    clientOf(ctx.stub);
    const ledger = new GovernanceLedger(ctx.stub);
    const configuration = await ledger.configurationInForce();
    const known = await ledger.notaries([
      ...notaryKeysOf(configuration),
      ...rotation.next.notaries.map(({ publicKey }) => publicKey),
    ]);
    const changes = rotate(rotation, configuration, known, txIdOf(ctx));
    if (changes !== undefined) await ledger.save(changes);
    return encode(rotationResponseCodec, {
      txId: txIdOf(ctx),
      result: changes === undefined ? 'already-done' : 'done',
    });
  }

  /** Evidence of a lie, by a notary or by the peers of a source; anybody submits it. */
  @Transaction()
  @Returns('string')
  async submitEvidence(ctx: Context, evidenceJson: string): Promise<string> {
    const evidence = decodeRequest(anyEvidenceCodec, evidenceJson);
    clientOf(ctx.stub);
    const ledger = new GovernanceLedger(ctx.stub);
    const ledgers = { governance: ledger, peg: new PegLedger(ctx.stub) };
    const changes = await judgedEvidence(evidence, ledgers, { txId: txIdOf(ctx), timeMs: timeOf(ctx) });
    if (changes !== undefined) await ledger.save(changes);
    return encode(evidenceResponseCodec, {
      txId: txIdOf(ctx),
      result: changes === undefined ? 'already-done' : 'done',
      frozen: changes?.laneStatuses.map(({ laneId }) => laneId) ?? [],
    });
  }

  /** An organization's open proposal, who consents, and from when on it can be executed. */
  @Transaction(false)
  @Returns('string')
  async getProposal(ctx: Context, requestJson: string): Promise<string> {
    const { organization } = decodeRequest(getProposalRequestCodec, requestJson);
    const ledger = new GovernanceLedger(ctx.stub);
    const proposal = await ledger.proposal(organization);
    const view = await viewFor(ctx, proposal.action, ledger);
    const { members } = view.configuration;
    const consents = await ledger.consents(proposal, members);
    const { problem, delayMs } = prospectOf(proposal, view, { txId: txIdOf(ctx), timeMs: timeOf(ctx) });
    return encode(proposalStatusCodec, {
      proposal,
      consents: [...consents].map(([member, { account, timeMs }]) => ({ organization: member, account, timeMs })),
      required: majorityOf(members),
      dueMs: dueMs([...consents.values()], delayMs, view.configuration)?.toString() ?? '',
      problem,
    });
  }

  /**
   * What each lane lets through, which notaries' keys count, which assets are paused, and how often committees were
   * replaced.
   */
  @Transaction(false)
  @Returns('string')
  async getStandings(ctx: Context, requestJson: string): Promise<string> {
    decodeRequest(emptyRequestCodec, requestJson);
    const ledger = new GovernanceLedger(ctx.stub);
    const configuration = await ledger.configurationInForce();
    const { lanes, chains, assets } = configuration;
    const [laneStatuses, notaries, assetStatuses, replacements] = await Promise.all([
      ledger.laneStatuses(lanes.map(({ id }) => id)),
      ledger.notaries(notaryKeysOf(configuration)),
      ledger.assetStatuses(assets.map(({ id }) => id)),
      ledger.replacements(chains.map(({ chainId }) => chainId)),
    ]);
    return encode(statusRecordsCodec, {
      lanes: [...laneStatuses.values()],
      notaries: [...notaries.values()],
      assets: [...assetStatuses.values()],
      replacements: [...replacements.values()],
    });
  }
}

/** @throws Refused CONFIGURATION_INVALID, ALREADY_CONFIGURED */
async function checkFirstHere(ctx: Context, ledger: GovernanceLedger, first: Configuration): Promise<void> {
  if (channelOf(first.chainId) !== ctx.stub.getChannelID()) {
    throw new Refused({ code: 'CONFIGURATION_INVALID', field: 'chainId', expected: 'this channel' });
  }
  checkFirst(first, await ledger.configuration(), await organizationsOf(ctx.stub, first));
}

async function viewFor(
  ctx: Context,
  action: StoredProposal['action'],
  ledger: GovernanceLedger,
): Promise<ProposalView> {
  const configuration = await ledger.configurationInForce();
  const changed = action.kind === 'configure' ? changedTrust(action.configuration, configuration) : [];
  const [laneStatuses, assetStatuses, replacements, formerTrust, notaries] = await Promise.all([
    ledger.laneStatuses(action.kind === 'set-lanes' ? action.lanes.map(({ laneId }) => laneId) : []),
    ledger.assetStatuses(action.kind === 'set-assets' ? action.assets.map(({ asset }) => asset) : []),
    ledger.replacements('chains' in action ? action.chains.map(({ chainId }) => chainId) : []),
    ledger.formerTrust(changed.map(({ chainId }) => chainId)),
    ledger.notaries([...notaryKeysOf(configuration), ...keysIn(action)]),
  ]);
  const members = action.kind === 'configure' ? action.configuration.members : [];
  // Only the peer knows who is of the channel, and asking it is work that other proposals do not need.
  const brings = members.some((member) => !configuration.members.includes(member));
  const organizations = brings ? await organizationsOf(ctx.stub, configuration) : [];
  return { configuration, laneStatuses, assetStatuses, replacements, formerTrust, notaries, organizations };
}

function keysIn(action: StoredProposal['action']): readonly string[] {
  if (action.kind === 'configure') return notaryKeysOf(action.configuration);
  if (action.kind === 'suspend-notary') return [action.publicKey];
  if (action.kind === 'replace-committee' && 'notaries' in action) {
    return action.notaries.map(({ publicKey }) => publicKey);
  }
  return [];
}
