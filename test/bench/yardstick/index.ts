// SPDX-License-Identifier: Apache-2.0

import { AssetContract } from './asset-contract';

/** What fabric-chaincode-node serves. */
export const contracts = [AssetContract];
