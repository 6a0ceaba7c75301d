// SPDX-License-Identifier: Apache-2.0

import { type KeyObject } from 'node:crypto';
import { type MspId, mspIdCodec } from '../codec/identifiers';
import { type CertificatePlan, issueCertificate, keyNamed, keyUsages } from './certificate-writer';

/** Somebody with a certificate and its key. */
export interface Identity {
  readonly mspId: MspId;
  readonly certificate: string;
  readonly key: KeyObject;
}

/** An organization of the consortium: its CA, one identity a role, its notary's key. */
export interface Member {
  readonly mspId: MspId;
  readonly caName: string;
  readonly caKey: KeyObject;
  readonly caCertificate: string;
  readonly peer: Identity;
  readonly client: Identity;
  readonly admin: Identity;
  readonly orderer: Identity;
  readonly notaryKey: KeyObject;
}

function memberNamed(name: string): Member {
  const mspId = mspIdCodec.decode(name, 'mspId');
  const caName = `ca.${name}`;
  const caKey = keyNamed(caName);
  const caCertificate = issueCertificate({
    issuer: caName,
    issuerKey: caKey,
    commonNames: [caName],
    units: [],
    key: caKey,
    serial: '01',
    notAfter: '491231235959Z',
    authority: true,
    keyUsage: keyUsages.keyCertSign,
  });
  const authority = { mspId, caName, caKey };
  return {
    ...authority,
    caCertificate,
    peer: identityOf(authority, { commonNames: [`peer0.${name}`], units: ['peer'], serial: '1001' }),
    client: identityOf(authority, { commonNames: [`User1@${name}`], units: ['client'], serial: '1002' }),
    admin: identityOf(authority, { commonNames: [`Admin@${name}`], units: ['admin'], serial: '1003' }),
    orderer: identityOf(authority, { commonNames: [`orderer.${name}`], units: ['orderer'], serial: '1004' }),
    notaryKey: keyNamed(`notary.${name}`),
  };
}

/** A peer of the organization unless the changes say otherwise, certified by its CA. */
export function identityOf(
  member: Pick<Member, 'mspId' | 'caName' | 'caKey'>,
  changes: Partial<CertificatePlan> = {},
): Identity {
  const commonNames = changes.commonNames ?? [`peer9.${member.mspId}`];
  const key = changes.key ?? keyNamed(commonNames.join());
  const certificate = issueCertificate({
    issuer: member.caName,
    issuerKey: member.caKey,
    commonNames,
    units: ['peer'],
    key,
    serial: '2001',
    notAfter: '491231235959Z',
    authority: false,
    keyUsage: keyUsages.digitalSignature,
    ...changes,
  });
  return { mspId: member.mspId, certificate, key };
}

export const grid = memberNamed('GridMSP');
export const microgridMember = memberNamed('MicrogridMSP');
export const chargingMember = memberNamed('ChargingMSP');
export const regulator = memberNamed('RegulatorMSP');
export const members: readonly [Member, Member, Member, Member] = [grid, microgridMember, chargingMember, regulator];
