import { type Command, Option } from 'commander';
import { findUpgrade } from '../drive/find.ts';
import { SIDES, type Side } from '../upgrade/side.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import {
  count,
  type SharedOptions,
  upgradeName,
  type WayOptions,
  withSharedOptions,
  withWayOptions,
} from './options.ts';
import type { Session } from './session.ts';
import { giveCommand, readyTargets } from './steering.ts';

type Options = SharedOptions &
  WayOptions & { readonly ready?: string; readonly main?: number; readonly grey?: number; readonly dryRun?: boolean };

export const addSetTarget = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Sets the targets of an upgrade, or the way to them, at any moment. A step under way ends at once. Setting targets lifts a pause; `resume` goes back to the targets of the spec.',
    )
    .argument('[name]', 'the upgrade (default: the unfinished one of the namespace)', upgradeName)
    .optionsGroup('Targets:')
    .addOption(
      new Option(
        '--ready [side]',
        'what is ready right now, of both sides, or with --ready=main or --ready=grey of one',
      ).preset('both'),
    )
    .addOption(new Option('--main <replicas>', 'replicas of main').argParser(count))
    .addOption(new Option('--grey <replicas>', 'replicas of grey').argParser(count))
    .option('--dry-run', 'only say what would change')
    .addHelpText(
      'after',
      `
Examples:
  $ ${session.program} set-target --ready                    # accept what is ready now, and end the step
  $ ${session.program} set-target --main 20 --grey 20        # scale both sides, to stand a surge of traffic
  $ ${session.program} set-target --ready=main --grey 12
  $ ${session.program} set-target --mode scaleInPriority --step 10%`,
    );
  withSharedOptions(withWayOptions(command), ['text', 'json']).action(
    act((name: string | undefined, options: Options) => setTarget(session, name, options)),
  );
};

const setTarget = async (session: Session, name: string | undefined, given: Options): Promise<number> => {
  const { upgrade, ready, options } = sortOut(name, given);
  const connected = await session.connect(options);
  try {
    const stored = await findUpgrade(connected.cluster, connected.namespace, upgrade, { ended: false });
    const targets: { main?: number; grey?: number } = {};
    if (options.main !== undefined) targets.main = options.main;
    if (options.grey !== undefined) targets.grey = options.grey;
    if (ready.length > 0) {
      const now = await readyTargets(connected, stored);
      for (const side of ready) targets[side] = now[side];
    }
    const { mode, step, pacing } = options;
    await giveCommand(
      session,
      connected,
      stored,
      { verb: 'set-target', targets, way: { mode, step, pacing } },
      options,
    );
    return 0;
  } finally {
    await connected.close();
  }
};

/** Which sides are set to what is ready, and whether anything is set at all. */
const sortOut = (
  name: string | undefined,
  options: Options,
): { upgrade: string | undefined; ready: readonly Side[]; options: Options } => {
  const { ready: asked } = options;
  // `set-target --ready llama-v2`: an option that may stand alone takes the name that follows it for its value.
  const named = asked === undefined ? undefined : READY.get(asked);
  const isName = asked !== undefined && named === undefined;
  if (isName && name !== undefined) {
    throw new CommandError(2, `--ready is for both sides, main or grey, not ${JSON.stringify(asked)}`);
  }
  const ready = named ?? (isName ? SIDES : []);
  for (const side of ready) {
    if (options[side] === undefined) continue;
    const other = side === 'main' ? 'grey' : 'main';
    throw new CommandError(
      2,
      `--ready and --${side} both set ${side}; say --ready=${other} --${side} ${options[side]}`,
    );
  }
  const { mode, step, pacing } = options;
  const sets = [...ready, options.main, options.grey, mode, step, pacing].some((each) => each !== undefined);
  if (!sets) throw new CommandError(2, 'nothing to set: give --ready, --main N, --grey N, --mode, --step or --pacing');
  return { upgrade: isName ? upgradeName(asked) : name, ready, options };
};

const READY: ReadonlyMap<string, readonly Side[]> = new Map([
  ['both', SIDES],
  ['main', ['main']],
  ['grey', ['grey']],
]);
