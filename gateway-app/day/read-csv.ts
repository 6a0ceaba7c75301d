// SPDX-License-Identifier: Apache-2.0

/** One record of a CSV file and the line that it begins on, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Splits comma-separated text as RFC 4180 describes it; accepts LF as well as CRLF, and a byte order mark.
 *
 * @param text - a whole file; blank lines are left out
 * @returns its records; a quote that is never closed takes in the rest of its line only
 */
export function readCsv(text: string): readonly CsvRecord[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, fields: splitLine(line) }))
    .filter(({ fields }) => fields.length > 1 || fields[0] !== '');
}

/** One line, since no column has line breaks within; so a broken quote can't swallow the sessions after it. */
function splitLine(line: string): readonly string[] {
  const fields = line.match(/(?:^|,)(?:"(?:[^"]|"")*"?|[^,]*)/g) ?? [''];
  return fields.map((field, index) => {
    const value = index === 0 && !field.startsWith(',') ? field : field.slice(1);
    return value.startsWith('"') ? value.replace(/^"|"$/g, '').replaceAll('""', '"') : value;
  });
}
