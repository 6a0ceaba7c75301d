// SPDX-License-Identifier: Apache-2.0

/** What a code means, for whoever meets it without its message. */
export interface CodeMeaning {
  /** What happened, without a full stop. */
  readonly what: string;
  /** What to do about it, as a whole sentence. */
  readonly todo: string;
}

/** Codes of the command itself; those of the network, the peg, the day and the audit have tables of their own. */
export const commandExplanations = {
  USAGE: {
    what: 'the command line is wrong: an unknown command or option, or a value of another form',
    todo: 'Correct what the message names; `--help` after any command shows how it is used.',
  },
  ACCOUNT_UNKNOWN: {
    what: 'there are no keys of that account in the state folder',
    todo: 'Name one of those the message lists, as ChargingMSP/User1.',
  },
  ASSET_UNKNOWN: {
    what: 'the topology has no such asset, or several and none was named',
    todo: 'Name one with --asset, as city/energy.',
  },
  CHAIN_UNKNOWN: {
    what: 'the network has no chain of that name',
    todo: 'Name one that `gridpeg status` lists.',
  },
  LANE_UNKNOWN: {
    what: 'the topology has no lane of that id, or none the other way',
    todo: 'Name one of those the message lists.',
  },
  NOTES_INSUFFICIENT: {
    what: 'the account holds no notes of one kind that are enough',
    todo: 'Ask for less, or see with `gridpeg notes` what there is.',
  },
  NOTE_UNKNOWN: {
    what: 'the account has no unspent note of that id',
    todo: 'Name one that `gridpeg notes` lists.',
  },
  PACKET_UNKNOWN: {
    what: 'none of the chains has sent a packet of that id',
    todo: 'Check the id; `gridpeg send` prints it.',
  },
  ORGANIZATION_UNKNOWN: {
    what: "the network has no organization of that name, or none of its notary's keys are in the state folder",
    todo: 'Name one of those the message lists.',
  },
  CHAIN_FOREIGN: {
    what: 'the organization is no member of that chain, or has no peer on it',
    todo: 'Name a chain that it is a member of; the message lists them.',
  },
  CODE_UNKNOWN: {
    what: 'there is no such code',
    todo: 'Run `gridpeg explain` for a list of all.',
  },
  FILE_UNREADABLE: {
    what: 'a file named on the command line cannot be read',
    todo: 'Name one that is there and that this user may read.',
  },
  CONFIGURATION_DIFFERS: {
    what: 'a chain is configured otherwise than the topology and the keys of the notaries say',
    todo: 'Restore the keys in the state folder, or take the network down and up.',
  },
  NOTARY_KEY_UNREADABLE: {
    what: "a notary's signing key cannot be read or is no private key",
    todo: 'Restore the file that is named, or take the network down and up.',
  },
  FILE_FORBIDDEN: {
    what: 'this user may not read or write a file or folder',
    todo: 'Change its owner or mode, or name another folder with --state.',
  },
  FILE_MISSING: {
    what: 'a file is gone that should be there',
    todo: 'Restore it, or take the network down and up; `gridpeg doctor` looks for what else is damaged.',
  },
  DISK_FULL: {
    what: 'the file system is full, or the quota of this user is used up',
    todo: 'Make room, and run the command again.',
  },
  FILES_TOO_MANY: {
    what: 'too many files or connections are open',
    todo: 'Raise the limit (`ulimit -n 4096`), and run the command again.',
  },
  FOLDER_READ_ONLY: {
    what: 'a file system is mounted for reading only',
    todo: 'Name a folder elsewhere with --state.',
  },
  CONNECTION_FAILED: {
    what: 'something that should listen does not answer',
    todo: 'Run `gridpeg doctor`, which says what does not answer and why.',
  },
  UNEXPECTED: {
    what: 'something happened that gridpeg does not expect',
    todo: 'Run again with GRIDPEG_TRACE=1 and report what it prints.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
