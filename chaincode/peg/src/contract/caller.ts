// SPDX-License-Identifier: Apache-2.0

import {
  accountCodec,
  mspIdCodec,
  readCertificate,
  Refused,
  roleOf,
  type Account,
  type CertificateFacts,
  type MspId,
} from '@gridpeg/protocol';
import type { ChaincodeStub } from 'fabric-shim';
import { isAsSigned } from './signed-call';

type CallStub = Pick<ChaincodeStub, 'getCreator' | 'getArgs' | 'getSignedProposal'>;

/** Who signed the proposal, as the peer's MSP has already verified. */
export interface Caller {
  readonly account: Account;
  readonly mspId: MspId;
  /** The node-OU role of the certificate: client, admin, peer, orderer. */
  readonly role: string;
}

/**
 * The account is MSP id and common name, so the same common name from another organization is another account (T31).
 *
 * @throws Refused CALL_NOT_SIGNED when other chaincode calls in the client's name (T51)
 * @throws Refused REQUEST_MALFORMED when the certificate is not of the form of docs/spec/04-proof.md section 4.6, or
 *   has not exactly one
 *   common name and one role
 */
function callerOf(stub: CallStub): Caller {
  if (!isAsSigned(stub)) throw new Refused({ code: 'CALL_NOT_SIGNED' });
  const creator = stub.getCreator();
  const facts = factsIn(Buffer.from(creator.idBytes).toString('utf8'));
  const [commonName, another] = facts.commonNames;
  const role = roleOf(facts);
  if (commonName === undefined || another !== undefined || role === undefined) {
    throw malformed('a certificate with one common name and one role');
  }
  return {
    account: accountCodec.decode(`${creator.mspid}/${commonName}`, 'caller'),
    mspId: mspIdCodec.decode(creator.mspid, 'caller'),
    role,
  };
}

function factsIn(pem: string): CertificateFacts {
  try {
    return readCertificate(pem);
  } catch {
    throw malformed('an X.509 certificate in strict DER and PEM, with a key on P-256 or P-384');
  }
}

function malformed(expected: string): Refused {
  return new Refused({ code: 'REQUEST_MALFORMED', field: 'caller', expected });
}

/** Value belongs to clients and administrators, not to nodes. @throws Refused CALLER_NOT_CLIENT */
export function clientOf(stub: CallStub): Account {
  const { account, role } = callerOf(stub);
  if (role !== 'client' && role !== 'admin') throw new Refused({ code: 'CALLER_NOT_CLIENT', caller: account });
  return account;
}

/**
 * Who governs speaks for an organization of the chain.
 *
 * @param members - organizations that have a say
 * @throws Refused CALLER_NOT_ADMIN, CALLER_NOT_MEMBER
 */
export function adminOf(stub: CallStub, members: readonly MspId[]): Caller {
  const caller = callerOf(stub);
  if (caller.role !== 'admin') throw new Refused({ code: 'CALLER_NOT_ADMIN', caller: caller.account });
  if (!members.includes(caller.mspId)) throw new Refused({ code: 'CALLER_NOT_MEMBER', caller: caller.account });
  return caller;
}
