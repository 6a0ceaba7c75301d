// SPDX-License-Identifier: Apache-2.0

/** One thing wrong with a topology: where in the document, and what is allowed there. */
export interface TopologyFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Where in the document. */
export type Path = TopologyFault['path'];

/** A fault. */
export function fault(path: Path, message: string): TopologyFault {
  return { path, message };
}

/** A fault unless a condition holds. */
export function unless(holds: boolean, path: Path, message: string): readonly TopologyFault[] {
  return holds ? [] : [fault(path, message)];
}

/** Says which names could stand there. */
export function allowed(names: readonly string[]): string {
  return `allowed here: ${names.join(', ') || 'none'}`;
}

/** Something that must be unlike all others of its kind, and where it stands. */
export interface Placed {
  readonly value: string;
  readonly path: Path;
}

/** Faults for everything that repeats an earlier one. */
export function repeated(placed: readonly Placed[]): readonly TopologyFault[] {
  return placed.flatMap(({ value, path }, index) =>
    unless(
      placed.findIndex((other) => other.value === value) === index,
      path,
      `"${value}" is there already; it must be unique`,
    ),
  );
}

/** The same for a list of texts. */
export function repeatedIn(values: readonly string[], path: Path): readonly TopologyFault[] {
  return repeated(values.map((value, index) => ({ value, path: [...path, index] })));
}
