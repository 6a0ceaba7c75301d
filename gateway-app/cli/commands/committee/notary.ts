// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { resolve } from 'node:path';
import { type CommandContext } from '../../context/command-context';
import { examples, handled, notaryOption } from '../../context/command-line';
import { reported, result, type CommandResult } from '../../context/command-result';
import { notaryConfiguration, requireNotaryAlive } from '../../../committee/notary-configuration';
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
  /** Undefined where it has its default. */
  readonly state?: string | undefined;
  readonly notary?: readonly string[];
  readonly inNetwork?: boolean;
  readonly config?: string;
};

/** How long a notary may take to say that it lives. */
const aliveMs = 5_000;

/**
 * `notary status`, `notary run` and `notary alive`: one organization's notary in the foreground; `up` starts one for
 * each as a service.
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
      "where the committee's key lies: a PEM file, a PKCS#11 URI or the https URL of a signer " +
        '(default: as `gridpeg up` made it)',
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
    .action(withSettings(runDaemon));
  notary
    .command('alive')
    .description('whether the notary of a configuration file serves requests on this machine; for supervisors')
    .option('--config <file>', 'its settings, as for `notary run`')
    .option('--organization <MSP id>', 'whose notary it is')
    .addHelpText(
      'after',
      examples(['gridpeg notary alive --config notary.yaml', 'ends with 0 if it does; a container asks it of itself']),
    )
    .action(withSettings(alive));
}

/** Runs an action with a notary's settings, wherever they come from. */
function withSettings(
  action: (settings: NotarySettings, context: CommandContext, options: NotaryOptions) => Promise<CommandResult>,
): (this: Command) => Promise<void> {
  return function (this: Command) {
    const isStateGiven = this.getOptionValueSourceWithGlobals('state') === 'cli';
    const run = (context: CommandContext, options: NotaryOptions): Promise<CommandResult> => {
      const { environment, stateDir } = context;
      const settings = readNotarySettings({
        flags: flagsOf(isStateGiven ? options : { ...options, state: undefined }),
        environment,
        file: options.config ?? (environment[variableOf('config')] || undefined),
      });
      return action(settings, { ...context, stateDir: resolve(settings.state ?? stateDir) }, options);
    };
    return handled(run).call(this);
  };
}

async function alive(settings: NotarySettings, { stateDir }: CommandContext): Promise<CommandResult> {
  const { url } = await requireNotaryAlive(settings, stateDir, aliveMs);
  return result({ alive: true, url }, [`a notary of ${settings.organization} serves requests at ${url}`]);
}

async function runDaemon(
  settings: NotarySettings,
  { environment, stateDir }: CommandContext,
  { inNetwork }: NotaryOptions,
): Promise<CommandResult> {
  const reached = inNetwork === true ? 'nodeEndpoint' : 'endpoint';
  const surroundings = { stateDir, environment, reached } as const;
  const config = notaryConfiguration(settings, surroundings);
  // Loaded here: no other command needs the daemon, whose libraries would make each of them start later.
  const [{ pino }, { runNotary }] = await Promise.all([import('pino'), import('../../../daemon/run-notary.js')]);
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

/** The settings that the command line gives. An option that can only be negated is not given when it is true. */
function flagsOf({ notary = [], relay, ...given }: NotaryOptions): SettingSources['flags'] {
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
