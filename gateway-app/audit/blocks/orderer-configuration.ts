// SPDX-License-Identifier: Apache-2.0

import { readRevocationList, type RevocationList } from '@gridpeg/protocol';
import { common, msp, orderer } from '@hyperledger/fabric-protos';

/** HeaderType CONFIG. */
const configTransaction = 1;

/** The maps of google-protobuf, whose types do not come with it. */
interface MessageMap<Value> {
  get(name: string): Value | undefined;
  set(name: string, value: Value): unknown;
  entries(): IterableIterator<[string, Value]>;
}

export function groupsOf(group: common.ConfigGroup): MessageMap<common.ConfigGroup> {
  return group.getGroupsMap() as MessageMap<common.ConfigGroup>;
}

export function valuesOf(group: common.ConfigGroup): MessageMap<common.ConfigValue> {
  return group.getValuesMap() as MessageMap<common.ConfigValue>;
}

/** An organization that runs orderers. */
export interface OrdererOrganization {
  /** PEM, of root and intermediate authorities */
  readonly caCertificates: readonly string[];
  /** The organizational unit of orderers' certificates; undefined where the organization does not use roles. */
  readonly unit: string | undefined;
  readonly revocationLists: readonly RevocationList[];
}

/**
 * Who may sign a chain's blocks. With crash fault tolerance one orderer's signature is enough, whose certificate an
 * orderer organization issued; with Byzantine fault tolerance it takes a quorum of the consenters that the
 * configuration lists.
 */
export type OrdererConfiguration = { readonly organizations: ReadonlyMap<string, OrdererOrganization> } & (
  | { readonly kind: 'crash-tolerant' }
  | {
      readonly kind: 'byzantine-tolerant';
      /** By number. */
      readonly consenters: ReadonlyMap<number, Consenter>;
      readonly quorum: number;
    }
);

interface Consenter {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
}

/**
 * Reads who may sign the blocks that follow a configuration block.
 *
 * @returns undefined when the block holds no configuration
 * @throws Error when it holds one that lacks what it must have
 */
export function ordererConfigurationIn(block: common.Block): OrdererConfiguration | undefined {
  const channel = channelGroupIn(block);
  return channel === undefined ? undefined : readConfiguration(channel);
}

/**
 * The organizations that are members of a channel, as its first block says.
 *
 * @returns certificates of their authorities, PEM, by MSP id
 */
export function channelMembersIn(firstBlock: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const channel = channelGroupIn(common.Block.deserializeBinary(firstBlock));
  const group = channel === undefined ? undefined : groupsOf(channel).get('Application');
  if (group === undefined) throw new Error('a first block without members');
  return new Map([...organizationsOf(group)].map(([mspId, { caCertificates }]) => [mspId, caCertificates]));
}

function channelGroupIn(block: common.Block): common.ConfigGroup | undefined {
  const [envelope] = block.getData()?.getDataList_asU8() ?? [];
  if (envelope === undefined) return undefined;
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
  );
  if (header.getType() !== configTransaction) return undefined;
  const channel = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig()?.getChannelGroup();
  if (channel === undefined) throw new Error('a configuration of nothing');
  return channel;
}

function readConfiguration(channel: common.ConfigGroup): OrdererConfiguration {
  const group = groupsOf(channel).get('Orderer');
  if (group === undefined) throw new Error('a configuration without orderers');
  const type = orderer.ConsensusType.deserializeBinary(valueOf(group, 'ConsensusType')).getType();
  const organizations = organizationsOf(group);
  if (type !== 'BFT') return { kind: 'crash-tolerant', organizations };
  const consenters = common.Orderers.deserializeBinary(valueOf(group, 'Orderers')).getConsenterMappingList();
  return {
    kind: 'byzantine-tolerant',
    organizations,
    consenters: new Map(
      consenters.map((each) => [
        each.getId(),
        { mspId: each.getMspId(), certificate: textOf(each.getIdentity_asU8()) },
      ]),
    ),
    quorum: quorumOf(consenters.length),
  };
}

/** Of n consenters f = floor((n - 1) / 3) may lie, so that ceil((n + f + 1) / 2) are a quorum. */
function quorumOf(count: number): number {
  return Math.ceil((count + Math.floor((count - 1) / 3) + 1) / 2);
}

function organizationsOf(group: common.ConfigGroup): ReadonlyMap<string, OrdererOrganization> {
  const organizations = [...groupsOf(group).entries()].map(([, organization]) => {
    const config = msp.MSPConfig.deserializeBinary(valueOf(organization, 'MSP')).getConfig_asU8();
    const fabric = msp.FabricMSPConfig.deserializeBinary(config);
    const units = fabric.getFabricNodeOus();
    const unit =
      units?.getEnable() === true ? units.getOrdererOuIdentifier()?.getOrganizationalUnitIdentifier() : undefined;
    const authorities = [...fabric.getRootCertsList_asU8(), ...fabric.getIntermediateCertsList_asU8()];
    const revocationLists = fabric.getRevocationListList_asU8().map((list) => readRevocationList(Buffer.from(list)));
    return [fabric.getName(), { caCertificates: authorities.map(textOf), unit, revocationLists }] as const;
  });
  return new Map(organizations);
}

function valueOf(group: common.ConfigGroup, name: string): Uint8Array {
  const value = valuesOf(group).get(name);
  if (value === undefined) throw new Error(`a configuration without ${name}`);
  return value.getValue_asU8();
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
