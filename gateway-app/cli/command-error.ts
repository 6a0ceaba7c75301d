// SPDX-License-Identifier: Apache-2.0

/** Codes of the command itself; those of the network, the peg and the day come with their own errors. */
export type CommandErrorCode =
  | 'USAGE'
  | 'ACCOUNT_UNKNOWN'
  | 'ASSET_UNKNOWN'
  | 'CHAIN_UNKNOWN'
  | 'LANE_UNKNOWN'
  | 'NOTES_INSUFFICIENT'
  | 'NOTE_UNKNOWN'
  | 'PACKET_UNKNOWN'
  | 'ORGANIZATION_UNKNOWN'
  | 'CODE_UNKNOWN'
  | 'FILE_UNREADABLE'
  | 'CONFIGURATION_DIFFERS'
  | 'NOTARY_KEY_UNREADABLE'
  | 'AUDIT_BROKEN'
  | 'DAY_INCOMPLETE';

/** Ends a command. `message` is one line: what happened, why, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: CommandErrorCode,
    message: string,
  ) {
    super(message);
  }
}
