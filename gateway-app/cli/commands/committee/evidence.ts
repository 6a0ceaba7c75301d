// SPDX-License-Identifier: Apache-2.0

import { packetIdCodec, type AnyEvidence } from '@gridpeg/protocol';
import { type Command } from 'commander';
import {
  decodeEvidenceFile,
  decodeProofFile,
  decodeTrustRecord,
  encodeEvidenceFile,
  findEvidence,
} from '../../../client';
import { PeggedNetwork } from '../../../consortium/consortium';
import { CommandError } from '../../../errors/command-error';
import { evidenceLines, readEvidence } from '../../../governance/evidence-report';
import { GovernedChain } from '../../../governance/governed-chain';
import { keyIn, submitEvidence, type Submitted } from '../../../governance/submit-evidence';
import { parseByCodec } from '../../../input/parse-option';
import { readDocument } from '../../../input/read-document';
import { askAbsence } from '../../../transfers/ask-absence';
import { collect, examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, type CommandResult } from '../../context/command-result';
import { writeOutput } from '../../output/write-output';

interface Output {
  readonly output?: string;
}

/**
 * The commands `evidence ...` deal with proofs that notaries or peers have lied; docs/spec/08-governance.md section
 * 8.5.
 */
export function addEvidenceCommands(program: Command): void {
  const evidence = program
    .command('evidence')
    .description('proofs that notaries or peers have lied: end the key of who signed two contents, and freeze the lane')
    .addHelpText(
      'after',
      examples(
        ['gridpeg evidence show', 'what the ledgers have recorded, and what to do next'],
        ['gridpeg evidence find one.json other.json --trust trust.json -o evidence.json', 'out of two proofs'],
        ['gridpeg evidence ask 5f0c... --chain charging -o evidence.json', 'whether a packet was ever sent'],
        ['gridpeg evidence export charging -o evidence.json', 'what one chain knows, for the others'],
        ['gridpeg evidence submit evidence.json', 'to every chain; anybody may'],
      ),
    );
  evidence
    .command('show')
    .description('what the ledgers have recorded: who lied, when, which lanes are frozen, what to do next')
    .option('--chain <name>', 'on one chain (default: on all)')
    .addHelpText('after', examples(['gridpeg evidence show --chain city', 'what the city knows']))
    .action(handled(runShow));
  evidence
    .command('find <proof> <other-proof>')
    .description(
      'looks for notaries that signed, and peers that answered, different contents of one packet in two proofs',
    )
    .requiredOption(
      '--trust <file>',
      'the trust record under which they signed (`gridpeg proof trust`); can be repeated',
      collect,
      [],
    )
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText(
      'after',
      examples([
        'gridpeg evidence find one.json other.json --trust trust.json -o evidence.json',
        'offline; the proofs are those of `gridpeg proof export`, or certificates in that form',
      ]),
    )
    .action(handled(runFind));
  evidence
    .command('ask <packet>')
    .description('asks the source of a packet that a chain received whether it ever sent it; if not, that is evidence')
    .requiredOption('--chain <name>', 'the chain that received it')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText(
      'after',
      examples(['gridpeg evidence ask 5f0c... --chain charging -o evidence.json', 'then `gridpeg evidence submit`']),
    )
    .action(handled(runAsk));
  evidence
    .command('export <chain>')
    .description('the evidence that a chain has recorded, as a file that any other chain can judge by itself')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText(
      'after',
      examples(['gridpeg evidence export charging -o evidence.json', 'then `gridpeg evidence submit`, anywhere']),
    )
    .action(handled(runExport));
  evidence
    .command('submit <file>')
    .description('hands evidence in: the lanes freeze, and keys that lied count no more; anybody may')
    .option('--chain <name>', 'on this chain; can be repeated (default: on all)', collect, [])
    .addHelpText('after', examples(['gridpeg evidence submit evidence.json --chain city', 'on one chain']))
    .action(handled(runSubmit));
}

async function runShow({ stateDir }: CommandContext, options: { readonly chain?: string }): Promise<CommandResult> {
  return PeggedNetwork.with(stateDir, async (network) => {
    const chains = options.chain === undefined ? network.state.chains : [network.chain(options.chain)];
    const all = await readEvidence(network.state.chains.map((chain) => new GovernedChain(network, chain)));
    const recorded = all.filter(({ chain }) => chains.some(({ name }) => name === chain));
    const none = `no evidence against a key or lane of now on ${chains.map(({ name }) => name).join(', ')}`;
    return result(recorded, recorded.length === 0 ? [none] : recorded.flatMap(evidenceLines));
  });
}

function runFind(
  _context: CommandContext,
  options: Output & { readonly trust: readonly string[] },
  one: string,
  other: string,
): CommandResult {
  const proofs = [decodeProofFile(readDocument(one)), decodeProofFile(readDocument(other))] as const;
  const trusts = options.trust.map((file) => decodeTrustRecord(readDocument(file)));
  const none = `nobody signed different contents of one packet in ${one} and ${other}, under what --trust names`;
  return foundResult(findEvidence(proofs, trusts), none, options);
}

async function runAsk(
  { stateDir }: CommandContext,
  options: Output & { readonly chain: string },
  id: string,
): Promise<CommandResult> {
  const packetId = parseByCodec(packetIdCodec, id, 'packet id');
  const found = await PeggedNetwork.with(stateDir, (network) =>
    askAbsence(network, network.chain(options.chain), packetId),
  );
  return foundResult([found], '', options);
}

async function runExport({ stateDir }: CommandContext, options: Output, name: string): Promise<CommandResult> {
  const recorded = await PeggedNetwork.with(stateDir, (network) =>
    readEvidence([new GovernedChain(network, network.chain(name))]),
  );
  const found = recorded.map(({ evidence }) => evidence);
  return foundResult(found, `${name} has recorded no evidence against a key or lane of now`, options);
}

/** @throws CommandError EVIDENCE_NONE */
function foundResult(found: readonly AnyEvidence[], none: string, { output }: Output): CommandResult {
  if (found.length === 0) {
    throw new CommandError('EVIDENCE_NONE', none, 'See `gridpeg explain EVIDENCE_NONE`.');
  }
  return writeOutput(encodeEvidenceFile(found), output, {
    facts: { kinds: found.map(({ kind }) => kind), publicKeys: found.flatMap(keyIn) },
    message: (file) => `against ${found.length.toString()}. Next: gridpeg evidence submit ${file}`,
  });
}

async function runSubmit(
  { stateDir }: CommandContext,
  options: { readonly chain: readonly string[] },
  file: string,
): Promise<CommandResult> {
  const all = decodeEvidenceFile(readDocument(file));
  const done = await PeggedNetwork.with(stateDir, (network) => submitEvidence(network, all, options.chain));
  return result(done, [...done.map(submittedLine), 'Next: gridpeg evidence show']);
}

function submittedLine({ chain, kind, publicKey, result: outcome, frozen }: Submitted): string {
  const what = publicKey === undefined ? kind : `key ...${publicKey.slice(-16)}`;
  return `${chain}: ${what} ${outcome}${frozen.length === 0 ? '' : `; frozen: ${frozen.join(', ')}`}`;
}
