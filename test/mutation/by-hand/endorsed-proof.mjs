// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/proof/endorsed-proof.ts';
export const tests = [
  'chaincode/protocol/src/proof/endorsed-proof.test.ts',
  'chaincode/protocol/src/proof/fabric-proposal.test.ts',
  'chaincode/protocol/src/proof/endorser.test.ts',
  'chaincode/protocol/src/vectors.test.ts',
];
export const changes = [
  [`if (size > maximumProofBytes) throw`, `if (false as boolean) throw`, 'a proof is bounded'],
  [
    `if (batch.sourceChainId !== trust.chainId) throw foreign('batch.sourceChainId');\n  checkMatchesRequest`,
    `checkMatchesRequest`,
    'a batch is of the trusted chain',
  ],
  [`  checkMatchesRequest(batch, asked);\n`, ``, 'an answer says what was asked'],
  [`if (batch.kind !== asked.kind) throw`, `if (false as boolean) throw`, 'an answer is of the function asked'],
  [`if (batch.laneId !== asked.laneId) throw`, `if (false as boolean) throw`, 'an answer is of the lane asked'],
  [
    `if (batch.txIds.join() !== asked.txIds.join()) throw`,
    `if (false as boolean) throw`,
    'an answer is of the transactions asked',
  ],
  [
    `batch.txIds.join() !== asked.txIds.join()`,
    `batch.txIds.length !== asked.txIds.length`,
    'an answer is of the very transactions asked',
  ],
  [`!batch.entries.every(({ txId }) => txIds.has(txId))`, `false`, 'each packet is of a transaction asked'],
  [`if (!payload.proposalHash.equals(hash)) throw`, `if (false as boolean) throw`, 'an answer is to the proposal'],
  [`  expectText('responsePayload.chaincode', name, chaincodeName);\n`, ``, 'the chaincode of the chain answers'],
  [`if (response.status !== 200) throw`, `if (false as boolean) throw`, 'an answer is no error'],
  [`if (organization === undefined) throw`, `if (false as boolean) throw`, 'an endorser is of a trusted organization'],
  [`if (repeated !== undefined) throw`, `if (false as boolean) throw`, 'an organization counts once'],
  [`if (names.length < trust.minimumOrganizations) {`, `if (names.length < 1) {`, 'enough organizations endorse'],
  [`Buffer.concat([responsePayload, bytes])`, `responsePayload`, 'an endorsement signs answer and endorser'],
  [`if (facts === undefined) {`, `if (false as boolean) {`, 'an endorser is certified by its organization'],
  [`facts.authority || facts.keyUsage`, `facts.keyUsage`, 'a CA certificate endorses nothing'],
  [`facts.keyUsage?.digitalSignature !== true ||`, ``, 'an endorser may sign'],
  [`|| roleOf(facts, peerUnit) !== peerUnit) {`, `) {`, 'an endorser is a peer'],
  [`if (organization.revokedSerials.some(`, `if ([].some(`, 'a revoked peer endorses nothing'],
  [`a.replace(/^0+/, '') === b.replace(/^0+/, '')`, `a === b`, 'a serial number is one with zeros and without'],
];
