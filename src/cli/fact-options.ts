import { type Command, Option } from 'commander';
import { parseCount } from '../spec/count.ts';
import { parsePerSide } from '../spec/per-side.ts';
import { count, parsed } from './options.ts';

/** An option whose value is one for both sides, or one for each. */
const sided = (flags: string, description: string, parse: (text: string) => unknown, example: string): Option =>
  new Option(flags, description).argParser(parsed((text) => parsePerSide(text, parse, { example, oneForBoth: true })));

const replicas = (text: string): number => parseCount(text, 0);

/**
 * What is said of a cluster on the command line: it goes before what the cluster shows. `time` reads one time and `times`
 * is an example of two.
 */
export const withFactOptions = (
  command: Command,
  { time, times }: { readonly time: (text: string) => unknown; readonly times: string },
): Command => {
  const from = { example: 'main=30,grey=0', oneForBoth: false };
  return command
    .optionsGroup('What is known:')
    .addOption(
      new Option('--from <counts>', 'begin at these counts (main=30,grey=0); no cluster is asked').argParser(
        parsed((text) => parsePerSide(text, replicas, from)),
      ),
    )
    .addOption(
      sided(
        '--ready-after <duration>',
        `how long a pod takes to become ready: 8m, or ${times} (default: as those that run took)`,
        time,
        times,
      ),
    )
    .addOption(
      sided(
        '--gone-after <duration>',
        'how long a removed pod takes to be gone (default: its grace period)',
        time,
        'main=30s,grey=1m',
      ),
    )
    .addOption(
      sided('--gpus <count>', 'the GPUs of one pod (default: those of the Deployment)', replicas, 'main=4,grey=8'),
    )
    .option('--free-gpus <count>', 'the GPUs that are free (default: those of the nodes)', count);
};
