// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/contract/evidence-contract.ts';
export const tests = ['chaincode/peg/src/evidence-contract.test.ts'];
export const changes = [
  [`    clientOf(ctx.stub);\n`, ``, 'a client asks'],
  [`await ledger.asked(question)`, `{ outbox: undefined, receipt: undefined }`, 'what is asked about is read'],
  [`const known = await ledger.absence(questionHash);`, `const known = undefined;`, 'an absence never changes'],
  [
    `if (absence === undefined) throw`,
    `if (false as boolean) throw`,
    'an absence that was not committed is not exported',
  ],
];
