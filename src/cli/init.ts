import { type Command, Option } from 'commander';
import { demandCreation, makeGrey, propose } from '../drive/propose.ts';
import { initRefusalText, madeText } from '../output/init-text.ts';
import { renderManifests } from '../output/manifests-text.ts';
import { printable } from '../output/printable.ts';
import { renderSpec } from '../output/spec-text.ts';
import { UPGRADE_NAME } from '../spec/name.ts';
import type { InitRefusal } from '../upgrade/init-refusal.ts';
import { perSide } from '../upgrade/side.ts';
import type { Act } from './act.ts';
import { changesOf, type CloneOptions, withCloneOptions } from './clone-options.ts';
import { CommandError } from './command-error.ts';
import { deploymentName, type SharedOptions, upgradeName, withSharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';

type Options = SharedOptions &
  CloneOptions & {
    readonly main: string;
    readonly grey: string;
    readonly name?: string;
    readonly out?: string;
    readonly force?: boolean;
  };

export const addInit = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Writes a spec file for two Deployments, from what the cluster shows: targets from their counts, step from the count of pods, deadline from how long pods took to become ready, mode by what there is room for. Can make grey from main, too.',
    )
    .addOption(side('--main <deployment>', 'the old version'))
    .addOption(side('--grey <deployment>', 'the new version'))
    .addOption(new Option('--name <upgrade>', 'the name of the upgrade (default: that of grey)').argParser(upgradeName))
    .option('--out <file>', 'write the spec to a new file (default: to standard output)')
    .option('--force', 'write it over a file that is there');
  withCloneOptions(command).addHelpText(
    'after',
    `
Examples:
  $ ${session.program} init --main llama-v1 --grey llama-v2 --out upgrade.yaml
  $ ${session.program} init --main llama-v1 --grey llama-v2 --clone --image llama-server:2.1 | kubectl apply -f -
  $ ${session.program} init --main llama-v1 --grey llama-v2 --clone --image llama-server:2.1 --apply --out upgrade.yaml`,
  );
  withSharedOptions(command, ['text', 'json', 'yaml']).action(act((options: Options) => init(session, options)));
};

const side = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(deploymentName).makeOptionMandatory();

const init = async (session: Session, options: Options): Promise<number> => {
  const { main, grey, name = grey } = options;
  const changes = changesOf(options);
  if (main === grey) throw new CommandError(2, `${main} cannot be both sides; give --main and --grey two Deployments`);
  if (name.length > UPGRADE_NAME.longest)
    throw new CommandError(2, 'the name of grey is too long for an upgrade; give --name');
  if (options.force && options.out === undefined) throw new CommandError(2, '--force is about a file; give --out');
  const connected = await session.connect(options);
  try {
    const { namespace, cluster } = connected;
    const deployments = perSide((each) => ({ namespace, name: options[each] }));
    if (options.apply) await demandCreation(cluster, namespace);
    const proposal = await propose(cluster, { name, deployments, ...(changes && { clone: changes }) });
    if ('refused' in proposal) throw refused(proposal.refused);
    await write(session, connected, proposal, options);
    return 0;
  } finally {
    await connected.close();
  }
};

/** The file goes first: where it cannot be written, nothing is made. */
const write = async (
  session: Session,
  { cluster }: Connected,
  { draft, clone }: Exclude<Awaited<ReturnType<typeof propose>>, { refused: unknown }>,
  options: Options,
): Promise<void> => {
  const { out, force = false, apply = false, output } = options;
  const spec = await renderSpec(draft, output, session.program);
  if (out !== undefined) await session.writeText(out, spec, { isNew: !force });
  if (clone !== undefined && !apply) {
    const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', ...clone };
    session.out.write(await renderManifests([manifest], output === 'json' ? 'json' : 'yaml'));
    return;
  }
  if (clone !== undefined) {
    const refusal = await makeGrey(cluster, clone);
    if (refusal !== undefined) throw refused(refusal);
    if (!options.quiet) session.err.write(printable(`${madeText(draft.deployments.grey, draft.deployments.main)}\n`));
  }
  if (out === undefined) session.out.write(spec);
};

const refused = (refusal: InitRefusal): CommandError => new CommandError(3, initRefusalText(refusal));
