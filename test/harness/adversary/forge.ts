// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey, generateKeyPairSync, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  encodeBatch,
  earlierCertificate,
  signBatch,
  signMessage,
  verifyEndorsedProof,
  type Batch,
  type EarlierCertificate,
  type EndorsedProof,
  type TrustRecord,
} from '@gridpeg/protocol';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { mspId, type ChainName, type OrganizationName, type TestNetwork } from '../network/test-network';

/** Somebody who signs as an endorser does, whether entitled or not. */
export interface Signer {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
  readonly key: KeyObject;
}

/** All that an attacker could steal: every private key of the network, from its state folder. */
export class Keyring {
  readonly #network: TestNetwork;

  constructor(network: TestNetwork) {
    this.#network = network;
  }

  peer(organization: OrganizationName, chain: ChainName): Signer {
    const found = this.#network.chain(chain).peers.find((candidate) => candidate.organization === organization);
    if (found === undefined) throw new Error(`${organization} has no peer on ${chain}`);
    const msp = join(this.#folder(organization), 'peers', found.name, 'msp');
    return {
      mspId: organization,
      certificate: readFileSync(join(msp, 'signcerts', `${found.name}-cert.pem`), 'utf8'),
      key: createPrivateKey(readFileSync(join(msp, 'keystore', 'priv_sk'))),
    };
  }

  user(organization: OrganizationName, name: string): Signer {
    const { certificate, privateKey } = this.#network.identity(organization, name);
    return { mspId: organization, certificate, key: createPrivateKey(privateKey) };
  }

  /** The certificate authority of an organization itself. */
  authority(organization: OrganizationName): Signer {
    return {
      mspId: organization,
      certificate: readFileSync(this.#network.organization(organization).caCertFile, 'utf8'),
      key: createPrivateKey(readFileSync(join(this.#folder(organization), 'ca', 'priv_sk'))),
    };
  }

  /**
   * A stranger's copy of somebody's certificate: same names, units and issuer's name, another key, signed with that
   * key.
   */
  impostor(original: Signer): Signer {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const real = new X509Certificate(original.certificate);
    const realKey = real.publicKey.export({ type: 'spki', format: 'der' });
    const certificate = reissued(real, privateKey, (body) => {
      publicKey.export({ type: 'spki', format: 'der' }).copy(body, body.indexOf(realKey));
    });
    return { mspId: original.mspId, certificate, key: privateKey };
  }

  /** The same certificate by the same authority, but of the year 2020 only. */
  expired(organization: OrganizationName, original: Signer): Signer {
    const real = new X509Certificate(original.certificate);
    const certificate = reissued(real, this.authority(organization).key, (body) => {
      body.write('200101000000Z', body.indexOf(utcTime(real.validFrom)));
      body.write('210101000000Z', body.indexOf(utcTime(real.validTo)));
    });
    return { ...original, certificate };
  }

  /** In the samples' layout. */
  #folder(organization: OrganizationName): string {
    return dirname(dirname(dirname(this.#network.organization(organization).tlsCaCertFile)));
  }
}

/** As certificates write it. */
function utcTime(date: string): string {
  return `${new Date(date).toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`;
}

/** A certificate with other contents of the same length, signed again. @returns PEM */
function reissued(real: X509Certificate, issuerKey: KeyObject, change: (body: Buffer) => void): string {
  const [body, algorithm] = derElements(derContents(real.raw));
  if (body === undefined || algorithm === undefined) throw new Error('no X.509 certificate');
  const forged = Buffer.from(body);
  change(forged);
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', forged, issuerKey)]);
  const der = derSequence(Buffer.concat([forged, algorithm, Buffer.from([0x03, signature.length]), signature]));
  return new X509Certificate(der).toString();
}

/** The same answer, endorsed by others. */
export function endorsedBy(proof: EndorsedProof, ...signers: readonly Signer[]): EndorsedProof {
  return { ...proof, endorsements: signers.map((signer) => endorsement(proof, signer)) };
}

/** One endorsement of a proof's answer. */
function endorsement(proof: EndorsedProof, signer: Signer): EndorsedProof['endorsements'][number] {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(signer.mspId);
  identity.setIdBytes(Buffer.from(signer.certificate));
  const endorser = Buffer.from(identity.serializeBinary());
  const message = Buffer.concat([Buffer.from(proof.responsePayload, 'base64'), endorser]);
  return { endorser: endorser.toString('base64'), signature: signMessage(signer.key, message).toString('base64') };
}

/** Another answer to the same proposal; its endorsements no longer fit. */
export function answering(proof: EndorsedProof, batch: Batch): EndorsedProof {
  const payload = peer.ProposalResponsePayload.deserializeBinary(Buffer.from(proof.responsePayload, 'base64'));
  const action = peer.ChaincodeAction.deserializeBinary(payload.getExtension_asU8());
  const response = action.getResponse();
  if (response === undefined) throw new Error('the proof holds no response');
  response.setPayload(Buffer.from(encodeBatch(batch)));
  action.setResponse(response);
  payload.setExtension$(action.serializeBinary());
  return { ...proof, responsePayload: Buffer.from(payload.serializeBinary()).toString('base64') };
}

/** A channel header that names another channel. */
export function onChannel(proof: EndorsedProof, channel: string): EndorsedProof {
  const header = common.ChannelHeader.deserializeBinary(Buffer.from(proof.channelHeader, 'base64'));
  header.setChannelId(channel);
  return { ...proof, channelHeader: Buffer.from(header.serializeBinary()).toString('base64') };
}

/** What notaries would sign whose keys are known, whether the proof holds or not. */
export function notarized(
  network: TestNetwork,
  proof: EndorsedProof,
  batch: Batch,
  trust: TrustRecord,
  notaries: readonly OrganizationName[],
): EarlierCertificate {
  const signatures = notaries.map((name) => signBatch(batch, trust, mspId(name), network.notaryKey(name)));
  return earlierCertificate(proof, trust.committee.epoch, signatures);
}

export function batchOf(proof: EndorsedProof, trust: TrustRecord): Batch {
  return verifyEndorsedProof(proof, trust).batch;
}

/** The other signature that satisfies the same equation: order minus s. */
export function highS(signature: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [r, s] = derElements(derContents(Buffer.from(signature, 'base64'))).map(derContents);
  if (r === undefined || s === undefined) throw new Error('no ECDSA signature');
  const flipped = (order - BigInt(`0x${s.toString('hex')}`)).toString(16);
  const bytes = Buffer.from(flipped.padStart(64, '0'), 'hex');
  const positive = bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]);
  const integers = [r, positive].map((value) => Buffer.concat([Buffer.from([0x02, value.length]), value]));
  return derSequence(Buffer.concat(integers)).toString('base64');
}

/** The same signature with its length spelled in two bytes, which DER forbids and many parsers take. */
export function longLength(signature: string): string {
  const bytes = Buffer.from(signature, 'base64');
  return Buffer.concat([Buffer.from([0x30, 0x81]), bytes.subarray(1)]).toString('base64');
}

function derSequence(content: Buffer): Buffer {
  const { length } = content;
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x30, ...header]), content]);
}

function headerLength(element: Buffer): { readonly header: number; readonly content: number } {
  const first = element.readUInt8(1);
  if (first < 0x80) return { header: 2, content: first };
  const bytes = first & 0x7f;
  return { header: 2 + bytes, content: element.readUIntBE(2, bytes) };
}

function derContents(element: Buffer): Buffer {
  return element.subarray(headerLength(element).header);
}

function derElements(content: Buffer): readonly Buffer[] {
  if (content.length === 0) return [];
  const { header, content: length } = headerLength(content);
  return [content.subarray(0, header + length), ...derElements(content.subarray(header + length))];
}
