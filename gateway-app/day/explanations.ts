// SPDX-License-Identifier: Apache-2.0

/** What a code means, for whoever meets it without its message. */
interface CodeMeaning {
  /** What happened, without a full stop. */
  readonly what: string;
  /** What to do about it, as a whole sentence. */
  readonly todo: string;
}

/** Every code of the day: why it could not run, or why a part of it was left out. Codes are stable. */
export const dayExplanations = {
  SESSIONS_UNREADABLE: {
    what: 'the file of charging sessions cannot be read',
    todo: 'Give the path of a CSV file with --sessions.',
  },
  SESSION_COLUMN_MISSING: {
    what: 'the first line of the file does not name all columns that are needed',
    todo: 'Name the columns as the ACN data does; the message says which are missing.',
  },
  SESSIONS_NONE: {
    what: 'the file holds no session that can be used, or none on the day asked for',
    todo: 'Give another file or another --date; the message says which days there are.',
  },
  SESSION_FIELDS: {
    what: 'a line has more or fewer fields than the first one',
    todo: 'Correct the line; the session was left out.',
  },
  SESSION_TIME: {
    what: 'a time is none, or a departure is before its arrival',
    todo: 'Write times as 2019-05-16 07:30:00-07:00; the session was left out.',
  },
  SESSION_ENERGY: {
    what: 'an energy is no decimal number of kWh, or is negative',
    todo: 'Write it as 12.345; the session was left out.',
  },
  SESSION_ENERGY_TOO_LARGE: {
    what: 'a session delivered more than the lanes take at once',
    todo: 'Check the unit, which is kWh; the session was left out.',
  },
  SESSION_ID: {
    what: 'the id of a session is empty, too long or not printable ASCII',
    todo: 'Use 1 to 128 printable ASCII characters; the session was left out.',
  },
  SESSION_REPEATED: {
    what: 'a session is in the file twice',
    todo: 'Remove one of the two lines; the second one was left out.',
  },
  LANE_NOT_IN_TOPOLOGY: {
    what: 'the day needs a lane that the topology does not have',
    todo: 'Use --topology dev, or add the lane to the topology.',
  },
  PARTIES_NOT_IN_TOPOLOGY: {
    what: 'the topology does not say which organizations play the parts of the day',
    todo: 'Use --topology dev, or add `day` to the topology (network/topologies/dev.yaml shows how).',
  },
  NOT_RECEIVED_IN_TIME: {
    what: 'packets were not received within the time given with --timeout',
    todo: 'See that enough notaries answer (`gridpeg status`, `gridpeg doctor`), or give more time.',
  },
  STILL_IN_FLIGHT: {
    what: 'at the end of the day packets have neither been delivered nor refunded',
    todo: 'See that enough notaries answer (`gridpeg status`, `gridpeg doctor`); relaying goes on by itself.',
  },
  DEADLINE_NOT_MISSED: {
    what: 'the transfer that was to miss its deadline was received all the same',
    todo: 'See both of its ends with `gridpeg transfer show`, and report it.',
  },
  UNEXPECTED_OUTCOME: {
    what: 'the destination refused a packet of the day',
    todo: 'See why with `gridpeg transfer show`; its value is refunded.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
