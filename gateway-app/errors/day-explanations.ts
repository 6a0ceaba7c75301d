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
  SESSIONS_ENCODING: {
    what: 'the file of charging sessions is no text in UTF-8 or UTF-16',
    todo: 'Save it as CSV in UTF-8; gzip may pack it. The message says as what it was read.',
  },
  SESSIONS_TOO_LARGE: {
    what: 'the file of charging sessions is larger than what is read at once',
    todo: 'Give a part of it.',
  },
  SESSION_COLUMN_MISSING: {
    what: 'the first line of the file does not name all columns that are needed',
    todo: 'Name the columns as the ACN data does; the message says which are missing and what was seen.',
  },
  SESSION_COLUMN_REPEATED: {
    what: 'two columns of the file mean the same',
    todo: 'Remove one of the two; the message names them.',
  },
  SESSION_UNIT: {
    what: 'the unit of a column of energies is not named, is none that is read, or is not the one of --energy-unit',
    todo: 'Name the column "delivered_energy (kWh)" or "(Wh)", or say --energy-unit.',
  },
  SESSIONS_NONE: {
    what: 'the file holds no session that can be used, or none on the day asked for',
    todo: 'Give another file or another --date; the message says which days there are.',
  },
  SESSION_FIELDS: {
    what: 'a line has more or fewer fields than the first one',
    todo: 'Correct the line; the session was left out.',
  },
  SESSION_QUOTE: {
    what: 'a quote stands within a field that does not begin with one, or is not closed on its line',
    todo: 'Put quotes around the whole field and double those within; the session was left out.',
  },
  SESSION_TIME: {
    what: 'a time does not exist, or its offset from UTC is not named',
    todo: 'Write times as 2019-05-16 07:30:00-07:00; the session was left out.',
  },
  SESSION_DEPARTURE: {
    what: 'a departure is not after its arrival',
    todo: 'Correct one of the two; the session was left out.',
  },
  SESSION_TIME_IMPLAUSIBLE: {
    what: 'a session was before 2010 or has not ended yet',
    todo: 'Correct the time, or the clock of the station or of this machine; the session was left out.',
  },
  SESSION_TOO_LONG: {
    what: 'a session took more than 31 days',
    todo: 'Correct one of its times; the session was left out.',
  },
  SESSION_ENERGY: {
    what: 'an energy is no decimal number, is negative, or has a comma that may group thousands',
    todo: 'Write it as 12.345; the session was left out.',
  },
  SESSION_ENERGY_TOO_LARGE: {
    what: 'a session requested or delivered more than any vehicle takes, which is 1,000 kWh',
    todo: 'Check the unit that the column names; the session was left out.',
  },
  SESSION_POWER: {
    what: 'a session delivered more than a connector can give in its time, which is 500 kW (IEC 62196-3-1)',
    todo: 'Check the unit and the times; the session was left out.',
  },
  SESSION_OVERLAP: {
    what: 'a session begins at a station where another one has not ended',
    todo: 'Correct one of the two lines; the later session was left out.',
  },
  SESSION_ID: {
    what: 'the id of a session is empty, too long or not printable ASCII',
    todo: 'Use 1 to 128 printable ASCII characters; the session was left out.',
  },
  SESSION_STATION: {
    what: 'the id of a station is empty, too long or not printable ASCII',
    todo: 'Use 1 to 128 printable ASCII characters; the session was left out.',
  },
  SESSION_REPEATED: {
    what: 'a session is in the file twice on one day',
    todo: 'Remove one of the two lines; the second one was left out.',
  },
  SESSION_CHANGED: {
    what: 'a session was settled before with another departure or other energies',
    todo: 'A settlement is final: correct it outside of the day, or give another session another id; it was left out.',
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
