// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one composition root, in which the order of starting and stopping can be read.

import { type Server } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sleepUntilAborted } from '@gridpeg/network';
import { channelOf, type Configuration, mspIdCodec } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError } from '../client';
import { authoritiesOf, callerOf } from '../notary/server/client-authentication';
import { Accuser } from '../notary/watch/accuser';
import { CertificateWatch } from '../notary/watch/certificate-watch';
import { ChainView } from '../notary/chains/chain-view';
import { ledgersCheck } from '../notary/chains/ledger-readiness';
import { type NotaryConfig } from '../notary/chains/notary-config';
import { NotaryMetrics } from '../notary/metrics/notary-metrics';
import { newNotaryServer, useIdentity, type ServedHealth } from '../notary/server/notary-server';
import { ReadinessChecks } from '../notary/server/readiness';
import { chainsWithoutPeer, newSourceCheck } from '../notary/watch/own-peers';
import { RelayService } from '../relay/relay-service';
import { evidenceCollectors } from '../relay/custody/collectors';
import { SignatureCollector } from '../relay/custody/signature-collector';
import { type SigningHealth } from '../notary/signing/signing-health';
import { CredentialReload, type Credentials } from './credential-reload';
import { configurationsOf, openSigning } from './open-signing';
import { StopInReverse } from './stop-in-reverse';

/** A notary that is running. */
export interface RunningNotary {
  /** The address it listens on, with the port that was given out when 0 was asked for. */
  readonly url: string;
  /** Reads certificates, keys and authorities again now, as it does every few seconds. */
  readonly reload: () => void;
  /** Stops taking work, lets transactions under way end for at most 10 s, then closes everything. Once. */
  readonly stop: () => Promise<void>;
}

const configurationPollMs = 3_000;
const defaultTakeoverDelayMs = 2_000;
const graceMs = 10_000;

/**
 * Starts one organization's notary: signs what it can verify, and relays when configured to. The caller turns signals
 * into `stop`; dying at any point is as good, except for the work that is begun again. A start that fails leaves
 * nothing running.
 *
 * @param options - `log`: pino logger; `info` for each step that changed a ledger. `reread`: reads certificates, keys
 * and authorities from where `config` has them, to follow them while the notary runs
 * @throws PegError SIGNING_KEY_UNUSABLE, SIGNING_HISTORY_LOCKED, SIGNING_HISTORY_DAMAGED
 * @throws Error when the port is taken
 */
export async function runNotary(options: {
  readonly config: NotaryConfig;
  readonly log: Logger;
  readonly reread?: () => Credentials;
}): Promise<RunningNotary> {
  const stopping = new StopInReverse(options.log);
  try {
    return { ...(await start(options, stopping)), stop: () => stopping.run() };
  } catch (error) {
    await stopping.run();
    throw error;
  }
}

/**
 * Takes the port before it uses anything else, so that a second daemon fails before it has touched what the first one
 * uses.
 */
async function start(
  { config, log, reread = () => config }: Parameters<typeof runNotary>[0],
  stopping: StopInReverse,
): Promise<Omit<RunningNotary, 'stop'>> {
  const metrics = new NotaryMetrics(config.mspId);
  const chains = config.chains.map((chain) => new ChainView(chain, log));
  stopping.add(() => {
    for (const chain of chains) chain.close();
  });
  const configurations = (): readonly Configuration[] => configurationsOf(chains);
  const parts: { signing?: SigningHealth; relay?: RelayService | undefined } = {};
  const readiness = new ReadinessChecks({
    signing: () => (parts.signing === undefined ? Promise.resolve('NOTARY_BUSY') : parts.signing.check()),
    ledgers: ledgersCheck(chains, config.mspId),
    credentials: () => Promise.resolve(credentials.lastError?.code),
  });
  const server = await newNotaryServer({
    ...{ identity: config.identity, metrics, log },
    signer: { sign: (request) => started(parts.signing).sign(request) },
    callerOf: (pem) => callerOf(pem, configurations(), Date.now()),
    health: () => healthOf(config, chains, started(parts.signing), parts.relay),
    readiness: () => readiness.current(),
  });
  const closeServer = (): void => {
    server.close();
    server.closeAllConnections();
  };
  stopping.add(closeServer);
  const url = await listen(server, config.listen);
  const credentials = new CredentialReload({
    ...{ initial: config, read: reread, log },
    adopt: (found) => {
      useIdentity(server, found.identity);
      for (const chain of chains) {
        const options = found.chains.find(({ chainId }) => chainId === chain.chainId);
        if (options !== undefined) chain.reconnect(options);
      }
    },
  });
  const accuser = new Accuser({ mspId: config.mspId, chains, log });
  const source = newSourceCheck({ mspId: config.mspId, dataDir: config.dataDir, chains, metrics, log }, accuser);
  const signing = await openSigning({ config, credentials, chains, source, log }, stopping);
  parts.signing = signing;
  const signatures = new SignatureCollector({
    ...{ mspId: config.mspId, signer: signing, notaries: config.notaries, metrics, log },
    tlsFor: (mspId) => ({ own: credentials.current.identity, authorities: authoritiesFor(configurations(), mspId) }),
  });
  stopping.add(() => {
    signatures.close();
  });
  const takeoverDelayMs = config.takeoverDelayMs ?? defaultTakeoverDelayMs;
  const relay = config.relay
    ? new RelayService({
        mspId: config.mspId,
        chains,
        collectors: evidenceCollectors(signatures),
        takeoverDelayMs,
        metrics,
        log,
      })
    : undefined;
  parts.relay = relay;
  metrics.watch({
    sequences: () => Object.fromEntries(chains.map((chain) => [chain.name, chain.configuration?.sequence ?? 0])),
    lanes: () => relay?.health ?? [],
    canSign: () => signing.lastError === undefined,
    hasCredentials: () => credentials.lastError === undefined,
  });
  const watch = new CertificateWatch({ chains, source, accuser, file: join(config.dataDir, 'watched.json'), log });
  const stopped = new AbortController();
  const following = followConfigurations(chains, relay, log, stopped.signal);
  const watching = Promise.all([watch.run(stopped.signal), credentials.run(stopped.signal)]);
  stopping.add(async () => {
    stopped.abort();
    // A transaction under way may hang as long as its peer does; what is cut off here is found on the ledgers again.
    await Promise.race([Promise.all([relay?.stop(), following, watching]), sleep(graceMs, undefined, { ref: false })]);
    log.info({ mspId: config.mspId }, 'notary stopped');
  });
  stopping.add(closeServer);
  log.info({ mspId: config.mspId, url, relay: config.relay }, 'notary listens');
  const reload = (): void => {
    credentials.check();
  };
  return { url, reload };
}

/** @throws PegError NOTARY_BUSY while a notary is starting */
function started(signing: SigningHealth | undefined): SigningHealth {
  if (signing === undefined) throw new PegError({ code: 'NOTARY_BUSY' });
  return signing;
}

async function followConfigurations(
  chains: readonly ChainView[],
  relay: RelayService | undefined,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // Each chain is read by itself, because one that is down must not delay the others.
    const read = chains.map((chain) => chain.refresh().then(() => relay?.adopt()));
    for (const { reason } of (await Promise.allSettled(read)).filter((end) => end.status === 'rejected')) {
      log.error({ err: reason as unknown }, 'configuration not read');
    }
    await sleepUntilAborted(configurationPollMs, signal);
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
  const name = host.includes(':') ? `[${host}]` : host;
  return `https://${name}:${typeof address === 'object' && address !== null ? address.port : port}`;
}

function healthOf(
  config: NotaryConfig,
  chains: readonly ChainView[],
  { lastError }: SigningHealth,
  relay: RelayService | undefined,
): ServedHealth {
  return {
    mspId: config.mspId,
    signing: lastError === undefined ? { well: true } : { well: false, lastError },
    relay: config.relay,
    chains: chains.map(({ name, chainId, configuration }) => {
      return { name, chainId, sequence: configuration?.sequence ?? 0 };
    }),
    proofOnly: chainsWithoutPeer(chains).map(channelOf),
    lanes: relay?.health ?? [],
    lastRoundMs: Math.max(0, ...(relay?.health ?? []).map(({ lastRoundMs }) => lastRoundMs)),
  };
}

function authoritiesFor(configurations: readonly Configuration[], mspId: string): readonly string[] {
  return authoritiesOf(configurations).get(mspIdCodec.decode(mspId, 'mspId')) ?? [];
}
