// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { runNotary } from '../../../daemon/run-notary';
import { type CommandContext } from '../../context/command-context';
import { examples, handled, notaryOption } from '../../context/command-line';
import { reported, type CommandResult } from '../../context/command-result';
import { notaryConfiguration } from '../../../committee/notary-configuration';
import { parseAddress } from '../../../committee/notary-addresses';
import {
  readNotarySettings,
  variableOf,
  type NotarySettings,
  type SettingSources,
} from '../../../committee/notary-settings';
import { addNotaryStatus } from './notary-status';
import { rotatingLog } from '../../output/rotating-log';
import { onStrayRejection } from '../../context/stray-rejections';

type NotaryOptions = Partial<Omit<NotarySettings, 'state' | 'notaries'>> & {
  /** undefined where it has its default */
  readonly state?: string | undefined;
  readonly notary: readonly string[];
  readonly inNetwork?: boolean;
  readonly config?: string;
};

/**
 * `notary status` and `notary run`: one organization's notary in the foreground; `up` starts one for each as a service.
 */
export function addNotaryCommand(program: Command): void {
  const notary = program.command('notary').description('the daemon that signs for one organization');
  addNotaryStatus(notary);
  notary
    .command('run')
    .description('run a notary until interrupted; it relays as well')
    .option('--config <file>', 'its settings, YAML; every other option and GRIDPEG_NOTARY_... count before it')
    .option('--organization <MSP id>', 'whose notary it is')
    .addOption(notaryOption())
    .option('--listen <host:port>', 'where it listens (default: as its own address among the notaries says)')
    .option('--no-relay', 'sign only')
    .option('--in-network', 'reach peers by the addresses that nodes have among themselves, as a node does')
    .option(
      '--signing-key <location>',
      "where the committee's key lies: a PEM file, a PKCS#11 URI or the https URL of a signer (default: as `gridpeg up` made it)",
    )
    .option('--signer-authority <file>', 'CA certificate of that signer, PEM')
    .option('--certificate <file>', 'certificate of the client that it is, PEM (default: in the folder)')
    .option('--private-key <file>', 'key of that certificate, PEM')
    .option('--data-dir <folder>', 'what it has signed (default: in the folder)')
    .option('--log-level <level>', 'the least that is logged (default: info)')
    .addHelpText(
      'after',
      examples(
        ['gridpeg notary run --organization GridMSP', 'instead of the one that `up` started'],
        ['gridpeg notary run --config notary.yaml', 'as an organization of its own does; docs/notary-deployment.md'],
      ),
    )
    .action(function (this: Command) {
      const isStateGiven = this.getOptionValueSourceWithGlobals('state') === 'cli';
      const run = (context: CommandContext, options: NotaryOptions) =>
        runDaemon(context, isStateGiven ? options : { ...options, state: undefined });
      return handled(run).call(this);
    });
}

async function runDaemon(context: CommandContext, options: NotaryOptions): Promise<CommandResult> {
  const { environment } = context;
  const settings = readNotarySettings({
    flags: flagsOf(options),
    environment,
    file: options.config ?? (environment[variableOf('config')] || undefined),
  });
  const surroundings = {
    stateDir: resolve(settings.state ?? context.stateDir),
    environment,
    reached: options.inNetwork === true ? 'nodeEndpoint' : 'endpoint',
  } as const;
  const config = notaryConfiguration(settings, surroundings);
  const log = pino(
    {
      name: 'notary',
      level: settings.logLevel ?? environment['GRIDPEG_LOG_LEVEL'] ?? 'info',
      base: { organization: config.mspId },
    },
    rotatingLog(process.stdout.fd) ?? pino.destination(process.stdout.fd),
  );
  onStrayRejection((reason) => {
    log.error({ err: reason }, 'unexpected');
  });
  const running = await runNotary({ config, log, reread: () => notaryConfiguration(settings, surroundings) });
  process.on('SIGHUP', running.reload);
  await new Promise<void>((interrupted) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  });
  await running.stop();
  return reported();
}

/** What was given on the command line; an option without its negation says nothing by being true. */
function flagsOf({ notary, relay, ...given }: NotaryOptions): SettingSources['flags'] {
  return {
    ...given,
    relay: relay === true ? undefined : relay,
    notaries: notary.length === 0 ? undefined : Object.fromEntries(notary.map(pairOf)),
  };
}

function pairOf(text: string): readonly [mspId: string, url: string] {
  const { mspId, url } = parseAddress(text);
  return [mspId, url];
}
