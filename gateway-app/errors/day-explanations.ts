// SPDX-License-Identifier: Apache-2.0

import { type CodeMeaning } from '@gridpeg/protocol';

/** Every code of the day: why it could not run, or why a part of it was left out. Codes are stable. */
export const dayExplanations = {
  SESSIONS_UNREADABLE: {
    summary: 'the file of charging sessions cannot be read',
    remedy: 'Give the path of a CSV file with --sessions.',
  },
  SESSIONS_ENCODING: {
    summary: 'the file of charging sessions is no text in UTF-8 or UTF-16',
    remedy: 'Save it as CSV in UTF-8; gzip may pack it. The message says as what it was read.',
  },
  SESSIONS_TOO_LARGE: {
    summary: 'the file of charging sessions is larger than what is read at once',
    remedy: 'Give a part of it.',
  },
  SESSION_COLUMN_MISSING: {
    summary: 'the first line of the file does not name all columns that are needed',
    remedy: 'Name the columns as the ACN data does; the message says which are missing and what was seen.',
  },
  SESSION_COLUMN_REPEATED: {
    summary: 'two columns of the file mean the same',
    remedy: 'Remove one of the two; the message names them.',
  },
  SESSION_UNIT: {
    summary: 'the unit of a column of energies is not named, is none that is read, or is not the one of --energy-unit',
    remedy: 'Name the column "delivered_energy (kWh)" or "(Wh)", or say --energy-unit.',
  },
  SESSIONS_NONE: {
    summary: 'the file holds no session that can be used, or none on the day asked for',
    remedy: 'Give another file or another --date; the message says which days there are.',
  },
  SESSION_FIELDS: {
    summary: 'a line has more or fewer fields than the first one',
    remedy: 'Correct the line; the session was left out.',
  },
  SESSION_QUOTE: {
    summary: 'a quote stands within a field that does not begin with one, or is not closed on its line',
    remedy: 'Put quotes around the whole field and double those within; the session was left out.',
  },
  SESSION_TIME: {
    summary: 'a time does not exist, or its offset from UTC is not named',
    remedy: 'Write times as 2019-05-16 07:30:00-07:00; the session was left out.',
  },
  SESSION_DEPARTURE: {
    summary: 'a departure is not after its arrival',
    remedy: 'Correct one of the two; the session was left out.',
  },
  SESSION_TIME_IMPLAUSIBLE: {
    summary: 'a session was before 2010 or has not ended yet',
    remedy: 'Correct the time, or the clock of the station or of this machine; the session was left out.',
  },
  SESSION_TOO_LONG: {
    summary: 'a session took more than 31 days',
    remedy: 'Correct one of its times; the session was left out.',
  },
  SESSION_ENERGY: {
    summary: 'an energy is no decimal number, is negative, or has a comma that may group thousands',
    remedy: 'Write it as 12.345; the session was left out.',
  },
  SESSION_ENERGY_TOO_LARGE: {
    summary: 'a session requested or delivered more than any vehicle takes, which is 1,000 kWh',
    remedy: 'Check the unit that the column names; the session was left out.',
  },
  SESSION_POWER: {
    summary: 'a session delivered more than a connector can give in its time, which is 500 kW (IEC 62196-3-1)',
    remedy: 'Check the unit and the times; the session was left out.',
  },
  SESSION_OVERLAP: {
    summary: 'a session begins at a station where another one has not ended',
    remedy: 'Correct one of the two lines; the later session was left out.',
  },
  SESSION_ID: {
    summary: 'the id of a session is empty, too long or not printable ASCII',
    remedy: 'Use 1 to 128 printable ASCII characters; the session was left out.',
  },
  SESSION_STATION: {
    summary: 'the id of a station is empty, too long or not printable ASCII',
    remedy: 'Use 1 to 128 printable ASCII characters; the session was left out.',
  },
  SESSION_REPEATED: {
    summary: 'a session is in the file twice on one day',
    remedy: 'Remove one of the two lines; the second one was left out.',
  },
  SESSION_CHANGED: {
    summary: 'a session was settled before with another departure or other energies',
    remedy:
      'A settlement is final: correct it outside of the day, or give another session another id; it was left out.',
  },
  LANE_NOT_IN_TOPOLOGY: {
    summary: 'the day needs a lane that the topology does not have',
    remedy: 'Use --topology dev, or add the lane to the topology.',
  },
  PARTIES_NOT_IN_TOPOLOGY: {
    summary: 'the topology does not say which organizations play the parts of the day',
    remedy: 'Use --topology dev, or add `day` to the topology (network/topologies/dev.yaml shows how).',
  },
  NOT_RECEIVED_IN_TIME: {
    summary: 'packets were not received within the time given with --timeout',
    remedy: 'See that enough notaries answer (`gridpeg status`, `gridpeg doctor`), or give more time.',
  },
  STILL_IN_FLIGHT: {
    summary: 'at the end of the day packets have neither been delivered nor refunded',
    remedy: 'See that enough notaries answer (`gridpeg status`, `gridpeg doctor`); relaying goes on by itself.',
  },
  DEADLINE_NOT_MISSED: {
    summary: 'the transfer that was to miss its deadline was received all the same',
    remedy: 'See both of its ends with `gridpeg transfer show`, and report it.',
  },
  UNEXPECTED_OUTCOME: {
    summary: 'the destination refused a packet of the day',
    remedy: 'See why with `gridpeg transfer show`; its value is refunded.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
