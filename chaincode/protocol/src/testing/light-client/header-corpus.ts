// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table of headers, good and bad.

import { type BlockHeader, encodeBlockHeader } from '../../spv/block-header';
import { type OrdererSignature, type SignedHeader } from '../../spv/signed-header';
import { derElements } from '../../x509/der';
import { der, keyNamed, keyUsages } from '../certificate-writer';
import { grid, type Identity, identityOf, microgridMember, regulator } from '../members';
import { fabricMessage, message } from '../proof-writer';
import { type ConsensusKind, creatorHeader, identifierHeader, signHeader, signingPlan } from './block-writer';
import { headerOf, lastBlock, type Scenario, signedHeader } from './scenario';

/** How an otherwise genuine signed header is forged, and why it is refused. */
export interface HeaderForgery {
  readonly name: string;
  readonly code: string;
  readonly forge: (of: Scenario) => SignedHeader;
}
type Forge = (signed: SignedHeader, of: Scenario) => SignedHeader;
type Forgeries = Readonly<Record<string, readonly [string, Forge]>>;

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');
const textOf = (bytes: Buffer): string => bytes.toString('base64');

/** Changes the first signature. */
const first =
  (change: (signature: OrdererSignature) => Partial<OrdererSignature>): Forge =>
  (signed) => ({
    ...signed,
    signatures: signed.signatures.map((one, place) => (place === 0 ? { ...one, ...change(one) } : one)),
  });
const signature = (change: (bytes: Buffer) => Buffer): Forge =>
  first((one) => ({ signature: textOf(change(bytesOf(one.signature))) }));
const metadata =
  (change: (bytes: Buffer) => Buffer): Forge =>
  (signed) => ({ ...signed, metadata: textOf(change(bytesOf(signed.metadata))) });
const header =
  (change: (bytes: Buffer) => Buffer): Forge =>
  (signed) => ({ ...signed, header: textOf(change(bytesOf(signed.header))) });
const resigned =
  (change: Partial<Parameters<typeof signingPlan>[1] & object>): Forge =>
  (_, of) =>
    signedHeader(of, lastBlock, change);
const otherHeader =
  (change: Partial<BlockHeader>): Forge =>
  (signed, of) => ({ ...signed, header: textOf(encodeBlockHeader({ ...headerOf(of, lastBlock), ...change })) });

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
function withHighS(bytes: Buffer): Buffer {
  const [sequence] = derElements(bytes);
  const [r, s] = derElements(sequence?.content ?? Buffer.alloc(0));
  const value = order - BigInt(`0x${s?.content.toString('hex') ?? '0'}`);
  const high = Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
  const padded = high.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), high]) : high;
  return der(0x30, der(0x02, r?.content ?? Buffer.alloc(0)), der(0x02, padded));
}

/** What holds for both consensus protocols. */
const forgeries: Forgeries = {
  'one signature fewer than it takes': [
    'ORDERERS_TOO_FEW',
    (signed) => ({ ...signed, signatures: signed.signatures.slice(1) }),
  ],
  'only one signature': ['ORDERERS_TOO_FEW', (signed) => ({ ...signed, signatures: signed.signatures.slice(0, 1) })],
  'one signature twice': [
    'ORDERER_REPEATED',
    (signed) => ({ ...signed, signatures: [...signed.signatures.slice(1), ...signed.signatures.slice(-1)] }),
  ],
  'a bit of a signature changed': [
    'SIGNATURE_INVALID',
    signature((bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])])),
  ],
  'a signature with high S': ['SIGNATURE_INVALID', signature(withHighS)],
  'bytes behind a signature': ['SIGNATURE_INVALID', signature((bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))],
  'a signature cut short': ['SIGNATURE_INVALID', signature((bytes) => bytes.subarray(0, -1))],
  'no bytes as signature': ['SIGNATURE_INVALID', signature(() => Buffer.alloc(0))],
  'a signature of zeros': [
    'SIGNATURE_INVALID',
    signature(() => der(0x30, der(0x02, Buffer.alloc(1)), der(0x02, Buffer.alloc(1)))),
  ],
  'the last signature wrong': [
    'SIGNATURE_INVALID',
    ({ signatures, ...signed }) => ({
      ...signed,
      signatures: [
        ...signatures.slice(0, -1),
        ...signatures.slice(-1).map((one) => ({ ...one, signature: signatures[0]?.signature ?? '' })),
      ],
    }),
  ],
  'signatures of the block before': ['SIGNATURE_INVALID', (_, of) => signedAs(of, headerOf(of, lastBlock - 1))],
  'another number under the signatures': ['SIGNATURE_INVALID', otherHeader({ number: 7n })],
  'other data under the signatures': ['SIGNATURE_INVALID', otherHeader({ dataHash: 'd'.repeat(64) })],
  'another block before, under the signatures': ['SIGNATURE_INVALID', otherHeader({ previousHash: 'e'.repeat(64) })],
  'both headers of a signature': [
    'ORDERER_SIGNATURE_FORM',
    first(({ signatureHeader, identifierHeader: identifier }) => ({
      signatureHeader: signatureHeader || identifier,
      identifierHeader: identifier || signatureHeader,
    })),
  ],
  'no header of a signature': ['ORDERER_SIGNATURE_FORM', first(() => ({ signatureHeader: '', identifierHeader: '' }))],
  'the header of a signature in the place of the other': [
    'ORDERER_SIGNATURE_FORM',
    first(({ signatureHeader, identifierHeader: identifier }) => ({
      signatureHeader: identifier,
      identifierHeader: signatureHeader,
    })),
  ],
  'signatures of the other consensus': [
    'ORDERER_SIGNATURE_FORM',
    (_, of) => signHeader(headerOf(of, lastBlock), signingPlan(of.kind === 'bft' ? 'raft' : 'bft')),
  ],
  'a signature of the other consensus among others': [
    'ORDERER_SIGNATURE_FORM',
    (signed, of) => {
      const other = signHeader(headerOf(of, lastBlock), signingPlan(of.kind === 'bft' ? 'raft' : 'bft'));
      return { ...signed, signatures: [...signed.signatures, ...other.signatures.slice(0, 1)] };
    },
  ],
  'a later configuration than is followed': ['CONFIGURATION_SKIPPED', resigned({ lastConfiguration: 3n })],
  'a configuration of its own': ['CONFIGURATION_SKIPPED', resigned({ lastConfiguration: BigInt(lastBlock) })],
  'the metadata of another configuration under the signatures': [
    'CONFIGURATION_SKIPPED',
    metadata(() => message([1, message([1, 5])], [2, 'view'])),
  ],
  'other metadata of the consensus under the signatures': [
    'SIGNATURE_INVALID',
    metadata(() => message([1, message()], [2, 'View'])),
  ],
  'other bytes for the same metadata': [
    'SIGNATURE_INVALID',
    metadata(() => message([1, message([1, 0])], [2, 'view'])),
  ],
  'an unknown field in the metadata': [
    'PROOF_MALFORMED',
    metadata((bytes) => Buffer.concat([bytes, message([3, 'x'])])),
  ],
  'the configuration twice in the metadata': [
    'PROOF_MALFORMED',
    metadata((bytes) => Buffer.concat([bytes, message([1, message()])])),
  ],
  'an unknown field in the configuration of the metadata': [
    'PROOF_MALFORMED',
    metadata(() => message([1, message([2, 1])])),
  ],
  'metadata that is no message': ['PROOF_MALFORMED', metadata(() => Buffer.from('text'))],
  'metadata cut short': ['PROOF_MALFORMED', metadata((bytes) => bytes.subarray(0, -1))],
  'bytes behind the header': ['PROOF_MALFORMED', header((bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))],
  'a header cut short': ['PROOF_MALFORMED', header((bytes) => bytes.subarray(0, -1))],
  'no header': ['PROOF_MALFORMED', header(() => Buffer.alloc(0))],
  'a header with a padded number': [
    'PROOF_MALFORMED',
    header((bytes) => der(0x30, der(0x02, Buffer.from([0, lastBlock])), bytes.subarray(5))),
  ],
  'a header in long lengths': [
    'PROOF_MALFORMED',
    header((bytes) => Buffer.concat([Buffer.from([0x30, 0x81]), bytes.subarray(1)])),
  ],
  'a header as protobuf': [
    'PROOF_MALFORMED',
    header(() => fabricMessage([1, lastBlock], [2, Buffer.alloc(32, 1)], [3, Buffer.alloc(32, 2)])),
  ],
};

function signedAs(of: Scenario, signed: BlockHeader): SignedHeader {
  return signHeader(headerOf(of, lastBlock), signingPlan(of.kind, { signedHeader: signed }));
}

/** A signer's header, the signature by a key that need not fit. */
function signedBy(of: Scenario, heading: Buffer, identity: Identity): Partial<OrdererSignature> {
  const plan = signingPlan(of.kind, { signers: [{ id: 1, identity }] });
  const own = signHeader(headerOf(of, lastBlock), plan).signatures[0];
  return {
    ...own,
    ...(of.kind === 'bft' ? { identifierHeader: textOf(heading) } : { signatureHeader: textOf(heading) }),
  };
}
const claiming =
  (heading: (of: Scenario) => Buffer, identity: Identity = grid.orderer): Forge =>
  (signed, of) =>
    first(() => signedBy(of, heading(of), identity))(signed, of);

const byzantine: Forgeries = {
  'a consenter that there is not': ['ORDERER_STRANGER', claiming(() => identifierHeader(9))],
  'consenter 0': ['ORDERER_STRANGER', claiming(() => fabricMessage([2, 'nonce']))],
  'a negative number of a consenter': ['ORDERER_STRANGER', claiming(() => identifierHeader(-1))],
  'a consenter who signs as another': ['SIGNATURE_INVALID', claiming(() => identifierHeader(4))],
  'another nonce under the signature': ['SIGNATURE_INVALID', claiming(() => fabricMessage([1, 1], [2, 'Nonce']))],
  'an unknown field in the header of a signature': [
    'PROOF_MALFORMED',
    claiming(() => Buffer.concat([identifierHeader(1), message([3, 'x'])])),
  ],
  'a number in a longer spelling': [
    'PROOF_MALFORMED',
    claiming(() => Buffer.concat([Buffer.from([0x08, 0x81, 0x00]), fabricMessage([2, 'nonce'])])),
  ],
  'a peer of a consenter’s organization': ['SIGNATURE_INVALID', claiming(() => identifierHeader(1), grid.peer)],
  'another orderer of a consenter’s organization': [
    'SIGNATURE_INVALID',
    claiming(() => identifierHeader(1), identityOf(grid, { units: ['orderer'], commonNames: ['orderer2'] })),
  ],
};

const signer = (identity: Identity): Forge => claiming(() => creatorHeader(identity), identity);
const gridOrderer = (changes: Parameters<typeof identityOf>[1]): Forge =>
  signer(identityOf(grid, { units: ['orderer'], commonNames: ['orderer2'], ...changes }));
const stranger = keyNamed('a CA that nobody knows');
const crash: Forgeries = {
  'an organization that there is not': [
    'ORDERER_STRANGER',
    signer({ ...grid.orderer, mspId: 'OtherMSP' as Identity['mspId'] }),
  ],
  'an orderer in the name of another organization': [
    'ORDERER_STRANGER',
    signer({ ...grid.orderer, mspId: regulator.mspId }),
  ],
  'a certificate of an authority by the same name': [
    'ORDERER_STRANGER',
    signer(identityOf({ ...grid, caKey: stranger }, { units: ['orderer'] })),
  ],
  'a certificate of its own': [
    'ORDERER_STRANGER',
    signer(
      identityOf(
        { ...grid, caName: 'orderer2', caKey: keyNamed('orderer2') },
        { units: ['orderer'], commonNames: ['orderer2'] },
      ),
    ),
  ],
  'a client': ['SIGNER_NOT_ORDERER', signer(grid.client)],
  'a peer': ['SIGNER_NOT_ORDERER', signer(grid.peer)],
  'an administrator': ['SIGNER_NOT_ORDERER', signer(grid.admin)],
  'the authority itself': [
    'SIGNER_NOT_ORDERER',
    signer({ mspId: grid.mspId, certificate: grid.caCertificate, key: grid.caKey }),
  ],
  'two roles': ['SIGNER_NOT_ORDERER', gridOrderer({ units: ['orderer', 'client'] })],
  'no role': ['SIGNER_NOT_ORDERER', gridOrderer({ units: [] })],
  'an authority below, with the role of an orderer': [
    'SIGNER_NOT_ORDERER',
    gridOrderer({ authority: true, keyUsage: keyUsages.keyCertSign }),
  ],
  'two certificates of one orderer': [
    'ORDERER_REPEATED',
    signer(identityOf(microgridMember, { commonNames: ['orderer.MicrogridMSP'], units: ['orderer'], key: stranger })),
  ],
  'two certificates for one key': ['ORDERER_REPEATED', gridOrderer({ key: microgridMember.orderer.key })],
  'a key on another curve': ['SIGNATURE_INVALID', gridOrderer({ key: keyNamed('p384 orderer', 'P-384') })],
  'another nonce under the signature': [
    'SIGNATURE_INVALID',
    claiming(() => fabricMessage([1, fabricMessage([1, grid.mspId], [2, grid.orderer.certificate])], [2, 'Nonce'])),
  ],
  'an unknown field in the header of a signature': [
    'PROOF_MALFORMED',
    claiming(() => Buffer.concat([creatorHeader(grid.orderer), message([3, 'x'])])),
  ],
  'a creator that is no identity': ['PROOF_MALFORMED', claiming(() => fabricMessage([1, 'text'], [2, 'nonce']))],
  'a creator whose certificate is none': [
    'PROOF_MALFORMED',
    claiming(() => creatorHeader({ ...grid.orderer, certificate: 'text' })),
  ],
  'a certificate in another spelling': [
    'PROOF_MALFORMED',
    claiming(() => creatorHeader({ ...grid.orderer, certificate: `${grid.orderer.certificate}\n` })),
  ],
};

/** All of them for a consensus protocol. */
export function headerForgeries(kind: ConsensusKind): readonly HeaderForgery[] {
  return Object.entries({ ...forgeries, ...(kind === 'bft' ? byzantine : crash) }).map(([name, [code, forge]]) => ({
    ...{ name, code },
    forge: (of) => forge(signedHeader(of, lastBlock), of),
  }));
}
