import type { Command } from 'commander';
import { type Survey, survey } from '../drive/survey.ts';
import { renderPlan } from '../output/plan-text.ts';
import { refusalsText } from '../output/refusal-text.ts';
import { renderStructured } from '../output/structured.ts';
import { parseDuration } from '../spec/duration.ts';
import { parseSpec, type SpecSource } from '../spec/parse.ts';
import { advise } from '../upgrade/advice.ts';
import { beginLeg } from '../upgrade/leg.ts';
import { plan, planAll, withoutStages } from '../upgrade/plan.ts';
import type { PlanReport } from '../upgrade/plan-report.ts';
import type { PerSide } from '../upgrade/side.ts';
import { namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import { withFactOptions } from './fact-options.ts';
import { type SharedOptions, withSharedOptions } from './options.ts';
import { type GivenFacts, knownFacts, unknownFacts } from './plan-known.ts';
import type { Session } from './session.ts';
import { readSource } from './source.ts';

type Options = SharedOptions &
  GivenFacts & {
    readonly from?: PerSide<number>;
    readonly allModes?: boolean;
    readonly full?: boolean;
  };

export const addPlan = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Shows the way that a spec file describes before going it: every waypoint, and on the way to each the fewest ready pods and the most pods and GPUs; its peaks; how long it takes. Writes nothing.',
    )
    .argument('<spec>', 'the spec file; - for standard input')
    .option('--all-modes', 'every mode and pacing side by side, and which one to take')
    .option('--full', 'every waypoint, however many there are');
  withFactOptions(command, { time: parseDuration, times: 'main=8m,grey=10m' }).addHelpText(
    'after',
    `
Exits with 3 where \`start\` would refuse.

Examples:
  $ ${session.program} plan upgrade.yaml
  $ ${session.program} plan upgrade.yaml --all-modes
  $ ${session.program} plan upgrade.yaml --from main=30,grey=0 --gpus 8 --ready-after 8m
  $ ${session.program} plan upgrade.yaml -o json | jq .peak`,
  );
  withSharedOptions(command, ['text', 'json', 'yaml']).action(
    act((file: string, options: Options) => planFile(session, file, options)),
  );
};

const planFile = async (session: Session, file: string, options: Options): Promise<number> => {
  const source = await readSource(session, file);
  const { namespace, from } = options;
  const explicit = namespace === undefined ? {} : { explicitNamespace: namespace };
  const spec = parseSpec(source, { namespace: 'default', ...explicit });
  const report =
    from === undefined
      ? await planOnCluster(session, source, explicit, options)
      : reportOf(spec, from, undefined, options);
  const { out, color, unicode, columns } = session.terminal(options);
  const { full = false } = options;
  out.write(
    options.output === 'text'
      ? renderPlan(report, { program: session.program, color, unicode, columns: columns(), full })
      : await renderStructured(report, options.output),
  );
  return report.obstacles.length > 0 || (!options.allModes && !report.arrives) ? 3 : 0;
};

const planOnCluster = async (
  session: Session,
  source: SpecSource,
  explicit: { readonly explicitNamespace?: string },
  options: Options,
): Promise<PlanReport> => {
  const connected = await session.connect(options);
  try {
    const { cluster, namespace } = connected;
    const spec = parseSpec(source, { namespace, ...explicit });
    const found = await survey({ cluster, clock: session.clock }, spec);
    if ('counts' in found) return reportOf(spec, found.counts, found, options);
    const upgrade = { name: spec.name, namespace: namespaceOf(spec) };
    throw new CommandError(3, refusalsText(found, { program: session.program, upgrade }));
  } finally {
    await connected.close();
  }
};

const reportOf = (
  spec: UpgradeSpec,
  from: PerSide<number>,
  found: Survey | undefined,
  options: Options,
): PlanReport => {
  const { limits, podReplacementPolicy } = spec;
  const known = knownFacts(options, found?.capacity);
  const { requests, free, ready, gone } = known;
  const facts = {
    requests,
    free,
    limits,
    policy: podReplacementPolicy,
    ...(ready === undefined ? {} : { times: { ready, gone } }),
  };
  const leg = beginLeg(from, spec.targets, spec.way);
  const own = plan(leg, facts);
  const all = options.allModes ? planAll(leg, facts) : undefined;
  return {
    name: spec.name,
    namespace: namespaceOf(spec),
    deployments: spec.deployments,
    source: found === undefined ? 'given' : 'cluster',
    ...own,
    limits,
    podReplacementPolicy,
    known,
    unknown: unknownFacts(known, [own, ...(all ?? [])], found?.capacity),
    obstacles: found?.obstacles ?? [],
    ...(all === undefined ? {} : { alternatives: all.map(withoutStages), advice: advise(leg, facts, all) }),
  };
};
