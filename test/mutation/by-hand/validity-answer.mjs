// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/validity.ts';
export const tests = ['chaincode/protocol/src/spv/block-proof.test.ts', 'chaincode/protocol/src/spv/validity.test.ts'];
export const changes = [
  [
    '  checkSize({ ...texts, responsePayload: `${before}${after}`, endorsements: expanded });\n',
    '',
    'an answer is bounded',
  ],
  ['if (place >= 0) throw foreign(', 'if (false as boolean) throw foreign(', 'the question is about the transaction'],
  ['if (found.length !== expected.length) throw', 'if (false as boolean) throw', 'a question has three arguments'],
  [
    '  readEndorsedPayload(responsePayload, proposalHashOf(proposal), systemChaincode);\n',
    '',
    'the answer is to the question',
  ],
  ['proposalHashOf(proposal), systemChaincode)', "proposalHashOf(proposal), 'gridpeg')", "the answer is qscc's"],
  ["found.start !== Buffer.byteLength(before, 'base64') || ", '', 'the envelope begins where the answer has it'],
  [' || found.end !== found.start + envelope.length', '', 'the envelope ends where the answer has it'],
  [
    'organizations: verifyEndorsements({ endorsements: expanded }, responsePayload, policy)',
    'organizations: []',
    'peers signed the answer',
  ],
  ['if (validationCode === valid) return organizations;', 'return organizations;', 'a transaction is valid'],
  ["if (envelope.length === 0) throw new Error('qscc: no envelope');", '', 'an answer has an envelope'],
];
