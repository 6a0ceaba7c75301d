// SPDX-License-Identifier: Apache-2.0

/**
 * The user that an organization's notary acts as on the chains: one who does nothing else where there is one, otherwise
 * its operator. The notary's own signing key is another key in either case.
 */
export function notaryUserOf<User extends { readonly role: string }>(users: readonly User[]): User | undefined {
  return users.find(({ role }) => role === 'notary') ?? users.find(({ role }) => role === 'operator');
}
