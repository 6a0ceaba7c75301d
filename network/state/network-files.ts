// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Driver } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import { profileName, renderConfigtx } from '../render/configtx';
import { renderConnectionProfile } from '../render/connection-profile';
import { renderCoreConfig } from '../render/core-config';
import { renderCryptoConfig } from '../render/crypto-config';
import { externalBuilder } from '../render/external-builder';
import { genesisFile, nodeDir, peerOrganizationDir, tlsCaFile } from '../render/layout';
import { renderOrdererConfig } from '../render/orderer-config';
import type { Chain, Organization } from '../topology/topology';
import { renameDurable, writeFileAtomic } from '../runtime/write-file-atomic';
import { orderersOf, peersOf, planPlacement, type Plan } from './plan';
import { isDone } from './state-folder';

/** Makes the keys and certificates that are not there yet; none that is there changes. */
export async function makeCryptoMaterial(stateDir: string, plan: Plan, driver: Driver): Promise<void> {
  const folder = join(stateDir, 'organizations');
  const config = join(stateDir, 'crypto-config.yaml');
  const wanted = renderCryptoConfig(plan.topology);
  const present = existsSync(folder);
  if (present && existsSync(config) && readFileSync(config, 'utf8') === wanted) return;
  const [partial, partialConfig] = [`${folder}.partial`, `${config}.partial`];
  await rm(partial, { recursive: true, force: true });
  writeFileAtomic(partialConfig, wanted);
  const output = present ? ['extend', `--input=${partial}`] : ['generate', `--output=${partial}`];
  if (present) await cp(folder, partial, { recursive: true, preserveTimestamps: true });
  await runTool(driver, stateDir, [plan.binaries.cryptogen, ...output, `--config=${partialConfig}`]);
  await restrictKeys(partial);
  if (present) await adopt(partial, folder);
  else renameDurable(partial, folder);
  await rm(partial, { recursive: true, force: true });
  renameDurable(partialConfig, config);
}

/** Moves what a folder lacks into it, each folder and file at once: what is there is in use. */
async function adopt(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!existsSync(target)) renameDurable(source, target);
    else if (entry.isDirectory()) await adopt(source, target);
  }
}

/** Makes a chain's genesis block, once. Needs the crypto material and the ports. */
export async function makeGenesisBlock(stateDir: string, plan: Plan, chain: Chain, driver: Driver): Promise<void> {
  const file = genesisFile(stateDir, chain.channel);
  const configDir = join(stateDir, 'configtx', chain.name);
  writeFileAtomic(
    join(configDir, 'configtx.yaml'),
    renderConfigtx(plan.topology, chain, planPlacement(stateDir, plan)),
  );
  if (existsSync(file)) return;
  requireUnjoined(stateDir, chain, file);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.partial`;
  await runTool(driver, stateDir, [
    ...[plan.binaries.configtxgen, '-configPath', configDir, '-profile', profileName],
    ...['-channelID', chain.channel, '-outputBlock', partial],
  ]);
  renameDurable(partial, file);
}

/**
 * Another genesis block would be another chain. @throws NetworkError STATE_UNREADABLE when nodes have joined the
 * channel
 */
function requireUnjoined(stateDir: string, chain: Chain, file: string): void {
  if (!orderersOf(chain).some((orderer) => isDone(stateDir, `joined-${orderer}`))) return;
  throw new NetworkError(
    'STATE_UNREADABLE',
    `${file} is gone, and nodes have joined the channel that it begins`,
    'Put it back from a backup; a snapshot holds it too, and every peer has it as block 0.',
  );
}

/** Writes what orderers and peers of a chain read when they start. */
export function writeNodeConfigs(stateDir: string, plan: Plan, chain: Chain): void {
  const { mspId, domain, orderers } = chain.ordering;
  const placement = planPlacement(stateDir, plan);
  for (const orderer of orderers) {
    const config = renderOrdererConfig({ mspId, domain, orderer }, placement);
    writeFileAtomic(join(nodeDir(stateDir, `${orderer}.${domain}`), 'orderer.yaml'), config);
  }
  for (const { node, peer, organization } of peersOf(plan, chain)) {
    const identity = { mspId: organization.mspId, domain: organization.domain, peer };
    writeFileAtomic(join(nodeDir(stateDir, node), 'core.yaml'), renderCoreConfig(identity, placement));
  }
}

/** Writes the external builder that all peers share. */
export function writeExternalBuilder(stateDir: string): void {
  for (const [name, script] of Object.entries(externalBuilder)) {
    writeFileAtomic(join(stateDir, 'builders', 'ccaas', 'bin', name), script, 0o700);
  }
}

/** Paths of an organization's connection profile. */
export function connectionProfileFiles(stateDir: string, organization: Organization): { json: string; yaml: string } {
  const base = join(
    peerOrganizationDir(stateDir, organization.domain),
    `connection-${organization.name.toLowerCase()}`,
  );
  return { json: `${base}.json`, yaml: `${base}.yaml` };
}

/** Writes every organization's connection profile. Needs the crypto material. */
export function writeConnectionProfiles(stateDir: string, plan: Plan): void {
  for (const organization of plan.topology.organizations) {
    const { domain } = organization;
    const pem = readFileSync(tlsCaFile(peerOrganizationDir(stateDir, domain), domain), 'utf8');
    const profile = renderConnectionProfile(plan.topology, organization, plan.ports, pem);
    const files = connectionProfileFiles(stateDir, organization);
    writeFileAtomic(files.json, profile.json);
    writeFileAtomic(files.yaml, profile.yaml);
  }
}

/** cryptogen leaves folders of keys readable by everybody. */
async function restrictKeys(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      if (!entry.isFile() || !/(_sk|\.key)$/.test(entry.name)) return;
      await chmod(join(entry.parentPath, entry.name), 0o600);
      await chmod(entry.parentPath, 0o700);
    }),
  );
}

async function runTool(driver: Driver, cwd: string, command: readonly string[]): Promise<void> {
  const { status, log } = await driver.run({ command, env: {}, cwd });
  if (status === 0) return;
  throw new NetworkError(
    'TOOL_FAILED',
    `${command[0] ?? ''} ended with status ${String(status)}`,
    'Read its last lines below.',
    log.slice(-2000).trim(),
  );
}
