// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { signMessage } from '@gridpeg/protocol';
import { issueCertificate, keyNamed } from '@gridpeg/protocol/testing';
import { credentials } from '@grpc/grpc-js';
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { type ChainName, type OrganizationName, type TestNetwork } from './test-network';

/** The maps of google-protobuf, whose types do not come with it. */
interface MessageMap<Value> {
  get(name: string): Value | undefined;
  set(name: string, value: Value): unknown;
}
const groupsOf = (group: common.ConfigGroup): MessageMap<common.ConfigGroup> =>
  group.getGroupsMap() as MessageMap<common.ConfigGroup>;
const valuesOf = (group: common.ConfigGroup): MessageMap<common.ConfigValue> =>
  group.getValuesMap() as MessageMap<common.ConfigValue>;

/** A certificate authority as Fabric takes it into an MSP: with a subject key identifier, and certificates to sign. */
export function nextAuthority(): string {
  const key = keyNamed('the next authority');
  return issueCertificate({
    ...{ issuer: 'ca.next', issuerKey: key, commonNames: ['ca.next'], units: [], key, serial: '01' },
    ...{ notAfter: '491231235959Z', authority: true, keyUsage: undefined },
    extensions: [
      ['551d13', '30030101ff'],
      ['551d0f', '03020106'],
      ['551d0e', `0414${'ab'.repeat(20)}`],
    ],
  });
}

/**
 * Changes an organization's MSP in a channel that has its first configuration, by an update that its administrator
 * signs and sends to the first orderer.
 *
 * @returns once the orderer has taken it; the block comes later
 */
export async function updateMsp(
  network: TestNetwork,
  chain: ChainName,
  organization: OrganizationName,
  change: (config: msp.FabricMSPConfig) => void,
): Promise<void> {
  const envelope = updateEnvelope(network, chain, organization, change);
  const [first] = network.chain(chain).orderers;
  if (first === undefined) throw new Error(`${chain} has no orderer`);
  const tls = credentials.createSsl(readFileSync(first.tlsCaCertFile));
  const client = new orderer.AtomicBroadcastClient(first.endpoint, tls, {
    'grpc.ssl_target_name_override': first.hostAlias,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const stream = client.broadcast();
      stream.on('error', reject);
      stream.on('data', (response: orderer.BroadcastResponse) => {
        if (response.getStatus() === common.Status.SUCCESS) resolve();
        else reject(new Error(`the orderer refused the update: ${response.getInfo()}`));
      });
      stream.write(envelope);
      stream.end();
    });
  } finally {
    client.close();
  }
}

function updateEnvelope(
  network: TestNetwork,
  chain: ChainName,
  organization: OrganizationName,
  change: (config: msp.FabricMSPConfig) => void,
): common.Envelope {
  const { channel, genesisBlockFile } = network.chain(chain);
  const update = new common.ConfigUpdate();
  update.setChannelId(channel);
  const current = applicationIn(readFileSync(genesisBlockFile));
  const [name, group] = organizationIn(current, organization);
  update.setReadSet(channelOf(current, name, outlineOf(group)));
  update.setWriteSet(channelOf(current, name, changedGroup(group, change)));
  const admin = network.identity(organization, 'Admin');
  const sign = (...parts: readonly Uint8Array[]): Buffer =>
    signMessage(createPrivateKey(admin.privateKey), Buffer.concat(parts));
  const identity = new msp.SerializedIdentity();
  identity.setMspid(organization);
  identity.setIdBytes(Buffer.from(admin.certificate));
  const signer = (): Uint8Array => {
    const header = new common.SignatureHeader();
    header.setCreator(identity.serializeBinary());
    header.setNonce(randomBytes(24));
    return header.serializeBinary();
  };
  const signature = new common.ConfigSignature();
  signature.setSignatureHeader(signer());
  signature.setSignature(sign(signature.getSignatureHeader_asU8(), update.serializeBinary()));
  const data = new common.ConfigUpdateEnvelope();
  data.setConfigUpdate(update.serializeBinary());
  data.setSignaturesList([signature]);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG_UPDATE);
  channelHeader.setChannelId(channel);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signer());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(data.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(sign(envelope.getPayload_asU8()));
  return envelope;
}

function applicationIn(genesis: Uint8Array): common.ConfigGroup {
  const [envelope = new Uint8Array()] = common.Block.deserializeBinary(genesis).getData()?.getDataList_asU8() ?? [];
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const config = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig();
  const application = groupsOf(config?.getChannelGroup() ?? new common.ConfigGroup()).get('Application');
  if (application === undefined) throw new Error('a channel without members');
  return application;
}

/** The group of an organization, by whatever name the channel has for it. */
function organizationIn(application: common.ConfigGroup, mspId: string): readonly [string, common.ConfigGroup] {
  const groups = application.getGroupsMap() as unknown as { entries(): IterableIterator<[string, common.ConfigGroup]> };
  const found = [...groups.entries()].find(([, group]) => mspIn(group).getName() === mspId);
  if (found === undefined) throw new Error(`${mspId} is no member`);
  return found;
}

function mspIn(group: common.ConfigGroup): msp.FabricMSPConfig {
  const value = valuesOf(group).get('MSP')?.getValue_asU8() ?? new Uint8Array();
  return msp.FabricMSPConfig.deserializeBinary(msp.MSPConfig.deserializeBinary(value).getConfig_asU8());
}

/** A channel with nothing but that organization. */
function channelOf(application: common.ConfigGroup, name: string, group: common.ConfigGroup): common.ConfigGroup {
  const members = outlineOf(application);
  groupsOf(members).set(name, group);
  const channel = new common.ConfigGroup();
  groupsOf(channel).set('Application', members);
  return channel;
}

/** A group as an update names it where it does not change. */
function outlineOf(group: common.ConfigGroup): common.ConfigGroup {
  const outline = new common.ConfigGroup();
  outline.setVersion(group.getVersion());
  return outline;
}

function changedGroup(group: common.ConfigGroup, change: (config: msp.FabricMSPConfig) => void): common.ConfigGroup {
  const fabric = mspIn(group);
  change(fabric);
  const config = new msp.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  const before = valuesOf(group).get('MSP') ?? new common.ConfigValue();
  const value = new common.ConfigValue();
  value.setVersion(before.getVersion() + 1);
  value.setModPolicy(before.getModPolicy());
  value.setValue(config.serializeBinary());
  const changed = outlineOf(group);
  changed.setModPolicy(group.getModPolicy());
  valuesOf(changed).set('MSP', value);
  return changed;
}
