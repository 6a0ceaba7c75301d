// SPDX-License-Identifier: Apache-2.0
'use strict';

const { contracts } = require('@gridpeg/peg');
const { Contract } = require('fabric-contract-api');

/** What the partners have agreed on beside the peg: what a night at the hotel costs. */
class RatesContract extends Contract {
  constructor() {
    super('rates');
  }

  /** @returns points, as a decimal string */
  async priceOf(_context, nights) {
    if (!/^[1-9]\d?$/.test(nights)) throw new Error('NIGHTS_INVALID: name 1 to 99 nights.');
    return (120n * BigInt(nights)).toString();
  }
}

/** The peg and its governance, and what is ours. */
exports.contracts = [...contracts, RatesContract];
