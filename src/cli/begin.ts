import { summaryOf } from '../drive/ending.ts';
import type { Stored } from '../drive/records.ts';
import { prepareStart, type Start } from '../drive/start.ts';
import { refusedStartText, warningText } from '../output/check-text.ts';
import { differencesText, goingBackText } from '../output/refusal-text.ts';
import type { View } from '../output/view.ts';
import type { Program } from '../output/wording.ts';
import type { UpgradeEvent } from '../upgrade/events.ts';
import type { Finding } from '../upgrade/finding.ts';
import { exitCodeOf } from '../upgrade/outcome.ts';
import { namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import { type CheckOptions, choicesOf } from './check-options.ts';
import { CommandError } from './command-error.ts';
import { driveHere, heldByText, tellWaiting } from './driving.ts';
import type { DriveOptions, SharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';

export type StartOptions = SharedOptions & DriveOptions & CheckOptions;

/** Begins an upgrade, or goes on with it, and drives it to its end. Answers with the exit code; rejects where it is refused. */
export const beginAndDrive = async (
  session: Session,
  connected: Pick<Connected, 'cluster'>,
  { spec, source }: { readonly spec: UpgradeSpec; readonly source: string },
  options: StartOptions,
  view: View,
): Promise<number> => {
  const { clock, holder, interruption } = session;
  const { cluster } = connected;
  const deps = { cluster, clock, holder, interruption, waiting: tellWaiting(session, view, 'warning') };
  const warn = tellWarnings(session, spec, view.show);
  const begun = await prepareStart(deps, spec, source, { ...options, checks: { ...choicesOf(options), warn } });
  if (begun.kind === 'interrupted') return exitCodeOf(begun);
  if (begun.kind === 'done') return tellDone(begun.stored, clock, view.show);
  if (begun.kind !== 'ready') throw refusedStart(begun, spec, session.program);
  return exitCodeOf(await driveHere(session, connected, begun, options, view.show));
};

const tellWarnings =
  ({ program, clock }: Session, spec: UpgradeSpec, show: (event: UpgradeEvent) => void) =>
  (findings: readonly Finding[]): void => {
    const to = { program, upgrade: { name: spec.name, namespace: namespaceOf(spec) } };
    for (const finding of findings)
      show({ type: 'note', level: 'warning', message: warningText(finding, to), at: clock.now() });
  };

/** The end of an upgrade that had been reached before, as its driver told it. */
const tellDone = ({ record }: Stored, clock: Session['clock'], show: (event: UpgradeEvent) => void): number => {
  const outcome = { kind: 'reached' } as const;
  const exitCode = exitCodeOf(outcome);
  show({ type: 'note', level: 'warning', message: 'it is completed already; nothing was touched', at: clock.now() });
  show({ type: 'ended', outcome, exitCode, summary: summaryOf(record, clock), at: clock.now() });
  return exitCode;
};

const refusedStart = (
  begun: Exclude<Start, { kind: 'ready' | 'interrupted' | 'done' }>,
  spec: UpgradeSpec,
  program: Program,
): CommandError => {
  const to = { program, upgrade: { name: spec.name, namespace: namespaceOf(spec) } };
  switch (begun.kind) {
    case 'refused':
      return new CommandError(3, refusedStartText(begun.findings, to));
    case 'different':
      return new CommandError(3, differencesText(begun.differences, to));
    case 'going-back':
      return new CommandError(3, goingBackText(to));
    case 'held-by':
      return new CommandError(8, heldByText(begun.by, to), 'locked');
  }
};
