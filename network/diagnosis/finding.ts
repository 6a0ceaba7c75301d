// SPDX-License-Identifier: Apache-2.0

import { type GridpegError } from '@gridpeg/protocol';
import type { networkExplanations } from '../runtime/explanations';

/** Something that can be done about a finding without losing anything. */
export type Fix =
  /** The fix that lets only the owner read files. */
  | { readonly kind: 'restrict'; readonly files: readonly string[] }
  /** Removes files that a crash left half written. */
  | { readonly kind: 'remove'; readonly files: readonly string[] }
  | { readonly kind: 'start'; readonly node: string }
  | { readonly kind: 'resume'; readonly node: string }
  /** Ends processes of a network whose folder is gone. */
  | { readonly kind: 'end'; readonly stateDir: string; readonly pids: readonly number[] };

/** The result of one check: all is well, or there is one problem. */
export interface Finding {
  /** The subject of the check. */
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  /** The code of a problem, which `gridpeg explain` knows. */
  readonly code?: string | undefined;
  /** What there is, or what is wrong and why; without a full stop. */
  readonly what: string;
  /** What to do about a problem: an imperative sentence without a full stop. */
  readonly remedy?: string | undefined;
  readonly fix?: Fix | undefined;
}

/** One check. Checks are independent of each other and run at the same time. */
export interface Check {
  readonly name: string;
  /** It may take 2 s; whatever it asks must have a time-out of its own. */
  readonly run: () => Promise<readonly Finding[]>;
}

type Code = keyof typeof networkExplanations;

/** All is well. */
export function ok(check: string, what: string): Finding {
  return { check, status: 'ok', what };
}

/** Something works badly, or soon will not work. */
export function warn(check: string, code: Code, what: string, remedy: string, fix?: Fix): Finding {
  return { check, status: 'warn', code, what, remedy, fix };
}

/** Something does not work. */
export function fail(check: string, code: Code, what: string, remedy: string, fix?: Fix): Finding {
  return { check, status: 'fail', code, what, remedy, fix };
}

/** An expected failure as a finding, whose remedy has no full stop. */
export function failedBy(
  check: string,
  { code, summary, remedy }: Pick<GridpegError, 'code' | 'summary' | 'remedy'>,
): Finding {
  return { check, status: 'fail', code, what: summary, remedy: remedy.replace(/\.$/, '') };
}

/** The problems, or one line that says that there are none. */
export function problemsOr(problems: readonly Finding[], fine: Finding): readonly Finding[] {
  return problems.length > 0 ? problems : [fine];
}
