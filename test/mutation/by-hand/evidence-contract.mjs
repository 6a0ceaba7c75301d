// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/contract/evidence-contract.ts';
export const tests = ['chaincode/peg/src/evidence-contract.test.ts', 'chaincode/peg/src/former-trust.test.ts'];
export const changes = [
  [`    clientOf(ctx.stub);\n`, ``, 'a client asks'],
  [`await ledger.asked(question)`, `{ outbox: undefined, receipt: undefined }`, 'what is asked about is read'],
  [`const known = await ledger.absence(questionHash);`, `const known = undefined;`, 'an absence never changes'],
  [
    `if (absence === undefined) throw`,
    `if (false as boolean) throw`,
    'an absence that was not committed is not exported',
  ],
  [`epoch === inForce.committee.epoch ? inForce.committee : past`, `past`, 'the committee in force is named'],
  [
    `epoch === inForce.committee.epoch ? inForce.committee : past`,
    `inForce.committee`,
    'the committee of an epoch that is over is named',
  ],
  [
    `unexpiredTrust(await ledger.formerTrust([chainId]), timeOf(ctx))`,
    `(await ledger.formerTrust([chainId]))`,
    'a former trust record whose time is over is not named',
  ],
  [`[inForce, ...former]`, `[inForce]`, 'former trust records are named'],
  [`[inForce, ...former]`, `former`, 'the trust record in force is named'],
];
