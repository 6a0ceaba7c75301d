// SPDX-License-Identifier: Apache-2.0

import { type CodeMeaning, type RefusalCode } from '@gridpeg/protocol';

interface Meaning extends CodeMeaning {
  readonly class: 'retry' | 'drop';
}

function meaning(errorClass: Meaning['class'], summary: string, remedy: string): Meaning {
  return { class: errorClass, summary, remedy };
}

/** Codes of docs/spec/13-light-client.md. */
export const lightClientRefusals = {
  CONFIGURATION_SKIPPED: meaning(
    'retry',
    'a header was signed under a later channel configuration than the ledger follows',
    'Follow the blocks with configurations first, one after another.',
  ),
  CONFIGURATION_STALE: meaning(
    'drop',
    'a header was signed under a channel configuration that is no longer in force',
    'Take a later header, and link the block to it.',
  ),
  HEADER_NOT_NEWER: meaning(
    'drop',
    'the ledger follows the chain beyond that header',
    'Nothing: continue after the followed head.',
  ),
  HEADER_NOT_FOLLOWED: meaning(
    'retry',
    'the block lies above the last header that the ledger follows',
    'Follow a later header first, or anchor the proof in one.',
  ),
  HEADER_UNLINKED: meaning(
    'drop',
    'a header does not lead to the one that the ledger follows',
    'Collect the headers again; if it lasts, compare the peers of that chain: it may have forked.',
  ),
  BLOCK_DATA_DIFFERS: meaning(
    'drop',
    'the envelopes are not the data of that block',
    'Take the block from another peer.',
  ),
  ENVELOPE_MALFORMED: meaning(
    'drop',
    'a part of the block is not one whole envelope',
    'Take the block from another peer, with its envelopes as they are.',
  ),
  CHANNEL_CONFIGURATION_INVALID: meaning(
    'drop',
    'the configuration of the channel cannot be read, so the ledger cannot follow it',
    'Let the members begin to follow the chain anew, with a version of Gridpeg that reads it.',
  ),
  ORDERER_SIGNATURE_FORM: meaning(
    'drop',
    'a signature of a block is of another consensus than the channel has',
    'Take the header from the ordering service that the ledger follows.',
  ),
  ORDERER_STRANGER: meaning(
    'drop',
    'the signer of a block is no orderer of the channel’s configuration',
    'Leave that signature out, or follow the configuration that names the signer.',
  ),
  SIGNER_NOT_ORDERER: meaning(
    'drop',
    'the signer of a block is not an orderer of its organization',
    'Leave that signature out.',
  ),
  ORDERER_REVOKED: meaning(
    'drop',
    'the certificate of an orderer is revoked',
    'Leave that signature out, and take another.',
  ),
  ORDERER_REPEATED: meaning('drop', 'an orderer signed a block twice', 'Give one signature of each orderer.'),
  ORDERERS_TOO_FEW: meaning(
    'drop',
    'too few orderers signed a block',
    'Collect signatures of more orderers; under Raft each of them signs its own copy of a block.',
  ),
  DEPTH_TOO_SMALL: meaning(
    'retry',
    'too few blocks lie above the one that is proven',
    'Wait until the chain has grown as far as the lane asks for, and follow it.',
  ),
  OUTBOX_NOT_WRITTEN: meaning(
    'drop',
    'the transaction sends nothing to another chain',
    'Check the transaction id, and the chaincode’s name in the trust record.',
  ),
  TRANSACTION_INVALID: meaning(
    'drop',
    'peers of the chain found the transaction invalid, so it changed nothing',
    'Nothing: send again. An invalid transaction is never believed.',
  ),
} satisfies Partial<Readonly<Record<RefusalCode, Meaning>>>;
