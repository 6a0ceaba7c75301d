// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/codec/identifiers.ts';
export const tests = [
  'chaincode/protocol/src/codec/identifiers.test.ts',
  'chaincode/protocol/src/vectors.test.ts',
  'chaincode/protocol/src/bounds.test.ts',
];
export const changes = [
  [`text<LaneId>(/^[a-z][a-z0-9-]{0,63}$/`, `text<LaneId>(/^[a-z][a-z0-9-]*$/`, 'a lane id is bounded'],
  [`text<LaneId>(/^[a-z][a-z0-9-]{0,63}$/`, `text<LaneId>(/^[a-z][a-z0-9- ]{0,63}$/`, 'a lane id has no blank'],
  [
    `[a-z][a-z0-9.-]{0,63}\\/[a-z][a-z0-9-]{0,31}$/`,
    `[a-z][a-z0-9.-]{0,63}\\/[a-z][a-z0-9-]*$/`,
    'an asset id is bounded',
  ],
  [`(/^[A-Za-z0-9.-]{1,64}$/, 'an MSP id')`, `(/^[A-Za-z0-9./-]{1,64}$/, 'an MSP id')`, 'an MSP id has no slash'],
  [`{1,64}\\/[A-Za-z0-9@._-]{1,128}$/`, `{1,64}\\/[A-Za-z0-9@._/-]{1,128}$/`, 'an account has one slash'],
  [`{1,64}\\/[A-Za-z0-9@._-]{1,128}$/`, `{1,64}\\/[A-Za-z0-9@._-]+$/`, 'an account is bounded'],
  [`/^[\\x20-\\x7e]{0,128}$/`, `/^[^\\x00]{0,128}$/`, 'a memo is printable ASCII'],
  [`/^[\\x20-\\x7e]{0,128}$/`, `/^[\\x20-\\x7e]*$/`, 'a memo is bounded'],
  [`decimal(1n, limits.quantity)`, `decimal(0n, limits.quantity)`, 'a quantity is not zero'],
  [`decimal(1n, limits.quantity)`, `decimal(1n, limits.quantity * 10n)`, 'a quantity has a greatest value'],
  [`list(laneIdCodec, 0, limits.pathLength)`, `list(laneIdCodec, 0, 1000)`, 'a path is bounded'],
  [`return classOf(a) === classOf(b);`, `return a.asset === b.asset;`, 'notes are fungible by label as well'],
  [
    `[value.asset, value.label.home, ...value.label.path]`,
    `[value.asset, ...value.label.path]`,
    'a class names the home of its asset',
  ],
  [`chainId.slice(0, -65)`, `chainId.slice(0, -64)`, 'the channel is the chain id without its hash'],
  [
    `hash('gridpeg/v1/packet-id', source, txId, index)`,
    `hash('gridpeg/v1/packet-id', txId, index)`,
    'a packet id binds its source chain',
  ],
  [
    `hash('gridpeg/v1/packet-id', source, txId, index)`,
    `hash('gridpeg/v1/packet-id', source, txId)`,
    'a packet id binds its index',
  ],
];
