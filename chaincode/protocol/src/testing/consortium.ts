// SPDX-License-Identifier: Apache-2.0

import { type Asset } from '../records/asset';
import { type PacketBatch, type ReceiptBatch } from '../records/batch';
import { type Configuration, type Lane, type TrustRecord, versionedCustody } from '../records/configuration';
import { type LaneCustody } from '../records/custody';
import { hash } from '../codec/hash';
import {
  type Account,
  accountCodec,
  type AssetId,
  assetIdCodec,
  type ChainId,
  chainIdCodec,
  channelOf,
  type LaneId,
  laneIdCodec,
  limits,
  packetIdOf,
  type TxId,
  txIdCodec,
} from '../codec/identifiers';
import { type Packet, type Receipt } from '../records/records';
import { packetHashOf } from '../records/batch';
import { publicKeyOf } from './certificate-writer';
import { members } from './members';

/** Three chains of the same four organizations, six lanes, one asset: what the tests of protocol and peg are about. */

function chainIdNamed(channel: string): ChainId {
  return chainIdCodec.decode(`${channel}-${hash('test/genesis', channel)}`, 'chainId');
}
export const city = chainIdNamed('city');
export const microgrid = chainIdNamed('microgrid');
export const charging = chainIdNamed('charging');
export const chainIds: readonly ChainId[] = [city, microgrid, charging];

export const energy: AssetId = assetIdCodec.decode('city/energy', 'asset');

/** The account of a client of one of the members. */
export function accountNamed(name: string): Account {
  return accountCodec.decode(name, 'account');
}
export const alice = accountNamed('GridMSP/alice');
export const bob = accountNamed('ChargingMSP/bob');

/** A transaction id made of a name. */
export function txIdNamed(name: string): TxId {
  return txIdCodec.decode(hash('test/transaction', name), 'txId');
}

/** The lane between two of the chains. */
export function laneBetween(
  source: ChainId,
  destination: ChainId,
  {
    custody = { mode: 'federation' },
    ...changes
  }: Partial<Omit<Lane, 'version' | 'custody'>> & { readonly custody?: LaneCustody } = {},
): Lane {
  return {
    id: laneIdBetween(source, destination),
    returnLaneId: laneIdBetween(destination, source),
    sourceChainId: source,
    destinationChainId: destination,
    assets: [energy],
    maximumQuantity: 1_000_000n,
    window: { lengthMs: 3_600_000n, quantity: 100_000_000n, shards: 4 },
    ...changes,
    ...versionedCustody(custody),
  };
}

export function laneIdBetween(source: ChainId, destination: ChainId): LaneId {
  return laneIdCodec.decode(`${channelOf(source)}-to-${channelOf(destination)}`, 'laneId');
}

/** What a verifier holds of one of the chains: two organizations' peers, three of four notaries. */
export function trustIn(chainId: ChainId, changes: Partial<TrustRecord> = {}): TrustRecord {
  return {
    version: 1,
    chainId,
    chaincodeName: 'gridpeg',
    organizations: members.map(({ mspId, caCertificate }) => ({
      mspId,
      caCertificates: [caCertificate],
      peerUnit: 'peer',
      revokedSerials: [],
    })),
    minimumOrganizations: 2,
    committee: {
      epoch: 7,
      threshold: 3,
      notaries: members.map(({ mspId, notaryKey }) => ({ mspId, publicKey: publicKeyOf(notaryKey) })),
    },
    ...changes,
  };
}

/** The asset at home in the city; two accounts may issue it, one of them the client of {@link members}. */
export const energyAsset: Asset = {
  version: 2,
  id: energy,
  unit: 'Wh',
  issuers: [alice, accountNamed('GridMSP/User1@GridMSP')],
  window: { lengthMs: 3_600_000n, quantity: limits.quantity, shards: 1 },
};

/** The first configuration of one of the chains: the other two, and the four lanes between. */
export function configurationOf(chainId: ChainId, changes: Partial<Configuration> = {}): Configuration {
  const others = chainIds.filter((other) => other !== chainId);
  return {
    version: 3,
    sequence: 1,
    chainId,
    members: members.map(({ mspId }) => mspId),
    delayMs: 86_400_000n,
    urgentDelayMs: 0n,
    assets: chainId === city ? [energyAsset] : [],
    chains: chainIds.map((chain) => trustIn(chain)),
    lanes: others.flatMap((other) => [laneBetween(chainId, other), laneBetween(other, chainId)]),
    ...changes,
  };
}

/** A packet of 100 Wh from the city to the charging chain, but for the changes; its id follows from them. */
export function packetWith(changes: Partial<Packet> = {}): Packet {
  const source = changes.sourceChainId ?? city;
  const destination = changes.destinationChainId ?? charging;
  const txId = changes.txId ?? txIdNamed('send');
  const index = changes.index ?? 0;
  return {
    version: 1,
    id: packetIdOf(source, txId, index),
    laneId: laneIdBetween(source, destination),
    sourceChainId: source,
    destinationChainId: destination,
    txId,
    index,
    kind: 'transfer',
    sender: alice,
    recipient: bob,
    asset: energy,
    label: { home: city, path: [] },
    quantity: 100n,
    memo: 'session 17',
    deadlineMs: 1_700_000_600_000n,
    ...changes,
  };
}

/** The packets' batch, ends and lane as those of the first, as the export of their transactions answers. */
export function packetBatchOf(...entries: readonly [Packet, ...Packet[]]): PacketBatch {
  const { laneId, sourceChainId, destinationChainId } = entries[0];
  const txIds = [...new Set(entries.map(({ txId }) => txId))];
  return { version: 2, kind: 'packets', laneId, sourceChainId, destinationChainId, txIds, entries };
}

/** The answer to a packet. */
export function receiptFor(packet: Packet, changes: Partial<Receipt> = {}): Receipt {
  const { id: packetId, laneId } = packet;
  return { version: 1, packetId, packetHash: packetHashOf(packet), laneId, outcome: 'received', code: '', ...changes };
}

/** The receipts' batch for the lane of a packet, travelling against it. */
export function receiptBatchOf(packet: Packet, ...entries: readonly Receipt[]): ReceiptBatch {
  const { laneId, sourceChainId, destinationChainId } = packet;
  return {
    version: 2,
    kind: 'receipts',
    laneId,
    sourceChainId: destinationChainId,
    destinationChainId: sourceChainId,
    txIds: [txIdNamed('receive')],
    entries,
  };
}
