import type { Cluster } from '../cluster/port.ts';
import { inTurns } from '../drive/in-turns.ts';
import { sharedLists } from '../drive/shared-lists.ts';
import { errorText } from '../output/error-text.ts';
import { labelsOf, type ManyView, openManyView } from '../output/many/view.ts';
import { readSpecs, demandApart } from '../spec/several.ts';
import type { SpecFile, SpecSource } from '../spec/parse.ts';
import { SpecError, SpecErrors } from '../spec/spec-error.ts';
import type { UpgradeEvent } from '../upgrade/events.ts';
import { exitCodeOf, interruptedBy } from '../upgrade/outcome.ts';
import { endedBadly, type Result } from '../upgrade/result.ts';
import { namespaceOf } from '../upgrade/spec.ts';
import { worstExitCode } from '../upgrade/worst.ts';
import { beginAndDrive, type StartOptions } from './begin.ts';
import { CommandError } from './command-error.ts';
import { viewContextOf, viewKindOf } from './driving.ts';
import { failureOf } from './failure.ts';
import type { ManyOptions } from './options.ts';
import type { Connected, Session } from './session.ts';
import { readSource } from './source.ts';

type Options = StartOptions & ManyOptions;

/** Starts the upgrades of several files side by side. What is wrong with any file is told before anything is touched. */
export const startMany = async (session: Session, paths: readonly string[], options: Options): Promise<number> => {
  const sources = await sourcesOf(session, await filesOf(session, paths));
  const { namespace } = options;
  const explicit = namespace === undefined ? {} : { explicitNamespace: namespace };
  // What is wrong with the files is told also where there is no cluster.
  readSpecs(sources, { namespace: 'default', ...explicit });
  const connected = await session.connect({ ...options, qps: qpsFor(sources.length, options), isForMany: true });
  try {
    const files = readSpecs(sources, { namespace: connected.namespace, ...explicit });
    demandApart(files);
    return await driveAll(session, connected, files, options);
  } finally {
    await connected.close();
  }
};

const LEAST_QPS = 50;
const QPS_FOR_EACH = 5;

/** The locks of one upgrade are two leases, each renewed every 3 s: with one request a second for each there is time for the rest. */
const qpsFor = (files: number, { parallel, qps }: Options): number => {
  const atOnce = Math.min(files, parallel);
  if (qps === undefined) return Math.max(LEAST_QPS, QPS_FOR_EACH * atOnce);
  if (qps >= atOnce) return qps;
  throw new CommandError(
    2,
    `--qps ${qps} is too few for ${atOnce} upgrades at a time: their locks alone take ${Math.ceil((2 * atOnce) / 3)} requests a second; give at least ${atOnce}, or a smaller --parallel`,
  );
};

/** A folder stands for its spec files. */
const filesOf = async (session: Session, paths: readonly string[]): Promise<readonly string[]> => {
  const files: string[] = [];
  for (const path of paths) {
    const inFolder = await session.specFilesIn(path);
    if (inFolder?.length === 0) throw new CommandError(2, `there is no .yaml or .yml file in ${path}`);
    files.push(...(inFolder ?? [path]));
  }
  return files;
};

/** The texts of all files. Rejects with what is wrong with every one that cannot be read. */
const sourcesOf = async (session: Session, files: readonly string[]): Promise<readonly SpecSource[]> => {
  const sources: SpecSource[] = [];
  const unreadable: (CommandError | SpecError)[] = [];
  for (const file of files) {
    try {
      sources.push(await readSource(session, file));
    } catch (error) {
      if (!(error instanceof CommandError) && !(error instanceof SpecError)) throw error;
      unreadable.push(error);
    }
  }
  if (unreadable.length === 0) return sources;
  // What is wrong with the others is told along.
  throw new CommandError(2, [...unreadable.map(({ message }) => message), ...problemsOf(sources)].join('\n'));
};

const problemsOf = (sources: readonly SpecSource[]): readonly string[] => {
  try {
    readSpecs(sources, { namespace: 'default' });
    return [];
  } catch (error) {
    if (!(error instanceof SpecErrors)) throw error;
    return [error.message];
  }
};

/** Without `--keep-going` none is begun any more after one that ended badly; what is under way goes on to its end. */
const driveAll = async (
  session: Session,
  connected: Connected,
  files: readonly SpecFile[],
  options: Options,
): Promise<number> => {
  const signal = session.interruption();
  const entries = files.map((file) => ({
    file,
    upgrade: { name: file.spec.name, namespace: namespaceOf(file.spec) },
  }));
  const upgrades = entries.map(({ upgrade }) => upgrade);
  const labels = labelsOf(upgrades);
  const results = new Map<Entry, Result>();
  const share = sharedLists(session.clock);
  const view = await openManyView(viewKindOf(session, options), {
    ...viewContextOf(session, options),
    upgrades,
  });
  const mayBegin = (): boolean =>
    !signal.aborted && (options.keepGoing === true || ![...results.values()].some(endedBadly));
  try {
    await inTurns(entries, options.parallel, mayBegin, async (entry) => {
      const named = { ...entry, label: labels.get(entry.upgrade) ?? '' };
      results.set(entry, await driveOne(session, share(connected.lane()), named, options, view));
    });
    const all = entries.map((entry) => results.get(entry) ?? notBegun(entry));
    const codes = all.flatMap((result) => (result.kind === 'not-begun' ? [] : [result.exitCode]));
    const isCutShort = signal.aborted && results.size < entries.length;
    const exitCode = worstExitCode(isCutShort ? [...codes, exitCodeOf(interruptedBy(signal))] : codes);
    view.sumUp(all, exitCode);
    return exitCode;
  } finally {
    view.close();
  }
};

type Entry = { readonly file: SpecFile; readonly upgrade: Result['upgrade'] };

const notBegun = ({ file, upgrade }: Entry): Result => ({ upgrade, file: pathOf(file), kind: 'not-begun' });

const pathOf = ({ source }: SpecFile): string => (source.file === '<stdin>' ? '-' : source.file);

/** Never rejects: a fault of one is no reason to leave the others. */
const driveOne = async (
  session: Session,
  cluster: Cluster,
  { file, upgrade, label }: Entry & { readonly label: string },
  options: Options,
  view: ManyView,
): Promise<Result> => {
  const { clock } = session;
  const begunMs = clock.monotonic();
  const { show, close } = view.begin(upgrade);
  let ended: Extract<UpgradeEvent, { readonly type: 'ended' }> | undefined;
  let standing: Extract<Result, { readonly kind: 'ran' }>['standing'];
  const seen = (event: UpgradeEvent): void => {
    if ('standing' in event) ({ standing } = event);
    if (event.type === 'ended') ended = event;
    show(event);
  };
  const head = { upgrade, file: pathOf(file) };
  try {
    const what = { spec: file.spec, source: file.source.text };
    const exitCode = await beginAndDrive(session, { cluster }, what, options, { show: seen, close });
    const durationMs = clock.monotonic() - begunMs;
    if (ended === undefined)
      return { ...head, kind: 'failed', exitCode, durationMs, message: 'interrupted before it began' };
    const { outcome, summary } = ended;
    return { ...head, kind: 'ran', exitCode, durationMs, outcome, summary, ...(standing && { standing }) };
  } catch (error) {
    const failure = failureOf(error);
    const { exitCode, reason } = failure;
    const { program } = session;
    const frame = { ...failure, program, json: options.output === 'json', verbosity: options.verbose };
    view.failed(upgrade, exitCode, errorText(error, { ...frame, upgrade, label }));
    const message = error instanceof Error ? error.message : String(error);
    return { ...head, kind: 'failed', exitCode, durationMs: clock.monotonic() - begunMs, message, reason };
  } finally {
    close();
  }
};
