// SPDX-License-Identifier: Apache-2.0

import { mkdir } from 'node:fs/promises';
import { type Server } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Configuration, mspIdShape } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { authoritiesOf, callerOf } from '../core/known-callers';
import { memoryFileOf } from '../core/signing-record';
import { ChainView } from './chain-view';
import { type NotaryConfig } from './notary-config';
import { NotaryMetrics } from './notary-metrics';
import { newNotaryServer } from './notary-server';
import { RelayService } from './relay-service';
import { SignatureCollector } from './signature-collector';
import { Signer } from './signer';
import { openSigningKey } from './signing-key';
import { SigningMemory } from './signing-memory';

/** A notary at work. */
export interface RunningNotary {
  /** The address it listens on, with the port that was given out when 0 was asked for. */
  readonly url: string;
  /** Stops taking work, lets transactions under way end for at most 10 s, then closes everything. Once. */
  readonly stop: () => Promise<void>;
}

const configurationPollMs = 3_000;
const defaultTakeoverDelayMs = 2_000;
const graceMs = 10_000;

/**
 * Starts one organization's notary: signs what it can verify, and relays when told to. The caller turns signals into `stop`;
 * dying at any point is as good, except for the work that is begun again.
 *
 * @param options - `log`: pino logger; `info` for each step that changed a ledger
 * @throws PegError SIGNING_KEY_UNUSABLE
 * @throws Error when the port is taken
 */
export async function runNotary(options: {
  readonly config: NotaryConfig;
  readonly log: Logger;
}): Promise<RunningNotary> {
  const { config, log } = options;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const { certificate, privateKey } = config.identity;
  const own = { certificate, privateKey };
  const key = await openSigningKey(config.signingKey, {
    environment: config.environment ?? {},
    tls: { own, authorities: config.signerAuthorities ?? [] },
  });
  const metrics = new NotaryMetrics(config.mspId);
  const memory = await SigningMemory.open(join(config.dataDir, memoryFileOf(key.publicKey)));
  const chains = config.chains.map((chain) => new ChainView(chain, log));
  const configurations = (): readonly Configuration[] => chains.flatMap(({ configuration }) => configuration ?? []);
  const signer = new Signer({
    mspId: config.mspId,
    key,
    memory,
    configurations,
  });
  const collector = new SignatureCollector({
    ...{ mspId: config.mspId, signer, notaries: config.notaries, metrics, log },
    tlsFor: (mspId) => ({ own, authorities: authoritiesFor(configurations(), mspId) }),
  });
  const takeoverDelayMs = config.takeoverDelayMs ?? defaultTakeoverDelayMs;
  const relay = config.relay
    ? new RelayService({ mspId: config.mspId, chains, collector, takeoverDelayMs, metrics, log })
    : undefined;
  metrics.watch({
    sequences: () => Object.fromEntries(chains.map((chain) => [chain.name, chain.configuration?.sequence ?? 0])),
    lanes: () => relay?.health ?? [],
  });
  const server = newNotaryServer({
    ...{ identity: config.identity, signer, metrics, log },
    callerOf: (pem) => callerOf(pem, configurations(), Date.now()),
    health: () => healthOf(config, chains, relay),
  });
  const stopped = new AbortController();
  const following = followConfigurations(chains, relay, stopped.signal);
  const url = await listen(server, config.listen);
  log.info({ mspId: config.mspId, url, relay: config.relay }, 'notary listens');
  return {
    url,
    stop: async () => {
      stopped.abort();
      server.close();
      server.closeAllConnections();
      // A transaction under way may hang as long as its peer does; what is cut off here is found on the ledgers again.
      await Promise.race([Promise.all([relay?.stop(), following]), sleep(graceMs, undefined, { ref: false })]);
      collector.close();
      for (const chain of chains) chain.close();
      await memory.close();
      log.info({ mspId: config.mspId }, 'notary stopped');
    },
  };
}

async function followConfigurations(
  chains: readonly ChainView[],
  relay: RelayService | undefined,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // Each by itself: a chain that is down must not keep the news of the others.
    await Promise.all(chains.map((chain) => chain.refresh().then(() => relay?.adopt())));
    await sleep(configurationPollMs, undefined, { signal }).catch(() => undefined);
  }
}

async function listen(server: Server, { host, port }: NotaryConfig['listen']): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return `https://${host}:${typeof address === 'object' && address !== null ? address.port : port}`;
}

function healthOf(config: NotaryConfig, chains: readonly ChainView[], relay: RelayService | undefined): unknown {
  return {
    mspId: config.mspId,
    relay: config.relay,
    chains: chains.map(({ name, chainId, configuration }) => {
      return { name, chainId, sequence: configuration?.sequence ?? 0 };
    }),
    lanes: relay?.health ?? [],
    lastRoundMs: Math.max(0, ...(relay?.health ?? []).map(({ lastRoundMs }) => lastRoundMs)),
  };
}

function authoritiesFor(configurations: readonly Configuration[], mspId: string): readonly string[] {
  return authoritiesOf(configurations).get(mspIdShape.read(mspId, 'mspId')) ?? [];
}
