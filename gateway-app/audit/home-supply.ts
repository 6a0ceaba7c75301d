// SPDX-License-Identifier: Apache-2.0

import { type AssetId } from '@gridpeg/protocol';
import { type HomeSupply } from './report/audit-report';
import { type ChainReplay } from './chain-replay';
import { type Finding } from './report/finding';
import { type Holdings } from './lane-totals';
import { notesPool } from './replay/balances';

/** Each asset at home: issued - retired = notes + escrow; docs/spec/07-audit.md point 4. */
export function homeSupply(
  chains: readonly ChainReplay[],
  holdings: ReadonlyMap<ChainReplay, Holdings>,
): {
  readonly supply: readonly HomeSupply[];
  readonly findings: readonly Finding[];
} {
  const supply = chains.flatMap((chain) => {
    const held = holdings.get(chain);
    return held === undefined ? [] : assetsAtHome(chain, held).map((asset) => supplyOf(chain, asset, held));
  });
  const findings = supply.flatMap(({ chain, asset, issued, retired, notes, escrow }): readonly Finding[] => {
    if (issued - retired === notes + escrow) return [];
    return [
      {
        ...{ rule: 'HOME_SUPPLY', chain, block: undefined, txId: undefined, laneId: undefined, about: asset },
        expected: `${(issued - retired).toString()} = issued ${issued.toString()} - retired ${retired.toString()}`,
        found: `${(notes + escrow).toString()} = notes ${notes.toString()} + escrow ${escrow.toString()}`,
      },
    ];
  });
  return { supply, findings };
}

function assetsAtHome({ flows, chainId }: ChainReplay, { classes }: Holdings): readonly AssetId[] {
  const held = [...classes.values()].map(({ value }) => value);
  const all = [...flows.classes(''), ...held].filter(({ label }) => label.home === chainId && label.path.length === 0);
  return [...new Set(all.map(({ asset }) => asset))].sort();
}

function supplyOf(chain: ChainReplay, asset: AssetId, { sums, classes }: Holdings): HomeSupply {
  const value = { asset, label: { home: chain.chainId, path: [] } };
  const pools = [...new Set([...classes.values()].map(({ pool }) => pool))].filter((pool) => pool !== notesPool);
  return {
    chain: chain.name,
    asset,
    issued: chain.flows.sum('issued', '', value),
    retired: chain.flows.sum('retired', '', value),
    notes: sums.of(notesPool, value),
    escrow: pools.reduce((sum, pool) => sum + sums.of(pool, value), 0n),
  };
}
