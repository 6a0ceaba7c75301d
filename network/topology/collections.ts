// SPDX-License-Identifier: Apache-2.0

import { z } from 'zod';

const policy = z.string().min(1).max(2000);

/** The fields of Fabric's collection configuration, in the order in which they are always written. */
const collection = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'a collection name: letters, digits, dashes and _'),
  // Who keeps the data: a signature policy over members such as OR('AMSP.member','BMSP.member').
  policy,
  requiredPeerCount: z.int().min(0).max(1000),
  maxPeerCount: z.int().min(0).max(1000),
  // After how many blocks peers forget it; 0: never.
  blockToLive: z.int().min(0).default(0),
  memberOnlyRead: z.boolean().default(false),
  memberOnlyWrite: z.boolean().default(false),
  endorsementPolicy: z
    .union([z.strictObject({ signaturePolicy: policy }), z.strictObject({ channelConfigPolicy: policy })])
    .optional(),
});

/**
 * Private data collections of a chaincode, as `peer lifecycle chaincode approveformyorg --collections-config` takes
 * them.
 *
 * @see https://hyperledger-fabric.readthedocs.io/en/latest/private-data-arch.html
 */
export const collectionsSchema = z
  .array(collection)
  .max(100)
  .readonly()
  .superRefine((collections, context) => {
    for (const [index, { name, requiredPeerCount, maxPeerCount }] of collections.entries()) {
      if (collections.findIndex((other) => other.name === name) !== index) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `${name} is there twice` });
      }
      if (maxPeerCount < requiredPeerCount) {
        context.addIssue({ code: 'custom', path: [index, 'maxPeerCount'], message: 'at least requiredPeerCount' });
      }
    }
  });

/** The private data collections of a chaincode, defaults filled in. */
export type Collections = z.output<typeof collectionsSchema>;
/** The same as somebody writes them. */
export type CollectionsInput = z.input<typeof collectionsSchema>;
