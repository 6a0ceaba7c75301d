// SPDX-License-Identifier: Apache-2.0

/** One chain of two organizations under three orderers, all of whom enrol with certificate authorities of their own. */
export function enrolledTopology(lifetimeHours: number): string {
  const organization = (name: string): string => `
  - mspId: ${name}MSP
    name: ${name}
    domain: ${name.toLowerCase()}.example.com
    users: [{ name: User1, role: operator }, { name: User2, role: notary }]
    peers: [{ name: peer0, chain: city }]`;
  return `name: enrolled
ca: { lifetime: ${lifetimeHours}h }
organizations:${organization('Grid')}${organization('Charging')}
chains:
  - name: city
    channel: city
    members: [GridMSP, ChargingMSP]
    ordering:
      mspId: CityOrdererMSP
      name: CityOrderer
      domain: city-orderer.example.com
      consensus: etcdraft
      orderers: [orderer0, orderer1, orderer2]
    chaincode: { name: city, path: chaincode/city }
peg:
  assets:
    - { id: city/energy, unit: Wh, issuers: [GridMSP], window: { length: 1h, quantity: '1000000000000', shards: 1 } }
  lanes: []
  committee: { threshold: 2, notaries: [GridMSP, ChargingMSP] }
  proofPolicy: { city: { organizations: 2 } }
`;
}
