// SPDX-License-Identifier: Apache-2.0

import { nodeClock, type NodeClock } from '@gridpeg/network';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseBlock } from '../audit';
import { PegError } from '../client';
import { describeFailure } from '../errors/describe-failure';
import { PeggedNetwork, type ChainState } from './consortium';

/** Synchronised clocks differ by less than this; nodes report their time in whole seconds. */
const toleratedMs = 5_000;
/** The difference of clocks that makes calls fail: half of what chaincode allows. */
const harmfulMs = 30_000;
/** The codes that a wrong clock causes: certificates that are not valid yet, and requests that peers find too old. */
const symptoms = new Set([
  'PEER_UNAVAILABLE',
  'IDENTITY_REJECTED',
  'CLOCK_SKEW',
  'CHAINCODE_FAILED',
  'ENDORSEMENT_FAILED',
]);

/** Asks a node for the time; a network that cannot be read has no such node. */
export type AskClock = (options: { readonly stateDir: string }) => Promise<NodeClock | undefined>;

/** How long the ledgers may take to answer with the time: the caller has other things to do. */
const ledgersMs = 2_000;

/** The clock of a node that runs here, or else the time of the ledgers: nodes that others run are not asked. */
const anyClock: AskClock = async (options) => (await nodeClock(options)) ?? ledgerClock(options);

/**
 * The newest time in the last blocks of a network, where this machine's clock is behind it. A clock that is ahead does
 * not show: the last block may be old.
 */
async function ledgerClock({ stateDir }: { readonly stateDir: string }): Promise<NodeClock | undefined> {
  return PeggedNetwork.with(stateDir, async (network) => {
    const asked = network.state.chains.map((chain) => lastBlockClock(network, chain));
    const known = Promise.all(asked.map((clock) => clock.catch(() => undefined)));
    const clocks = (await Promise.race([known, sleep(ledgersMs, [], { ref: false })])).flatMap((clock) => clock ?? []);
    const [latest] = clocks.sort((a, b) => b.aheadMs - a.aheadMs);
    return latest !== undefined && latest.aheadMs > 0 ? latest : undefined;
  });
}

async function lastBlockClock(network: PeggedNetwork, chain: ChainState): Promise<NodeClock> {
  const { connection } = network.client(chain, network.reader(chain));
  const height = await connection.height();
  let newestMs = 0;
  for await (const block of connection.blocks(height - 1n, height))
    for (const { timeMs } of parseBlock(block, connection.chaincodeName).transactions)
      newestMs = Math.max(newestMs, Number(timeMs));
  return { node: `whoever wrote the last block of ${chain.name}`, aheadMs: newestMs - Date.now() };
}

/**
 * The time by the nodes' clocks where they differ from this machine's, which may be wrong: deadlines are kept by
 * theirs.
 *
 * @param printMessage - is called with a line when there is a difference
 * @returns Unix milliseconds
 */
export async function networkTimeMs(
  { stateDir, printMessage }: { readonly stateDir: string; readonly printMessage: (line: string) => void },
  ask: AskClock = anyClock,
): Promise<bigint> {
  const skew = await skewOf(stateDir, ask);
  if (skew !== undefined) printMessage(`CLOCK_SKEW: ${textOf(skew)}. The deadline is counted from theirs.`);
  return BigInt(Date.now() + Math.round(skew?.aheadMs ?? 0));
}

/** The failure of a command, or the wrong clock that it comes from. */
export async function orClockSkew(stateDir: string, failure: unknown, ask: AskClock = anyClock): Promise<unknown> {
  const { code } = describeFailure(failure);
  const skew = symptoms.has(code) ? await skewOf(stateDir, ask) : undefined;
  if (skew === undefined || Math.abs(skew.aheadMs) < harmfulMs) return failure;
  return new PegError({ code: 'CLOCK_SKEW', detail: `${textOf(skew)}; it showed as ${code}`, cause: failure });
}

async function skewOf(stateDir: string, ask: AskClock): Promise<NodeClock | undefined> {
  const clock = await ask({ stateDir }).catch(() => undefined);
  return clock !== undefined && Math.abs(clock.aheadMs) > toleratedMs ? clock : undefined;
}

function textOf({ node, aheadMs }: NodeClock): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000).toString();
  return `this machine's clock is ${seconds} s ${aheadMs > 0 ? 'behind' : 'ahead of'} that of ${node}`;
}
