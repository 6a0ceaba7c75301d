// SPDX-License-Identifier: Apache-2.0

import { configurationCodec, txIdCodec, type Action, type TxId } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { PeggedNetwork } from '../../../consortium/consortium';
import { approveProposal, executeProposal, withdrawProposal, type Decided } from '../../../governance/decide-proposal';
import { GovernedChain } from '../../../governance/governed-chain';
import {
  configure,
  nextCommitteeCodec,
  replaceCommittee,
  setAssets,
  setLanes,
  suspendNotary,
} from '../../../governance/proposed-actions';
import { readGovernance } from '../../../governance/read-governance';
import { parseByCodec } from '../../../input/parse-option';
import { readByCodec } from '../../../input/read-json-file';
import { collect, examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, toJson, type CommandResult } from '../../context/command-result';
import { governanceLines } from '../../output/governance-report';
import { writeOutput } from '../../output/write-output';
import { addFirstConfigurationCommand } from './first-configuration';
import { addRotationCommands } from './rotation';

interface Proposing {
  readonly chain: string;
  readonly as: string;
}

/** The commands `governance ...` show and change what a chain trusts and allows; docs/spec/08-governance.md. */
export function addGovernanceCommands(program: Command): void {
  const governance = program
    .command('governance')
    .description('what the chains trust and allow, and how their organizations change it')
    .addHelpText(
      'after',
      examples(
        ['gridpeg governance show', 'rules, committees, lanes that are not open, and open proposals'],
        ['gridpeg governance propose pause city-charging --chain city --as GridMSP', 'prints the proposal’s id'],
        ['gridpeg governance approve <id> --as ChargingMSP --as RegulatorMSP', 'more than half of the members must'],
        ['gridpeg governance execute <id>', 'puts it in force, once it is approved and due'],
      ),
    );
  governance
    .command('show')
    .description('rules, committees, lanes that are not open, suspended notaries and open proposals')
    .option('--chain <name>', 'of one chain (default: of all)')
    .addHelpText('after', examples(['gridpeg governance show --chain city', 'one chain']))
    .action(handled(runShow));
  governance
    .command('configuration <chain>')
    .description('the configuration in force, to edit and propose')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText('after', examples(['gridpeg governance configuration city -o city.json', 'then edit, then propose']))
    .action(handled(runConfiguration));
  addProposeCommands(governance);
  addDecideCommands(governance);
  addFirstConfigurationCommand(governance);
  addRotationCommands(governance);
}

function addProposeCommands(governance: Command): void {
  const propose = governance
    .command('propose')
    .description('proposes for an organization, which thereby approves; its former proposal is withdrawn')
    .addHelpText(
      'after',
      examples(
        ['gridpeg governance propose configure city.json --chain city --as GridMSP', 'edited from `configuration`'],
        [
          'gridpeg governance propose open city-charging charging-city --chain city --as GridMSP',
          'a thaw, for example',
        ],
      ),
    );
  const change = (usage: string, description: string): Command =>
    propose
      .command(usage)
      .description(description)
      .requiredOption('--chain <name>', 'on which chain')
      .requiredOption('--as <organization>', 'for which organization, by its administrator')
      .addHelpText('after', examples([`gridpeg governance propose ${usage} --chain city --as GridMSP`, description]));
  change('configure <file>', 'another configuration, edited from `gridpeg governance configuration`').action(
    handled((context: CommandContext, options: Proposing, file: string) =>
      runPropose(context, options, () => Promise.resolve(configure(readByCodec(configurationCodec, file)))),
    ),
  );
  for (const [verb, state] of [
    ['pause', 'paused'],
    ['open', 'open'],
  ] as const) {
    change(`${verb} <lane...>`, state === 'open' ? 'reopens paused or frozen lanes' : 'stops lanes').action(
      handled((context: CommandContext, options: Proposing, lanes: readonly string[]) =>
        runPropose(context, options, (governed) => setLanes(governed, lanes, state)),
      ),
    );
    const does = state === 'open' ? 'lets assets be issued again' : 'stops the issuing of assets';
    change(`${verb}-asset <asset...>`, does).action(
      handled((context: CommandContext, options: Proposing, assets: readonly string[]) =>
        runPropose(context, options, (governed) => setAssets(governed, assets, state)),
      ),
    );
  }
  change('replace-committee <file>', 'another committee, {threshold, notaries: [{mspId, publicKey}]}')
    .option('--of <chain>', 'for the notaries of which chains (default: of all that the chain knows)', collect, [])
    .action(
      handled((context: CommandContext, options: Proposing & { readonly of: readonly string[] }, file: string) =>
        runPropose(context, options, (governed, network) => {
          const chainIds = options.of.map((name) => network.chain(name).chainId);
          return replaceCommittee(governed, readByCodec(nextCommitteeCodec, file), chainIds);
        }),
      ),
    );
  change('suspend-notary <organization>', 'ends the key that an organization signs with, for good').action(
    handled((context: CommandContext, options: Proposing, organization: string) =>
      runPropose(context, options, (governed) => suspendNotary(governed, organization)),
    ),
  );
}

function addDecideCommands(governance: Command): void {
  governance
    .command('approve <id>')
    .description('consents to a proposal, for one organization or several')
    .addHelpText('after', examples(['gridpeg governance approve <id> --as ChargingMSP', 'for one organization']))
    .requiredOption('--as <organization>', 'for which organization; can be repeated', collect, [])
    .action(
      handled((context: CommandContext, options: { readonly as: readonly string[] }, id: string) =>
        runDecide(context, id, (network, proposalId) => approveProposal(network, proposalId, options.as)),
      ),
    );
  governance
    .command('withdraw <id>')
    .description("takes an organization's consent back; the proposer's ends the proposal")
    .addHelpText('after', examples(['gridpeg governance withdraw <id> --as ChargingMSP', 'no longer']))
    .requiredOption('--as <organization>', 'for which organization')
    .action(
      handled((context: CommandContext, options: { readonly as: string }, id: string) =>
        runDecide(context, id, (network, proposalId) => withdrawProposal(network, proposalId, options.as)),
      ),
    );
  governance
    .command('execute <id>')
    .description('puts a proposal in force that more than half of the members approve and that is due')
    .addHelpText('after', examples(['gridpeg governance execute <id>', 'once it is approved and due']))
    .action(
      handled((context: CommandContext, _options: object, id: string) => runDecide(context, id, executeProposal)),
    );
}

async function runShow({ stateDir }: CommandContext, options: { readonly chain?: string }): Promise<CommandResult> {
  return PeggedNetwork.with(stateDir, async (network) => {
    const chains = options.chain === undefined ? network.state.chains : [network.chain(options.chain)];
    const reports = await Promise.all(chains.map((chain) => readGovernance(new GovernedChain(network, chain))));
    return result(reports, governanceLines(reports));
  });
}

async function runConfiguration(
  { stateDir }: CommandContext,
  { output }: { readonly output?: string },
  name: string,
): Promise<CommandResult> {
  const configuration = await PeggedNetwork.with(stateDir, (network) =>
    new GovernedChain(network, network.chain(name)).reader.getConfiguration(),
  );
  const sequence = configuration.sequence.toString();
  return writeOutput(toJson(configurationCodec.encode(configuration)), output, {
    facts: { chain: name, sequence: configuration.sequence },
    message: (file) =>
      `configuration ${sequence} of ${name}. Next: edit it, then gridpeg governance propose configure ${file}`,
  });
}

async function runPropose(
  { stateDir }: CommandContext,
  { chain, as }: Proposing,
  actionFor: (governed: GovernedChain, network: PeggedNetwork) => Promise<Action>,
): Promise<CommandResult> {
  return PeggedNetwork.with(stateDir, async (network) => {
    const governed = new GovernedChain(network, network.chain(chain));
    const proposalId = await governed.propose(as, await actionFor(governed, network));
    return result({ chain, proposalId }, [proposalId]);
  });
}

async function runDecide(
  { stateDir }: CommandContext,
  id: string,
  decide: (network: PeggedNetwork, proposalId: TxId) => Promise<Decided>,
): Promise<CommandResult> {
  const proposalId = parseByCodec(txIdCodec, id, 'proposal id');
  const decided = await PeggedNetwork.with(stateDir, (network) => decide(network, proposalId));
  return result(decided, [`${decided.chain}: ${proposalId} ${decided.result}`]);
}
