// SPDX-License-Identifier: Apache-2.0

import { ChaincodeMessageHandler } from 'fabric-shim/lib/handler.js';
import { takeOffer, type ChaincodeMessage } from '../ledger/state-messages';

/** `ChaincodeMessage.Type.READY` */
const ready = 4;

/**
 * Lets the ledger know what peers offer. They say it with READY, whose payload fabric-shim 2.5.8 drops, so it is heard on the stream.
 *
 * Should the shim be loaded twice, connections may be of the other one: no offer is heard, and each key is a message. docs/adr/0016.
 */
export function hearOffers(): void {
  const shim = ChaincodeMessageHandler.prototype;
  const chat = shim.chat;
  shim.chat = function (first): void {
    this._stream.on('data', (message: ChaincodeMessage) => {
      if (message.getType() === ready) takeOffer(this, message);
    });
    chat.call(this, first);
  };
}
