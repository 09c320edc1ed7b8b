import type { Command } from 'commander';
import { check } from '../drive/check.ts';
import { checkData, renderCheck } from '../output/check-text.ts';
import { renderStructured } from '../output/structured.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import type { Act } from './act.ts';
import { type CheckOptions, choicesOf, withCheckOptions } from './check-options.ts';
import { type SharedOptions, withSharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';
import { withSpecFile } from './spec-file.ts';

type Options = SharedOptions & CheckOptions;

export const addCheck = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Looks at everything that can speak against the upgrade that a spec file describes, and tells it together: what refuses it, what to know before, and the way out of each. Writes nothing.',
    )
    .argument('<spec>', 'the spec file; - for standard input')
    .addHelpText(
      'after',
      `
\`start\` looks at the same, and tells the warnings. Exits with 3 where it would refuse, with 0 where it would only warn.

Examples:
  $ ${session.program} check upgrade.yaml
  $ ${session.program} check upgrade.yaml --strict --skip-check budgets
  $ ${session.program} check upgrade.yaml -o json | jq '.findings[] | select(.level == "warning").message'`,
    );
  withSharedOptions(withCheckOptions(command), ['text', 'json', 'yaml']).action(
    act((file: string, options: Options) =>
      withSpecFile(session, file, options, (connected, spec) => checkSpec(session, connected, spec, options)),
    ),
  );
};

const checkSpec = async (
  session: Session,
  { cluster }: Connected,
  spec: UpgradeSpec,
  options: Options,
): Promise<number> => {
  const report = await check({ cluster, clock: session.clock }, spec, choicesOf(options));
  const { out, color, columns } = session.terminal(options);
  const { program } = session;
  out.write(
    options.output === 'text'
      ? renderCheck(report, { program, color, columns: columns() })
      : await renderStructured(checkData(report, program), options.output),
  );
  return report.verdict === 'refused' ? 3 : 0;
};
