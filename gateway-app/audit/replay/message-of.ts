// SPDX-License-Identifier: Apache-2.0

/** The message of an error, short enough for a finding. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}
