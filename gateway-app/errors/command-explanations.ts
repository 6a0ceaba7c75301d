// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, the codes of commands with their meanings.

import { type CodeMeaning } from '@gridpeg/protocol';

/** Codes of the command itself; those of the network, the peg, the day and the audit have tables of their own. */
export const commandExplanations = {
  USAGE: {
    summary: 'the command line is wrong: an unknown command or option, or a value of another form',
    remedy: 'Correct what the message names; `--help` after any command shows how it is used.',
  },
  COMMAND_RENAMED: {
    summary: 'the command has another name in this version',
    remedy: 'Type the name that the message says; options and documents are the same.',
  },
  NOTARY_SETTING_INVALID: {
    summary: 'a setting of the notary is missing, or has a value of another form',
    remedy: 'Correct what the message names; docs/notary-deployment.md lists all settings.',
  },
  NOTARY_NOT_ALIVE: {
    summary: 'no notary of the organization answers where its settings say that it listens',
    remedy: 'Start it (`gridpeg notary run`), or see its log for why it ended.',
  },
  NOTARY_SETTING_UNKNOWN: {
    summary: "the notary's configuration file has a key that is no setting",
    remedy: 'Correct its name, or remove the line.',
  },
  ACCOUNT_UNKNOWN: {
    summary: 'there are no keys of that account in the state folder',
    remedy: 'Name one of those the message lists, as ChargingMSP/User1.',
  },
  RECIPIENT_UNCONFIRMED: {
    summary: 'nobody here knows the recipient, so it may not exist',
    remedy: 'Correct the name, or give --unknown-recipient if it is right.',
  },
  ASSET_UNKNOWN: {
    summary: 'the topology has no such asset, or several and none was named',
    remedy: 'Name one with --asset, as city/energy.',
  },
  CHAIN_UNKNOWN: {
    summary: 'the network has no chain of that name',
    remedy: 'Name one that `gridpeg status` lists.',
  },
  LANE_UNKNOWN: {
    summary: 'the topology has no lane of that id, or none the other way',
    remedy: 'Name one of those the message lists.',
  },
  NOTES_INSUFFICIENT: {
    summary: 'the account holds no notes of one kind that are enough',
    remedy: 'Ask for less, or see with `gridpeg note list` what there is.',
  },
  NOTE_UNKNOWN: {
    summary: 'the account has no unspent note of that id',
    remedy: 'Name one that `gridpeg note list` lists.',
  },
  PACKET_UNKNOWN: {
    summary: 'none of the chains has sent a packet of that id',
    remedy: 'Check the id; `gridpeg send` prints it.',
  },
  CHAINCODE_UNSUITABLE: {
    summary: 'a chaincode lacks a contract of the peg, or speaks an older version of its wire format than this client',
    remedy: 'Build and deploy the chaincode of the same version as client and notaries.',
  },
  TRANSACTION_UNKNOWN: {
    summary: 'none of the chains has a transaction of that id',
    remedy: 'Ask again a little later: an orderer may still have it. Then what it was to do can be done again.',
  },
  ORGANIZATION_UNKNOWN: {
    summary: "the network has no organization of that name, or none of its notary's keys are in the state folder",
    remedy: 'Name one of those the message lists.',
  },
  CHAIN_FOREIGN: {
    summary: 'the organization is no member of that chain, or has no peer on it',
    remedy: 'Name a chain that it is a member of; the message lists them.',
  },
  IDENTITY_LABEL_INVALID: {
    summary: 'the label of an identity has characters that cannot name a folder and an account on the command line',
    remedy: 'Rename its file in the wallet: letters, digits, dots, dashes, underscores and @.',
  },
  IDENTITY_LABEL_TAKEN: {
    summary: 'the network knows another identity by that label',
    remedy: 'Rename the file in the wallet, then import again.',
  },
  IDENTITY_MALFORMED: {
    summary: 'a file of the wallet is no identity as fabric-network 2 writes them',
    remedy: 'Name the folder that the application gives to Wallets.newFileSystemWallet.',
  },
  IDENTITY_TYPE_UNSUPPORTED: {
    summary: 'an identity of the wallet is of a type whose key is not in the wallet, such as HSM-X.509',
    remedy: 'Go on using it with the application that made it, and import others with --label.',
  },
  NOTARY_IDENTITY_MISSING: {
    summary: 'a notary is to run with the keys of an administrator only, and other notaries listen to clients',
    remedy: "Import an identity of a client of the notary's organization with `gridpeg wallet import`.",
  },
  IDENTITY_UNKNOWN: {
    summary: 'the wallet holds no identity of that label',
    remedy: 'Name one of those the message lists.',
  },
  IDENTITY_VERSION_UNSUPPORTED: {
    summary: 'an identity of the wallet is in the form of another version of fabric-network',
    remedy: 'Export it with fabric-network 2, which writes version 1.',
  },
  CERTIFICATE_FOREIGN: {
    summary: "an identity's certificate was not issued by the authority of its organization in this network",
    remedy: 'Enrol the identity with the authority of this network, or name the state folder of the network it is of.',
  },
  CERTIFICATE_NOT_CLIENT: {
    summary: "an identity's certificate is not that of one client or administrator",
    remedy: 'Enrol an identity of type client or admin: peers and orderers hold no value.',
  },
  CERTIFICATE_NOT_IN_FORCE: {
    summary: "an identity's certificate has expired, or is not valid yet",
    remedy: 'Enrol the identity again; if the date is wrong, set the clock of this machine right.',
  },
  CERTIFICATE_UNREADABLE: {
    summary: "an identity's certificate is no X.509 certificate in PEM",
    remedy: 'Export the identity again from the application that made it.',
  },
  CERTIFICATE_FORM_UNSUPPORTED: {
    summary: "an identity's certificate breaks a rule that ledgers have (docs/spec/04-proof.md, section 4.6)",
    remedy: 'Enrol the identity with Fabric CA, or let OpenSSL issue the certificate with ECDSA and SHA-256.',
  },
  CERTIFICATE_OF_AUTHORITY: {
    summary: "an authority's own certificate stands where an identity's should",
    remedy: 'Put the certificate that the authority issued to the identity there.',
  },
  CERTIFICATES_SEVERAL: {
    summary: 'several certificates stand where the one of an identity should, such as a chain with its authorities',
    remedy: 'Leave only the certificate of the identity itself.',
  },
  COMMON_NAME_UNSUPPORTED: {
    summary: "an identity's common name has characters that no account on a ledger has, or too many",
    remedy: 'Enrol an identity whose name has 1 to 128 letters, digits, dots, dashes, underscores and @ only.',
  },
  KEY_KIND_UNSUPPORTED: {
    summary: 'the key of an identity is none with which it could sign for the peg: RSA, Ed25519 or another curve',
    remedy: 'Enrol an identity with an ECDSA key on P-256 or P-384.',
  },
  PEM_ESCAPED: {
    summary: 'a certificate or key has a backslash and a letter where its lines should end, as it is copied from JSON',
    remedy: 'Put line feeds in their place.',
  },
  TEXT_ENCODING_UNSUPPORTED: {
    summary: 'a file begins with a byte order mark, or is not in UTF-8',
    remedy: 'Save it as UTF-8 without a byte order mark.',
  },
  PROFILE_NAME_INVALID: {
    summary: 'a connection profile has a name that cannot be that of a file or host',
    remedy: 'Take the connection profile from whoever runs the network, and import none from strangers.',
  },
  KEY_DIFFERS: {
    summary: 'the private key of an identity does not belong to its certificate',
    remedy: 'Export the identity again from the application that made it.',
  },
  KEY_UNREADABLE: {
    summary: 'the private key of an identity is none, or is encrypted',
    remedy: 'Export the identity again from the application that made it, its key in plain PEM.',
  },
  WALLET_EMPTY: {
    summary: 'the folder named as a wallet holds no identity',
    remedy: 'Name the folder that the application gives to Wallets.newFileSystemWallet.',
  },
  PROFILE_AUTHORITY_DIFFERS: {
    summary: 'the connection profile trusts another TLS authority than the peer has',
    remedy: 'Take the connection profile that the network writes (`gridpeg env <organization>` names its folder).',
  },
  PROFILE_MALFORMED: {
    summary: 'the file is no connection profile in JSON or YAML',
    remedy: 'Name the file that the application gives to Gateway.connect, such as connection-org1.json.',
  },
  PROFILE_PEER_UNKNOWN: {
    summary: 'the connection profile names a peer that this network does not have at that address',
    remedy: 'Take the connection profile that the network writes; ports differ from network to network.',
  },
  PROFILE_WITHOUT_CHANNELS: {
    summary: 'the connection profile names no channels, and none is named on the command line',
    remedy: 'Name each channel of the peg that the organization is a member of with --chain, as --chain city=city.',
  },
  PROFILE_WITHOUT_PEERS: {
    summary: 'the connection profile names no peers of the organization, or none that serve the channel',
    remedy: 'Name the profile of an organization: one with a section `peers`.',
  },
  FILE_EXISTS: {
    summary: 'there is something already where a file or folder would be written',
    remedy: 'Name another one, or remove what is there.',
  },
  EVIDENCE_NONE: {
    summary: 'the two proofs show no lie, the chain did not receive the packet, or the ledger has recorded nothing',
    remedy:
      'Give two proofs of one packet that differ and that one notary, or enough peers, signed, ' +
      'with the trust record of their time; or name a chain that `gridpeg evidence show` lists.',
  },
  ROTATION_INCOMPLETE: {
    summary: 'a hand-over to another committee lacks the proof that some of its notaries hold the keys it names',
    remedy: 'Let each notary that the message names run `gridpeg governance rotation sign` on the file.',
  },
  CODE_UNKNOWN: {
    summary: 'there is no such code',
    remedy: 'Run `gridpeg explain` for a list of all.',
  },
  FILE_UNREADABLE: {
    summary: 'a file named on the command line cannot be read',
    remedy: 'Name one that is there and that this user may read.',
  },
  CONFIGURATION_DIFFERS: {
    summary: 'the first configuration of a chain is another than the topology and the keys of the notaries say',
    remedy:
      'Put the keys of the notaries back from a backup, or propose what the topology says ' +
      '(`gridpeg governance propose`).',
  },
  NOT_CONFIRMED: {
    summary: 'a command asked on the terminal, and the answer was not yes, or there was none; nothing was done',
    remedy: 'Answer with y (or say --yes) where something is to be removed, and with the passphrase that is asked for.',
  },
  PROPOSAL_UNKNOWN: {
    summary: 'no chain has an open proposal of that id',
    remedy: 'Name one that `gridpeg governance show` lists; it may have been executed, withdrawn or replaced.',
  },
  NOTARY_KEY_UNREADABLE: {
    summary: "a notary's signing key cannot be read or is no private key",
    remedy: 'Run `gridpeg up`, which puts back its copy; where there is none, put it back from a backup.',
  },
  FILE_FORBIDDEN: {
    summary: 'this user may not read or write a file or folder',
    remedy: 'Change its owner or mode, or name another folder with --state.',
  },
  FILE_MISSING: {
    summary: 'a file is gone that should be there',
    remedy:
      'Put it back; `gridpeg up` does for files of its own folder, ' +
      'and `gridpeg doctor` looks for what else is damaged.',
  },
  FILES_TOO_MANY: {
    summary: 'too many files or connections are open',
    remedy: 'Raise the limit (`ulimit -n 4096`), and run the command again.',
  },
  FOLDER_READ_ONLY: {
    summary: 'a file system is mounted for reading only',
    remedy: 'Name a folder elsewhere with --state.',
  },
  CONNECTION_FAILED: {
    summary: 'something that should listen does not answer',
    remedy: 'Run `gridpeg doctor`, which says what does not answer and why.',
  },
  UNEXPECTED: {
    summary: 'something happened that gridpeg does not expect',
    remedy: 'Run again with GRIDPEG_TRACE=1 and report what it prints.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;
