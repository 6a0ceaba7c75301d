// SPDX-License-Identifier: Apache-2.0

/**
 * Measures subjects in short slices that alternate, A B C and then C B A, again and again. What is compared lies next
 * to each other in time, and a machine that becomes steadily slower or faster harms each as often as it helps.
 *
 * @param rounds - an even number; each round measures every subject once
 * @param measureSlice - measures one subject in one round, which is counted from 1
 * @param afterBothOrders - is called with all that was measured, by subject and in the order of the rounds, after every
 *   second round
 * @throws what measuring a slice threw
 */
export async function measureInTurns<Subject, Measured>(
  subjects: readonly Subject[],
  rounds: number,
  measureSlice: (subject: Subject, round: number) => Promise<Measured>,
  afterBothOrders: (measured: ReadonlyMap<Subject, readonly Measured[]>) => void,
): Promise<void> {
  const measured = new Map<Subject, readonly Measured[]>();
  for (let round = 1; round <= rounds; round += 1) {
    const isForward = round % 2 === 1;
    for (const subject of isForward ? subjects : [...subjects].reverse()) {
      const slice = await measureSlice(subject, round);
      measured.set(subject, [...(measured.get(subject) ?? []), slice]);
    }
    if (!isForward) afterBothOrders(measured);
  }
}
