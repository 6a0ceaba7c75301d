// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/custody/absence.ts';
export const tests = [
  'chaincode/protocol/src/custody/source-evidence.test.ts',
  'chaincode/protocol/src/vectors.test.ts',
];
export const changes = [
  [
    `if (!entryHashes.includes(requestedEntry(question).entryHash)) {`,
    `if (false as boolean) {`,
    'the entry is in what was signed',
  ],
  [`if (repeated !== undefined) throw`, `if (false as boolean) throw`, 'a key is named once'],
  [
    `!isNotaryKey(publicKey) || !isSignedWith(publicKey, signature, digest)`,
    `!isNotaryKey(publicKey)`,
    'a key signed the batch',
  ],
  [
    `hash('gridpeg/v1/absence-question', encode(absenceQuestionCodec, question))`,
    `hash('gridpeg/v1/absence-question', question.sourceChainId)`,
    'a question is known by all that it says',
  ],
];
