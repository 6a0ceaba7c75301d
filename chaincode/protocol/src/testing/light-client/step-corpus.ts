// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table of steps, good and bad.

import { type FollowStep } from '../../spv/follow';
import { revocationList, keyNamed } from '../certificate-writer';
import { grid, identityOf, members, microgridMember } from '../members';
import { fabricMessage, message } from '../proof-writer';
import { readCertificate } from '../../x509';
import {
  configurationBlock,
  type ConfigurationPart,
  type ConfigurationPlan,
  configurationPlan,
  configurationStep,
  type ConsensusKind,
  headerAfter,
  organizationPlan,
  signHeader,
  signingPlan,
} from './block-writer';
import { blockStep, headerOf, lastBlock, linkedStep, type Scenario, scenario, signedHeader } from './scenario';
import { transactionEnvelope } from './transaction-writer';

/** Steps that are refused where genuine ones are followed. */
export interface StepForgery {
  readonly name: string;
  readonly code: string;
  readonly forge: (of: Scenario) => readonly FollowStep[];
}
type Forgeries = Readonly<Record<string, readonly [string, StepForgery['forge']]>>;
type StepOf<Kind> = Extract<FollowStep, { kind: Kind }>;

/** The configuration of block 7, which follows the scenario's last block, signed by those of block 0. */
export function reconfiguration(of: Scenario, changes: Partial<ConfigurationPlan> = {}): StepOf<'configuration'> {
  const { header, envelope } = configurationBlock(
    headerOf(of, lastBlock),
    configurationPlan(of.kind, { sequence: 1, ...changes }),
  );
  const signed = signHeader(header, signingPlan(of.kind, { lastConfiguration: header.number }));
  return configurationStep(signed, envelope) as StepOf<'configuration'>;
}

const linked = (of: Scenario): StepOf<'header'> => linkedStep(of, lastBlock) as StepOf<'header'>;
const block = (of: Scenario): StepOf<'block'> => blockStep(of, lastBlock) as StepOf<'block'>;
const edited =
  (
    part: ConfigurationPart,
    change: (bytes: Buffer) => Buffer,
    more: Partial<ConfigurationPlan> = {},
  ): StepForgery['forge'] =>
  (of) => [reconfiguration(of, { ...more, edit: (at, bytes) => (at === part ? change(bytes) : bytes) })];
const invalid = 'CHANNEL_CONFIGURATION_INVALID';
const more = (bytes: Buffer): Buffer => Buffer.concat([bytes, message([15, 'x'])]);
const twice = (bytes: Buffer): Buffer => Buffer.concat([bytes, bytes]);

const forgeries: Forgeries = {
  'a header without the links to it': ['HEADER_UNLINKED', (of) => [{ ...linked(of), links: [] }]],
  'a link missing': ['HEADER_UNLINKED', (of) => [{ ...linked(of), links: linked(of).links.slice(1) }]],
  'a link too many': ['HEADER_UNLINKED', (of) => [{ ...linked(of), links: [...linked(of).links, 'a'.repeat(64)] }]],
  'links exchanged': ['HEADER_UNLINKED', (of) => [{ ...linked(of), links: [...linked(of).links].reverse() }]],
  'a link changed': ['HEADER_UNLINKED', (of) => [{ ...linked(of), links: linked(of).links.map(() => 'b'.repeat(64)) }]],
  'the next header of another chain': [
    'HEADER_UNLINKED',
    (of) => [linkedStep(scenario(of.kind, { capabilities: ['V2_0'] }), 1)],
  ],
  'a header of a channel that the same orderers have': [
    'HEADER_UNLINKED',
    (of) => [linkedStep(scenario(of.kind, { channel: 'microgrid' }), lastBlock)],
  ],
  'a block of a channel that the same orderers have': [
    'PROOF_FOREIGN',
    (of) => [blockStep(scenario(of.kind, { channel: 'microgrid' }), lastBlock)],
  ],
  'the next block of another chain': [
    'HEADER_UNLINKED',
    (of) => [blockStep(scenario(of.kind, { capabilities: ['V2_0'] }), 1)],
  ],
  'a header that leaves a number out': [
    'HEADER_UNLINKED',
    (of) => {
      const signed = signHeader({ ...headerOf(of, lastBlock), number: 8n }, signingPlan(of.kind));
      return [{ ...linked(of), signed }];
    },
  ],
  'a header before the one followed': ['HEADER_NOT_NEWER', (of) => [linkedStep(of, 5), linkedStep(of, 4)]],
  'a block before the one followed': ['HEADER_NOT_NEWER', (of) => [blockStep(of, 5), blockStep(of, 4)]],
  'another header at the height followed': [
    'HEADER_NOT_NEWER',
    (of) => [linkedStep(of, 5), linkedStep(scenario(of.kind, { capabilities: [] }), 5)],
  ],
  'a block with an envelope missing': ['BLOCK_DATA_DIFFERS', (of) => [{ ...block(of), envelopes: [] }]],
  'a block with an envelope twice': [
    'BLOCK_DATA_DIFFERS',
    (of) => [{ ...block(of), envelopes: [...block(of).envelopes, ...block(of).envelopes] }],
  ],
  'a block with the data of another': [
    'BLOCK_DATA_DIFFERS',
    (of) => [{ ...block(of), envelopes: (blockStep(of, 5) as StepOf<'block'>).envelopes }],
  ],
  'a block of two envelopes as one': [
    'ENVELOPE_MALFORMED',
    (of) => {
      const step = blockStep(of, 4) as StepOf<'block'>;
      const whole = Buffer.concat(step.envelopes.map((envelope) => Buffer.from(envelope, 'base64')));
      return [{ ...step, envelopes: [whole.toString('base64')] }];
    },
  ],
  'a configuration as a block': [
    'CONFIGURATION_SKIPPED',
    (of) => [{ kind: 'block', signed: reconfiguration(of).signed, envelopes: [reconfiguration(of).envelope] }],
  ],
  'a configuration as a header': [
    'CONFIGURATION_SKIPPED',
    (of) => [linked(of), { kind: 'header', links: [], signed: reconfiguration(of).signed }],
  ],
  'a header under the configuration before': [
    'CONFIGURATION_STALE',
    (of) => {
      const step = reconfiguration(of);
      const envelope = transactionEnvelope(of.channel, 'later');
      const header = headerAfter({ ...headerOf(of, lastBlock), number: 7n }, envelope);
      const signed = signHeader({ ...header, number: 9n }, signingPlan(of.kind));
      return [step, { kind: 'block', signed, envelopes: [envelope.toString('base64')] }];
    },
  ],
  'a block that names itself as its configuration': [
    'CONFIGURATION_SKIPPED',
    (of) => [blockStep(of, lastBlock, signedHeader(of, lastBlock, { lastConfiguration: BigInt(lastBlock) }))],
  ],
  'an ordinary block as a configuration': [
    'PROOF_FOREIGN',
    (of) => {
      const signed = signedHeader(of, lastBlock, { lastConfiguration: BigInt(lastBlock) });
      return [{ kind: 'configuration', signed, envelope: block(of).envelopes[0] ?? '' }];
    },
  ],
  'a configuration under the one before': [
    'CONFIGURATION_STALE',
    (of) => {
      const { envelope } = reconfiguration(of);
      const { header } = configurationBlock(headerOf(of, lastBlock), configurationPlan(of.kind, { sequence: 1 }));
      return [{ kind: 'configuration', signed: signHeader(header, signingPlan(of.kind)), envelope }];
    },
  ],
  'a configuration that is none of the header': [
    'BLOCK_DATA_DIFFERS',
    (of) => [{ ...reconfiguration(of), envelope: reconfiguration(of, { sequence: 2 }).envelope }],
  ],
  'a configuration signed by those whom it brings': [
    'SIGNATURE_INVALID',
    (of) => {
      const consenters = newcomers();
      const plan = configurationPlan(of.kind, { sequence: 1, consenters });
      const { header, envelope } = configurationBlock(headerOf(of, lastBlock), plan);
      const signed = signHeader(
        header,
        signingPlan(of.kind, { lastConfiguration: header.number, signers: impostors(of.kind, consenters) }),
      );
      return [configurationStep(signed, envelope)];
    },
  ],
  'a configuration of another channel': ['PROOF_FOREIGN', (of) => [reconfiguration(of, { channel: 'microgrid' })]],
  'a configuration update that is not in force': ['PROOF_FOREIGN', (of) => [reconfiguration(of, { headerType: 2 })]],
  'a configuration one after the next': ['CONFIGURATION_SKIPPED', (of) => [reconfiguration(of, { sequence: 2 })]],
  'the configuration followed once more': ['CONFIGURATION_SKIPPED', (of) => [reconfiguration(of, { sequence: 0 })]],
  'a configuration that is followed by the block before': [
    'HEADER_NOT_NEWER',
    (of) => [reconfiguration(of), block(of)],
  ],
  'another consensus': [invalid, (of) => [reconfiguration(of, { consensus: 'kafka' })]],
  'no consensus': [invalid, (of) => [reconfiguration(of, { consensus: '' })]],
  'an unknown field in the configuration': [invalid, edited('config', more)],
  'an unknown field in the groups': [invalid, edited('group', more)],
  'an unknown field around the configuration': [invalid, edited('configEnvelope', more)],
  'an unknown field in the consensus': [invalid, edited('consensusType', more)],
  'the groups twice': [invalid, edited('group', twice)],
  'the configuration twice': [invalid, edited('configEnvelope', twice)],
  'the envelope twice': [invalid, edited('envelope', twice)],
  'an unknown field in the envelope': [invalid, edited('envelope', more)],
  'an unknown field in the payload': [invalid, edited('payload', more)],
  'a payload cut short': [invalid, edited('payload', (bytes) => bytes.subarray(0, -1))],
  'no groups': [invalid, edited('group', () => Buffer.alloc(0))],
  'a name twice among the groups': [
    invalid,
    edited('group', (bytes) =>
      Buffer.concat([bytes, message(...['Other', 'Other'].map((name) => [2, fabricMessage([1, name])] as const))]),
    ),
  ],
  'a header that was signed by too few for a configuration': [
    'ORDERERS_TOO_FEW',
    (of) => {
      const step = reconfiguration(of);
      return [{ ...step, signed: { ...step.signed, signatures: step.signed.signatures.slice(1) } }];
    },
  ],
  'a first header that another configuration is tied to': [
    'HEADER_UNLINKED',
    (of) => [linked(scenarioAfter(of)), reconfiguration(of)].slice(0, 1),
  ],
};

/** The same scenario with another block at the end. */
function scenarioAfter(of: Scenario): Scenario {
  const other = headerAfter({ ...headerOf(of, 5), dataHash: 'c'.repeat(64) }, Buffer.from('other'));
  return { ...of, headers: of.headers.map((own, number) => (number === lastBlock ? other : own)) };
}

function newcomers(): ConfigurationPlan['consenters'] {
  return members.map((member, place) => ({
    id: place + 1,
    identity: identityOf(member, { units: ['orderer'], commonNames: [`new.${member.mspId}`] }),
  }));
}

/** Under Raft whoever an organization certifies may sign, so there they take the certificates of others. */
function impostors(kind: ConsensusKind, consenters: ConfigurationPlan['consenters']): ConfigurationPlan['consenters'] {
  if (kind === 'bft') return consenters.slice(0, 3);
  return consenters
    .slice(0, 2)
    .map(({ id, identity }, place) => ({ id, identity: { ...(members[place] ?? grid).orderer, key: identity.key } }));
}

const serialOf = (certificate: string): string => readCertificate(certificate).serialNumber;
const revoking = [
  { ...organizationPlan(grid), revocationLists: [revocationList(grid, [serialOf(grid.orderer.certificate)])] },
  ...members.slice(1).map(organizationPlan),
];
const later = (of: Scenario, signers?: ConfigurationPlan['consenters']): FollowStep => {
  const envelope = transactionEnvelope(of.channel, 'later');
  const header = { ...headerAfter(headerOf(of, lastBlock), envelope), number: 9n };
  const plan = signingPlan(of.kind, { lastConfiguration: 7n, ...(signers === undefined ? {} : { signers }) });
  return { kind: 'block', signed: signHeader(header, plan), envelopes: [envelope.toString('base64')] };
};

const byzantine: Forgeries = {
  'Raft after BFT': [invalid, (of) => [reconfiguration(of, { consensus: 'etcdraft' })]],
  'no consenters': [invalid, (of) => [reconfiguration(of, { consenters: [] })]],
  'two consenters of one number': [
    invalid,
    (of) => [reconfiguration(of, { consenters: newcomers().map((one) => ({ ...one, id: 1 })) })],
  ],
  'a consenter without end of numbers': [
    invalid,
    (of) => [reconfiguration(of, { consenters: newcomers().map((one) => ({ ...one, id: -one.id })) })],
  ],
  'an unknown field among the consenters': [invalid, edited('orderers', more)],
  'consenters who were replaced': [
    'SIGNATURE_INVALID',
    (of) => [reconfiguration(of, { consenters: newcomers() }), later(of)],
  ],
  'a consenter who was removed': [
    'ORDERER_STRANGER',
    (of) => [reconfiguration(of, { consenters: configurationPlan('bft').consenters.slice(1) }), later(of)],
  ],
  'a consenter whose certificate was revoked': [
    'ORDERER_STRANGER',
    (of) => [reconfiguration(of, { orderers: revoking }), later(of)],
  ],
  'as many signatures as it took before there were more consenters': [
    'ORDERERS_TOO_FEW',
    (of) => {
      const { consenters } = configurationPlan('bft');
      const joining = newcomers().map(({ identity }, place) => ({ id: place + 5, identity }));
      return [reconfiguration(of, { consenters: [...consenters, ...joining] }), later(of)];
    },
  ],
  'one key for two consenters': [
    'ORDERER_STRANGER',
    (of) => {
      const one = { id: 1, identity: grid.orderer };
      const consenters = [one, { ...one, id: 2 }, { id: 3, identity: microgridMember.orderer }];
      return [reconfiguration(of, { consenters }), later(of, [{ ...one, id: 2 }])];
    },
  ],
};

const crash: Forgeries = {
  'an orderer whose certificate was revoked': [
    'ORDERER_REVOKED',
    (of) => [reconfiguration(of, { orderers: revoking }), later(of)],
  ],
  'an organization that was removed': [
    'ORDERER_STRANGER',
    (of) => [reconfiguration(of, { orderers: members.slice(1).map(organizationPlan) }), later(of)],
  ],
  'an authority that was replaced': [
    'ORDERER_STRANGER',
    (of) => {
      const caKey = keyNamed('the next authority');
      const next = identityOf(
        { ...grid, caKey },
        { authority: true, commonNames: [grid.caName], key: caKey, units: [] },
      );
      const orderers = [
        { ...organizationPlan(grid), caCertificates: [next.certificate] },
        ...members.slice(1).map(organizationPlan),
      ];
      return [reconfiguration(of, { orderers }), later(of)];
    },
  ],
  'another unit for orderers': [
    'SIGNER_NOT_ORDERER',
    (of) => [
      reconfiguration(of, {
        orderers: members.map((member) => ({ ...organizationPlan(member), units: { peer: 'peer', orderer: 'osn' } })),
      }),
      later(of),
    ],
  ],
};

/** All of them for a consensus protocol. */
export function stepForgeries(kind: ConsensusKind): readonly StepForgery[] {
  return Object.entries({ ...forgeries, ...(kind === 'bft' ? byzantine : crash) }).map(([name, [code, forge]]) => ({
    ...{ name, code },
    forge,
  }));
}
