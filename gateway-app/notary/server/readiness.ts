// SPDX-License-Identifier: Apache-2.0

/**
 * What a notary needs to sign: its key and history, its ledgers, and certificates that are in use as they lie in files.
 */
export type ReadinessPart = 'signing' | 'ledgers' | 'credentials';

/** What `GET /readyz` says, to anybody: codes, and no names, addresses or texts. */
export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or the code of what is wrong */
  readonly checks: Readonly<Record<ReadinessPart, string>>;
}

/** Finds out what is wrong with a part. @returns its code; undefined when nothing is */
export type ReadinessCheck = () => Promise<string | undefined>;

/** How long an answer is cached, because anybody may ask, and each check signs something and asks peers. */
const cachedMs = 5_000;

/** Checks whether a notary can sign, whoever asks and however often, at most once every five seconds. */
export class ReadinessChecks {
  readonly #checks: Readonly<Record<ReadinessPart, ReadinessCheck>>;
  readonly #nowMs: () => number;
  #last: { readonly atMs: number; readonly answer: Promise<Readiness> } | undefined;

  /** @param nowMs - a clock that nobody sets */
  constructor(checks: Readonly<Record<ReadinessPart, ReadinessCheck>>, nowMs = () => performance.now()) {
    this.#checks = checks;
    this.#nowMs = nowMs;
  }

  /** The result of the last check; a check in progress is awaited. */
  current(): Promise<Readiness> {
    if (this.#last === undefined || this.#nowMs() - this.#last.atMs >= cachedMs) {
      this.#last = { atMs: this.#nowMs(), answer: this.#check() };
    }
    return this.#last.answer;
  }

  async #check(): Promise<Readiness> {
    const said = async (part: ReadinessPart): Promise<string> =>
      (await this.#checks[part]().catch(() => 'UNEXPECTED')) ?? 'ok';
    const [signing, ledgers, credentials] = await Promise.all([said('signing'), said('ledgers'), said('credentials')]);
    const checks = { signing, ledgers, credentials };
    return { ready: Object.values(checks).every((code) => code === 'ok'), checks };
  }
}
