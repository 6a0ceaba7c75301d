// SPDX-License-Identifier: Apache-2.0

/**
 * The sets of organizations to ask for a proof, one after another, so that any single one can be missing.
 *
 * @param organizations - those of the trust record
 * @param count - how many must endorse
 * @param preferred - the own organization, which comes first
 * @returns as many sets as there are organizations; each neighbours in a circle
 */
export function endorserSets(
  organizations: readonly string[],
  count: number,
  preferred: string,
): readonly (readonly string[])[] {
  const own = organizations.filter((name) => name === preferred);
  const circle = [...own, ...organizations.filter((name) => name !== preferred)];
  if (count >= circle.length) return [circle];
  return circle.map((_, start) => [...circle.slice(start), ...circle.slice(0, start)].slice(0, count));
}
