// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: the questions to peers and the facts that their answers become belong together.

import { createHash } from 'node:crypto';
import { common, msp, peer as peerMessages } from '@hyperledger/fabric-protos';
import {
  currentConfiguration,
  decodeRequest,
  emptyRequestCodec,
  encode,
  storedConfigurationCodec,
  type Configuration,
} from '@gridpeg/protocol';
import { orderersIn, PegError, PeerProbe, type ClientIdentity, type PeerEndpoint } from '../client';

/** A peer to ask, with the chaincode service of its organization. */
export interface PeerToAsk extends PeerEndpoint {
  readonly name: string;
  /** An administrator of its organization. */
  readonly identity: ClientIdentity;
  /** Whether it is asked; one that is known to be dead or paused is not. */
  readonly isRunning: boolean;
  readonly service: ServiceFacts;
}

/** A chaincode service as it was started. */
interface ServiceFacts {
  readonly name: string;
  readonly isRunning: boolean;
  /** The address under which it answers its peer. */
  readonly packageId: string | undefined;
}

/** A chain whose peers are asked. */
export interface ChainToAsk {
  readonly name: string;
  readonly channel: string;
  readonly chaincodeName: string;
  readonly members: readonly string[];
  /** Whether gridpeg runs its nodes. */
  readonly isOurs: boolean;
  readonly peers: readonly PeerToAsk[];
}

/** The answers of one peer. */
export interface PeerFacts {
  readonly name: string;
  readonly organization: string;
  readonly isRunning: boolean;
  /** The number of blocks, first and a moment later; undefined when it does not answer. */
  readonly height: bigint | undefined;
  readonly heightLater: bigint | undefined;
  /** A hash of the last block that all peers have, and of what the peer concluded from it. */
  readonly block: BlockFacts | undefined;
  readonly approvedPackage: string | undefined;
  readonly service: ServiceFacts;
  /** What went wrong when its chaincode was called; undefined when it answered, or was not called. */
  readonly chaincodeProblem: string | undefined;
  /** Why no orderer takes what it submits; undefined when one does, or the peer was not asked. */
  readonly orderingProblem: string | undefined;
}

/** One block as one peer stores it. */
interface BlockFacts {
  readonly number: bigint;
  /** Hex, over header, data, verdicts on the transactions, and the peer's hash of the state after it. */
  readonly digest: string;
  /** Whether its data has the hash that its header says. */
  readonly isIntact: boolean;
}

/** The answers of the peers of one chain. */
export interface ChainFacts {
  readonly name: string;
  readonly isOurs: boolean;
  readonly peers: readonly PeerFacts[];
  /** Members without an anchor peer; undefined when nobody could be asked. */
  readonly withoutAnchor: readonly string[] | undefined;
  /** The orderers that know no leader, if none that can be reached from here knows one. */
  readonly leaderless: readonly string[];
  /** The peg's configuration on the ledger, or the refusal's code. */
  readonly configuration: Configuration | string | undefined;
}

/** When the questions are given up whose answers others need, and when all are; a check may take a little longer. */
const FIRST_MS = 1600;
const LAST_MS = 2200;

/**
 * Asks every peer of a chain that runs, all at the same time, for what ledgers can be judged by.
 *
 * @param slowness - what time limits are multiplied by, at least 1
 */
export async function askChain(chain: ChainToAsk, slowness: number): Promise<ChainFacts> {
  const start = Date.now();
  const first = start + FIRST_MS * slowness;
  const last = start + LAST_MS * slowness;
  const probes = new Map(
    chain.peers
      .filter(({ isRunning }) => isRunning)
      .map((peer) => [peer.name, new PeerProbe(peer, chain.channel, peer.identity)]),
  );
  try {
    const [some] = probes.values();
    const ownFacts = Promise.all([
      some === undefined ? undefined : answerOf(some.channelConfig(last)),
      some === undefined ? undefined : configurationOf(some, chain.chaincodeName, last),
      Promise.all(chain.peers.map(({ name, service }) => callChaincode(probes.get(name), chain, service, last))),
      all(probes, (probe) => probe.ordering(last)),
    ]);
    const leaderless = ownFacts.then(([config]) => (some && config ? leaderlessIn(config, some, last) : []));
    const tips = await all(probes, (probe) => probe.tip(first));
    const heights = [...tips.values()].flatMap((tip) => (tip === undefined ? [] : [tip.height]));
    const shared = heights.reduce((least, height) => (height < least ? height : least), heights[0] ?? 0n);
    const [blocks, later, [config, configuration, calls, ordering], without] = await Promise.all([
      all(probes, async (probe) => (shared === 0n ? undefined : blockFacts(await probe.block(shared - 1n, last)))),
      all(probes, (probe) => probe.tip(last)),
      ownFacts,
      leaderless,
    ]);
    return {
      ...{ name: chain.name, isOurs: chain.isOurs },
      ...{ withoutAnchor: config && anchorless(config, chain), leaderless: without, configuration },
      peers: chain.peers.map(({ name, mspId, isRunning, service }, index) => ({
        ...{ name, organization: mspId, isRunning, service },
        height: tips.get(name)?.height,
        heightLater: later.get(name)?.height,
        block: blocks.get(name),
        orderingProblem: ordering.get(name),
        ...(calls[index] ?? { approvedPackage: undefined, chaincodeProblem: undefined }),
      })),
    };
  } finally {
    for (const probe of probes.values()) probe.close();
  }
}

async function callChaincode(
  probe: PeerProbe | undefined,
  { chaincodeName }: ChainToAsk,
  service: ServiceFacts,
  deadlineMs: number,
): Promise<Pick<PeerFacts, 'approvedPackage' | 'chaincodeProblem'>> {
  if (probe === undefined) return { approvedPackage: undefined, chaincodeProblem: undefined };
  const call = (): Promise<string | undefined> =>
    probe.ask(chaincodeName, 'org.hyperledger.fabric:GetMetadata', [], deadlineMs).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
  const [approvedPackage, chaincodeProblem] = await Promise.all([
    answerOf(probe.approvedPackage(chaincodeName, deadlineMs)),
    service.isRunning ? call() : undefined,
  ]);
  return { approvedPackage, chaincodeProblem };
}

async function configurationOf(
  probe: PeerProbe,
  chaincode: string,
  deadlineMs: number,
): Promise<Configuration | string | undefined> {
  try {
    const answer = await probe.ask(chaincode, 'peg:getConfiguration', [encode(emptyRequestCodec, {})], deadlineMs);
    return currentConfiguration(decodeRequest(storedConfigurationCodec, Buffer.from(answer).toString('utf8')));
  } catch (error) {
    return /"code":"(CHAIN_NOT_CONFIGURED)"/.exec(messageOf(error))?.[1];
  }
}

/** Orderers that know no leader, where none knows one. Which of them can be reached is not for us to say. */
async function leaderlessIn(config: common.Config, probe: PeerProbe, deadlineMs: number): Promise<readonly string[]> {
  const asked = orderersIn(config).map(async (orderer) => {
    return [orderer.endpoint, await probe.knowsLeader(orderer, deadlineMs)] as const;
  });
  const answers = await Promise.all(asked);
  if (answers.some(([, knows]) => knows === true)) return [];
  return answers.filter(([, knows]) => knows === false).map(([endpoint]) => endpoint);
}

/** Members whose group in the channel's configuration names no anchor peer. */
function anchorless(config: common.Config, { members }: ChainToAsk): readonly string[] {
  const application = config
    .getChannelGroup()
    ?.toObject()
    .groupsMap.find(([name]) => name === 'Application')?.[1];
  const anchors = new Map(
    (application?.groupsMap ?? []).map(([, { valuesMap }]) => {
      const value = (name: string): Buffer =>
        Buffer.from(String(valuesMap.find(([key]) => key === name)?.[1].value ?? ''), 'base64');
      const membership = msp.MSPConfig.deserializeBinary(value('MSP'));
      const mspId = msp.FabricMSPConfig.deserializeBinary(membership.getConfig_asU8()).getName();
      return [mspId, peerMessages.AnchorPeers.deserializeBinary(value('AnchorPeers')).getAnchorPeersList().length];
    }),
  );
  return members.filter((mspId) => (anchors.get(mspId) ?? 0) === 0);
}

function blockFacts(block: common.Block): BlockFacts {
  const header = block.getHeader() ?? new common.BlockHeader();
  const dataHash = hashOf(block.getData()?.getDataList_asU8() ?? []);
  const metadata = block.getMetadata()?.getMetadataList_asU8() ?? [];
  const { TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;
  const judged = [header.serializeBinary(), dataHash, metadata[TRANSACTIONS_FILTER], metadata[COMMIT_HASH]];
  return {
    number: BigInt(header.getNumber()),
    digest: hashOf(judged).toString('hex'),
    isIntact: dataHash.equals(header.getDataHash_asU8()),
  };
}

function hashOf(parts: readonly (Uint8Array | undefined)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part ?? '');
  return hash.digest();
}

/** Asks every peer the same; those that do not answer have no entry's value. */
async function all<T>(
  probes: ReadonlyMap<string, PeerProbe>,
  question: (probe: PeerProbe) => Promise<T>,
): Promise<ReadonlyMap<string, T | undefined>> {
  const answers = [...probes].map(async ([name, probe]) => [name, await answerOf(question(probe))] as const);
  return new Map(await Promise.all(answers));
}

/** An answer, or nothing when there is none. */
async function answerOf<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof PegError) return undefined;
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
