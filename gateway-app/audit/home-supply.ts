// SPDX-License-Identifier: Apache-2.0

import { type AssetId } from '@gridpeg/protocol';
import { type Finding, type HomeSupply } from './audit-report';
import { type ChainReplay } from './chain-replay';

/** Each asset at home: issued - retired = notes + escrow; docs/spec/07-audit.md point 4. */
export function homeSupply(chains: readonly ChainReplay[]): {
  readonly supply: readonly HomeSupply[];
  readonly findings: readonly Finding[];
} {
  const supply = chains.flatMap((chain) => [...assetsAtHome(chain)].map((asset) => supplyOf(chain, asset)));
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

function assetsAtHome(chain: ChainReplay): ReadonlySet<AssetId> {
  const held = [...chain.notes, ...chain.escrow].filter(({ label }) => isHome(chain, label));
  return new Set([...chain.supply, ...held].map(({ asset }) => asset).sort());
}

function supplyOf(chain: ChainReplay, asset: AssetId): HomeSupply {
  const sum = (values: ReadonlyArray<{ readonly quantity: bigint }>): bigint =>
    values.reduce((total, { quantity }) => total + quantity, 0n);
  const ofAsset = <T extends { readonly asset: AssetId }>(values: readonly T[]): readonly T[] =>
    values.filter((value) => value.asset === asset);
  return {
    chain: chain.name,
    asset,
    issued: sum(ofAsset(chain.supply).filter(({ kind }) => kind === 'issued')),
    retired: sum(ofAsset(chain.supply).filter(({ kind }) => kind === 'retired')),
    notes: sum(ofAsset(chain.notes).filter(({ label }) => isHome(chain, label))),
    escrow: sum(ofAsset(chain.escrow).filter(({ label }) => isHome(chain, label))),
  };
}

function isHome(chain: ChainReplay, label: { readonly home: string; readonly path: readonly string[] }): boolean {
  return label.home === chain.chainId && label.path.length === 0;
}
