// SPDX-License-Identifier: Apache-2.0

import { DayError } from '../errors/day-error';
import { parseBlock } from '../audit';
import { type PegClient } from '../client';
import { ledgerEntry, type DayParties, type LedgerBlock, type Party } from '.';
import { type PeggedNetwork } from '../consortium/consortium';

/**
 * Who takes part in the day, as the topology says.
 *
 * @throws DayError PARTIES_NOT_IN_TOPOLOGY
 */
export function dayParties(network: PeggedNetwork): DayParties {
  const { topology, peg } = network.state;
  if (peg.day === undefined) {
    throw new DayError(
      'PARTIES_NOT_IN_TOPOLOGY',
      `topology ${topology} does not say who takes part in the day (peg.day)`,
      'Add that to it, or use --topology dev.',
    );
  }
  const { utility, microgridOperator, chargingOperator } = peg.day;
  const party = (chainName: string, user: string): Party => {
    const chain = network.chain(chainName);
    const holder = network.holder(user);
    const client = network.client(chain, holder);
    return { chain: chainName, account: holder.account, client, blocks: (from) => ledgerBlocks(client, from) };
  };
  return {
    utility: party('city', utility),
    chargingOperator: { city: party('city', chargingOperator), charging: party('charging', chargingOperator) },
    microgridOperator: { city: party('city', microgridOperator), microgrid: party('microgrid', microgridOperator) },
  };
}

/** The blocks of a chain from a number on, up to its height at the time of the call. */
async function* ledgerBlocks({ connection }: PegClient, from: bigint): AsyncGenerator<LedgerBlock, void> {
  const height = await connection.height();
  for await (const block of connection.blocks(from, height)) {
    const { number, transactions } = parseBlock(block, connection.chaincodeName);
    yield { number, entries: transactions.map(ledgerEntry) };
  }
}
