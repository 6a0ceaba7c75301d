// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one construction, the parts of which must agree with each other.

import {
  chainIdCodec,
  configurationCodec,
  encode,
  laneCodec,
  limits,
  trustRecordCodec,
  type Configuration,
  type CustodyMode,
  type LaneCustody,
  type Lane,
  type TrustRecord,
} from '@gridpeg/protocol';
import { parseDuration } from '../input/parse-option';

interface WindowSource {
  readonly length: string;
  readonly quantity: string;
  readonly shards: number;
}

/** What a configuration is made of; the part of `NetworkState` that matters, and what lies in files. */
export interface ConfigurationSource {
  readonly chains: ReadonlyArray<{
    readonly name: string;
    readonly channel: string;
    readonly chainId: string;
    readonly members: readonly string[];
    readonly chaincodeName: string;
  }>;
  /** MSP root certificates, PEM, by MSP id */
  readonly caCertificates: ReadonlyMap<string, string>;
  /** Base64 of a P-256 SubjectPublicKeyInfo, by MSP id. */
  readonly notaryKeys: ReadonlyMap<string, string>;
  readonly peg: {
    readonly governance: { readonly delay: string; readonly urgentDelay?: string | undefined };
    /** The peg of the topology, with accounts as `issuers`. */
    readonly assets: ReadonlyArray<{
      readonly id: string;
      readonly unit: string;
      readonly issuers: readonly string[];
      readonly window: WindowSource;
    }>;
    readonly lanes: ReadonlyArray<{
      readonly id: string;
      readonly source: string;
      readonly destination: string;
      readonly custody: CustodySource;
      readonly assets: readonly string[];
      readonly maximumQuantity: string;
      readonly window?: WindowSource | undefined;
    }>;
    readonly committee: { readonly threshold: number; readonly notaries: readonly string[] };
    readonly proofPolicy: Readonly<Record<string, { readonly organizations: number }>>;
  };
}

/** A custody mode by its name, or the organization whose notary is the custodian. */
export type CustodySource = Exclude<CustodyMode, 'custodian'> | { readonly custodian: string };

type ChainSource = ConfigurationSource['chains'][number];

/**
 * Makes the first configuration of every chain.
 *
 * A chain's trust record comes out the same, byte for byte, in every configuration that holds it: certificates bind its
 * hash.
 *
 * @param inForce - trust records of chains that are at work, by name: how those are to be trusted by now
 * @returns by name of the chain
 * @throws Refused REQUEST_MALFORMED when something in the source can't be in a configuration
 * @see docs/spec/05-configuration.md
 */
export function buildConfigurations(
  source: ConfigurationSource,
  inForce: ReadonlyMap<string, TrustRecord> = new Map(),
): ReadonlyMap<string, Configuration> {
  const trustRecords = new Map(
    source.chains.map((chain) => [chain.name, inForce.get(chain.name) ?? trustRecordOf(chain, source)]),
  );
  return new Map(source.chains.map((chain) => [chain.name, configurationOf(chain, source, trustRecords)]));
}

/** Whether two configurations say the same, whatever their sequence. */
export function sameContent(a: Configuration, b: Configuration): boolean {
  return encode(configurationCodec, { ...a, sequence: 1 }) === encode(configurationCodec, { ...b, sequence: 1 });
}

function configurationOf(
  chain: ChainSource,
  source: ConfigurationSource,
  trustRecords: ReadonlyMap<string, TrustRecord>,
): Configuration {
  const lanes = source.peg.lanes.filter((lane) => [lane.source, lane.destination].includes(chain.name));
  // The chain itself first, then its counterparts in the order of the topology.
  const counterparts = source.chains.filter(
    ({ name }) => name !== chain.name && lanes.some((lane) => [lane.source, lane.destination].includes(name)),
  );
  return configurationCodec.decode(
    {
      version: 3,
      sequence: 1,
      chainId: chain.chainId,
      members: chain.members,
      delayMs: parseDuration(source.peg.governance.delay, 'governance.delay').toString(),
      urgentDelayMs: urgentDelayOf(source.peg.governance),
      assets: source.peg.assets.filter(({ id }) => id.startsWith(`${chain.channel}/`)).map(assetOf),
      chains: [chain, ...counterparts].map(({ name }) => {
        const trust = trustRecords.get(name);
        return trust === undefined ? undefined : trustRecordCodec.encode(trust);
      }),
      lanes: lanes.map((lane) => laneCodec.encode(laneOf(lane, source))),
    },
    chain.name,
  );
}

/** What takes trust away does not wait where a topology does not say so. */
function urgentDelayOf({ urgentDelay }: ConfigurationSource['peg']['governance']): string {
  return urgentDelay === undefined || urgentDelay.startsWith('0')
    ? '0'
    : parseDuration(urgentDelay, 'governance.urgentDelay').toString();
}

function assetOf({ id, unit, issuers, window }: ConfigurationSource['peg']['assets'][number]): unknown {
  return { version: 2, id, unit, issuers, window: windowOf(window, `window of asset ${id}`) };
}

function windowOf({ length, quantity, shards }: WindowSource, field: string): object {
  return { lengthMs: parseDuration(length, field).toString(), quantity, shards };
}

function trustRecordOf(chain: ChainSource, { caCertificates, notaryKeys, peg }: ConfigurationSource): TrustRecord {
  return trustRecordCodec.decode(
    {
      version: 1,
      chainId: chain.chainId,
      chaincodeName: chain.chaincodeName,
      organizations: chain.members.map((mspId) => ({
        mspId,
        caCertificates: [caCertificates.get(mspId)],
        peerUnit: 'peer',
        revokedSerials: [],
      })),
      minimumOrganizations: peg.proofPolicy[chain.name]?.organizations,
      committee: {
        epoch: 1,
        threshold: peg.committee.threshold,
        notaries: peg.committee.notaries.map((mspId) => ({ mspId, publicKey: notaryKeys.get(mspId) })),
      },
    },
    `trust record of ${chain.name}`,
  );
}

function laneOf(
  lane: ConfigurationSource['peg']['lanes'][number],
  { chains, peg, notaryKeys }: ConfigurationSource,
): Lane {
  const back = peg.lanes.find(({ source, destination }) => source === lane.destination && destination === lane.source);
  const chainIdOf = (name: string): string => {
    const chainId = chains.find((chain) => chain.name === name)?.chainId;
    return chainIdCodec.decode(chainId, `chain ${name} of lane ${lane.id}`);
  };
  const window = lane.window ?? defaultWindow(lane.maximumQuantity);
  return laneCodec.decode(
    {
      id: lane.id,
      returnLaneId: back?.id,
      sourceChainId: chainIdOf(lane.source),
      destinationChainId: chainIdOf(lane.destination),
      assets: lane.assets,
      maximumQuantity: lane.maximumQuantity,
      window: windowOf(window, `window of lane ${lane.id}`),
      ...writtenCustody(lane, notaryKeys),
    },
    `lane ${lane.id}`,
  );
}

/** The version and the custody of a lane as its codec writes them. */
function writtenCustody(
  { custody }: ConfigurationSource['peg']['lanes'][number],
  notaryKeys: ConfigurationSource['notaryKeys'],
): object {
  if (custody === 'federation') return { version: 2, custody };
  if (custody === 'notary') return { version: 3, custody: { mode: custody } };
  const { custodian: mspId } = custody;
  return { version: 3, custody: { mode: 'custodian', custodian: { mspId, publicKey: notaryKeys.get(mspId) } } };
}

/** A lane's custody as a topology says it. */
export function custodySourceOf(custody: LaneCustody): CustodySource {
  return custody.mode === 'custodian' ? { custodian: custody.custodian.mspId } : custody.mode;
}

/**
 * Where a topology says nothing: in an hour a hundred times the largest packet, or what a quantity can be; in as many
 * parts, up to 64, as leave each of them the largest packet, which the chain asks for.
 */
function defaultWindow(maximumQuantity: string): NonNullable<ConfigurationSource['peg']['lanes'][number]['window']> {
  const largest = BigInt(maximumQuantity);
  const hundred = largest * 100n;
  const quantity = hundred < limits.quantity ? hundred : limits.quantity;
  const shards = quantity / largest;
  return { length: '1h', quantity: quantity.toString(), shards: shards < 64n ? Number(shards) : 64 };
}
