import { drive, type TakenOn } from '../drive/drive.ts';
import type { HeldBy } from '../drive/lock.ts';
import type { Keyboard } from '../output/live-keys.ts';
import type { LivePast } from '../output/live-past.ts';
import type { Addressee } from '../output/next-step.ts';
import type { CiSystem } from '../output/pipeline/system.ts';
import { openView, type View, type ViewContext, type ViewKind } from '../output/view.ts';
import type { UpgradeEvent } from '../upgrade/events.ts';
import type { Outcome } from '../upgrade/outcome.ts';
import { namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import type { CiOptions, DriveOptions, SharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';

/**
 * Opens the view of an upgrade: redrawn on a terminal, with keys where there is a keyboard; lines elsewhere, an object a
 * line with `-o json`.
 */
export const viewOf = (
  session: Session,
  options: SharedOptions & CiOptions,
  spec: UpgradeSpec,
  keyboard: Keyboard | undefined,
  past?: LivePast,
): Promise<View> =>
  openView(viewKindOf(session, options), {
    ...viewContextOf(session, options),
    upgrade: { name: spec.name, namespace: namespaceOf(spec) },
    ...(keyboard && { keyboard }),
    ...(past && { past }),
  });

export const viewKindOf = (session: Session, options: SharedOptions & CiOptions): ViewKind => {
  const system = ciSystemOf(session, options);
  const lines = system === 'none' ? 'lines' : system;
  if (options.output === 'json') return 'json';
  return session.terminal(options).interactive && system === 'none' ? 'live' : lines;
};

const ciSystemOf = (session: Session, { ci }: CiOptions): CiSystem => (ci === 'auto' ? session.ciSystem : ci);

/** All that a view is told but for whom it is about. */
export const viewContextOf = (
  session: Session,
  options: SharedOptions & CiOptions,
): Omit<ViewContext, 'upgrade' | 'keyboard'> => ({
  terminal: session.terminal(options),
  program: session.program,
  quiet: options.quiet ?? false,
  verbosity: options.verbose,
  now: session.clock.now,
  ...(session.summarize && ciSystemOf(session, options) === 'github' ? { summarize: session.summarize } : {}),
  every: (ms, tick) => repeat(session, ms, tick),
});

const repeat = ({ clock }: Session, ms: number, tick: () => void): (() => void) => {
  const again = (): (() => void) =>
    clock.after(ms, () => {
      tick();
      cancel = again();
    });
  let cancel = again();
  return () => cancel();
};

/** Drives an upgrade in this process and shows it. */
export const driveHere = async (
  session: Session,
  { cluster }: Pick<Connected, 'cluster'>,
  taken: TakenOn,
  options: SharedOptions & DriveOptions,
  show: (event: UpgradeEvent) => void,
): Promise<Outcome> => {
  const { clock, holder } = session;
  const signal = session.interruption();
  const { interactive } = session.terminal(options);
  const isAttended = interactive && options.output === 'text';
  return drive({ cluster, clock, holder, signal, emit: show }, taken, {
    onHold: options.onHold ?? (isAttended ? 'wait' : 'exit'),
    failFast: options.failFast ?? !isAttended,
    ...(options.pollInterval === undefined ? {} : { pollIntervalMs: options.pollInterval }),
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
  });
};

/** Tells that another driver holds the lock, while it is looked whether that one lives. */
export const tellWaiting =
  ({ clock }: Session, view: View, level: 'warning' | 'detail') =>
  ({ holder, deployment: { namespace, name } }: HeldBy): void => {
    const message = `${holder} holds the lock of Deployment ${namespace}/${name}; looking whether that process lives`;
    view.show({ type: 'note', level, message, at: clock.now() });
  };

export const heldByText = (
  { holder, deployment: { namespace, name }, since }: HeldBy,
  { program, upgrade }: Addressee,
): string => {
  const held = `${holder} drives Deployment ${namespace}/${name}${since === undefined ? '' : ` since ${since.slice(0, 19)}Z`}`;
  return `${held}, and is alive; nothing was touched. See it with: ${program} status ${upgrade.name} -n ${upgrade.namespace} -w; or take over with --steal`;
};
