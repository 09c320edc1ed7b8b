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

export const startAnew = ({ program }: Addressee): NextStep => ({
  why: 'begin anew',
  command: `${program} start FILE`,
});

export const recordName = (upgrade: UpgradeName): string => `dupgrade-${upgrade.name}`;

export const readRecord = ({ upgrade }: Addressee): NextStep => ({
  why: 'read it',
  command: `kubectl get configmap ${recordName(upgrade)} -n ${upgrade.namespace} -o yaml`,
});

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
