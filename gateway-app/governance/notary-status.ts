// SPDX-License-Identifier: Apache-2.0

import { isImported } from '@gridpeg/network';
import { askHealth, urlOf } from '../committee/notary-services';
import { readAddresses } from '../committee/notary-addresses';
import { type PeggedNetwork } from '../consortium/consortium';
import { type NotaryHealth } from '../notary';
import { configurationInForce } from './configure-chains';

/** The health that one notary of the committee reports, if it answers. */
export interface NotaryStatus {
  /** MSP id */
  readonly organization: string;
  /** Empty when it is not known where the notary listens. */
  readonly url: string;
  readonly health: NotaryHealth | undefined;
}

/** The notaries of a committee, and how many of them answer and can sign. */
export interface CommitteeStatus {
  readonly threshold: number;
  readonly answering: number;
  readonly signing: number;
  readonly notaries: readonly NotaryStatus[];
}

/**
 * Asks every notary of a network's committee how it is.
 *
 * @param named - URLs by MSP id, which count before the addresses that the network's folder has
 */
export async function committeeStatus(
  network: PeggedNetwork,
  stateDir: string,
  named: ReadonlyMap<string, string>,
): Promise<CommitteeStatus> {
  const { committee } = network.state.peg;
  const addresses = readAddresses(stateDir);
  const authorities = isImported(stateDir) ? await authoritiesOnLedgers(network) : new Map<string, string[]>();
  const notaries = await Promise.all(
    committee.notaries.map(async (organization): Promise<NotaryStatus> => {
      const url = named.get(organization) ?? urlOf(addresses, organization);
      return {
        organization,
        url,
        health: await askHealth(network, organization, url, 1, authorities.get(organization)),
      };
    }),
  );
  return {
    threshold: committee.threshold,
    answering: notaries.filter(({ health }) => health !== undefined).length,
    signing: notaries.filter(({ health }) => health?.signing.well === true).length,
    notaries,
  };
}

/** Who vouches for the notaries of other organizations, as far as the chains of an imported network say. */
async function authoritiesOnLedgers(network: PeggedNetwork): Promise<ReadonlyMap<string, readonly string[]>> {
  const read = network.state.chains.map((chain) =>
    configurationInForce(network.client(chain, network.reader(chain))).catch(() => undefined),
  );
  const found = new Map<string, readonly string[]>();
  for (const configuration of await Promise.all(read))
    for (const { mspId, caCertificates } of configuration?.chains.flatMap(({ organizations }) => organizations) ?? [])
      found.set(mspId, [...(found.get(mspId) ?? []), ...caCertificates]);
  return found;
}
