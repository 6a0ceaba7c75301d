// SPDX-License-Identifier: Apache-2.0

import {
  assetIdShape,
  configurationShape,
  laneIdShape,
  notariesShape,
  record,
  thresholdShape,
  txIdShape,
  type Action,
  type Configuration,
} from '@gridpeg/protocol';
import { type Command } from 'commander';
import { isProposalInForce, saysEnded } from '../../../governance/already-in-force';
import { answer, toJson } from '../../context/command-context';
import { CommandError } from '../../../errors/command-error';
import { collect, contextOf, examples } from '../../context/command-line';
import { addFirstConfigurationCommand } from './first-configuration';
import { findProposal, GovernedChain } from '../../../governance/governed-chain';
import { printGovernance, readGovernance } from '../../output/governance-report';
import { handOut } from '../../output/write-output';
import { parseByShape } from '../../../input/parse-option';
import { PeggedNetwork } from '../../../consortium/consortium';
import { readByShape } from '../../../input/read-json-file';
import { addRotationCommands } from './rotation';

/** What a committee is replaced by; its epoch is the ledger's to give. */
const nextCommitteeShape = record({ threshold: thresholdShape, notaries: notariesShape });

interface Proposing {
  readonly chain: string;
  readonly as: string;
}

/** `governance ...`: how what a chain trusts and allows is seen and changed; docs/spec/08-governance.md. */
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
    .action(async (options: { chain?: string }, command: Command) => {
      const context = contextOf(command);
      await PeggedNetwork.with(context.stateDir, async (network) => {
        const chains = options.chain === undefined ? network.state.chains : [network.chain(options.chain)];
        const reports = await Promise.all(chains.map((chain) => readGovernance(new GovernedChain(network, chain))));
        printGovernance(reports, context);
      });
    });
  governance
    .command('configuration <chain>')
    .description('the configuration in force, to edit and propose')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText('after', examples(['gridpeg governance configuration city -o city.json', 'then edit, then propose']))
    .action(async (name: string, options: { output?: string }, command: Command) => {
      const context = contextOf(command);
      const configuration = await PeggedNetwork.with(context.stateDir, (network) =>
        new GovernedChain(network, network.chain(name)).reader.getConfiguration(),
      );
      handOut(context, toJson(configuration), options.output, {
        facts: { chain: name, sequence: configuration.sequence },
        told: (file) =>
          `configuration ${configuration.sequence.toString()} of ${name}. Next: edit it, then gridpeg governance propose configure ${file}`,
      });
    });
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
    (file: string, options: Proposing, command: Command) =>
      runPropose(options, command, () => Promise.resolve(configure(file))),
  );
  for (const [verb, state] of [
    ['pause', 'paused'],
    ['open', 'open'],
  ] as const) {
    change(`${verb} <lane...>`, state === 'open' ? 'reopens paused or frozen lanes' : 'stops lanes').action(
      (lanes: readonly string[], options: Proposing, command: Command) =>
        runPropose(options, command, (governed) => setLanes(governed, lanes, state)),
    );
  }
  for (const [verb, state] of [
    ['pause-asset', 'paused'],
    ['open-asset', 'open'],
  ] as const) {
    change(
      `${verb} <asset...>`,
      state === 'open' ? 'lets assets be issued again' : 'stops the issuing of assets',
    ).action((assets: readonly string[], options: Proposing, command: Command) =>
      runPropose(options, command, (governed) => setAssets(governed, assets, state)),
    );
  }
  change('replace-committee <file>', 'another committee, {threshold, notaries: [{mspId, publicKey}]}')
    .option('--of <chain>', 'for the notaries of which chains (default: of all that the chain knows)', collect, [])
    .action((file: string, options: Proposing & { of: readonly string[] }, command: Command) =>
      runPropose(options, command, (governed, network) =>
        replaceCommittee(
          governed,
          file,
          options.of.map((name) => network.chain(name).chainId),
        ),
      ),
    );
  change('suspend-notary <organization>', 'ends the key that an organization signs with, for good').action(
    (organization: string, options: Proposing, command: Command) =>
      runPropose(options, command, (governed) => suspendNotary(governed, organization)),
  );
}

function addDecideCommands(governance: Command): void {
  governance
    .command('approve <id>')
    .description('consents to a proposal, for one organization or several')
    .addHelpText('after', examples(['gridpeg governance approve <id> --as ChargingMSP', 'for one organization']))
    .requiredOption('--as <organization>', 'for which organization; can be repeated', collect, [])
    .action((id: string, options: { as: readonly string[] }, command: Command) =>
      runDecide(id, command, 'approved', async ({ governed, proposal }) => {
        for (const organization of options.as) await governed.approve(organization, proposal);
      }),
    );
  governance
    .command('withdraw <id>')
    .description("takes an organization's consent back; the proposer's ends the proposal")
    .addHelpText('after', examples(['gridpeg governance withdraw <id> --as ChargingMSP', 'no longer']))
    .requiredOption('--as <organization>', 'for which organization')
    .action((id: string, options: { as: string }, command: Command) =>
      runDecide(id, command, 'withdrawn', ({ governed, proposal }) => governed.withdraw(options.as, proposal)),
    );
  governance
    .command('execute <id>')
    .description('puts a proposal in force that more than half of the members approve and that is due')
    .addHelpText('after', examples(['gridpeg governance execute <id>', 'once it is approved and due']))
    .action((id: string, _options: unknown, command: Command) => runExecute(id, command));
}

/** Whoever is not the first to execute a proposal is told that it is in force, which is what was wanted. */
async function runExecute(id: string, command: Command): Promise<void> {
  try {
    await runDecide(id, command, 'in force', ({ governed, proposal }) => governed.execute(proposal));
  } catch (error) {
    if (!saysEnded(error)) throw error;
    const context = contextOf(command);
    const proposalId = parseByShape(txIdShape, id, 'proposal id');
    const chain = await PeggedNetwork.with(context.stateDir, async (network) => {
      for (const each of network.state.chains) {
        if (await isProposalInForce(new GovernedChain(network, each).reader, proposalId)) return each.name;
      }
      return undefined;
    });
    if (chain === undefined) throw error;
    const result = 'already in force';
    answer(context, { chain, proposalId, result }, [`${chain}: ${proposalId} ${result}`]);
  }
}

async function runPropose(
  { chain, as }: Proposing,
  command: Command,
  actionFor: (governed: GovernedChain, network: PeggedNetwork) => Promise<Action>,
): Promise<void> {
  const { stateDir, json, print } = contextOf(command);
  await PeggedNetwork.with(stateDir, async (network) => {
    const governed = new GovernedChain(network, network.chain(chain));
    const id = await governed.propose(as, await actionFor(governed, network));
    print(json ? toJson({ chain, proposalId: id }) : id);
  });
}

async function runDecide(
  id: string,
  command: Command,
  done: string,
  decide: (found: Awaited<ReturnType<typeof findProposal>>) => Promise<void>,
): Promise<void> {
  const context = contextOf(command);
  const proposalId = parseByShape(txIdShape, id, 'proposal id');
  await PeggedNetwork.with(context.stateDir, async (network) => {
    const found = await findProposal(network, proposalId);
    await decide(found);
    const chain = found.governed.chain.name;
    answer(context, { chain, proposalId, result: done }, [`${chain}: ${proposalId} ${done}`]);
  });
}

/** The file says what was in force when it was printed; if something else came in since, the ledger calls the proposal stale. */
function configure(file: string): Action {
  const edited: Configuration = readByShape(configurationShape, file);
  return { kind: 'configure', configuration: { ...edited, sequence: edited.sequence + 1 } };
}

async function setLanes(governed: GovernedChain, ids: readonly string[], state: 'open' | 'paused'): Promise<Action> {
  const standings = (await governed.reader.governance.standings()).lanes;
  const lanes = ids.map((id) => {
    const laneId = parseByShape(laneIdShape, id, 'lane');
    const sequence = (standings.find((standing) => standing.laneId === laneId)?.sequence ?? 0) + 1;
    return { laneId, sequence };
  });
  return { kind: 'set-lanes', state, lanes };
}

async function setAssets(governed: GovernedChain, ids: readonly string[], state: 'open' | 'paused'): Promise<Action> {
  const standings = (await governed.reader.governance.standings()).assets;
  const assets = ids.map((id) => {
    const asset = parseByShape(assetIdShape, id, 'asset');
    return { asset, sequence: (standings.find((standing) => standing.asset === asset)?.sequence ?? 0) + 1 };
  });
  return { kind: 'set-assets', state, assets };
}

async function replaceCommittee(governed: GovernedChain, file: string, named: readonly string[]): Promise<Action> {
  const { chains } = await governed.reader.getConfiguration();
  const { replacements } = await governed.reader.governance.standings();
  const replaced = chains
    .map(({ chainId }) => chainId)
    .filter((id) => named.length === 0 || named.includes(id))
    .map((chainId) => ({
      chainId,
      sequence: (replacements.find((each) => each.chainId === chainId)?.sequence ?? 0) + 1,
    }));
  return { kind: 'replace-committee', chains: replaced, ...readByShape(nextCommitteeShape, file) };
}

async function suspendNotary(governed: GovernedChain, organization: string): Promise<Action> {
  const { chains } = await governed.reader.getConfiguration();
  const notaries = chains.flatMap(({ committee }) => committee.notaries);
  const key = notaries.find(({ mspId }) => mspId === organization)?.publicKey;
  if (key !== undefined) return { kind: 'suspend-notary', publicKey: key };
  const known = [...new Set(notaries.map(({ mspId }) => mspId))].join(', ');
  throw new CommandError(
    'ORGANIZATION_UNKNOWN',
    `${organization} signs in no committee here (${known}). Name one of them.`,
  );
}
