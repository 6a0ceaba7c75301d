// SPDX-License-Identifier: Apache-2.0

import { custodyModes } from '@gridpeg/protocol';
import { z } from 'zod';

import { collectionsSchema } from './collections';
import { parseDuration } from '../runtime/duration';

const mspId = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9.-]{0,62}$/, 'an MSP id: a letter, then letters, digits, dots, dashes');
const label = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,31}$/, 'a letter, then letters, digits and dashes, 32 at most');
const domain = z
  .string()
  .max(100)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    'a lower-case domain such as grid.example.com',
  );
const hostLabel = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a lower-case host name such as peer0');
const channel = z
  .string()
  .regex(/^[a-z][a-z0-9.-]{0,63}$/, 'a channel name: a-z, then a-z, 0-9, dots and dashes, 64 at most');
const chaincodeName = z
  .string()
  .regex(/^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/, "a chaincode name by Fabric's rule")
  .max(50);
/** Goes into Fabric's configuration as it is. */
const batchTimeout = z.string().regex(/^[1-9][0-9]{0,6}(ms|s)$/, 'a duration such as 100ms or 2s');
const period = z.string().refine((text) => (parseDuration(text) ?? 0n) > 0n, 'a duration such as 30s, 10m, 2h or 1d');
const pause = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 0s, 30s, 10m, 2h or 1d');
const quantity = z
  .string('a whole number as a quoted string')
  .regex(/^[1-9][0-9]{0,17}$/, 'a whole number above 0 of at most 18 digits, as a quoted string');
const lifetime = z.string().regex(/^[1-9][0-9]{0,5}h$/, 'whole hours such as 720h');
const count = z.int().min(1).max(100);

const user = z.strictObject({
  name: z.string().regex(/^User[1-9]$/, 'User1, User2 and so on, as cryptogen names them'),
  role: z.enum(['operator', 'notary', 'client']),
});

const organization = z.strictObject({
  mspId,
  name: label,
  domain,
  users: z.array(user).min(1).max(9).readonly(),
  peers: z
    .array(z.strictObject({ name: hostLabel, chain: label }))
    .min(1)
    .max(16)
    .readonly(),
});

/** Who must endorse: more than half of the members, a number of them, or a policy in Fabric's own syntax. */
const endorsement = z.union(
  [
    z.literal('majority'),
    z.strictObject({ organizations: count }),
    z.strictObject({ policy: z.string().min(1).max(2000) }),
  ],
  'allowed here: majority, { organizations: 2 }, or { policy: "OutOf(1,\'AMSP.peer\')" }',
);

const chaincode = z.strictObject({
  name: chaincodeName,
  path: z.string().min(1).max(500),
  endorsement: endorsement.default('majority'),
  collections: collectionsSchema.optional(),
});

const ordering = z.strictObject({
  mspId,
  name: label,
  domain,
  // As Fabric calls them: Raft, which tolerates crashes, and SmartBFT, which tolerates lies.
  consensus: z.enum(['etcdraft', 'BFT']),
  orderers: z.array(hostLabel).min(1).max(9).readonly(),
  batchTimeout: batchTimeout.default('100ms'),
  maxMessageCount: z.int().min(1).max(10_000).default(500),
});

const chain = z.strictObject({
  name: label,
  channel,
  // Governance needs a majority, and a proof two organizations.
  members: z.array(mspId).min(2).max(32).readonly(),
  ordering,
  chaincode,
});

/** What a lane may move of each asset in a time, counted in that many parts. */
const window = z.strictObject({ length: period, quantity, shards: z.int().min(1).max(256) });

/** A custody mode; a custodian is named, by the organization whose notary is appointed. */
const custody = z.union(
  [z.enum(custodyModes).exclude(['custodian']), z.strictObject({ custodian: mspId })],
  'allowed here: "federation", "notary", or { custodian: RegulatorMSP }',
);

const lane = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a lane id: a-z, then a-z, 0-9 and dashes, as city-microgrid'),
  source: label,
  destination: label,
  custody,
  assets: z.array(z.string()).min(1).max(50).readonly(),
  maximumQuantity: quantity,
  // By default an hour, and a hundred times the largest packet.
  window: window.optional(),
});

/** An organization's operator, or one of its users by name. */
const party = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9.-]{0,62}(\/(Admin|User[1-9]))?$/, 'an MSP id, or with a user: Org1MSP/Admin');

/** A party, or an account in full, whose keys may be anywhere. */
const issuer = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9.-]{0,62}(\/(Admin|User[1-9]|[A-Za-z0-9._-]{1,64}@[A-Za-z0-9._-]{1,63}))?$/,
    'an MSP id, or with a user: Org1MSP/User1 or Org1MSP/User1@org1.example.com',
  );

const peg = z.strictObject({
  // How long an approved change waits that could move value; a network that holds any wants hours or days.
  // What only takes trust away, or adds something new, waits for the urgent delay; 0s: not at all.
  governance: z
    .strictObject({ delay: period, urgentDelay: pause.default('0s') })
    .default({ delay: '60s', urgentDelay: '0s' }),
  assets: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9.-]{0,63}\/[a-z][a-z0-9-]{0,31}$/, 'home channel, slash, name: city/energy'),
        unit: z.string().regex(/^[A-Za-z0-9 -]{1,32}$/, 'a unit such as Wh: letters, digits, blanks, dashes'),
        // Who may issue it, and how much they may together.
        issuers: z.array(issuer).max(32).readonly(),
        window,
      }),
    )
    .max(50)
    .readonly(),
  lanes: z.array(lane).max(64).readonly(),
  committee: z.strictObject({ threshold: count, notaries: z.array(mspId).min(2).max(32).readonly() }),
  proofPolicy: z.record(label, z.strictObject({ organizations: z.int().min(2).max(32) })).readonly(),
  // Who plays which part in `gridpeg day`; a topology without can do everything else.
  day: z.strictObject({ utility: party, microgridOperator: party, chargingOperator: party }).optional(),
});

/** Whether organizations enrol identities with a Fabric CA of their own, and for how long their certificates hold. */
const ca = z.union([z.boolean(), z.strictObject({ lifetime })], 'true, false, or { lifetime: 720h }').default(false);

/** The shape of a topology file; what refers to what is checked by `crossReferenceFaults`. */
export const topologySchema = z.strictObject({
  name: label,
  ca,
  organizations: z.array(organization).min(1).max(50).readonly(),
  chains: z.array(chain).min(1).max(16).readonly(),
  peg,
});

/** A whole network as data: organizations, chains, and the peg between the chains. */
export type Topology = z.output<typeof topologySchema>;
/** A member organization: its MSP id, domain, users, and one peer for every chain it is a member of. */
export type Organization = Topology['organizations'][number];
/** One Fabric channel with its ordering service and its chaincode. */
export type Chain = Topology['chains'][number];
/** Who must endorse a transaction of a chaincode. */
export type Endorsement = z.output<typeof endorsement>;
/** The two-way peg: assets, lanes, committee and proof policies. Passed on to the gateway application unchanged. */
export type Peg = Topology['peg'];
/** A directed pair of chains with its rules. */
export type Lane = Peg['lanes'][number];

/** Milliseconds of a duration that the schema has read. */
export function milliseconds(text: string): number {
  return Number(parseDuration(text));
}
