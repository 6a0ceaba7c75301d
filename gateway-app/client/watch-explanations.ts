// SPDX-License-Identifier: Apache-2.0

/** Codes of the file in which a notary keeps how far it has compared certificates. */
export const watchCodes = {
  WATCH_FILE_DAMAGED: {
    class: 'drop',
    what: 'the file that says how far certificates were compared cannot be read',
    todo: 'Nothing: the notary compares all of them again, from the first block on, and writes the file anew.',
  },
  WATCH_FILE_FAILED: {
    class: 'retry',
    what: 'how far certificates were compared could not be written',
    todo: 'Make room on the disk, or mend what is named; until then a restart compares again what was compared.',
  },
} as const;
