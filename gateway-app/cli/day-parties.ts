// SPDX-License-Identifier: Apache-2.0

import { type DayParties, type Party } from '../day';
import { type PeggedNetwork } from './pegged-network';

/** Who takes part in the day: the issuer of the city's energy, and the two organizations of the side chains. */
export function dayParties(network: PeggedNetwork): DayParties {
  const party = (chainName: string, mspId: string): Party => {
    const chain = network.chain(chainName);
    const holder = network.holder(mspId);
    return { chain: chainName, account: holder.account, client: network.client(chain, holder) };
  };
  return {
    utility: party('city', network.asset('city/energy').issuer),
    chargingOperator: { city: party('city', 'ChargingMSP'), charging: party('charging', 'ChargingMSP') },
    microgridOperator: { city: party('city', 'MicrogridMSP'), microgrid: party('microgrid', 'MicrogridMSP') },
  };
}
