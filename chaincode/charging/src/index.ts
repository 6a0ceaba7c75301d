// SPDX-License-Identifier: Apache-2.0

import { PegContract } from '@gridpeg/peg';

/** What fabric-chaincode-node serves. */
export const contracts = [PegContract];
