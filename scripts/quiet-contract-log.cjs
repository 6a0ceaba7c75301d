// SPDX-License-Identifier: Apache-2.0
// fabric-contract-api logs every decorator that it meets at level `info`. Unit tests want to see warnings only.
process.env['CORE_CHAINCODE_LOGGING_LEVEL'] ??= 'WARNING';
