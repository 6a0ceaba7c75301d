// SPDX-License-Identifier: Apache-2.0

import {
  committeeHashOf,
  committeeShape,
  hashShape,
  isNotaryKey,
  list,
  mspIdShape,
  notarySignatureShape,
  possessionDigest,
  record,
  rotationDigest,
  version1,
  type Committee,
  type NotarySignature,
  type Shaped,
} from '@gridpeg/protocol';
import { writeFileAtomic } from '@gridpeg/network';
import { Option, type Command } from 'commander';
import { createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { userIdentity } from '../../../consortium/network-connection';
import { openSigningKey, type SigningKey } from '../../../notary';
import { answer, toJson, type CommandContext } from '../../context/command-context';
import { CommandError } from '../../../errors/command-error';
import { collect, contextOf, examples } from '../../context/command-line';
import { GovernedChain } from '../../../governance/governed-chain';
import { notaryFolder } from '../../../committee/notary-keys';
import { parseByShape } from '../../../input/parse-option';
import { PeggedNetwork } from '../../../consortium/consortium';
import { readByShape } from '../../../input/read-json-file';
import { readText } from '../../../input/read-text';

/** It goes from one organization to the next, and holds no secret. */
const readableByAll = 0o644;
/** A hand-over that is being signed: what a rotation holds, with proofs of possession in the order they came. */
const draftShape = record({
  version: version1,
  previous: hashShape,
  next: committeeShape,
  signatures: list(notarySignatureShape, 0, 32),
  possessions: list(notarySignatureShape, 0, 32),
});
type Draft = Shaped<typeof draftShape>;

/** `governance rotation ...`: a committee hands over to the next; docs/spec/08-governance.md section 8.4. */
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
    .action(async (file: string, options: { chain: string; key: readonly string[] }, command: Command) => {
      const context = contextOf(command);
      const keys = new Map(options.key.map(parseKey));
      const previous = await committeeOf(context.stateDir, options.chain);
      const draft = draftFrom(previous, keys);
      if (existsSync(file)) throw new CommandError('FILE_EXISTS', `${file} is there already. Name another file.`);
      writeFileAtomic(file, `${toJson(draft)}\n`, readableByAll);
      const told = `${file}: epoch ${draft.next.epoch.toString()}. Next: each notary signs it (\`gridpeg governance rotation sign\`).`;
      answer(context, { file, ...summaryOf(draft, previous) }, [told]);
    });
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
    .action(async (file: string, options: SignOptions, command: Command) => {
      const context = contextOf(command);
      const draft = readByShape(draftShape, file);
      const signed = await signDraft(context, draft, options);
      writeFileAtomic(file, `${toJson(signed)}\n`, readableByAll);
      const counts = `${signed.signatures.length.toString()} have consented, ${signed.possessions.length.toString()} of ${signed.next.notaries.length.toString()} have shown their next keys`;
      answer(context, { file, ...counted(signed) }, [`${file}: ${counts}.`]);
    });
  rotation
    .command('submit <file>')
    .description('hands it in on every chain that trusts the present committee')
    .addHelpText('after', examples(['gridpeg governance rotation submit next.json', 'in force at once']))
    .action(async (file: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const draft = readByShape(draftShape, file);
      const done = await submitDraft(context.stateDir, draft);
      const lines = done.map(({ chain, result }) => `${chain}: ${result}`);
      const next = 'Let the notaries whose keys are new run with them now.';
      answer(context, { epoch: draft.next.epoch, chains: done }, [...lines, next]);
    });
}

interface SignOptions {
  readonly organization: string;
  readonly signingKey?: string;
  readonly nextKey?: string;
}

function parseKey(text: string): readonly [organization: string, publicKey: string] {
  const at = text.indexOf('=');
  const [organization, file] = [text.slice(0, at), text.slice(at + 1)];
  parseByShape(mspIdShape, organization, '--key');
  const publicKey = publicKeyIn(readText(file));
  if (publicKey !== undefined && isNotaryKey(publicKey)) return [organization, publicKey];
  throw new CommandError('KEY_UNREADABLE', `${file} holds no public key on P-256 in PEM. Export it anew.`);
}

/** @returns base64 of a SubjectPublicKeyInfo */
function publicKeyIn(pem: string): string | undefined {
  try {
    return createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    return undefined;
  }
}

async function committeeOf(stateDir: string, chainName: string): Promise<Committee> {
  return PeggedNetwork.with(stateDir, async (network) => {
    const own = network.chain(chainName);
    const known = await Promise.all(
      network.state.chains.map((chain) => new GovernedChain(network, chain).reader.getConfiguration()),
    );
    const trust = known.flatMap(({ chains }) => chains).find(({ chainId }) => chainId === own.chainId);
    if (trust !== undefined) return trust.committee;
    throw new CommandError('CHAIN_UNKNOWN', `no chain trusts ${chainName}. Name one that a lane leads away from.`);
  });
}

function draftFrom(previous: Committee, keys: ReadonlyMap<string, string>): Draft {
  const strangers = [...keys.keys()].filter((name) => !previous.notaries.some(({ mspId }) => mspId === name));
  if (strangers.length > 0) {
    const known = previous.notaries.map(({ mspId }) => mspId).join(', ');
    const what = `${strangers.join(', ')} sign in no committee of that chain (${known})`;
    throw new CommandError('ORGANIZATION_UNKNOWN', `${what}. Another membership is \`propose replace-committee\`.`);
  }
  return {
    ...{ version: 1, previous: committeeHashOf(previous), signatures: [], possessions: [] },
    next: {
      ...previous,
      epoch: previous.epoch + 1,
      notaries: previous.notaries.map(({ mspId, publicKey }) => ({ mspId, publicKey: keys.get(mspId) ?? publicKey })),
    },
  };
}

async function signDraft(context: CommandContext, draft: Draft, options: SignOptions): Promise<Draft> {
  const { stateDir } = context;
  const notary = parseByShape(mspIdShape, options.organization, '--organization');
  const location = options.signingKey ?? join(notaryFolder(stateDir, notary), 'signing-key.pem');
  const present = await open(context, notary, location);
  const next = options.nextKey === undefined ? present : await open(context, notary, options.nextKey);
  const listed = draft.next.notaries.find(({ mspId }) => mspId === notary)?.publicKey;
  if (listed !== next.publicKey) {
    const what = `${notary}'s next key is not the one that the file names`;
    throw new CommandError('KEY_DIFFERS', `${what}. Give it with --next-key, or draft anew.`);
  }
  const { previous, next: committee } = draft;
  const consent = await signed(notary, present, rotationDigest(previous, committee));
  const possession = await signed(notary, next, possessionDigest(previous, committee, notary));
  return {
    ...draft,
    signatures: [...draft.signatures.filter((other) => other.notary !== notary), consent],
    possessions: [...draft.possessions.filter((other) => other.notary !== notary), possession],
  };
}

async function signed(notary: NotarySignature['notary'], key: SigningKey, digest: Buffer): Promise<NotarySignature> {
  return { notary, signature: (await key.sign(digest)).toString('base64') };
}

function open({ stateDir, environment }: CommandContext, notary: string, location: string): Promise<SigningKey> {
  const network = PeggedNetwork.read(stateDir);
  const holder = network.holder(notary);
  const { certificate, privateKey } = userIdentity(holder.organization.mspId, holder.user);
  return openSigningKey(location, { environment, tls: { own: { certificate, privateKey }, authorities: [] } });
}

async function submitDraft(
  stateDir: string,
  { possessions, ...draft }: Draft,
): Promise<ReadonlyArray<{ readonly chain: string; readonly result: string }>> {
  const rotation = {
    ...draft,
    possessions: draft.next.notaries.flatMap(
      ({ mspId }) => possessions.find(({ notary }) => notary === mspId)?.signature ?? [],
    ),
  };
  const missing = draft.next.notaries.filter(({ mspId }) => !possessions.some(({ notary }) => notary === mspId));
  if (missing.length > 0) {
    const names = missing.map(({ mspId }) => mspId).join(', ');
    const what = `${names} have not shown that they hold their next keys`;
    throw new CommandError('ROTATION_INCOMPLETE', `${what}. Each runs \`gridpeg governance rotation sign\`.`);
  }
  return PeggedNetwork.with(stateDir, async (network) => {
    const done = [];
    for (const chain of network.state.chains) {
      const result = await new GovernedChain(network, chain).rotate(rotation);
      done.push({ chain: chain.name, result });
    }
    return done;
  });
}

function summaryOf(draft: Draft, previous: Committee): object {
  const changed = draft.next.notaries.filter(
    ({ mspId, publicKey }) => previous.notaries.find((notary) => notary.mspId === mspId)?.publicKey !== publicKey,
  );
  return { epoch: draft.next.epoch, threshold: draft.next.threshold, changed: changed.map(({ mspId }) => mspId) };
}

function counted({ signatures, possessions }: Draft): object {
  const names = (all: readonly NotarySignature[]): readonly string[] => all.map(({ notary }) => notary);
  return { consented: names(signatures), possessions: names(possessions) };
}
