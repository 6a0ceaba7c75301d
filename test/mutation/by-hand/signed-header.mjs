// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/signed-header.ts';
export const tests = ['chaincode/protocol/src/spv/follow.test.ts', 'chaincode/protocol/src/spv/signed-header.test.ts'];
export const changes = [
  [
    'if (lastConfiguration !== expected) {',
    'if (false as boolean) {',
    'a header was signed under the configuration followed',
  ],
  [
    'const code = lastConfiguration > expected ?',
    'const code = lastConfiguration < expected ?',
    'what is skipped is not stale',
  ],
  [
    'const expected = isConfiguration ? header.number : number;',
    'const expected = number;',
    'a configuration names itself',
  ],
  [
    "if (repeated !== undefined) throw new Refused({ code: 'ORDERER_REPEATED', orderer: repeated });",
    '',
    'no orderer counts twice',
  ],
  ['!isFirst(names, place) || !isFirst(keys, place)', '!isFirst(names, place)', 'no key counts twice'],
  ['!isFirst(names, place) || !isFirst(keys, place)', '!isFirst(keys, place)', 'no name counts twice'],
  ['if (names.length < required) throw', 'if (false as boolean) throw', 'it takes as many as are required'],
  [
    'if (names.length < required) throw',
    'if (names.length < required - 1) throw',
    'it takes exactly as many as are required',
  ],
  [
    'if (!verifies(signed, signer, signature)) throw new Refused',
    'if (false as boolean) throw new Refused',
    'each signature verifies',
  ],
  ["if (own === '' || other !== '') throw", "if (own === '') throw", 'a signature has one header'],
  ["if (own === '' || other !== '') throw", "if (other !== '') throw", 'a signature has the header of the consensus'],
  [
    "if (facts === undefined) throw new Refused({ code: 'ORDERER_STRANGER', orderer: name });",
    '',
    'a signer is one of the consenters',
  ],
  ['if (facts.authority || (ordererUnit', 'if ((ordererUnit', 'an authority signs no blocks'],
  [
    "(ordererUnit !== '' && roleOf(facts, ordererUnit) !== ordererUnit)",
    '(false as boolean)',
    'a signer is an orderer',
  ],
  [
    'if (revokedSerials.some((serial) => sameSerial(serial, facts.serialNumber))) {',
    'if (false as boolean) {',
    'a signer is not revoked',
  ],
  [
    'Buffer.concat([bytesOf(metadata), heading, bytesOf(header)])',
    'Buffer.concat([heading, bytesOf(header)])',
    'the metadata are signed',
  ],
  [
    'Buffer.concat([bytesOf(metadata), heading, bytesOf(header)])',
    'Buffer.concat([bytesOf(metadata), bytesOf(header)])',
    'the header of the signature is signed',
  ],
  [
    'Buffer.concat([bytesOf(metadata), heading, bytesOf(header)])',
    'Buffer.concat([bytesOf(metadata), heading])',
    'the header of the block is signed',
  ],
  ['if (counted.length === most) break;', '', 'no more signatures are carried than it takes'],
  ['known.has(signer.name) || known.has(signer.key)', 'known.has(signer.key)', 'one signature of each name is carried'],
  ['known.has(signer.name) || known.has(signer.key)', 'known.has(signer.name)', 'one signature of each key is carried'],
  ['if (!verifies(signed, signer, signature)) continue;', '', 'only what verifies is carried'],
];
