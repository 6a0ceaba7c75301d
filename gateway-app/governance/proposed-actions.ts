// SPDX-License-Identifier: Apache-2.0

import {
  assetIdCodec,
  laneIdCodec,
  notariesCodec,
  record,
  thresholdCodec,
  type Action,
  type Configuration,
  type Decoded,
} from '@gridpeg/protocol';
import { CommandError } from '../errors/command-error';
import { parseByCodec } from '../input/parse-option';
import { type GovernedChain } from './governed-chain';

/** What a committee is replaced by; its epoch is the ledger's to give. */
export const nextCommitteeCodec = record({ threshold: thresholdCodec, notaries: notariesCodec });
export type NextCommittee = Decoded<typeof nextCommitteeCodec>;

/**
 * Another configuration.
 *
 * @param edited - from the one that was in force when it was read; if something else came in since, the ledger calls
 *   the proposal stale
 */
export function configure(edited: Configuration): Action {
  return { kind: 'configure', configuration: { ...edited, sequence: edited.sequence + 1 } };
}

/** Stops lanes, or opens them again. @throws CommandError USAGE; PegError */
export async function setLanes(
  governed: GovernedChain,
  ids: readonly string[],
  state: 'open' | 'paused',
): Promise<Action> {
  const statusRecords = (await governed.reader.governance.statusRecords()).lanes;
  const lanes = ids.map((id) => {
    const laneId = parseByCodec(laneIdCodec, id, 'lane');
    const sequence = (statusRecords.find((status) => status.laneId === laneId)?.sequence ?? 0) + 1;
    return { laneId, sequence };
  });
  return { kind: 'set-lanes', state, lanes };
}

/** Stops the issuing of assets, or lets them be issued again. @throws CommandError USAGE; PegError */
export async function setAssets(
  governed: GovernedChain,
  ids: readonly string[],
  state: 'open' | 'paused',
): Promise<Action> {
  const statusRecords = (await governed.reader.governance.statusRecords()).assets;
  const assets = ids.map((id) => {
    const asset = parseByCodec(assetIdCodec, id, 'asset');
    return { asset, sequence: (statusRecords.find((status) => status.asset === asset)?.sequence ?? 0) + 1 };
  });
  return { kind: 'set-assets', state, assets };
}

/**
 * Another committee.
 *
 * @param named - chain ids: for the notaries of which chains; of all that the chain knows if there are none
 * @throws PegError
 */
export async function replaceCommittee(
  governed: GovernedChain,
  next: NextCommittee,
  named: readonly string[],
): Promise<Action> {
  const { chains } = await governed.reader.getConfiguration();
  const { replacements } = await governed.reader.governance.statusRecords();
  const replaced = chains
    .map(({ chainId }) => chainId)
    .filter((id) => named.length === 0 || named.includes(id))
    .map((chainId) => ({
      chainId,
      sequence: (replacements.find((each) => each.chainId === chainId)?.sequence ?? 0) + 1,
    }));
  return { kind: 'replace-committee', chains: replaced, ...next };
}

/** Ends the key that an organization signs with. @throws CommandError ORGANIZATION_UNKNOWN; PegError */
export async function suspendNotary(governed: GovernedChain, organization: string): Promise<Action> {
  const { chains } = await governed.reader.getConfiguration();
  const notaries = chains.flatMap(({ committee }) => committee.notaries);
  const key = notaries.find(({ mspId }) => mspId === organization)?.publicKey;
  if (key !== undefined) return { kind: 'suspend-notary', publicKey: key };
  const known = [...new Set(notaries.map(({ mspId }) => mspId))].join(', ');
  throw new CommandError(
    'ORGANIZATION_UNKNOWN',
    `${organization} signs in no committee here (${known})`,
    'Name one of them.',
  );
}
