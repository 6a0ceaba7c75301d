// SPDX-License-Identifier: Apache-2.0

import { isNotaryKey, mspIdCodec, type Committee, type NotarySignature } from '@gridpeg/protocol';
import { writeFileAtomic } from '@gridpeg/network';
import { Option, type Command } from 'commander';
import { createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { PeggedNetwork } from '../../../consortium/consortium';
import { CommandError } from '../../../errors/command-error';
import {
  draftRotation,
  rotationDraftCodec,
  signRotation,
  submitRotation,
  trustedCommittee,
  type RotationDraft,
} from '../../../governance/rotation-draft';
import { parseByCodec } from '../../../input/parse-option';
import { readByCodec } from '../../../input/read-json-file';
import { readText } from '../../../input/read-text';
import { collect, examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, toJson, type CommandResult } from '../../context/command-result';

/** The draft is passed from one organization to the next, and holds no secret. */
const readableByAll = 0o644;
/** With `governance rotation ...` a committee hands over to the next; docs/spec/08-governance.md section 8.4. */
export function addRotationCommands(governance: Command): void {
  const rotation = governance
    .command('rotation')
    .description('hands over to a committee with other keys: signed by the present threshold, without a delay')
    .addHelpText(
      'after',
      examples(
        ['gridpeg governance rotation draft next.json --chain city --key GridMSP=new-public.pem', 'who signs next'],
        [
          'gridpeg governance rotation sign next.json --organization GridMSP --next-key new-key.pem',
          'each notary of both committees, one after the other',
        ],
        ['gridpeg governance rotation submit next.json', 'to every chain that trusts the present committee'],
      ),
    );
  rotation
    .command('draft <file>')
    .description('writes who signs next: the present committee of a chain, with some keys replaced')
    .requiredOption('--chain <name>', 'whose notaries')
    .addOption(
      new Option('--key <MSP id=file>', "an organization's next public key, PEM on P-256; can be repeated")
        .argParser(collect)
        .default([], 'none'),
    )
    .addHelpText(
      'after',
      examples(['gridpeg governance rotation draft next.json --chain city --key GridMSP=new-public.pem', 'epoch + 1']),
    )
    .action(handled(runDraft));
  rotation
    .command('sign <file>')
    .description("adds a notary's consent, by its present key, and the proof that it holds its next one")
    .requiredOption('--organization <MSP id>', 'whose notary')
    .option('--signing-key <location>', "its present key, as for `notary run` (default: in the network's folder)")
    .option('--next-key <location>', 'its next key (default: the present one)')
    .addHelpText(
      'after',
      examples(
        ['gridpeg governance rotation sign next.json --organization GridMSP --next-key new-key.pem', 'a new key'],
        ['gridpeg governance rotation sign next.json --organization RegulatorMSP', 'the same key as before'],
      ),
    )
    .action(handled(runSign));
  rotation
    .command('submit <file>')
    .description('hands it in on every chain that trusts the present committee')
    .addHelpText('after', examples(['gridpeg governance rotation submit next.json', 'in force at once']))
    .action(handled(runSubmit));
}

interface SignOptions {
  readonly organization: string;
  readonly signingKey?: string;
  readonly nextKey?: string;
}

async function runDraft(
  { stateDir }: CommandContext,
  options: { readonly chain: string; readonly key: readonly string[] },
  file: string,
): Promise<CommandResult> {
  const keys = new Map(options.key.map(parseKey));
  const previous = await PeggedNetwork.with(stateDir, (network) => trustedCommittee(network, options.chain));
  const draft = draftRotation(previous, keys);
  if (existsSync(file)) throw new CommandError('FILE_EXISTS', `${file} is there already`, 'Name another file.');
  writeFileAtomic(file, `${toJson(draft)}\n`, readableByAll);
  const epoch = draft.next.epoch.toString();
  return result({ file, ...summaryOf(draft, previous) }, [
    `${file}: epoch ${epoch}. Next: each notary signs it (\`gridpeg governance rotation sign\`).`,
  ]);
}

async function runSign(context: CommandContext, options: SignOptions, file: string): Promise<CommandResult> {
  const draft = readByCodec(rotationDraftCodec, file);
  const notary = parseByCodec(mspIdCodec, options.organization, '--organization');
  const { signingKey, nextKey } = options;
  const signed = await signRotation(context, draft, { notary, signingKey, nextKey });
  writeFileAtomic(file, `${toJson(signed)}\n`, readableByAll);
  const consents = `${signed.signatures.length.toString()} have consented`;
  const shown = `${signed.possessions.length.toString()} of ${signed.next.notaries.length.toString()}`;
  return result({ file, ...counted(signed) }, [`${file}: ${consents}, ${shown} have shown their next keys.`]);
}

async function runSubmit({ stateDir }: CommandContext, _options: object, file: string): Promise<CommandResult> {
  const draft = readByCodec(rotationDraftCodec, file);
  const chains = await PeggedNetwork.with(stateDir, (network) => submitRotation(network, draft));
  const lines = chains.map(({ chain, result: outcome }) => `${chain}: ${outcome}`);
  return result({ epoch: draft.next.epoch, chains }, [
    ...lines,
    'Let the notaries whose keys are new run with them now.',
  ]);
}

function parseKey(text: string): readonly [organization: string, publicKey: string] {
  const at = text.indexOf('=');
  const [organization, file] = [text.slice(0, at), text.slice(at + 1)];
  parseByCodec(mspIdCodec, organization, '--key');
  const publicKey = publicKeyIn(readText(file));
  if (publicKey !== undefined && isNotaryKey(publicKey)) return [organization, publicKey];
  throw new CommandError('KEY_UNREADABLE', `${file} holds no public key on P-256 in PEM`, 'Export it again.');
}

/** @returns base64 of a SubjectPublicKeyInfo */
function publicKeyIn(pem: string): string | undefined {
  try {
    return createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    return undefined;
  }
}

function summaryOf(draft: RotationDraft, previous: Committee): object {
  const changed = draft.next.notaries.filter(
    ({ mspId, publicKey }) => previous.notaries.find((notary) => notary.mspId === mspId)?.publicKey !== publicKey,
  );
  return { epoch: draft.next.epoch, threshold: draft.next.threshold, changed: changed.map(({ mspId }) => mspId) };
}

function counted({ signatures, possessions }: RotationDraft): object {
  const names = (all: readonly NotarySignature[]): readonly string[] => all.map(({ notary }) => notary);
  return { consented: names(signatures), possessions: names(possessions) };
}
