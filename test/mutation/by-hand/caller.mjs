// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/contract/caller.ts';
export const tests = ['chaincode/peg/src/peg-contract.test.ts', 'chaincode/peg/src/governance-contract.test.ts'];
export const changes = [
  [
    `commonName === undefined || another !== undefined || role`,
    `commonName === undefined || role`,
    'a caller has one common name',
  ],
  [`if (role !== 'client' && role !== 'admin') throw`, `if (false as boolean) throw`, 'a node owns nothing'],
  [`if (caller.role !== 'admin') throw`, `if (false as boolean) throw`, 'an administrator governs'],
  [`if (!members.includes(caller.mspId)) throw`, `if (false as boolean) throw`, 'a member governs'],
  [
    'accountCodec.decode(`${creator.mspid}/${commonName}`',
    'accountCodec.decode(`GridMSP/${commonName}`',
    'an account is of its organization',
  ],
];
