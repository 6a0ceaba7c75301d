// SPDX-License-Identifier: Apache-2.0

import {
  chaincodeDefinitionRequest,
  organizationsInDefinition,
  Refused,
  type Configuration,
  type MspId,
} from '@gridpeg/protocol';
import type { ChaincodeStub } from 'fabric-shim';

/**
 * The channel's organizations, as the endorsing peer has them in the channel's configuration. Fabric's `_lifecycle`
 * names them with every definition, and unlike `cscc` and `qscc` it answers to chaincode; docs/adr/0002.
 *
 * @param configuration - names this chain's chaincode; a definition there is not is refused, and any other names the
 * same organizations
 * @throws Refused CONFIGURATION_INVALID
 */
export async function organizationsOf(
  stub: Pick<ChaincodeStub, 'invokeChaincode'>,
  { chainId, chains }: Configuration,
): Promise<readonly MspId[]> {
  const own = chains.find((chain) => chain.chainId === chainId);
  if (own === undefined) throw invalid('chains', "this chain's trust record among them");
  const request = ['QueryChaincodeDefinition', chaincodeDefinitionRequest(own.chaincodeName)];
  const { status, payload } = await stub.invokeChaincode('_lifecycle', request, '');
  if (status !== 200 || payload === undefined)
    throw invalid(`chains.${chainId}.chaincodeName`, 'a chaincode of this channel');
  return organizationsInDefinition(Buffer.from(payload));
}

function invalid(field: string, expected: string): Refused {
  return new Refused({ code: 'CONFIGURATION_INVALID', field, expected });
}
