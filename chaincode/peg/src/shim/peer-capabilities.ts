// SPDX-License-Identifier: Apache-2.0

import { ChaincodeMessageHandler } from 'fabric-shim/lib/handler.js';
import { rememberCapabilities, type ChaincodeMessage } from './state-messages';

/** `ChaincodeMessage.Type.READY` */
const ready = 4;

/**
 * Lets the ledger know what peers are capable of. Peers announce batch support in the payload of READY, which
 * fabric-shim 2.5.8 discards, so it is read from the stream.
 *
 * Should the shim be loaded twice, connections may be of the other copy: nothing is known of their peers then, and each
 * key is a message of its own. docs/adr/0016.
 */
export function readPeerCapabilities(): void {
  const shim = ChaincodeMessageHandler.prototype;
  const chat = shim.chat;
  shim.chat = function (first): void {
    this._stream.on('data', (message: ChaincodeMessage) => {
      if (message.getType() === ready) rememberCapabilities(this, message);
    });
    chat.call(this, first);
  };
}
