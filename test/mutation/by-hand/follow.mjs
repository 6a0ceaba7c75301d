// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/follow.ts';
export const tests = ['chaincode/protocol/src/spv/follow.test.ts'];
export const changes = [
  [
    "if (`${channelOf(chainId)}-${blockHashOf(header)}` !== chainId) throw foreign('header');",
    '',
    'a chain begins at the block that its id names',
  ],
  [
    'blockHashOf(header) === head.hash) return followed;',
    'true) return followed;',
    "another header at the head's height is no repetition",
  ],
  ['if (header.number <= head.number) {', 'if (header.number < head.number) {', "the head's height has one header"],
  ['if (header.number <= head.number) {', 'if (false as boolean) {', 'headers are followed forward'],
  [
    'if (header.number === head.number + 1n && header.previousHash !== head.hash) throw unlinked(header);',
    '',
    'the next block names the head',
  ],
  [
    'if (header.number !== last.number + 1n || header.previousHash',
    'if (header.previousHash',
    "links lead to the header's number",
  ],
  [
    'header.number !== last.number + 1n || header.previousHash !== last.hash',
    'header.number !== last.number + 1n',
    "links lead to the header's hash",
  ],
  ['  verifySignedHeader(signed, followed.configuration, false);\n', '', 'a linked header is signed'],
  ['  verifySignedBlock(step, configuration);\n', '', 'a block is signed, and of the channel'],
  [
    'if (lastConfiguration === header.number) throw skipped(header, configuration);',
    '',
    'a configuration is not skipped as a block',
  ],
  [
    'number: number + 1n, previousHash: hash, dataHash })',
    'number, previousHash: hash, dataHash })',
    'a link has the next number',
  ],
  ['  verifySignedHeader(signed, configuration, true);\n', '', 'a configuration is signed by those before'],
  [
    'if (transaction.sequence !== sequence + 1n) throw',
    'if (transaction.sequence <= sequence) throw',
    'no configuration is left out',
  ],
  [
    'if (transaction.sequence !== sequence + 1n) throw',
    'if (transaction.sequence > sequence + 1n) throw',
    'no configuration comes back',
  ],
  [
    "const raftSignatures = consensus.kind === 'raft' ? consensus.requiredSignatures : undefined;",
    'const raftSignatures = consensus.requiredSignatures;',
    'Raft does not follow BFT',
  ],
  [
    "if (createHash('sha256').update(bytes).digest('hex') !== header.dataHash) {",
    'if (false as boolean) {',
    'a configuration is the data of its block',
  ],
  ["if (transaction === undefined) throw foreign('envelope.type');\n", '', 'a configuration is one'],
  [
    "if (transaction.channel !== channelOf(chainId)) throw foreign('envelope.channelId');",
    '',
    'a configuration is of the channel',
  ],
];
