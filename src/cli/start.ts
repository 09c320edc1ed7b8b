import type { Command } from 'commander';
import type { Act } from './act.ts';
import { beginAndDrive, type StartOptions } from './begin.ts';
import { withCheckOptions } from './check-options.ts';
import { viewOf } from './driving.ts';
import { keyboardOf, leavable } from './keys.ts';
import { withDriveOptions, withManyOptions, type ManyOptions, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';
import { withSpecFile } from './spec-file.ts';

export const addStart = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Begins the upgrade that a spec file describes, and drives it to its end. Goes on with it where it is unfinished and was started with the same spec. Several files, or a folder of them, are driven side by side.',
    )
    .argument('<spec...>', 'the spec file; - for standard input; a folder is all of its .yaml and .yml files')
    .addHelpText(
      'after',
      `
Of several upgrades the exit code is the worst.

Examples:
  $ ${session.program} start upgrade.yaml
  $ ${session.program} start upgrade.yaml --on-hold wait --timeout 2h -o json
  $ ${session.program} start upgrades/ --parallel 10 --keep-going
  $ envsubst < upgrade.yaml | ${session.program} start -`,
    );
  withSharedOptions(withCheckOptions(withManyOptions(withDriveOptions(command))), ['text', 'json']).action(
    act(async (paths: readonly string[], options: StartOptions & ManyOptions) => {
      const [path = ''] = paths;
      if (paths.length === 1 && (await session.specFilesIn(path)) === undefined)
        return startOne(session, path, options);
      const { startMany } = await import('./start-many.ts');
      return startMany(session, paths, options);
    }),
  );
};

const startOne = (given: Session, file: string, options: StartOptions): Promise<number> =>
  withSpecFile(given, file, options, async (connected, spec, source) => {
    const leave = leavable(given);
    const { session } = leave;
    const view = await viewOf(session, options, spec, keyboardOf(leave, connected, spec, options, true));
    try {
      return await beginAndDrive(session, connected, { spec, source }, options, view);
    } finally {
      view.close();
    }
  });
