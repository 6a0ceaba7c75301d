// SPDX-License-Identifier: Apache-2.0

import { chaincodeDefinitionRequest, organizationsInDefinition } from './chaincode-definition';
import { message, refusalOf } from '../testing';

const approval = (organization: string, approved: number): Buffer => message([1, organization], [2, approved]);
const definition = [
  [1, 3],
  [2, '1.2'],
  [3, 'escc'],
  [4, 'vscc'],
  [5, Buffer.from([0x0a, 0x00])],
] as const;

test('a definition names every organization of the channel, those that did not approve as well', () => {
  const answer = message(...definition, [8, approval('Org1MSP', 1)], [8, approval('Org2MSP', 0)]);
  expect(organizationsInDefinition(answer)).toEqual(['Org1MSP', 'Org2MSP']);
});

test.each([
  ['bytes that are no message', Buffer.from([0xff])],
  ['a field that a definition does not have', message(...definition, [9, 'more'])],
  ['an organization without a name', message(...definition, [8, message([2, 1])])],
])('%s are not understood', (_what, answer) => {
  expect(() => organizationsInDefinition(answer)).toThrow();
});

test('a name that is no MSP id is refused as one of the approvals', () => {
  const answer = message(...definition, [8, approval('Org 1', 1)]);
  expect(refusalOf(() => organizationsInDefinition(answer))).toMatchObject({ field: 'approvals' });
});

test('the request is the message as text', () => {
  const name = 'c'.repeat(64);
  expect(Buffer.from(chaincodeDefinitionRequest(name))).toEqual(message([1, name]));
});
