// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { portHolder } from '../drivers/native/port-holder';
import type { Driver } from '../drivers/driver/driver';
import { isFree } from '../drivers/driver/loopback-port';
import { networksWithProcesses } from '../drivers/native/marked-processes';
import { NetworkError } from '../runtime/network-error';
import { derivedPlan } from '../state/derived-plan';
import { copiesFolder } from '../state/kept-copies';
import { lockSeconds, withLock } from '../runtime/lock';
import { networkStateFile } from '../state/network-state';
import { registeredNodes } from '../state/node-registry';
import { networkDriver, orderersOf, peersOf, readPlan, requirePlan, writePlan, type Plan } from '../state/plan';
import { inStep, type OnProgress } from '../runtime/progress';
import { decideForRestored, finishRestore, relocate, stageRestored } from '../state/restored-files';
import { isSealed, unseal } from './sealed-archive';
import { manifestName, readManifest, unpack, type SnapshotManifest } from './snapshot-archive';
import { claimStateFolder } from '../state/state-folder';
import { growingFolder } from './write-archive';

/** What `restoreSnapshot` needs to know. */
export interface RestoreOptions {
  /** The folder is absent, empty, or with `replace` a network of ours. */
  readonly stateDir: string;
  readonly file: string;
  /** The passphrase of a sealed snapshot. */
  readonly passphrase?: string | undefined;
  /** Whether it takes the place of the network that is there. */
  readonly replace: boolean;
  /** The folder of Gridpeg; chaincode within it may be run. */
  readonly repositoryDir: string;
  /** Absolute folders of further chaincode that may be run. */
  readonly chaincodeDirs: readonly string[];
  /** The caller's PATH. */
  readonly searchPath: string;
  /**
   * It is called with both networks' files before the old ones are removed, to carry over what must not be forgotten.
   */
  readonly beforeReplacing?:
    ((folders: { readonly old: string; readonly restored: string }) => Promise<void>) | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Puts a network back from a snapshot, with all nodes dead; `bringUp` starts them. Until the snapshot is unpacked and
 * checked whole, what was there is as it was; from then on it is gone. A crash leaves one or the other.
 *
 * @returns what the snapshot says of itself
 * @throws NetworkError SNAPSHOT_PASSPHRASE, SNAPSHOT_BROKEN, SNAPSHOT_FOREIGN, SNAPSHOT_VERSION, SNAPSHOT_CHAINCODE,
 * RESTORE_WOULD_REPLACE, STATE_DIR_FOREIGN, NETWORK_RUNS_ELSEWHERE, PORT_TAKEN
 */
export async function restoreSnapshot(options: RestoreOptions): Promise<SnapshotManifest> {
  const { onProgress = () => undefined, replace, repositoryDir, beforeReplacing } = options;
  const file = resolve(options.file);
  statSync(file);
  const isNew = !existsSync(options.stateDir);
  const stateDir = comingDir(options.stateDir);
  return withLock(stateDir, lockSeconds, async () => {
    const driver = networkDriver(stateDir);
    claimStateFolder(stateDir);
    try {
      await finishRestore(stateDir);
      const opened = await inStep(onProgress, 'open the snapshot', () =>
        openArchive(stateDir, file, options.passphrase),
      );
      const manifest = await inStep(onProgress, 'read the snapshot', () => readManifest(opened));
      requireNoTwin(stateDir, manifest);
      requireReplaceable(stateDir, replace);
      const restored = stageRestored(stateDir);
      await inStep(onProgress, 'unpack and check', () => unpack(opened, manifest, restored));
      // Copies are made again: those of a snapshot could say what its plan may not.
      for (const entry of [manifestName, copiesFolder]) rmSync(join(restored, entry), { recursive: true, force: true });
      relocate(restored, manifest.stateDir, stateDir);
      const plan = derivedPlan(requirePlan(restored), { ...options, repositoryDir: resolve(repositoryDir) });
      writePlan(restored, plan);
      forgetCommands(restored);
      await requireFixedPorts(stateDir, plan, driver);
      await inStep(onProgress, 'put it in place', async () => {
        await driver.killAll();
        await beforeReplacing?.({ old: stateDir, restored });
        decideForRestored(stateDir);
        await finishRestore(stateDir);
      });
      return manifest;
    } catch (error) {
      await finishRestore(stateDir);
      if (isNew && readPlan(stateDir) === undefined) rmSync(stateDir, { recursive: true });
      throw error;
    } finally {
      rmSync(join(stateDir, growingFolder), { recursive: true, force: true });
    }
  });
}

/**
 * The archive in a file, opened and authenticated where it is sealed.
 *
 * @throws NetworkError SNAPSHOT_PASSPHRASE, SNAPSHOT_BROKEN
 */
async function openArchive(stateDir: string, file: string, passphrase: string | undefined): Promise<string> {
  if (!(await isSealed(file))) return file;
  if (passphrase === undefined) {
    throw new NetworkError('SNAPSHOT_PASSPHRASE', `${file} is sealed`, 'Name the file of its passphrase.');
  }
  const folder = join(stateDir, growingFolder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const opened = join(folder, 'archive.tar.gz');
  await unseal(file, opened, passphrase);
  return opened;
}

/** How each node is run is written by `up`; a snapshot does not decide it. */
function forgetCommands(restored: string): void {
  const nodes = join(restored, 'nodes');
  const folders = existsSync(nodes) ? readdirSync(nodes) : [];
  for (const folder of folders) rmSync(join(nodes, folder, 'node.json'), { force: true });
}

/** The absolute path that a folder has, or will have once it is made. */
function comingDir(stateDir: string): string {
  if (existsSync(stateDir)) return realpathSync(stateDir);
  const parent = dirname(resolve(stateDir));
  mkdirSync(parent, { recursive: true });
  return join(realpathSync(parent), basename(stateDir));
}

function requireReplaceable(stateDir: string, replace: boolean): void {
  if (replace || readPlan(stateDir) === undefined) return;
  throw new NetworkError(
    'RESTORE_WOULD_REPLACE',
    `there is a network in ${stateDir}, and restoring would end and remove it`,
    'Name another folder with --state, or say --force.',
  );
}

/** Two living copies of one network would sign two histories with the same keys. */
function requireNoTwin(stateDir: string, { chainIds }: SnapshotManifest): void {
  for (const other of networksWithProcesses().keys()) {
    if (other === stateDir || !chainIdsIn(other).some((id) => chainIds.includes(id))) continue;
    throw new NetworkError(
      'NETWORK_RUNS_ELSEWHERE',
      `this very network runs in ${other}, and a second copy of it would be another history with the same keys`,
      `Take that one down first ("gridpeg --state ${other} down").`,
    );
  }
}

function chainIdsIn(stateDir: string): readonly string[] {
  const file = networkStateFile(stateDir);
  // Another version may have written it; chain ids look the same in all of them.
  return existsSync(file) ? (readFileSync(file, 'utf8').match(/[a-z][a-z0-9.-]*-[0-9a-f]{64}/g) ?? []) : [];
}

/** Genesis blocks name the ports of orderers and peers: those cannot be moved. Of all others `up` takes care. */
async function requireFixedPorts(stateDir: string, plan: Plan, driver: Driver): Promise<void> {
  const alive = await driver.status();
  const own = registeredNodes(stateDir).filter(({ name }) => alive.has(name));
  const ours = new Set(own.flatMap(({ ports }) => Object.values(ports)));
  const nodes = plan.topology.chains.flatMap((chain) => [
    ...orderersOf(chain),
    ...peersOf(plan, chain).map(({ node }) => node),
  ]);
  const taken: string[] = [];
  for (const node of nodes) {
    const port = plan.ports[node]?.['listen'];
    if (port === undefined || ours.has(port) || (await isFree(port))) continue;
    taken.push(`${String(port)} of ${node} by ${holderOf(port)}`);
  }
  if (taken.length === 0) return;
  throw new NetworkError(
    'PORT_TAKEN',
    `the genesis blocks of this network name ports of 127.0.0.1 that are taken: ${taken.slice(0, 5).join(', ')}` +
      (taken.length > 5 ? ` and ${String(taken.length - 5)} more` : ''),
    'End these programs, then restore again; nothing was changed.',
  );
}

function holderOf(port: number): string {
  const { pid, program, network } = portHolder(port);
  if (pid === undefined) return 'a program of somebody else';
  const process = `process ${String(pid)} (${program ?? ''})`;
  return network === undefined ? process : `${process} of the network in ${network}`;
}
