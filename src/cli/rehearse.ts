import { type Command, InvalidArgumentError, Option } from 'commander';
import { survey } from '../drive/survey.ts';
import { renderRehearsal } from '../output/rehearsal-text.ts';
import { refusedStartText } from '../output/check-text.ts';
import type { Addressee } from '../output/next-step.ts';
import { refusalsText } from '../output/refusal-text.ts';
import { renderStructured } from '../output/structured.ts';
import type { Copy, CopyFacts } from '../rehearse/copy.ts';
import { parseCount } from '../spec/count.ts';
import { type Mishap, parseMishap } from '../spec/mishap.ts';
import { parseSpec, type SpecSource } from '../spec/parse.ts';
import { parseRange } from '../spec/range.ts';
import type { RehearsalReport } from '../upgrade/rehearsal.ts';
import type { Refusal } from '../upgrade/refusal.ts';
import type { PerSide } from '../upgrade/side.ts';
import { namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import { withFactOptions } from './fact-options.ts';
import { count, parsed, type SharedOptions, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';
import { readSource } from './source.ts';

type Options = SharedOptions &
  Omit<CopyFacts, 'counts' | 'capacity'> & {
    readonly scenario?: string;
    readonly from?: PerSide<number>;
    readonly seeds: number;
    readonly seed?: number;
    readonly fail?: readonly Mishap[];
    readonly allModes?: boolean;
    readonly steps?: readonly number[];
    readonly report?: string;
  };

/** More runs than anybody waits for, and enough for any percentile. */
const MOST_SEEDS = 100_000;

export const addRehearse = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Runs the upgrade of a spec file many times with the real driver, in virtual time, on a copy of the cluster in memory, or on that of a scenario file: how long it takes, how few pods are ready, how many GPUs it needs, and how often it gets stuck and on what. Of the cluster it only reads.',
    )
    .argument('<spec>', 'the spec file; - for standard input')
    .option('--scenario <file>', 'rehearse on the cluster that this file describes; no cluster is asked')
    .addOption(
      new Option('--seeds <count>', 'how many runs, each with other times and another lot')
        .argParser(parsed((text) => seedsOf(text)))
        .default(20),
    )
    .option('--seed <number>', 'the first seed (default: 1, or that of the scenario)', count)
    .option(
      '--fail <what>',
      'make something fail; may be given again: node:1@10m+20m, lost-node:1@10m, crash:5%, never-ready:2, image:1, unready:10%@5m, delete:3@10m, quota:40@5m',
      oneMore,
    )
    .option('--all-modes', 'every mode and pacing side by side, with the step of the spec, half of it and twice')
    .option('--steps <counts>', 'with --all-modes: these steps instead (1,3,6)', parseSteps)
    .option('--report <file>', 'write a page with the curves (HTML, in one file)');
  withFactOptions(command, { time: parseRange, times: 'main=8m,grey=4m..12m' }).addHelpText(
    'after',
    `
Exits with 5 where a run did not reach the targets, and with 3 where \`start\` would refuse.

Examples:
  $ ${session.program} rehearse upgrade.yaml
  $ ${session.program} rehearse upgrade.yaml --fail node:1@10m --fail crash:5% --seeds 100
  $ ${session.program} rehearse upgrade.yaml --all-modes --steps 1,3,6 --report rehearsal.html
  $ ${session.program} rehearse upgrade.yaml --from main=30,grey=0 --ready-after 4m..12m --gpus 8 --free-gpus 16
  $ ${session.program} rehearse upgrade.yaml --scenario cluster.yaml`,
  );
  withSharedOptions(command, ['text', 'json', 'yaml']).action(
    act((file: string, options: Options) => rehearseFile(session, file, options)),
  );
};

const seedsOf = (text: string): number => {
  const seeds = parseCount(text, 1);
  if (seeds <= MOST_SEEDS) return seeds;
  throw new InvalidArgumentError(`It is at most ${MOST_SEEDS}.`);
};

const oneMore = (text: string, before: readonly Mishap[] = []): readonly Mishap[] => [
  ...before,
  parsed(parseMishap)(text),
];

const parseSteps = (text: string): readonly number[] =>
  text.split(',').map((step) => parsed((each: string) => parseCount(each.trim(), 1))(step));

/** The cluster in memory, and what of it is taken for granted. */
type Stage = Copy & Pick<RehearsalReport, 'source' | 'obstacles'> & { readonly spec: UpgradeSpec };

const rehearseFile = async (session: Session, file: string, options: Options): Promise<number> => {
  const { scenario: scenarioFile, from, allModes } = options;
  if (scenarioFile !== undefined && from !== undefined)
    throw new CommandError(2, '--scenario says with how many pods both sides begin; leave out --from');
  if (scenarioFile === '-' && file === '-')
    throw new CommandError(2, 'standard input is either the spec or the scenario');
  if (options.steps !== undefined && !allModes) throw new CommandError(2, '--steps goes with --all-modes');
  const source = await readSource(session, file);
  const stage = await stageOf(session, source, options);
  const ofNodes = options.fail?.find(({ kind }) => kind === 'node' || kind === 'lost-node');
  if (ofNodes !== undefined && !stage.knowsNodes)
    throw new CommandError(
      2,
      `${ofNodes.text}: which nodes there are is not known; give --scenario, or leave out --from and --free-gpus`,
    );
  const report = await reportOf(session, stage, options);
  const { out, color, unicode, columns } = session.terminal(options);
  out.write(
    options.output === 'text'
      ? renderRehearsal(report, { program: session.program, color, unicode, columns: columns() })
      : await renderStructured(report, options.output),
  );
  if (options.report !== undefined) {
    const { renderRehearsalPage } = await import('../output/page/rehearsal-page.ts');
    await session.writeText(options.report, renderRehearsalPage(report, session.program));
  }
  if (report.obstacles.length > 0) return 3;
  return report.reached === report.runs ? 0 : 5;
};

const stageOf = async (session: Session, source: SpecSource, options: Options): Promise<Stage> => {
  const { namespace, scenario, from } = options;
  const explicit = namespace === undefined ? {} : { explicitNamespace: namespace };
  // Before a cluster is asked: what is wrong with the file is wrong on every cluster.
  const spec = parseSpec(source, { namespace: 'default', ...explicit });
  if (scenario !== undefined) return stageOfScenario(session, scenario, source, explicit);
  if (from !== undefined)
    return { spec, source: 'given', obstacles: [], ...(await copied(spec, { ...options, counts: from })) };
  const connected = await session.connect(options);
  try {
    const { cluster } = connected;
    const here = parseSpec(source, { namespace: connected.namespace, ...explicit });
    const found = await survey({ cluster, clock: session.clock }, here);
    if (!('counts' in found)) throw refused(session, here, found);
    const { obstacles, ...facts } = found;
    return { spec: here, source: 'cluster', obstacles, ...(await copied(here, { ...options, ...facts })) };
  } finally {
    await connected.close();
  }
};

const stageOfScenario = async (
  session: Session,
  file: string,
  source: SpecSource,
  explicit: { readonly explicitNamespace?: string },
): Promise<Stage> => {
  const { parseScenario } = await import('../scenario/parse.ts');
  const scenario = parseScenario(await readSource(session, file));
  const [first] = scenario.deployments;
  const spec = parseSpec(source, { namespace: first?.namespace ?? 'default', ...explicit });
  return { spec, scenario, knowsNodes: true, source: 'scenario', assumptions: [], obstacles: [] };
};

const copied = async (spec: UpgradeSpec, facts: CopyFacts): Promise<Copy> => {
  const { copyOf, ReadyTimeUnknown } = await import('../rehearse/copy.ts');
  try {
    return copyOf(spec, facts);
  } catch (error) {
    if (!(error instanceof ReadyTimeUnknown)) throw error;
    throw new CommandError(
      2,
      `how long a pod takes to become ready is not known: ${error.message}; give --ready-after 8m`,
    );
  }
};

const refused = (session: Session, spec: UpgradeSpec, refusals: readonly Refusal[]): CommandError =>
  new CommandError(3, refusalsText(refusals, addresseeOf(session, spec)));

const addresseeOf = ({ program }: Session, spec: UpgradeSpec): Addressee => ({
  program,
  upgrade: { name: spec.name, namespace: namespaceOf(spec) },
});

const reportOf = async (session: Session, stage: Stage, options: Options): Promise<RehearsalReport> => {
  const { rehearse } = await import('../rehearse/rehearsal.ts');
  const { RehearsalRefused } = await import('../rehearse/rehearse-run.ts');
  const { MishapImpossible } = await import('../rehearse/with-mishaps.ts');
  const { coarse, podsOf } = await import('../rehearse/coarse.ts');
  const { spec, source, assumptions, obstacles } = stage;
  const scenario = coarse(stage.scenario);
  const progress = progressOn(session, options);
  const threads = await session.openThreads({ runs: options.seeds, pods: podsOf(scenario) });
  try {
    const rehearsal = await rehearse({ ...scenario, seed: options.seed ?? scenario.seed }, spec, {
      seeds: options.seeds,
      mishaps: options.fail ?? [],
      performers: threads.performers,
      ...(options.allModes ? { allModes: { steps: options.steps ?? [] } } : {}),
      onRun: progress.show,
    });
    return {
      name: spec.name,
      namespace: namespaceOf(spec),
      deployments: spec.deployments,
      source,
      limits: spec.limits,
      failures: (options.fail ?? []).map(({ text }) => text),
      assumptions:
        scenario.grainMs === undefined ? assumptions : [...assumptions, { kind: 'grain', everyMs: scenario.grainMs }],
      obstacles,
      ...rehearsal,
    };
  } catch (error) {
    if (error instanceof RehearsalRefused)
      throw new CommandError(3, refusedStartText(error.findings, addresseeOf(session, spec)));
    if (error instanceof MishapImpossible) throw new CommandError(2, error.message);
    throw error;
  } finally {
    progress.clear();
    await threads.close();
  }
};

/** How far it is, on a terminal: many runs of many pods take their time. */
const progressOn = ({ err, isErrTerminal }: Session, { quiet = false }: Options) => {
  const shows = isErrTerminal && !quiet;
  return {
    show: (done: number, all: number): void => {
      if (shows) err.write(`\r\u001b[Krehearsing ${done + 1} of ${all}`);
    },
    clear: (): void => {
      if (shows) err.write('\r\u001b[K');
    },
  };
};
