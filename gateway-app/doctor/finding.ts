// SPDX-License-Identifier: Apache-2.0

import { type Finding } from '@gridpeg/network';
import { type doctorExplanations } from '../errors/doctor-explanations';

type Code = keyof typeof doctorExplanations;

/** Something on a ledger or at a notary does not work. */
export function fail(check: string, code: Code, what: string, remedy: string): Finding {
  return { check, status: 'fail', code, what, remedy };
}
