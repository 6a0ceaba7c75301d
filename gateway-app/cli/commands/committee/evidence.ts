// SPDX-License-Identifier: Apache-2.0

import { packetIdShape, type AnyEvidence } from '@gridpeg/protocol';
import { type Command } from 'commander';
import {
  decodeEvidenceFile,
  decodeProofFile,
  decodeTrustRecord,
  encodeEvidenceFile,
  findEvidence,
  PegError,
} from '../../../client';
import { askAbsence } from '../../../transfers/ask-absence';
import { answer } from '../../context/command-context';
import { CommandError } from '../../../errors/command-error';
import { collect, contextOf, examples } from '../../context/command-line';
import { evidenceLines, readEvidence } from '../../../governance/evidence-report';
import { GovernedChain } from '../../../governance/governed-chain';
import { handOut } from '../../output/write-output';
import { parseByShape } from '../../../input/parse-option';
import { PeggedNetwork } from '../../../consortium/consortium';
import { readText } from '../../../input/read-text';

interface Output {
  readonly output?: string;
}

/** What one chain made of evidence. */
interface Submitted {
  readonly chain: string;
  readonly kind: AnyEvidence['kind'];
  /** the key that signed two contents; none for other kinds */
  readonly publicKey?: string;
  /** `unconcerned`: the key was never a notary's there, or the source is not trusted there */
  readonly result: 'done' | 'already-done' | 'unconcerned';
  readonly frozen: readonly string[];
}

/** `evidence ...`: proofs that notaries or peers have lied; docs/spec/08-governance.md section 8.5. */
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
    .action(runShow);
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
    .action((one: string, other: string, options: Output & { trust: readonly string[] }, command: Command) => {
      const proofs = [decodeProofFile(readText(one)), decodeProofFile(readText(other))] as const;
      const trusts = options.trust.map((file) => decodeTrustRecord(readText(file)));
      const found = findEvidence(proofs, trusts);
      const none = `nobody signed different contents of one packet in ${one} and ${other}, under what --trust names`;
      write(found, none, options, command);
    });
  evidence
    .command('ask <packet>')
    .description('asks the source of a packet that a chain received whether it ever sent it; if not, that is evidence')
    .requiredOption('--chain <name>', 'the chain that received it')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText(
      'after',
      examples(['gridpeg evidence ask 5f0c... --chain charging -o evidence.json', 'then `gridpeg evidence submit`']),
    )
    .action(async (id: string, options: Output & { chain: string }, command: Command) => {
      const packetId = parseByShape(packetIdShape, id, 'packet id');
      const { stateDir } = contextOf(command);
      const found = await PeggedNetwork.with(stateDir, (network) =>
        askAbsence(network, network.chain(options.chain), packetId),
      );
      write([found], '', options, command);
    });
  evidence
    .command('export <chain>')
    .description('the evidence that a chain has recorded, as a file that any other chain can judge by itself')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText(
      'after',
      examples(['gridpeg evidence export charging -o evidence.json', 'then `gridpeg evidence submit`, anywhere']),
    )
    .action(async (name: string, options: Output, command: Command) => {
      const { stateDir } = contextOf(command);
      const recorded = await PeggedNetwork.with(stateDir, (network) =>
        readEvidence([new GovernedChain(network, network.chain(name))]),
      );
      const found = recorded.map((each) => each.evidence);
      write(found, `${name} has recorded no evidence against a key or lane of now`, options, command);
    });
  evidence
    .command('submit <file>')
    .description('hands evidence in: the lanes freeze, and keys that lied count no more; anybody may')
    .option('--chain <name>', 'on this chain; can be repeated (default: on all)', collect, [])
    .addHelpText('after', examples(['gridpeg evidence submit evidence.json --chain city', 'on one chain']))
    .action(runSubmit);
}

async function runShow(options: { chain?: string }, command: Command): Promise<void> {
  const context = contextOf(command);
  await PeggedNetwork.with(context.stateDir, async (network) => {
    const chains = options.chain === undefined ? network.state.chains : [network.chain(options.chain)];
    const all = await readEvidence(network.state.chains.map((chain) => new GovernedChain(network, chain)));
    const recorded = all.filter(({ chain }) => chains.some(({ name }) => name === chain));
    const none = `no evidence against a key or lane of now on ${chains.map(({ name }) => name).join(', ')}`;
    answer(context, recorded, recorded.length === 0 ? [none] : recorded.flatMap(evidenceLines));
  });
}

function write(found: readonly AnyEvidence[], none: string, { output }: Output, command: Command): void {
  const context = contextOf(command);
  if (found.length === 0) {
    throw new CommandError('EVIDENCE_NONE', `${none}. See \`gridpeg explain EVIDENCE_NONE\`.`);
  }
  handOut(context, encodeEvidenceFile(found), output, {
    facts: { kinds: found.map(({ kind }) => kind), publicKeys: found.flatMap(keyIn) },
    told: (file) => `against ${found.length.toString()}. Next: gridpeg evidence submit ${file}`,
  });
}

async function runSubmit(file: string, options: { chain: readonly string[] }, command: Command): Promise<void> {
  const context = contextOf(command);
  const all = decodeEvidenceFile(readText(file));
  await PeggedNetwork.with(context.stateDir, async (network) => {
    const named = options.chain.map((name) => network.chain(name));
    const done: Submitted[] = [];
    for (const chain of named.length === 0 ? network.state.chains : named) {
      const governed = new GovernedChain(network, chain);
      for (const evidence of all) done.push(await submit(governed, evidence, named.length === 0));
    }
    const lines = done.map(
      ({ chain, kind, publicKey, result, frozen }) =>
        `${chain}: ${publicKey === undefined ? kind : `key ...${publicKey.slice(-16)}`} ${result}${frozen.length === 0 ? '' : `; frozen: ${frozen.join(', ')}`}`,
    );
    answer(context, done, [...lines, 'Next: gridpeg evidence show']);
  });
}

/** @param lenient - whether a chain may have nothing to do with it */
async function submit(governed: GovernedChain, evidence: AnyEvidence, lenient: boolean): Promise<Submitted> {
  const [publicKey] = keyIn(evidence);
  const about = { chain: governed.chain.name, kind: evidence.kind, ...(publicKey === undefined ? {} : { publicKey }) };
  try {
    const { result, frozen } = await governed.submitEvidence(evidence);
    return { ...about, result, frozen };
  } catch (error) {
    const unconcerned = error instanceof PegError && ['NOTARY_STRANGER', 'CHAIN_UNTRUSTED'].includes(error.code);
    if (!lenient || !unconcerned) throw error;
    return { ...about, result: 'unconcerned', frozen: [] };
  }
}

/** The key that evidence of two contents is against. */
function keyIn(evidence: AnyEvidence): readonly string[] {
  return 'publicKey' in evidence ? [evidence.publicKey] : [];
}
