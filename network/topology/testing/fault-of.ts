// SPDX-License-Identifier: Apache-2.0

import { NetworkError } from '../../runtime/network-error';
import { parseTopology } from '../load-topology';

/** What is wrong with a text, shown as file x.yaml. @throws Error when nothing is */
export function faultOf(text: string): NetworkError {
  try {
    parseTopology(text, 'x.yaml');
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
  throw new Error('expected a fault');
}
