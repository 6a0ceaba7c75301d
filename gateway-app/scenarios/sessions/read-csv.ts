// SPDX-License-Identifier: Apache-2.0

import { parse } from 'csv-parse/sync';

/** What stands between the fields of a line, by the name that messages give it. */
export const delimiters = { commas: ',', semicolons: ';', tabs: '\t', 'vertical bars': '|' } as const;
export type DelimiterName = keyof typeof delimiters;

/** A line of text that is not blank, and its number counted from 1. */
export interface TextLine {
  readonly line: number;
  readonly text: string;
}

/** The lines of a file, however they end; blank ones are left out. */
export function textLines(text: string): readonly TextLine[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line: index + 1, text: line }))
    .filter((line) => line.text.trim() !== '');
}

/**
 * Splits one line into fields as RFC 4180 describes it, strictly. No field reaches over the end of its line, so a
 * broken quote cannot swallow the sessions after it.
 *
 * @returns the fields without white space around them; undefined when a quote stands where none may, or is not closed
 */
export function splitLine(text: string, delimiter: DelimiterName): readonly string[] | undefined {
  try {
    const [fields = []] = parse(text, { delimiter: delimiters[delimiter], relax_column_count: true });
    return fields.map((field) => field.trim());
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
