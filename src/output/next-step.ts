import type { Cause, StartStage } from '../upgrade/health.ts';
import type { Mode } from '../upgrade/leg.ts';
import type { Limits } from '../upgrade/limits.ts';
import type { PerSide } from '../upgrade/side.ts';
import type { Program, UpgradeName } from './wording.ts';

/** What somebody may do now: why, and the command that does it. */
export type NextStep = { readonly why: string; readonly command: string };

/** Who is told: the way the program was called, and the upgrade that it is about. */
export type Addressee = { readonly program: Program; readonly upgrade: UpgradeName };

const step =
  (why: string, verb: string, ...options: readonly string[]) =>
  ({ program, upgrade }: Addressee): NextStep => ({
    why,
    command: [program, verb, upgrade.name, '-n', upgrade.namespace, ...options].join(' '),
  });

/** The one place that spells commands for people. */
export const goOn = step('go on', 'resume');
export const goOnOnce = (condition: string) => step(`go on, once ${condition}`, 'resume');
export const goOnToSpec = step('go on to the targets of the spec', 'resume');
export const keepTargets = step('go on to the targets that hold now', 'resume', '--keep-targets');
export const acceptReady = step('accept what is ready now', 'set-target', '--ready');
export const makeRoom = step('remove before adding', 'set-target', '--mode', 'scaleInPriority');
export const goBack = step('go back to the counts before', 'rollback');
export const end = step('end it as it stands', 'abort');
export const pause = step('hold it', 'pause');
export const look = step('see where it is', 'status');

export const setTargets = (to: Addressee, targets?: PerSide<number>): NextStep =>
  step(
    'set other targets',
    'set-target',
    '--main',
    String(targets?.main ?? 'N'),
    '--grey',
    String(targets?.grey ?? 'N'),
  )(to);

const begin =
  (why: string) =>
  ({ program }: Addressee): NextStep => ({ why, command: `${program} start FILE` });

export const startAnew = begin('begin anew');
export const startAnewOnce = (condition: string) => begin(`begin anew, once ${condition}`);

/** About a spec file that the command line named. */
const aboutFile =
  (why: string, verb: string, file: string) =>
  ({ program, upgrade }: Addressee): NextStep => ({
    why,
    command: [program, verb, file === '-' ? 'FILE' : quoted(file), '-n', upgrade.namespace].join(' '),
  });

export const startFile = (why: string, file: string) => aboutFile(why, 'start', file);
export const checkFile = (file: string) => aboutFile('see what speaks against it', 'check', file);

/** As a shell takes it for one word. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export const recordName = (upgrade: UpgradeName): string => `dupgrade-${upgrade.name}`;

export const readRecord = ({ upgrade }: Addressee): NextStep => ({
  why: 'read it',
  command: `kubectl get configmap ${recordName(upgrade)} -n ${upgrade.namespace} -o yaml`,
});

/** What to look at, or to do, about a cause; undefined where no pod of it is known. */
export const aboutCause = (cause: Cause, to: Addressee): NextStep | undefined => {
  const { reason, namespace = to.upgrade.namespace, example, detail } = cause;
  const kubectl = (why: string, verb: string, ...rest: readonly string[]): NextStep => ({
    why,
    command: ['kubectl', verb, '-n', namespace, ...rest].join(' '),
  });
  if (reason === 'unschedulable') return acceptReady(to);
  if (reason === 'quota') return kubectl('see the quota', 'describe resourcequota');
  if (detail?.kind === 'node') return { why: 'see the node', command: `kubectl describe node ${detail.node}` };
  if (example === undefined) return undefined;
  const hasLog =
    reason === 'crash' || reason === 'not-ready' || (detail?.kind === 'start' && RUNNING.has(detail.stage));
  return hasLog
    ? kubectl('see its log', 'logs', example, ...ofRun(detail))
    : kubectl('see the pod', 'describe pod', example);
};

/** The log of a container that was started again is of the run that has only begun. */
const ofRun = (detail: Cause['detail']): readonly string[] => {
  if (detail?.kind !== 'exit') return detail?.kind === 'start' && detail.restarts !== undefined ? ['--previous'] : [];
  return ['-c', detail.container, ...(detail.restarts > 0 ? ['--previous'] : [])];
};

const RUNNING: ReadonlySet<StartStage> = new Set<StartStage>([
  'startup-probe',
  'readiness-probe',
  'downloading-model',
  'loading-model',
  'warming-up',
]);

/** The ways out of a standstill. Where room is short, removing first makes some. */
export const waysOut = (
  roomIsShort: boolean,
  to: Addressee & { readonly mode?: Mode | undefined },
): readonly NextStep[] => {
  const removesFirst = to.mode === undefined || to.mode === 'scaleInPriority';
  return [goOn(to), acceptReady(to), ...(roomIsShort && !removesFirst ? [makeRoom(to)] : []), goBack(to)];
};

/** Whether there is no room for more pods, by the reason of a standstill or the limit that brought it about. */
export const isShortOfRoom = (reason: string | undefined, limit?: keyof Limits): boolean =>
  reason === 'unschedulable' || reason === 'quota' || limit === 'maxPods';
