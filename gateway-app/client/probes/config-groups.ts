// SPDX-License-Identifier: Apache-2.0

import { type common } from '@hyperledger/fabric-protos';

/** The maps of google-protobuf, whose types do not come with it. */
interface MessageMap<Value> {
  get(name: string): Value | undefined;
  set(name: string, value: Value): unknown;
  entries(): IterableIterator<[string, Value]>;
}

/** The groups in a group of a channel's configuration, by name. */
export function groupsOf(group: common.ConfigGroup): MessageMap<common.ConfigGroup> {
  return group.getGroupsMap() as MessageMap<common.ConfigGroup>;
}

/** The values in a group of a channel's configuration, by name. */
export function valuesOf(group: common.ConfigGroup): MessageMap<common.ConfigValue> {
  return group.getValuesMap() as MessageMap<common.ConfigValue>;
}
