// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one writer for all parts of a block.

import { createHash } from 'node:crypto';
import { type ChainId, chainIdCodec } from '../../codec/identifiers';
import { type BlockHeader, blockHashOf, encodeBlockHeader } from '../../spv/block-header';
import { type FollowStep, type GenesisBlock } from '../../spv/follow';
import { type OrdererSignature, type SignedHeader } from '../../spv/signed-header';
import { signMessage } from '../../x509/signature';
import { type Identity, type Member, members } from '../members';
import { fabricMessage, message } from '../proof-writer';

/** Writes blocks as Fabric's orderers do. Of what a test does not change, each part is genuine. */

export type ConsensusKind = 'raft' | 'bft';

/** An organization as a channel's configuration describes it. */
export interface OrganizationPlan {
  readonly mspId: string;
  readonly caCertificates: readonly (string | Buffer)[];
  readonly intermediateCertificates?: readonly string[];
  /** Units of peers and orderers; undefined: no node OUs. */
  readonly units?: { readonly peer: string; readonly orderer: string } | undefined;
  readonly revocationLists?: readonly Buffer[];
  /** Instead of all that. */
  readonly msp?: Buffer;
}

interface ConsenterPlan {
  readonly id: number;
  readonly identity: Identity;
}

/** A channel's configuration; a test changes one thing. */
export interface ConfigurationPlan {
  readonly channel: string;
  readonly headerType: number;
  readonly sequence: number;
  readonly consensus: string;
  readonly consenters: readonly ConsenterPlan[];
  readonly orderers: readonly OrganizationPlan[];
  readonly organizations: readonly OrganizationPlan[];
  /** Names of the channel's capabilities. */
  readonly capabilities: readonly string[];
  /** Changes a message before it is put into the next. */
  readonly edit: (part: ConfigurationPart, bytes: Buffer) => Buffer;
}
export type ConfigurationPart =
  'group' | 'config' | 'configEnvelope' | 'payload' | 'envelope' | 'consensusType' | 'orderers';

export function organizationPlan({ mspId, caCertificate }: Member): OrganizationPlan {
  return { mspId, caCertificates: [caCertificate], units: { peer: 'peer', orderer: 'orderer' } };
}

/** Four organizations, one orderer each. */
export function configurationPlan(kind: ConsensusKind, changes: Partial<ConfigurationPlan> = {}): ConfigurationPlan {
  return {
    channel: 'city',
    headerType: 1,
    sequence: 0,
    consensus: kind === 'bft' ? 'BFT' : 'etcdraft',
    consenters: members.map(({ orderer }, place) => ({ id: place + 1, identity: orderer })),
    orderers: members.map(organizationPlan),
    organizations: members.map(organizationPlan),
    capabilities: ['V3_0'],
    edit: (_, bytes) => bytes,
    ...changes,
  };
}

/** The envelope of a configuration transaction. */
function configurationEnvelope(plan: ConfigurationPlan): Buffer {
  const { edit } = plan;
  const type = edit('consensusType', fabricMessage([1, plan.consensus], [2, 'options']));
  const consenters = plan.consenters.map(({ id, identity }) =>
    fabricMessage([1, id], [2, 'host'], [3, 7050], [4, identity.mspId], [5, identity.certificate], [6, 'tls']),
  );
  const orderers = edit('orderers', message(...consenters.map((consenter) => [1, consenter] as const)));
  const group = fabricMessage(
    [1, plan.sequence],
    [2, entry('Orderer', groupOf(plan.orderers, { ConsensusType: type, Orderers: orderers }))],
    [2, entry('Application', groupOf(plan.organizations, { ACLs: Buffer.alloc(0) }))],
    [3, entry('Capabilities', configValue(message(...plan.capabilities.map((name) => [1, entry(name)] as const))))],
    [4, entry('Readers')],
    [5, 'Admins'],
  );
  const config = edit('config', fabricMessage([1, plan.sequence], [2, edit('group', group)]));
  const channelHeader = fabricMessage(
    [1, plan.headerType],
    [2, 1],
    [3, fabricMessage([1, 1_700_000_000])],
    [4, plan.channel],
  );
  const header = fabricMessage([1, channelHeader], [2, fabricMessage([1, 'creator'], [2, 'nonce'])]);
  const data = edit('configEnvelope', fabricMessage([1, config], [2, plan.sequence === 0 ? '' : 'update']));
  const payload = edit('payload', fabricMessage([1, header], [2, data]));
  return edit('envelope', fabricMessage([1, payload], [2, plan.sequence === 0 ? '' : 'signature']));
}

function groupOf(organizations: readonly OrganizationPlan[], values: Readonly<Record<string, Buffer>>): Buffer {
  return message(
    ...organizations.map((plan, place) => [2, entry(`Org${place.toString()}`, organizationGroup(plan))] as const),
    ...Object.entries(values).map(([name, value]) => [3, entry(name, configValue(value))] as const),
  );
}

function organizationGroup(plan: OrganizationPlan): Buffer {
  return fabricMessage([3, entry('MSP', configValue(plan.msp ?? mspOf(plan)))], [5, 'Admins']);
}

/** An MSP as an organization writes it. */
export function mspOf({
  mspId,
  caCertificates,
  intermediateCertificates,
  units,
  revocationLists,
}: OrganizationPlan): Buffer {
  const nodeOus =
    units &&
    fabricMessage(
      [1, 1],
      [2, fabricMessage([2, 'client'])],
      [3, fabricMessage([2, units.peer])],
      [4, fabricMessage([2, 'admin'])],
      [5, fabricMessage([2, units.orderer])],
    );
  const config = fabricMessage(
    [1, mspId],
    ...caCertificates.map((certificate) => [2, certificate] as const),
    ...(intermediateCertificates ?? []).map((certificate) => [3, certificate] as const),
    ...(revocationLists ?? []).map((list) => [5, list] as const),
    [8, fabricMessage([1, 'SHA2'], [2, 'SHA256'])],
    [9, 'tls'],
    [11, nodeOus ?? ''],
  );
  return fabricMessage([2, config]);
}

function entry(key: string, value: Buffer | string = ''): Buffer {
  return fabricMessage([1, key], [2, value]);
}

function configValue(value: Buffer): Buffer {
  return fabricMessage([1, 1], [2, value], [3, 'Admins']);
}

/** How a block is signed; a test changes one thing. */
export interface SigningPlan {
  readonly kind: ConsensusKind;
  /** Number of the block with the configuration in force. */
  readonly lastConfiguration: bigint;
  readonly signers: readonly ConsenterPlan[];
  /** What is signed instead of the header. */
  readonly signedHeader?: BlockHeader;
}

/** Three of four consenters, which is the quorum; under Raft two of the same orderers. */
export function signingPlan(kind: ConsensusKind, changes: Partial<SigningPlan> = {}): SigningPlan {
  const { consenters } = configurationPlan(kind);
  return { kind, lastConfiguration: 0n, signers: consenters.slice(0, kind === 'bft' ? 3 : 2), ...changes };
}

export function signHeader(header: BlockHeader, plan: SigningPlan): SignedHeader {
  // Fabric writes the empty message for the configuration of block 0.
  const last = plan.lastConfiguration === 0n ? message() : message([1, plan.lastConfiguration]);
  const metadata = message([1, last], [2, 'view']);
  return {
    header: encodeBlockHeader(header).toString('base64'),
    metadata: metadata.toString('base64'),
    signatures: plan.signers.map((signer) => signatureOf(signer, plan, metadata, plan.signedHeader ?? header)),
  };
}

function signatureOf(
  { id, identity }: ConsenterPlan,
  { kind }: SigningPlan,
  metadata: Buffer,
  header: BlockHeader,
): OrdererSignature {
  const heading = kind === 'bft' ? identifierHeader(id) : creatorHeader(identity);
  const signature = signMessage(identity.key, Buffer.concat([metadata, heading, encodeBlockHeader(header)]));
  return {
    signatureHeader: kind === 'raft' ? heading.toString('base64') : '',
    identifierHeader: kind === 'bft' ? heading.toString('base64') : '',
    signature: signature.toString('base64'),
  };
}

export function identifierHeader(id: number): Buffer {
  return fabricMessage([1, id], [2, 'nonce']);
}

export function creatorHeader({ mspId, certificate }: Identity): Buffer {
  return fabricMessage([1, fabricMessage([1, mspId], [2, certificate])], [2, 'nonce']);
}

/** A block that holds a configuration, and the one before it. */
export function configurationBlock(
  previous: BlockHeader | undefined,
  plan: ConfigurationPlan,
): { readonly header: BlockHeader; readonly envelope: Buffer } {
  const envelope = configurationEnvelope(plan);
  return { header: headerAfter(previous, envelope), envelope };
}

/** The header of the next block, with that data. */
export function headerAfter(previous: BlockHeader | undefined, ...envelopes: readonly Buffer[]): BlockHeader {
  const hash = createHash('sha256');
  for (const envelope of envelopes) hash.update(envelope);
  return {
    number: previous === undefined ? 0n : previous.number + 1n,
    previousHash: previous === undefined ? '' : blockHashOf(previous),
    dataHash: hash.digest('hex'),
  };
}

/** A channel's first block, and the chain id that follows from it. */
export function genesisBlock(plan: ConfigurationPlan): {
  readonly chainId: ChainId;
  readonly header: BlockHeader;
  readonly block: GenesisBlock;
} {
  const { header, envelope } = configurationBlock(undefined, plan);
  const chainId = chainIdCodec.decode(`${plan.channel}-${blockHashOf(header)}`, 'chainId');
  const block = { header: encodeBlockHeader(header).toString('base64'), envelope: envelope.toString('base64') };
  return { chainId, header, block };
}

export function configurationStep(signed: SignedHeader, envelope: Buffer): FollowStep {
  return { kind: 'configuration', signed, envelope: envelope.toString('base64') };
}
