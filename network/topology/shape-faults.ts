// SPDX-License-Identifier: Apache-2.0

import { z } from 'zod';

import { allowed, fault, type TopologyFault } from './topology-fault';

/**
 * Says what a document of the wrong shape has wrong, with what is allowed at that place.
 *
 * @param issue - what zod found
 * @param schema - what the document was read by
 */
export function shapeFaults(issue: z.core.$ZodIssue, schema: z.ZodType): readonly TopologyFault[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => fault([...path, key], `no key "${key}" belongs here; ${renamed(key, known)}`));
  }
  // zod's message says what was expected and what came; it calls a key that is not there undefined.
  return [fault(path, issue.message.replace(/, received undefined$/, ', and it is missing'))];
}

/**
 * What had one name and now is a list of several: the fault says what to write, for files of an earlier version.
 */
function renamed(key: string, known: readonly string[]): string {
  const list = `${key}s`;
  return known.includes(list) ? `it is "${list}" now, a list: write ${list}: [...]` : allowed(known);
}

/** Keys of the mapping at a path of the schema; none where it is none, or is free in its keys. */
function keysAt(schema: z.ZodType, path: readonly (string | number)[]): readonly string[] {
  const inner = unwrapped(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodUnion) {
    return [...new Set(inner.options.flatMap((option) => keysAt(option as z.ZodType, path)))];
  }
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Readonly<Record<string, z.ZodType>>;
    if (step === undefined) return Object.keys(shape);
    const next = shape[step];
    return next === undefined ? [] : keysAt(next, rest);
  }
  if (inner instanceof z.ZodArray) return keysAt(inner.element as z.ZodType, rest);
  if (inner instanceof z.ZodRecord) return keysAt(inner.valueType as z.ZodType, rest);
  return [];
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const wraps = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly;
  return wraps ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}
