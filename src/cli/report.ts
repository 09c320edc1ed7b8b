import type { Command } from 'commander';
import { findUpgrade } from '../drive/find.ts';
import { driverOf } from '../drive/inspect.ts';
import { reportOf } from '../drive/report.ts';
import { renderReport } from '../output/report-text.ts';
import { renderStructured } from '../output/structured.ts';
import { decoded } from '../spec/encoding.ts';
import type { RehearsalBeside } from '../upgrade/report.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import { type SharedOptions, upgradeName, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';

type Options = SharedOptions & { readonly html?: string; readonly beside?: string };

/** More than the rehearsal with the most seeds writes. */
const LONGEST_REHEARSAL_BYTES = 16 * 2 ** 20;

export const addReport = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Tells how an upgrade went: its pods over time, where it stalled and why, and every step, by whom and when. Also of one that is under way.',
    )
    .argument('[name]', 'the upgrade (default: the unfinished one of the namespace, else the only one)', upgradeName)
    .option('--html <file>', 'write a page with the curves (HTML, in one file)')
    .option(
      '--beside <file>',
      'with --html: lay a rehearsal beside it (what `rehearse -o json` wrote; - for standard input)',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ ${session.program} report llama-v2 -n serving
  $ ${session.program} report llama-v2 --html report.html
  $ ${session.program} rehearse upgrade.yaml -o json > rehearsal.json
  $ ${session.program} report llama-v2 --html report.html --beside rehearsal.json`,
    );
  withSharedOptions(command, ['text', 'json', 'yaml']).action(
    act((name: string | undefined, options: Options) => report(session, name, options)),
  );
};

const report = async (session: Session, name: string | undefined, options: Options): Promise<number> => {
  const { html, beside } = options;
  if (beside !== undefined && html === undefined) throw new CommandError(2, '--beside goes with --html');
  // What is wrong with the file is told also where there is no cluster.
  const rehearsal = beside === undefined ? undefined : await rehearsalIn(session, beside);
  const connected = await session.connect(options);
  try {
    const { cluster, namespace } = connected;
    const { clock } = session;
    const stored = await findUpgrade(cluster, namespace, name, { ended: true });
    // Who drives it matters only to one that has not ended.
    const isOver = stored.record.phase !== 'active';
    const driver = isOver ? undefined : await driverOf({ cluster, clock }, stored.record.spec);
    const found = reportOf(stored, driver, clock);
    if (html !== undefined) {
      const { renderReportPage } = await import('../output/page/report-page.ts');
      await session.writeText(html, renderReportPage(found, rehearsal));
    }
    const { out, color, unicode, columns } = session.terminal(options);
    if (options.output !== 'text') out.write(await renderStructured(found, options.output));
    else if (html === undefined) out.write(renderReport(found, { color, unicode, columns: columns() }));
    return 0;
  } finally {
    await connected.close();
  }
};

const rehearsalIn = async ({ readBytes }: Session, file: string): Promise<RehearsalBeside> => {
  const { parseRehearsal } = await import('../spec/rehearsal-file.ts');
  const name = file === '-' ? '<stdin>' : file;
  const bytes = await readBytes(file, LONGEST_REHEARSAL_BYTES);
  if (bytes.length > LONGEST_REHEARSAL_BYTES)
    throw new CommandError(
      2,
      `${name} has more than ${LONGEST_REHEARSAL_BYTES} bytes; give what \`rehearse -o json\` wrote`,
    );
  return parseRehearsal({ file: name, text: decoded(name, bytes) });
};
