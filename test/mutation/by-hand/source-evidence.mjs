// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/custody/source-evidence.ts';
export const tests = [
  'chaincode/protocol/src/custody/source-evidence.test.ts',
  'chaincode/protocol/src/vectors.test.ts',
];
export const changes = [
  [
    `  if (one.batch.kind !== other.batch.kind) throw invalid('proofs', 'answers of one kind');\n`,
    ``,
    'answers are of one kind',
  ],
  [
    `if (before.length === 0 || after.length === 0) throw`,
    `if (before.length === 0 && after.length === 0) throw`,
    'a peer that lags contradicts nobody',
  ],
  [`if (new Set([...before, ...after]).size === 1) {`, `if (false as boolean) {`, 'answers that agree are no evidence'],
  [
    `lanes: [laneOfBatch(one.batch), laneOfBatch(other.batch)]`,
    `lanes: [laneOfBatch(one.batch)]`,
    'the lanes of both answers freeze',
  ],
  [
    `one.organizations.filter((name) => other.organizations.includes(name)).map(mspIdNamed)`,
    `one.organizations.map(mspIdNamed)`,
    'who signed one answer only has not lied',
  ],
  [`Math.floor(trust.organizations.length / 2) + 1`, `1`, 'an absence needs more than half of the organizations'],
  [`Math.max(majority, trust.minimumOrganizations)`, `majority`, 'an absence needs as many organizations as a packet'],
  [
    `verifyEndorsedResponse(proof, asking, exportAbsenceFunction)`,
    `verifyEndorsedResponse(proof, trust, exportAbsenceFunction)`,
    'an absence is endorsed by that many',
  ],
  [
    `if (questionHashOf(question) !== questionHash) throw`,
    `if (false as boolean) throw`,
    'an answer is to the question that was asked',
  ],
  [
    `if (sourceChainId !== trust.chainId) throw`,
    `if (false as boolean) throw`,
    'the chain asked is the one that answers',
  ],
  [`  verifyQuestion(question);\n`, ``, 'nobody is accused of what it did not sign'],
];
