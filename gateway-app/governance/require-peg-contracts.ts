// SPDX-License-Identifier: Apache-2.0

import { wireVersion } from '@gridpeg/protocol';
import { PegError, type ChainConnection } from '../client';
import { CommandError } from '../errors/command-error';

/** The contracts that clients and notaries call. */
const contracts = ['peg', 'governance', 'evidence'] as const;

/**
 * Refuses a chaincode that is none of the peg, or that speaks an older wire version than notaries and clients do.
 *
 * @param chain - whose chaincode it is, or is to be
 * @param metadata - what it says of its contracts, JSON of the contract API; undefined when it says nothing
 * @throws CommandError CHAINCODE_UNSUITABLE
 * @see docs/spec/06-ledger.md
 */
export function requirePegContracts(chain: string, metadata: string | undefined): void {
  const found = contractsIn(metadata);
  const missing = contracts.filter((name) => !(name in found));
  if (missing.length > 0) {
    throw new CommandError(
      'CHAINCODE_UNSUITABLE',
      `the chaincode of ${chain} has no contract ${missing.join(', ')}`,
      'Use a chaincode that serves @gridpeg/peg.',
    );
  }
  const version = Number(found['peg']?.info?.version ?? 0);
  if (version >= wireVersion) return;
  throw new CommandError(
    'CHAINCODE_UNSUITABLE',
    `the chaincode of ${chain} speaks wire version ${version.toString()}, ` +
      `and this client and its notaries speak ${wireVersion.toString()}`,
    `Build the chaincode of the same version, and put it in force: \`gridpeg upgrade ${chain}\`, ` +
      `or \`gridpeg test-network deploy --redeploy\`.`,
  );
}

/**
 * As `requirePegContracts`, of a chaincode that runs: what it answers the preferred peer. @throws CommandError,
 * PegError
 */
export async function requirePegged(chain: string, connection: Pick<ChainConnection, 'metadata'>): Promise<void> {
  requirePegContracts(chain, await connection.metadata().catch(undefinedIfNone));
}

/** Chaincode without the contract API refuses the question. */
function undefinedIfNone(error: unknown): undefined {
  if (error instanceof PegError && error.code === 'CHAINCODE_FAILED') return undefined;
  throw error;
}

type Contracts = Readonly<Record<string, { readonly info?: { readonly version?: string } } | undefined>>;

function contractsIn(metadata = ''): Contracts {
  try {
    return (JSON.parse(metadata) as { readonly contracts?: Contracts }).contracts ?? {};
  } catch {
    return {};
  }
}
