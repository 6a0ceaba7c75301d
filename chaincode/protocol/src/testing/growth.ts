// SPDX-License-Identifier: Apache-2.0

/** Milliseconds of processor time below which a measurement says nothing, however loaded the machine is. */
const leastMs = 10;
/** Of 64 kB, what takes work by the square shows, and what does not costs a test next to nothing. */
const defaultSizes = [2 ** 14, 2 ** 16] as const;
const mostGrowth = 2.5;

/**
 * Measures how the work for an input grows when its size doubles, at worst. It starts small and stops where the work
 * has grown too much, so that work without bound ends as well. What garbage collection disturbs is measured again.
 *
 * @param usedMs - processor time that this process has used, milliseconds
 * @returns takes `inputOf`, an input of about so many characters, bytes or parts; `work`, what is done with it, whose
 * refusals are its own to catch; and the smallest and largest size. Returns the largest ratio met, 0 when the work is
 * never worth a measurement
 */
export function growthBy(usedMs: () => number) {
  const workMs = (action: () => void): number => {
    const start = usedMs();
    action();
    return usedMs() - start;
  };
  const ratioOf = (half: () => void, whole: () => void): number => {
    let least = Infinity;
    for (let tries = 0; tries < 5 && least > mostGrowth; tries += 1)
      least = Math.min(least, workMs(whole) / workMs(half));
    return least;
  };
  return <Input>(
    inputOf: (size: number) => Input,
    work: (input: Input) => void,
    [smallest, largest]: readonly [number, number] = defaultSizes,
  ): number => {
    let worst = 0;
    let half: Input | undefined;
    for (let size = smallest; size <= largest && worst <= mostGrowth; size *= 2) {
      const before = half;
      const input = inputOf(size);
      const worth = workMs(() => work(input)) >= leastMs;
      if (worth && before !== undefined) {
        const ratio = ratioOf(
          () => work(before),
          () => work(input),
        );
        worst = Math.max(worst, ratio);
      }
      half = worth ? input : undefined;
    }
    return worst;
  };
}
