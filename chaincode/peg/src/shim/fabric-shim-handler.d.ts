// SPDX-License-Identifier: Apache-2.0

/** A file of fabric-shim 2.5.8 that comes without types; what is needed of it here. */
declare module 'fabric-shim/lib/handler.js' {
  import type { EventEmitter } from 'node:events';

  /** The shim's end of a connection to a peer. */
  export class ChaincodeMessageHandler {
    readonly _stream: EventEmitter;
    /** Begins the conversation. */
    chat: (this: ChaincodeMessageHandler, first: unknown) => void;
  }
}
