// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, so that all that is known of Fabric's commands and their answers is in one place.

import { join } from 'node:path';

import { z } from 'zod';

import type { Driver, ToolResult } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import { pollUntil } from '../runtime/poll-until';
import {
  localAddressOf,
  nodeDir,
  ordererDir,
  ordererOrganizationDir,
  peerDir,
  tlsCaFile,
  userMspDir,
} from '../render/layout';
import type { Chain } from '../topology/topology';
import type { ChainPeer, Plan } from '../state/plan';

const retrySeconds = 60;

const heightSchema = z.object({ height: z.int().min(1) });
const definitionSchema = z.object({ sequence: z.int().min(1) });

/** Answers that say a command has been carried out before. */
const doneBefore =
  /already exists|already successfully installed|with unchanged content|redefine the current committed sequence \(\d+\) for namespace [^ ]+$/m;

/** What a peer answers who is asked for a sequence that is not the next. */
const otherSequence = /requested sequence is (\d+), but new definition must be sequence (\d+)/;

/**
 * Answers that pass: a node that has just started, a leader not elected yet, an approval not seen everywhere yet, the
 * same command of a `gridpeg` that was killed, which has still won.
 */
const passing =
  /MVCC_READ_CONFLICT|SERVICE_UNAVAILABLE|no Raft leader|connection refused|connection error|DeadlineExceeded|deadline exceeded|Unavailable|NOT_FOUND|ProposalResponsePayloads do not match|not agreed to by this org|timed out/i;

/** Fabric's commands, as one administrator of a network uses them. Each may be repeated without harm. */
export class FabricCommands {
  readonly #stateDir: string;
  readonly #plan: Pick<Plan, 'binaries' | 'ports'>;
  readonly #driver: Pick<Driver, 'run'>;

  constructor(stateDir: string, plan: Pick<Plan, 'binaries' | 'ports'>, driver: Pick<Driver, 'run'>) {
    this.#stateDir = stateDir;
    this.#plan = plan;
    this.#driver = driver;
  }

  /** Makes an orderer, by its node's name, serve a channel. */
  async joinOrderer(chain: Chain, node: string, genesisBlock: string): Promise<void> {
    await this.#osnadmin(chain, node, ['join', `--config-block=${genesisBlock}`]);
  }

  /** The number of blocks that an orderer, by its node's name, has of a channel. */
  async ordererHeight(chain: Chain, node: string): Promise<number> {
    const { output } = await this.#osnadmin(chain, node, ['list']);
    return heightSchema.parse(JSON.parse(output.slice(output.indexOf('{')))).height;
  }

  #osnadmin(chain: Chain, node: string, [action = '', ...parameters]: readonly string[]): Promise<ToolResult> {
    const { domain } = chain.ordering;
    const tls = join(ordererDir(this.#stateDir, domain, node.slice(0, -1 - domain.length)), 'tls');
    const admin = localAddressOf(this.#plan.ports, node, 'admin');
    return this.#runUntilDone(
      [
        ...[this.#plan.binaries.osnadmin, 'channel', action, `--channelID=${chain.channel}`, ...parameters],
        ...[`--orderer-address=${admin}`, `--ca-file=${tls}/ca.crt`],
        ...[`--client-cert=${tls}/server.crt`, `--client-key=${tls}/server.key`],
      ],
      {},
    );
  }

  /** Makes a peer a member of a channel. */
  async joinPeer(peer: ChainPeer, genesisBlock: string): Promise<void> {
    await this.#peer(peer, ['channel', 'join', '--blockpath', genesisBlock]);
  }

  /** Gives a peer a chaincode package. */
  async install(peer: ChainPeer, packageFile: string): Promise<void> {
    await this.#peer(peer, ['lifecycle', 'chaincode', 'install', packageFile]);
  }

  /** Approves a chaincode definition for the peer's organization, and waits until the peer has the block. */
  async approve(chain: Chain, peer: ChainPeer, definition: readonly string[], packageId: string): Promise<void> {
    const approve = ['lifecycle', 'chaincode', 'approveformyorg', ...definition, '--package-id', packageId];
    await this.#order(chain, peer, approve);
  }

  /** Commits a chaincode definition, and waits until all peers have the block. */
  async commit(chain: Chain, peers: readonly ChainPeer[], definition: readonly string[]): Promise<void> {
    const [first] = peers;
    if (first === undefined) throw new Error(`chain ${chain.name} has no peers`);
    const targets = peers.flatMap((peer) => [
      ...['--peerAddresses', this.#address(peer)],
      ...['--tlsRootCertFiles', join(this.#identityDir(peer), 'tls', 'ca.crt')],
    ]);
    await this.#order(chain, first, ['lifecycle', 'chaincode', 'commit', ...definition, ...targets]);
  }

  /** The sequence of the definition of a chaincode that a peer has committed. */
  async committedSequence(chain: Chain, peer: ChainPeer, name: string): Promise<number> {
    const query = ['lifecycle', 'chaincode', 'querycommitted', '--channelID', chain.channel, '--name', name];
    const { output } = await this.#peer(peer, [...query, '--output', 'json']);
    return definitionSchema.parse(JSON.parse(output)).sequence;
  }

  /** The number of blocks that a peer has of a channel. */
  async height(chain: Chain, peer: ChainPeer): Promise<number> {
    const { output } = await this.#peer(peer, ['channel', 'getinfo', '--channelID', chain.channel]);
    return heightSchema.parse(JSON.parse(output.slice(output.indexOf('{')))).height;
  }

  /** Asks a peer to have a chaincode describe itself. */
  async queryMetadata(chain: Chain, peer: ChainPeer, name: string): Promise<ToolResult> {
    const call = '{"Args":["org.hyperledger.fabric:GetMetadata"]}';
    const query = ['chaincode', 'query', '--channelID', chain.channel, '--name', name, '--ctor', call];
    return this.#run([this.#plan.binaries.peer, ...query], this.#peerEnvironment(peer));
  }

  /** Asks a peer which peers could endorse together, as its Gateway would. */
  async discoverEndorsers(chain: Chain, peer: ChainPeer, name: string): Promise<ToolResult> {
    const { mspId, domain } = peer.organization;
    const msp = userMspDir(this.#stateDir, domain, 'Admin');
    return this.#run(
      [
        ...[
          this.#plan.binaries.discover,
          '--MSP',
          mspId,
          '--peerTLSCA',
          join(this.#identityDir(peer), 'tls', 'ca.crt'),
        ],
        ...['--userKey', join(msp, 'keystore', 'priv_sk')],
        ...['--userCert', join(msp, 'signcerts', `Admin@${domain}-cert.pem`)],
        ...['endorsers', '--channel', chain.channel, '--chaincode', name, '--server', this.#address(peer)],
      ],
      {},
    );
  }

  async #peer(peer: ChainPeer, parameters: readonly string[]): Promise<ToolResult> {
    return this.#runUntilDone([this.#plan.binaries.peer, ...parameters], this.#peerEnvironment(peer));
  }

  /** Sends a transaction to the chain's orderers, to another one at each try. */
  async #order(chain: Chain, peer: ChainPeer, parameters: readonly string[]): Promise<ToolResult> {
    const command = [this.#plan.binaries.peer, ...parameters];
    return this.#runUntilDone(command, this.#peerEnvironment(peer), this.#orderers(chain));
  }

  /** @param endings - how the command may end, each in turn */
  async #runUntilDone(
    start: readonly string[],
    env: Readonly<Record<string, string>>,
    endings: ReadonlyArray<readonly string[]> = [[]],
  ): Promise<ToolResult> {
    let attempt = 0;
    let lastLog = '';
    const tryOnce = async (): Promise<ToolResult | undefined> => {
      const ending = endings[attempt % endings.length] ?? [];
      attempt += 1;
      const result = await this.#run([...start, ...ending], env);
      const { status, log } = result;
      lastLog = log;
      // osnadmin ends with status 0 whatever the orderer says.
      if (isDoneBefore(log) || (status === 0 && !/^Status: [45]/m.test(log))) return result;
      if (!passing.test(log)) throw failed(start, log);
      return undefined;
    };
    const done = await pollUntil(tryOnce, { timeoutMs: retrySeconds * 1000, pollMs: 200 });
    if (done === undefined) throw failed(start, lastLog);
    return done;
  }

  #run(command: readonly string[], env: Readonly<Record<string, string>>): Promise<ToolResult> {
    return this.#driver.run({ command, env, cwd: this.#stateDir });
  }

  #peerEnvironment(peer: ChainPeer): Record<string, string> {
    const { mspId, domain } = peer.organization;
    return {
      FABRIC_CFG_PATH: nodeDir(this.#stateDir, peer.node),
      FABRIC_LOGGING_SPEC: 'warning',
      CORE_PEER_ADDRESS: this.#address(peer),
      CORE_PEER_LOCALMSPID: mspId,
      CORE_PEER_MSPCONFIGPATH: userMspDir(this.#stateDir, domain, 'Admin'),
      CORE_PEER_TLS_ROOTCERT_FILE: join(this.#identityDir(peer), 'tls', 'ca.crt'),
    };
  }

  #identityDir({ organization, peer }: ChainPeer): string {
    return peerDir(this.#stateDir, organization.domain, peer);
  }

  #address({ node }: ChainPeer): string {
    return localAddressOf(this.#plan.ports, node);
  }

  #orderers({ ordering }: Chain): ReadonlyArray<readonly string[]> {
    const { domain } = ordering;
    const ca = tlsCaFile(ordererOrganizationDir(this.#stateDir, domain), domain);
    return ordering.orderers.map((orderer) => {
      const address = localAddressOf(this.#plan.ports, `${orderer}.${domain}`);
      return ['--orderer', address, '--tls', '--cafile', ca];
    });
  }
}

function isDoneBefore(log: string): boolean {
  const [, requested, next] = otherSequence.exec(log) ?? [];
  return doneBefore.test(log) || (requested !== undefined && Number(next) === Number(requested) + 1);
}

function failed(command: readonly string[], log: string): NetworkError {
  const words = command.slice(1, 4).filter((word) => !word.startsWith('-'));
  return new NetworkError(
    'TOOL_FAILED',
    `"${(command[0] ?? '').split('/').pop() ?? ''} ${words.join(' ')}" failed: ${lastErrorLine(log)}`,
    'Read the logs of the nodes it talks to.',
    log.slice(-2000).trim(),
  );
}

function lastErrorLine(log: string): string {
  const lines = log.trim().split('\n');
  return lines.reverse().find((line) => line.startsWith('Error')) ?? lines[0] ?? '';
}
