// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/signed-block.ts';
export const tests = [
  'chaincode/protocol/src/spv/follow.test.ts',
  'chaincode/protocol/src/spv/header-conflict.test.ts',
];
export const changes = [
  ['  verifyBlockData(bytes, header);\n', '', "the envelopes are the block's"],
  [
    "if (!bytes.some((envelope) => channelNamedIn(envelope) === channel)) throw foreign('envelopes.channelId');",
    '',
    'the block is of the channel',
  ],
  [
    'channelNamedIn(envelope) === channel',
    'channelNamedIn(envelope) !== undefined',
    'the block is of that very channel',
  ],
];
