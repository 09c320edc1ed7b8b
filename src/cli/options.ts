import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEPLOYMENT_NAME, type NameRule, NAMESPACE, patternOf, refuseName, UPGRADE_NAME } from '../spec/name.ts';
import { refuseChoice } from '../spec/choice.ts';
import { parseCount } from '../spec/count.ts';
import { parseDuration } from '../spec/duration.ts';
import { parseStep } from '../spec/step.ts';
import { ValueError } from '../spec/value-error.ts';
import type { CiSystem } from '../output/pipeline/system.ts';
import { MODES, type Mode, PACINGS, type Pacing, type Step } from '../upgrade/leg.ts';
import type { PerSide } from '../upgrade/side.ts';

/** What every command understands. */
export type SharedOptions = {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly output: 'text' | 'json' | 'yaml';
  readonly color: boolean;
  readonly verbose: number;
  readonly quiet?: boolean;
};

/** How a process that drives an upgrade behaves. */
export type DriveOptions = CiOptions & {
  readonly onHold?: 'wait' | 'exit';
  readonly timeout?: number;
  readonly pollInterval?: number;
  readonly steal?: boolean;
  readonly failFast?: boolean;
  readonly qps?: number;
};

/** How several upgrades are driven in one process. */
export type ManyOptions = { readonly parallel: number; readonly keepGoing?: boolean };

/** In which markup lines are written. */
export type CiOptions = { readonly ci: CiSystem | 'auto' };

/** A way to the targets that is set on a command line. */
export type WayOptions = { readonly mode?: Mode; readonly step?: PerSide<Step>; readonly pacing?: Pacing };

export const parsed =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof ValueError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };

const named =
  (rule: NameRule) =>
  (text: string): string => {
    if (!patternOf(rule).test(text) || text.length > rule.longest)
      throw new InvalidArgumentError(refuseName(text, rule));
    return text;
  };

/** An option that takes one of some words. A wrong one is told the nearest. */
export const oneOf = (flags: string, description: string, words: readonly string[]): Option =>
  new Option(flags, description).choices(words).argParser((text) => {
    if (words.includes(text)) return text;
    throw new InvalidArgumentError(refuseChoice(text, words));
  });

export const upgradeName = named(UPGRADE_NAME);
export const deploymentName = named(DEPLOYMENT_NAME);
export const count = parsed((text) => parseCount(text, 0));
export const duration = parsed(parseDuration);

export const withSharedOptions = (command: Command, outputs: readonly SharedOptions['output'][]): Command =>
  command
    .optionsGroup('Cluster:')
    .option(
      '--kubeconfig <file>',
      'the kubeconfig file (default: $KUBECONFIG, ~/.kube/config, or the pod’s own account)',
    )
    .option('--context <name>', 'the context of the kubeconfig (default: its current one)')
    .option(
      '-n, --namespace <name>',
      'the namespace (default: that of the spec file, else of the context)',
      named(NAMESPACE),
    )
    .optionsGroup('Output:')
    .addOption(oneOf('-o, --output <format>', 'the form of the output', outputs).default('text'))
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option(
      '-v, --verbose',
      'also what was retried and got over (repeat for more)',
      (_: string, level: number) => level + 1,
      0,
    )
    .option('-q, --quiet', 'only warnings, errors and the end');

export const ciOption = (): Option =>
  oneOf('--ci <system>', 'write lines in the markup of a pipeline’s log (default: that of the system it runs in)', [
    'auto',
    'github',
    'gitlab',
    'none',
  ]).default('auto');

export const withDriveOptions = (command: Command): Command =>
  command
    .optionsGroup('Driving:')
    .addOption(
      oneOf(
        '--on-hold <what>',
        'when paused, or at targets that are not the spec’s: wait for a command, or exit with 4 (default: wait on a terminal, else exit)',
        ['wait', 'exit'],
      ),
    )
    .option(
      '--fail-fast',
      'end with exit code 5 as soon as what is waited for cannot heal by itself (default off a terminal)',
    )
    .option('--no-fail-fast', 'wait for it until the progress deadline (default on a terminal)')
    .addOption(new Option('--timeout <duration>', 'end the run with exit code 5 after this long').argParser(duration))
    .addOption(
      new Option(
        '--poll-interval <duration>',
        'read everything again this often, whatever the watches say (default: only what a watch was silent about for 90s)',
      ).argParser(duration),
    )
    .addOption(
      new Option(
        '--qps <count>',
        'ask no more of the API server than so many requests a second, after a burst of twice as many (default: 50; of several upgrades 5 for each that is under way, where that is more). Scaling comes first, then the renewal of locks',
      ).argParser(parsed((text) => parseCount(text, 1))),
    )
    .addOption(ciOption())
    .option('--steal', 'take the lock from a driver that is alive; it ends with exit code 8');

export const withManyOptions = (command: Command): Command =>
  command
    .optionsGroup('Several upgrades:')
    .addOption(
      new Option('--parallel <count>', 'how many are under way at a time')
        .argParser(parsed((text) => parseCount(text, 1)))
        .default(5),
    )
    .option(
      '--keep-going',
      'begin the others also after one that ended badly (default: begin none any more; those under way go on to their end)',
    );

export const withWayOptions = (command: Command): Command =>
  command
    .optionsGroup('Way:')
    .addOption(oneOf('--mode <mode>', 'which direction leads', MODES))
    .addOption(
      new Option('--step <step>', 'replicas in flight: 3, 10%, or main=3,grey=10%').argParser(parsed(parseStep)),
    )
    .addOption(oneOf('--pacing <pacing>', 'a slot refilled at once, or whole steps', PACINGS));
