// SPDX-License-Identifier: Apache-2.0

/** Why the network could not do what was asked. Codes are stable: programs and documentation refer to them. */
export type NetworkErrorCode =
  | 'TOPOLOGY_INVALID'
  | 'TOPOLOGY_CHANGED'
  | 'FABRIC_BINARY_MISSING'
  | 'FABRIC_BINARY_VERSION'
  | 'FABRIC_BUILD_FAILED'
  | 'GO_MISSING'
  | 'GO_VERSION'
  | 'TOOL_FAILED'
  | 'TOOL_TIMEOUT'
  | 'PORT_TAKEN'
  | 'PORT_NONE_FREE'
  | 'STATE_DIR_FOREIGN'
  | 'STATE_LOCKED'
  | 'STATE_UNREADABLE'
  | 'NETWORK_NOT_UP'
  | 'NODE_UNKNOWN'
  | 'NODE_DID_NOT_START'
  | 'NODE_NOT_RUNNING'
  | 'CHAIN_UNKNOWN'
  | 'CHAINCODE_MISSING'
  | 'CHAINCODE_DEFINITION_DIFFERS'
  | 'CHAINCODE_DOES_NOT_ANSWER'
  | 'PLATFORM_UNSUPPORTED';

/**
 * The one error class of this package.
 *
 * `message` is one line: what happened, why, and what to do. `detail` holds what a tool or a node printed last, if
 * anything did.
 */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  /**
   * @param code - the stable code
   * @param what - what happened and why, without a full stop
   * @param remedy - what to do about it, one imperative sentence without a full stop
   * @param detail - the last lines of a tool's or node's output
   */
  constructor(
    readonly code: NetworkErrorCode,
    what: string,
    readonly remedy: string,
    readonly detail?: string,
  ) {
    super(`${what}. ${remedy}.`);
  }
}
