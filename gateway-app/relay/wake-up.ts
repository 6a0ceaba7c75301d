// SPDX-License-Identifier: Apache-2.0

/** Lets one loop sleep until it is woken or its time is up. A call of `wake` while it is awake is not lost. */
export class WakeUp {
  #isWoken = false;
  #resume: (() => void) | undefined;

  wake(): void {
    this.#isWoken = true;
    this.#resume?.();
  }

  async sleep(milliseconds: number): Promise<void> {
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#resume = undefined;
    this.#isWoken = false;
  }
}
