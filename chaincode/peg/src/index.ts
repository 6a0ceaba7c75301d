// SPDX-License-Identifier: Apache-2.0

import type { Contract } from 'fabric-contract-api';
import { suppressDebugLines } from './shim/shim-logging';
import { EvidenceContract } from './contract/evidence-contract';
import { GovernanceContract } from './contract/governance-contract';
import { readPeerCapabilities } from './shim/peer-capabilities';
import { PegContract } from './contract/peg-contract';

readPeerCapabilities();

/** What a chaincode serves that pegs its channel: `fabric-chaincode-node` asks for a list of this name. */
export const contracts: readonly (new () => Contract)[] = [PegContract, GovernanceContract, EvidenceContract];

suppressDebugLines();
