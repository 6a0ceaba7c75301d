// SPDX-License-Identifier: Apache-2.0

/** Codes of a notary's watch of certificates, and of the file in which it keeps how far it has compared them. */
export const watchCodes = {
  BLOCK_UNREADABLE: {
    class: 'retry',
    summary: 'the peers do not deliver a block whose certificates are to be compared; it was passed over for now',
    remedy:
      'Nothing at once: the notary asks for it again. ' +
      'If it stays away, see the log of its peer (`gridpeg node refill`).',
  },
  WATCH_FILE_DAMAGED: {
    class: 'drop',
    summary: 'the file that says how far certificates were compared cannot be read',
    remedy: 'Nothing: the notary compares all of them again, from the first block on, and writes the file again.',
  },
  WATCH_FILE_FAILED: {
    class: 'retry',
    summary: 'how far certificates were compared could not be written',
    remedy: 'Make room on the disk, or mend what is named; until then a restart compares again what was compared.',
  },
} as const;
