// SPDX-License-Identifier: Apache-2.0

import { nameKnown, withKnownOrganizations } from './known-organizations';

const user = (name: string, role: 'operator' | 'administrator') => ({
  name,
  role,
  certFile: '',
  keyFile: '',
  mspDir: '',
});
const organization = (mspId: string, ...users: ReadonlyArray<ReturnType<typeof user>>) => ({
  ...{ mspId, name: mspId, domain: '', caCertFile: '', tlsCaCertFile: '', users },
  connectionProfile: { json: '', yaml: '' },
});
const two = [
  organization('Org1MSP', user('Admin', 'administrator'), user('User1', 'operator')),
  organization('Org2MSP', user('buyer', 'operator')),
];

test.each([
  ['send --as ChargingMSP/User1 --recipient ChargingMSP/User1', 'send --as Org1MSP/User1 --recipient Org1MSP/User1'],
  ['pay --as ChargingMSP/User1 --recipient MicrogridMSP/User1', 'pay --as Org1MSP/User1 --recipient Org2MSP/buyer'],
  ['approve --as GridMSP --as ChargingMSP --as RegulatorMSP', 'approve --as Org1MSP --as Org2MSP --as Org1MSP'],
  ['pay --as Org2MSP/buyer --recipient Org1MSP/Admin', 'pay --as Org2MSP/buyer --recipient Org1MSP/Admin'],
  ['notes --chain city', 'notes --chain city'],
])('an example names organizations and users that there are: %s', (text, named) => {
  expect(nameKnown(text, two)).toBe(named);
});

test('without a network, or with none of its organizations, an example stays as it is', () => {
  expect(withKnownOrganizations('--as GridMSP', '/no/such/folder')).toBe('--as GridMSP');
  expect(nameKnown('--as GridMSP', [])).toBe('--as GridMSP');
});
