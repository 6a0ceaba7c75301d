// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/proof/fabric-proposal.ts';
export const tests = [
  'chaincode/protocol/src/proof/fabric-proposal.test.ts',
  'chaincode/protocol/src/proof/endorsed-proof.test.ts',
  'chaincode/protocol/src/vectors.test.ts',
];
export const changes = [
  [
    `if (header.type !== endorserTransaction) throw`,
    `if (false as boolean) throw`,
    'a proposal is an endorser transaction',
  ],
  [`  expectText('channelHeader.channelId', header.channelId, channel);\n`, ``, 'a proposal is of the channel'],
  [`  expectText('channelHeader.chaincode', inHeader.name, chaincodeName);\n`, ``, 'the header names the chaincode'],
  [`  checkTimestamp(header.timestamp);\n`, ``, 'a proposal has a timestamp'],
  [`if (seconds <= 0n || nanos`, `if (nanos`, 'a timestamp is after 1970'],
  [`nanos < 0 || nanos > 999_999_999`, `nanos < 0`, 'nanoseconds are bounded'],
  [`  checkOrigin(proposal.signatureHeader, header.txId);\n`, ``, 'a signature header is read'],
  [`if (!pem.test(identity.idBytes.toString('latin1'))) {`, `if (false as boolean) {`, 'a creator is a certificate'],
  [`if (nonce.length !== nonceLength) {`, `if (nonce.length === 0) {`, 'a nonce has 24 bytes'],
  [
    `  expectText('channelHeader.txId', txId, createHash('sha256').update(nonce).update(creator).digest('hex'));\n`,
    ``,
    'a transaction id is that of nonce and creator',
  ],
  [`  expectText('proposalPayload.chaincode', chaincode, chaincodeName);\n`, ``, 'the payload names the chaincode'],
  [`if (spec.type !== nodeChaincode) throw`, `if (false as boolean) throw`, 'a chaincode type has one spelling'],
  [
    `|| argument === undefined || extra !== undefined) throw`,
    `|| argument === undefined) throw`,
    'an export has one argument',
  ],
  [`decode(exportRequestCodec, argument)`, `JSON.parse(argument)`, 'an argument is canonical'],
  [`.update(channelHeader).update(signatureHeader)`, `.update(channelHeader)`, 'the hash binds the signature header'],
  [
    `if (!found.equals(Buffer.from(expected, 'utf8'))) throw`,
    `if (found.length !== expected.length) throw`,
    'a name is compared whole',
  ],
];
