import type { Command } from 'commander';
import { demandAccess } from '../drive/access.ts';
import { waitFor } from '../drive/attend.ts';
import { findUpgrade } from '../drive/find.ts';
import { printable, printableJson } from '../output/printable.ts';
import { unmetText, waitedTooLongText, wishText, wishWord } from '../output/wait-text.ts';
import { parseWaitFor } from '../spec/wait-for.ts';
import type { UpgradeEvent } from '../upgrade/events.ts';
import { exitCodeOf, type Outcome, reasonOf } from '../upgrade/outcome.ts';
import type { Waited, WaitFor } from '../upgrade/wait.ts';
import type { Act } from './act.ts';
import { duration, parsed, type SharedOptions, upgradeName, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';
import { addresseeOf } from './steering.ts';

type Options = SharedOptions & { readonly for: WaitFor; readonly timeout?: number };

export const addWait = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Waits, from any machine, until an upgrade is what is asked for, and ends at once where it will not be unless somebody does something: then with the exit code of what keeps it from that.',
    )
    .argument('[name]', 'the upgrade (default: the unfinished one of the namespace)', upgradeName)
    .requiredOption(
      '--for <what>',
      'done, held, step=N (so many steps are complete on both sides), or ready=N (so many pods of both sides together are ready)',
      parsed(parseWaitFor),
    )
    .option('--timeout <duration>', 'end with exit code 5 after this long', duration)
    .addHelpText(
      'after',
      `
Examples:
  $ ${session.program} wait --for done --timeout 2h
  $ ${session.program} wait llama-v2 -n serving --for step=1    # the first pods of grey serve
  $ ${session.program} wait llama-v2 -n serving --for ready=36  # a surge has been met`,
    );
  withSharedOptions(command, ['text', 'json']).action(
    act((name: string | undefined, options: Options) => wait(session, name, options)),
  );
};

const wait = async (session: Session, name: string | undefined, options: Options): Promise<number> => {
  const { clock } = session;
  const connected = await session.connect(options);
  try {
    const { cluster, namespace } = connected;
    const stored = await findUpgrade(cluster, namespace, name, { ended: true });
    const { phase, spec } = stored.record;
    // Of one that has ended the record says all.
    if (phase === 'active') await demandAccess(cluster, spec, 'follow');
    const overtime = new AbortController();
    const signal = AbortSignal.any([session.interruption(), overtime.signal]);
    const cancel = options.timeout === undefined ? undefined : clock.after(options.timeout, () => overtime.abort());
    const emit = (event: UpgradeEvent): void => tellNote(session, options, event);
    const ended = await waitFor({ cluster, clock, signal, emit }, stored, options.for).finally(cancel);
    const isLate = overtime.signal.aborted && ended.kind === 'interrupted';
    return tell(session, options, addresseeOf(session, stored.record), isLate ? { kind: 'too-long' } : ended);
  } finally {
    await connected.close();
  }
};

/** That nobody drives it is worth a line; what else happens is for `status -w`. */
const tellNote = ({ err }: Session, { output, quiet }: Options, event: UpgradeEvent): void => {
  if (event.type === 'note' && event.level === 'warning' && output === 'text' && !quiet)
    err.write(printable(`${event.message}\n`));
};

const tell = (
  session: Session,
  options: Options,
  to: ReturnType<typeof addresseeOf>,
  ended: Waited | Outcome | { readonly kind: 'too-long' },
): number => {
  const { exitCode, reason, message } = verdictOf(options, to, ended);
  const { out } = session.terminal(options);
  if (options.output === 'json') {
    const { name, namespace } = to.upgrade;
    const met = exitCode === 0;
    out.write(
      `${printableJson({ type: 'waited', upgrade: name, namespace, for: wishWord(options.for), met, reason, exitCode, message })}\n`,
    );
  } else if (exitCode !== 0) session.err.write(printable(`error: ${message}\n`));
  else if (!options.quiet) out.write(printable(`${message}\n`));
  return exitCode;
};

const verdictOf = (
  { for: wish, timeout = 0 }: Options,
  to: ReturnType<typeof addresseeOf>,
  ended: Parameters<typeof tell>[3],
): { readonly exitCode: number; readonly reason?: string | undefined; readonly message: string } => {
  if (ended.kind === 'met') return { exitCode: 0, message: `${to.upgrade.name}: ${wishText(wish)}` };
  if (ended.kind === 'too-long')
    return { exitCode: 5, reason: 'timeout', message: waitedTooLongText(wish, timeout, to) };
  if (ended.kind === 'unmet') return { ...ended, message: unmetText(wish, ended.reason, to) };
  const reason = reasonOf(ended);
  // That one is this process, and says nothing of the driver.
  if (ended.kind === 'interrupted')
    return { exitCode: exitCodeOf(ended), reason, message: `the wait was interrupted by ${ended.signal}` };
  const message = 'message' in ended ? ended.message : unmetText(wish, reason ?? ended.kind, to);
  return { exitCode: exitCodeOf(ended), reason, message };
};
