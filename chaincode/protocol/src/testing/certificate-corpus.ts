// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table of certificates, good and bad.

import {
  attribute,
  type CertificateParts,
  der,
  issueCertificate,
  keyNamed,
  keyUsages,
  publicKeyOf,
} from './certificate-writer';
import { hostileKeys } from './hostile-keys';
import { grid } from './members';

/** Certificates of the grid's CA, each unusual in one thing. */
export interface CorpusEntry {
  readonly name: string;
  readonly pem: string;
  /** Why it is refused; undefined when it is accepted. */
  readonly refused: string | undefined;
}

type Edit = (parts: CertificateParts) => void;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const organizationalUnit = '55040b';
const commonName = '550403';

function issued(edit?: Edit): string {
  const plan = {
    issuer: grid.caName,
    issuerKey: grid.caKey,
    commonNames: ['peer0'],
    units: ['peer'],
    key: keyNamed('peer0'),
    serial: '2001',
    notAfter: '491231235959Z',
    authority: false,
    keyUsage: keyUsages.digitalSignature,
  };
  return issueCertificate(plan, edit);
}

const serial = (content: string): Edit => set('serial', der(0x02, hex(content)));
const validity = (...times: readonly (readonly [number, string])[]): Edit =>
  set('validity', der(0x30, ...times.map(([tag, text]) => der(tag, Buffer.from(text)))));
const until = (tag: number, text: string): Edit => validity([0x17, '200101000000Z'], [tag, text]);
const subject = (...sets: readonly (readonly Buffer[])[]): Edit =>
  set('subject', der(0x30, ...sets.map((attributes) => der(0x31, ...attributes))));
const extensions = (...list: readonly string[]): Edit => set('extensions', der(0xa3, der(0x30, ...list.map(hex))));
const valued = (id: string, value: string): Edit =>
  set('extensions', der(0xa3, der(0x30, der(0x30, hex(id), der(0x04, hex(value))))));
const usage = (bits: string): Edit => valued('0603551d0f', bits);
const constraints = (value: string): Edit => valued('0603551d13', value);
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const peer = attribute(organizationalUnit, 'peer');
const name = attribute(commonName, 'peer0');

function set(part: keyof CertificateParts, value: Buffer): Edit {
  return (parts) => {
    parts[part] = value;
  };
}

const accepted: Readonly<Record<string, Edit>> = {
  'as the test writer makes it': () => undefined,
  'a serial number of 20 octets': serial(`7f${'ff'.repeat(19)}`),
  'a serial number with a zero octet before its highest bit': serial('00f0a1'),
  'the last UTCTime': until(0x17, '491231235959Z'),
  'the first GeneralizedTime': until(0x18, '20500101000000Z'),
  'no well-defined end': until(0x18, '99991231235959Z'),
  '29 February of a leap year': until(0x17, '240229000000Z'),
  'a PrintableString as unit': subject([attribute(organizationalUnit, 'peer', 0x13)], [name]),
  'affiliations in one relative name': subject([attribute(organizationalUnit, 'org1'), peer], [name]),
  'an IA5String as email address': subject([attribute('2a864886f70d010901', 'a@b.example', 0x16)], [peer], [name]),
  'an unknown extension that is not critical': extensions('3007 06022a03 0401ff'),
  'a key usage of the ninth bit too': usage('0303078080'),
  'basic constraints without a path length': constraints('3003 0101ff'),
  'basic constraints with a path length': constraints('3006 0101ff 020100'),
  'no extensions': set('extensions', Buffer.alloc(0)),
  'a key on P-384': set('key', Buffer.from(publicKeyOf(keyNamed('p384', 'P-384')), 'base64')),
};

const string = 'X.509: string of a name';
const refused: Readonly<Record<string, readonly [string, Edit]>> = {
  'version 1': ['X.509: version', set('version', hex('a003 020100'))],
  'version 2': ['X.509: version', set('version', hex('a003 020101'))],
  'version 3 in two octets': ['X.509: version', set('version', hex('a004 02020002'))],
  'no version': ['DER: other elements than expected', set('version', Buffer.alloc(0))],
  'a negative serial number': ['DER: negative or empty integer', serial('ff')],
  'a serial number of zero': ['X.509: serial number', serial('00')],
  'an empty serial number': ['DER: negative or empty integer', serial('')],
  'a padded serial number': ['DER: integer is not minimal', serial('0001')],
  'a serial number of 21 octets': ['X.509: serial number', serial(`00${'ff'.repeat(20)}`)],
  'a serial number in a long form of length': ['DER: length is not minimal', set('serial', hex('02 8101 05'))],
  'SHA-1 inside': ['X.509: signature algorithms differ', set('algorithm', hex('3009 06072a8648ce3d0401'))],
  'SHA-1 outside': ['X.509: signature algorithm', set('outerAlgorithm', hex('3009 06072a8648ce3d0401'))],
  'SHA-384 inside, SHA-256 outside': [
    'X.509: signature algorithms differ',
    set('algorithm', hex('300a 06082a8648ce3d040303')),
  ],
  'RSA outside': ['X.509: signature algorithm', set('outerAlgorithm', hex('300d 06092a864886f70d01010b 0500'))],
  'parameters of the algorithm': [
    'X.509: signature algorithm',
    both('algorithm', 'outerAlgorithm', hex('300c 06082a8648ce3d040302 0500')),
  ],
  'UTCTime without seconds': ['X.509: time', until(0x17, '4912312359Z')],
  'UTCTime with an offset': ['X.509: time', until(0x17, '491231235959+0100')],
  'UTCTime without Z': ['X.509: time', until(0x17, '491231235959')],
  'UTCTime with a small z': ['X.509: time', until(0x17, '491231235959z')],
  'GeneralizedTime with a fraction': ['X.509: time', until(0x18, '20500101000000.5Z')],
  'GeneralizedTime without Z': ['X.509: time', until(0x18, '20500101000000')],
  'GeneralizedTime before 2050': ['X.509: GeneralizedTime before 2050', until(0x18, '20491231235959Z')],
  'a time as text': ['X.509: time', until(0x0c, '491231235959Z')],
  'month 13': ['X.509: no such time', until(0x17, '491331235959Z')],
  '31 April': ['X.509: no such time', until(0x17, '490431235959Z')],
  '29 February of another year': ['X.509: no such time', until(0x17, '230229000000Z')],
  'hour 24': ['X.509: no such time', until(0x17, '491231240000Z')],
  'second 60': ['X.509: no such time', until(0x17, '491231235960Z')],
  'one time only': ['X.509: validity', validity([0x17, '200101000000Z'])],
  'three times': [
    'X.509: validity',
    validity([0x17, '200101000000Z'], [0x17, '210101000000Z'], [0x17, '220101000000Z']),
  ],
  'a second role as BMPString': [
    string,
    subject([peer], [attribute(organizationalUnit, utf16('client'), 0x1e)], [name]),
  ],
  'a role as BMPString': [string, subject([attribute(organizationalUnit, utf16('peer'), 0x1e)], [name])],
  'a role as UniversalString': [
    string,
    subject([attribute(organizationalUnit, hex('00000070 00000065 00000065 00000072'), 0x1c)], [name]),
  ],
  'a role as TeletexString': [string, subject([attribute(organizationalUnit, 'peer', 0x14)], [name])],
  'a role as IA5String': [string, subject([attribute(organizationalUnit, 'peer', 0x16)], [name])],
  'a role as NumericString': [string, subject([attribute(organizationalUnit, '1', 0x12)], [name])],
  'a role as VisibleString': [string, subject([attribute(organizationalUnit, 'peer', 0x1a)], [name])],
  'a role as octet string': [string, subject([attribute(organizationalUnit, 'peer', 0x04)], [name])],
  'a role as UTF8String in parts': [
    string,
    subject([attribute(organizationalUnit, der(0x0c, Buffer.from('peer')), 0x2c)], [name]),
  ],
  'UTF8String that is no UTF-8': [string, subject([peer], [attribute(commonName, hex('70ff'))])],
  'UTF8String with an overlong character': [string, subject([peer], [attribute(commonName, hex('c0af'))])],
  'UTF8String with a surrogate': [string, subject([peer], [attribute(commonName, hex('eda080'))])],
  'PrintableString with an underscore': [string, subject([peer], [attribute(commonName, 'peer_0', 0x13)])],
  'PrintableString with an @': [string, subject([peer], [attribute(commonName, 'peer@0', 0x13)])],
  'an unsorted set in a name': ['X.509: name', subject([attribute(organizationalUnit, 'peers'), peer], [name])],
  'an attribute twice in a set': ['X.509: name', subject([peer, peer], [name])],
  'an empty set in a name': ['X.509: name', subject([], [peer], [name])],
  'an attribute of three elements': [
    'X.509: attribute of a name',
    subject([der(0x30, hex('060355040b'), hex('0c0470656572'), hex('0500'))], [name]),
  ],
  'a name that is no set': ['X.509: name', set('subject', der(0x30, der(0x30, peer)))],
  'a padded identifier in a name': [
    'X.509: object identifier',
    subject([attribute('5504800b', 'client')], [peer], [name]),
  ],
  'an identifier that is cut short': [
    'X.509: object identifier',
    subject([attribute('550480', 'client')], [peer], [name]),
  ],
  'a key with its length in a long form': [
    'DER: length is not minimal',
    (parts) => set('key', Buffer.concat([hex('308159'), parts.key.subarray(2)]))(parts),
  ],
  'a unique identifier': ['DER: other elements than expected', append('key', hex('8102 0000'))],
  'bytes behind the extensions': ['DER: other elements than expected', append('extensions', hex('0500'))],
  'two fields of extensions': [
    'DER: other elements than expected',
    (parts) => append('extensions', parts.extensions)(parts),
  ],
  'empty extensions': ['X.509: extensions', extensions()],
  'an extension twice': ['X.509: extensions', extensions('3009 0603551d0f 0402 0500', '3009 0603551d0f 0402 0500')],
  'an unknown extension twice': ['X.509: extensions', extensions('3007 06022a03 0401ff', '3007 06022a03 0401ff')],
  'an unknown critical extension': ['X.509: unknown critical extension', extensions('300a 06022a03 0101ff 0401ff')],
  'critical name constraints': ['X.509: unknown critical extension', extensions('300c 0603551d1e 0101ff 0402 3000')],
  'criticality as it is by default': ['X.509: criticality of an extension', extensions('300a 06022a03 010100 0401ff')],
  'criticality of another true': ['X.509: criticality of an extension', extensions('300a 06022a03 010101 0401ff')],
  'an extension of four elements': ['X.509: extension', extensions('300c 06022a03 0101ff 0500 0401ff')],
  'an extension without a value': ['X.509: extension', extensions('3004 06022a03')],
  'basic constraints that say false': ['X.509: basic constraints', constraints('3003 010100')],
  'basic constraints of another true': ['X.509: basic constraints', constraints('3003 010101')],
  'basic constraints with true in two octets': ['X.509: basic constraints', constraints('3004 0102ff00')],
  'a path length of what is no CA': ['X.509: basic constraints', constraints('3003 020101')],
  'the CA flag behind the path length': ['X.509: basic constraints', constraints('3006 020100 0101ff')],
  'the CA flag behind another element': ['X.509: basic constraints', constraints('3005 0500 0101ff')],
  'basic constraints with a third element': ['X.509: basic constraints', constraints('3008 0101ff 020100 0500')],
  'a negative path length': ['DER: negative or empty integer', constraints('3006 0101ff 0201ff')],
  'a path length of five octets': ['X.509: path length', constraints('300a 0101ff 0205 0100000000')],
  'bytes behind the basic constraints': ['DER: other elements than expected', constraints('3003 0101ff 0500')],
  'a key usage of no bits': ['X.509: key usage', usage('030100')],
  'an empty key usage': ['X.509: key usage', usage('0300')],
  'a key usage with zero bits at its end': ['X.509: key usage', usage('03020080')],
  'a key usage with unused bits set': ['X.509: key usage', usage('030207c0')],
  'a key usage with eight unused bits': ['X.509: key usage', usage('03020880')],
  'a key usage of ten bits': ['X.509: key usage', usage('0303068040')],
  'a key usage of three octets': ['X.509: key usage', usage('0304008000 01')],
  'a key usage as octet string': ['DER: other elements than expected', usage('04020780')],
  'a key usage in parts': ['DER: other elements than expected', usage('2304 03020780')],
};

function both(first: keyof CertificateParts, second: keyof CertificateParts, value: Buffer): Edit {
  return (parts) => {
    parts[first] = value;
    parts[second] = value;
  };
}

function append(part: keyof CertificateParts, more: Buffer): Edit {
  return (parts) => {
    parts[part] = Buffer.concat([parts[part], more]);
  };
}

const good = issued();
const lines = good.trimEnd().split('\n');
const goodBytes = Buffer.from(lines.slice(1, -1).join(''), 'base64');
const pem = (bytes: Buffer, columns = 64): string =>
  [
    lines[0],
    ...(bytes.toString('base64').match(new RegExp(`.{1,${columns.toString()}}`, 'g')) ?? []),
    lines.at(-1),
    '',
  ].join('\n');
const notPem = 'X.509: not one certificate in PEM';
const otherPem = 'X.509: PEM of another form';
const length82 = goodBytes.readUInt16BE(2);

/** Unusual in how the whole is written. */
const texts: Readonly<Record<string, readonly [string | undefined, string]>> = {
  'no line feed at the end': [undefined, good.trimEnd()],
  'two line feeds at the end': [notPem, `${good}\n`],
  'an empty text': [notPem, ''],
  'a byte order mark': [notPem, `\uFEFF${good}`],
  'carriage returns': [notPem, good.replaceAll('\n', '\r\n')],
  'lines of 76 characters': [otherPem, pem(goodBytes, 76)],
  'one long line': [otherPem, pem(goodBytes, 16_000)],
  'a blank at the end of a line': [notPem, good.replace('\n', ' \n')],
  'text before': [notPem, `Certificate:\n${good}`],
  'text behind': [notPem, `${good}more`],
  'two certificates': [notPem, good + good],
  'another label': [notPem, good.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  'a trusted certificate': [notPem, good.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
  'a header': [notPem, good.replace('\n', '\nProc-Type: 4\n\n')],
  'escaped line feeds': [notPem, good.replaceAll('\n', '\\n')],
  'an empty line': [otherPem, good.replace('\n', '\n\n')],
  'base64 with bits that do not count': [otherPem, pem(Buffer.from([0])).replace('AA==', 'AB==')],
  'bytes behind': ['DER: other elements than expected', pem(Buffer.concat([goodBytes, hex('0500')]))],
  'a byte missing': ['DER: length runs past the end', pem(goodBytes.subarray(0, -1))],
  'an indefinite length': ['DER: length', pem(Buffer.concat([hex('3080'), goodBytes.subarray(4), hex('0000')]))],
  'a length in three octets': [
    'DER: length is not minimal',
    pem(Buffer.concat([hex(`308300${length82.toString(16).padStart(4, '0')}`), goodBytes.subarray(4)])),
  ],
  'a length in seven octets': ['DER: length', pem(Buffer.concat([hex('3087'), goodBytes.subarray(4)]))],
  'lengths of two gigabytes': ['DER: length runs past the end', pem(hex('30847fffffff'.repeat(20)))],
  'nothing but nested sequences': ['DER: length runs past the end', pem(hex('3082ffff'.repeat(2000)))],
  'more than 16,384 characters': [notPem, pem(Buffer.concat([goodBytes, Buffer.alloc(16_384)]))],
};

/** The whole corpus: what Fabric's and OpenSSL's own look like is in the vectors. */
export function certificateCorpus(): readonly CorpusEntry[] {
  return [
    ...Object.entries(accepted).map(([what, edit]) => ({ name: what, pem: issued(edit), refused: undefined })),
    ...Object.entries(refused).map(([what, [why, edit]]) => ({ name: what, pem: issued(edit), refused: why })),
    ...hostileKeys.map(({ name: what, spki }) => ({
      name: `a key: ${what}`,
      pem: issued(set('key', spki)),
      refused: 'X.509: the key is not a point on P-256 or P-384',
    })),
    ...Object.entries(texts).map(([what, [why, text]]) => ({ name: what, pem: text, refused: why })),
  ];
}
