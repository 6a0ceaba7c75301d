// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/custody/certificate.ts';
export const tests = ['chaincode/protocol/src/custody/certificate.test.ts', 'chaincode/protocol/src/vectors.test.ts'];
export const changes = [
  [`if (epoch !== trust.committee.epoch) throw`, `if (epoch < 0) throw`, 'a certificate is of the epoch in force'],
  [
    `if (epoch !== trust.committee.epoch) throw`,
    `if (epoch < trust.committee.epoch) throw`,
    'a certificate is of no later epoch',
  ],
  [`if (stranger !== undefined) throw`, `if (false as boolean) throw`, 'a stranger is no notary'],
  [`if (repeated !== undefined) throw`, `if (false as boolean) throw`, 'a notary counts once'],
  [`signatures.filter(({ notary }) => !out.has(notary))`, `signatures`, 'a suspended key does not count'],
  [`if (counted.length < committee.threshold) {`, `if (counted.length < 1) {`, 'a certificate has the threshold'],
  [
    `if (counted.length < committee.threshold) {`,
    `if (signatures.length < committee.threshold) {`,
    'only signatures that count make the threshold',
  ],
  [`if (!isSignedBy(signature, bytes, { committee })) {`, `if (false as boolean) {`, 'each notary signed the digest'],
  [
    `committee.notaries.find(({ mspId }) => mspId === notary)?.publicKey`,
    `committee.notaries[0]?.publicKey`,
    'a notary signs with its own key',
  ],
  [
    `    outline.destinationChainId,\n    outline.laneId,\n    outline.kind,\n    outlineRootOf`,
    `    outline.laneId,\n    outline.kind,\n    outlineRootOf`,
    'a digest binds the destination',
  ],
  [
    `    outline.laneId,\n    outline.kind,\n    outlineRootOf`,
    `    outline.kind,\n    outlineRootOf`,
    'a digest binds the lane',
  ],
  [`    outlineRootOf(outline),\n`, ``, 'a digest binds the entries'],
  [`    sourceConfiguration,\n    epoch,\n  );`, `    epoch,\n  );`, 'a digest binds the trust record'],
  [`    sourceConfiguration,\n    epoch,\n  );`, `    sourceConfiguration,\n  );`, 'a digest binds the epoch'],
];
