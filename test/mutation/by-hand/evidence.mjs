// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/custody/evidence.ts';
export const tests = ['chaincode/protocol/src/custody/evidence.test.ts', 'chaincode/protocol/src/vectors.test.ts'];
export const changes = [
  [`if (first.sourceChainId !== second.sourceChainId) return undefined;`, ``, 'evidence is of one source'],
  [
    `pairs.find(([one, other]) => hashOf(one) !== hashOf(other))`,
    `pairs[0]`,
    'evidence is made of contents that differ',
  ],
  [
    `  if (!isNotaryKey(publicKey)) throw invalid('publicKey', 'a P-256 public key');\n`,
    ``,
    'the key of evidence is on P-256',
  ],
  [
    `  if (first.packetId !== second.packetId) throw invalid('statements.entry', 'two contents for one packet');\n`,
    ``,
    'evidence is about one packet',
  ],
  [
    `  if (first.hash === second.hash) throw invalid('statements.entry', 'contents that differ');\n`,
    ``,
    'one content is no lie',
  ],
  [`if (!entryHashes.includes(hash)) throw`, `if (false as boolean) throw`, 'an entry is among those that were signed'],
  [
    `if (!isSignedWith(publicKey, signature,`,
    `if (false && isSignedWith(publicKey, signature,`,
    'both statements are signed',
  ],
  [
    `for (const statement of statements) {`,
    `for (const statement of statements.slice(1)) {`,
    'the first statement is signed',
  ],
  [
    `for (const statement of statements) {`,
    `for (const statement of statements.slice(0, 1)) {`,
    'the second statement is signed',
  ],
  [
    `: { laneId, sourceChainId: to, destinationChainId: from };`,
    `: { laneId, sourceChainId: from, destinationChainId: to };`,
    'receipts go against the lane',
  ],
  [
    `packetId: statement.entry.id, hash: packetHashOf(statement.entry)`,
    `packetId: statement.entry.id, hash: statement.entry.id`,
    'contents are compared by hash',
  ],
];
