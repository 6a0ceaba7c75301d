// SPDX-License-Identifier: Apache-2.0

import {
  configurationCodec,
  custodianOf,
  decode,
  encode,
  limits,
  Refused,
  type AssetStatusRecord,
  type Committee,
  type Configuration,
  type EvidenceRecord,
  type FormerTrust,
  type Lane,
  type LaneStatusRecord,
  type Notary,
  type NotaryStatusRecord,
  type PastCommittee,
  type Replacement,
  type TrustRecord,
  type TxId,
} from '@gridpeg/protocol';

/** What a governing decision wants written. */
export interface GovernanceChanges {
  readonly configuration?: Configuration;
  readonly laneStatuses: readonly LaneStatusRecord[];
  readonly notaries: readonly NotaryStatusRecord[];
  /** Committees that are in force no longer, with the chains that they signed for. */
  readonly pastCommittees?: readonly PastCommittee[];
  /** Trust records that evidence is still judged under. */
  readonly formerTrust?: readonly FormerTrust[];
  readonly evidence?: EvidenceRecord;
  readonly assets?: readonly AssetStatusRecord[];
  readonly replacements?: readonly Replacement[];
}

/** Notaries' keys that this ledger knows, by public key. */
export type KnownNotaries = ReadonlyMap<string, NotaryStatusRecord>;

/** Those whose keys a configuration names: committees, and custodians of lanes. */
interface Signing {
  readonly chains: readonly { readonly committee: Pick<Committee, 'notaries'> }[];
  readonly lanes: readonly Pick<Lane, 'custody'>[];
}

/** Every signer that a configuration names, as often as it does. */
export function signersIn({ chains, lanes }: Signing): readonly Notary[] {
  const custodians = lanes.flatMap(({ custody }) => custodianOf(custody) ?? []);
  return [...chains.flatMap(({ committee }) => committee.notaries), ...custodians];
}

/** Every key that a configuration names, each once. */
export function notaryKeysOf(configuration: Signing): readonly string[] {
  return [...new Set(signersIn(configuration).map(({ publicKey }) => publicKey))];
}

/** Keys that do not count. */
export function suspendedAmong(known: KnownNotaries): ReadonlySet<string> {
  return new Set([...known.values()].filter(({ state }) => state === 'suspended').map(({ publicKey }) => publicKey));
}

/**
 * A configuration with the records of the keys that come into force with it for the first time.
 *
 * @throws Refused CONFIGURATION_INVALID when a ledger would not read it back
 */
export function configured(configuration: Configuration, known: KnownNotaries, txId: TxId): GovernanceChanges {
  checkReadable(configuration);
  const fresh = new Map<string, NotaryStatusRecord>();
  for (const { mspId, publicKey } of signersIn(configuration)) {
    if (known.has(publicKey) || fresh.has(publicKey)) continue;
    fresh.set(publicKey, { version: 1, publicKey, mspId, state: 'trusted', lanes: [], txId });
  }
  return { configuration, laneStatuses: [], notaries: [...fresh.values()] };
}

/** The committees in force that another configuration replaces: evidence may be of an epoch that is over. */
export function replacedBy(next: Configuration, { chains }: Configuration): readonly PastCommittee[] {
  const epochs = new Map(next.chains.map(({ chainId, committee }) => [chainId, committee.epoch]));
  const replaced = chains.filter(({ chainId, committee }) => epochs.get(chainId) !== committee.epoch);
  return replaced.map(({ chainId, committee }) => ({ version: 1, chainId, committee }));
}

/**
 * What is put in force is read back by the rule that it is stored by: a number or a length beyond a bound stops here.
 */
function checkReadable(configuration: Configuration): void {
  try {
    decode(configurationCodec, encode(configurationCodec, configuration), limits.configurationLength);
  } catch (error) {
    if (!(error instanceof Refused) || error.refusal.code !== 'REQUEST_MALFORMED') throw error;
    const { field, expected } = error.refusal;
    throw new Refused({
      code: 'CONFIGURATION_INVALID',
      field: field === '' ? 'configuration' : field,
      expected,
    });
  }
}

/** The configuration with another committee in some trust records, one sequence later. */
export function withCommittee(
  configuration: Configuration,
  concerns: (trust: TrustRecord) => boolean,
  committeeFor: (trust: TrustRecord) => Committee,
): Configuration {
  return {
    ...configuration,
    sequence: configuration.sequence + 1,
    chains: configuration.chains.map((trust) =>
      concerns(trust) ? { ...trust, committee: committeeFor(trust) } : trust,
    ),
  };
}
