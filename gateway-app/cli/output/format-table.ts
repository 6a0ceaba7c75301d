// SPDX-License-Identifier: Apache-2.0

/** One column: its heading, and whether its cells end on the right edge, as numbers do. */
export interface Column {
  readonly heading: string;
  readonly right?: boolean;
}

/**
 * Sets rows under headings, two spaces between columns.
 *
 * @returns lines without a line end, none with trailing space
 */
export function formatTable(columns: readonly Column[], rows: ReadonlyArray<readonly string[]>): readonly string[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ right = false }, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return right ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [columns.map(({ heading }) => heading), ...rows].map(line);
}

/** A quantity with thin groups of three digits, for people; programs get `toString()`. */
export function formatQuantity(quantity: bigint): string {
  return quantity.toString().replace(/\B(?=(?:\d{3})+$)/g, ' ');
}
