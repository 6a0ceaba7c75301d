// SPDX-License-Identifier: Apache-2.0

/** Milliseconds of processor time below which a measurement says nothing, however loaded the machine is. */
const leastMs = 10;
/** Of 64 kB, what takes work by the square shows, and what does not costs a test next to nothing. */
const [smallest, largest] = [2 ** 14, 2 ** 16];
const mostGrowth = 2.5;

/** Processor time of this process, which others do not add to. */
function workMs(action: () => void): number {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * How the work for an input grows when its size doubles, at worst. It starts small and stops where the work has grown
 * too much, so that work without bound ends as well. What garbage collection disturbs is measured again.
 *
 * @param inputOf - an input of about so many characters or bytes
 * @param work - what is done with it; its refusals are its own to catch
 * @returns the largest ratio met, 0 when the work is never worth a measurement
 */
export function growthOf<Input>(inputOf: (size: number) => Input, work: (input: Input) => void): number {
  let worst = 0;
  let half: Input | undefined;
  for (let size = smallest; size <= largest && worst <= mostGrowth; size *= 2) {
    const [before, input] = [half, inputOf(size)];
    const worth = workMs(() => work(input)) >= leastMs;
    if (worth && before !== undefined)
      worst = Math.max(
        worst,
        ratioOf(
          () => work(before),
          () => work(input),
        ),
      );
    half = worth ? input : undefined;
  }
  return worst;
}

function ratioOf(half: () => void, whole: () => void): number {
  let least = Infinity;
  for (let tries = 0; tries < 5 && least > mostGrowth; tries += 1)
    least = Math.min(least, workMs(whole) / workMs(half));
  return least;
}
