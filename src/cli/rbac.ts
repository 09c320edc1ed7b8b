import { type Command, InvalidArgumentError, Option } from 'commander';
import { rolesFor, type Subject } from '../drive/roles.ts';
import { renderManifests } from '../output/manifests-text.ts';
import { patternOf, DEPLOYMENT_NAME, NAMESPACE } from '../spec/name.ts';
import { parseSpec } from '../spec/parse.ts';
import { perSide, SIDES } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import { type SharedOptions, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';
import { readSource } from './source.ts';

type Options = SharedOptions & {
  readonly user: readonly string[];
  readonly group: readonly string[];
  readonly serviceaccount: readonly Subject[];
  readonly clusterCapacity?: boolean;
};

export const addRbac = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Prints the smallest Role with which every command works, and its RoleBinding, for each namespace of a spec file or for that of -n. Asks no cluster.',
    )
    .argument('[spec]', 'the spec file; - for standard input')
    .optionsGroup('Who is to have them:')
    .addOption(several('--user <name>', 'a user', (name) => name))
    .addOption(several('--group <name>', 'a group', (name) => name))
    .addOption(several('--serviceaccount <namespace:name>', 'a service account', serviceAccount))
    .optionsGroup('What:')
    .option(
      '--cluster-capacity',
      'also the ClusterRole to list nodes and the pods of all namespaces, for `plan` and `rehearse`',
    )
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${session.program} rbac upgrade.yaml --serviceaccount ci:deployer | kubectl apply -f -\n  $ ${session.program} rbac -n serving --group ml-platform --cluster-capacity`,
    );
  withSharedOptions(command, ['text', 'json', 'yaml']).action(
    act((file: string | undefined, options: Options) => rbac(session, file, options)),
  );
};

/** An option that may be given more than once. */
const several = (flags: string, description: string, parse: (text: string) => unknown): Option =>
  new Option(flags, `${description}; may be repeated`)
    .argParser((text: string, before: readonly unknown[]) => [...before, parse(text)])
    .default([], 'nobody');

const rbac = async (session: Session, file: string | undefined, options: Options): Promise<number> => {
  const placed = await deploymentsOf(session, file, options);
  const subjects: readonly Subject[] = [
    ...options.user.map((name) => ({ kind: 'User', name }) as const),
    ...options.group.map((name) => ({ kind: 'Group', name }) as const),
    ...options.serviceaccount,
  ];
  if (subjects.length === 0)
    throw new CommandError(2, 'nobody would have these rights: give --user, --group or --serviceaccount');
  const manifests = rolesFor(placed, subjects, { clusterCapacity: options.clusterCapacity ?? false });
  session.out.write(await renderManifests(manifests, options.output === 'json' ? 'json' : 'yaml'));
  return 0;
};

/** No cluster is asked, so the namespace of a context will not do: rights are given where the file or the command line says. */
const deploymentsOf = async (
  session: Session,
  file: string | undefined,
  { namespace }: Options,
): Promise<Pick<UpgradeSpec, 'deployments'>> => {
  if (file === undefined) {
    if (namespace === undefined) throw new CommandError(2, 'in which namespace? Give a spec file, or -n');
    return { deployments: perSide(() => ({ namespace, name: '' })) };
  }
  const source = await readSource(session, file);
  const explicit = namespace === undefined ? {} : { explicitNamespace: namespace };
  const spec = parseSpec(source, { namespace: namespace ?? NOWHERE, ...explicit });
  if (SIDES.some((side) => spec.deployments[side].namespace === NOWHERE))
    throw new CommandError(2, `${source.file} names no namespace; name it there, or give -n`);
  return spec;
};

/** Stands for the namespace of a context; no namespace is called so. */
const NOWHERE = '';

const serviceAccount = (text: string): Subject => {
  const [namespace = '', name = '', ...more] = text.split(':');
  if (more.length > 0 || !patternOf(NAMESPACE).test(namespace) || !patternOf(DEPLOYMENT_NAME).test(name))
    throw new InvalidArgumentError('Give its namespace and its name: serving:deployer');
  return { kind: 'ServiceAccount', namespace, name };
};
