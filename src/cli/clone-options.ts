import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CloneChanges, isAmount } from '../drive/clone.ts';
import { shown } from '../spec/shown.ts';
import { CommandError } from './command-error.ts';

type Texts = Readonly<Record<string, string>>;

/** What grey is made with. */
export type CloneOptions = {
  readonly clone?: boolean;
  readonly image?: string;
  readonly setEnv?: Texts;
  readonly setResources?: Texts;
  readonly container?: string;
  readonly apply?: boolean;
};

export const withCloneOptions = (command: Command): Command =>
  command
    .optionsGroup('Making grey:')
    .option('--clone', 'make grey from main, with 0 replicas: prints its manifest, and the spec only to --out')
    .addOption(new Option('--image <image>', 'the image that it has').argParser(image))
    .addOption(
      new Option('--set-env <name=value>', 'a variable of the environment; may be repeated').argParser(variable),
    )
    .addOption(
      new Option(
        '--set-resources <amounts>',
        'what a pod requests, and its limit where main has one: nvidia.com/gpu=2,memory=64Gi',
      ).argParser(amounts),
    )
    .option('--container <name>', 'in which container (needed where main has several)')
    .option('--apply', 'create it, and print the spec');

/** What of main is to be another, or undefined where grey is there. Throws a CommandError. */
export const changesOf = (options: CloneOptions): CloneChanges | undefined => {
  const { clone = false, image: asked, setEnv, setResources, container, apply } = options;
  if (!clone) {
    const given = [asked, setEnv, setResources, container, apply].some((value) => value !== undefined);
    if (given) throw new CommandError(2, 'what grey is to be made with is given without --clone; add it');
    return undefined;
  }
  if (asked === undefined && setEnv === undefined && setResources === undefined)
    throw new CommandError(2, 'grey would be the same as main: give --image, --set-env or --set-resources');
  return {
    ...(asked !== undefined && { image: asked }),
    env: setEnv ?? {},
    resources: setResources ?? {},
    ...(container !== undefined && { container }),
  };
};

const image = (text: string): string => {
  if (/^[\w./:@-]+$/.test(text)) return text;
  throw new InvalidArgumentError(`${shown(text)} is no image; give such as registry.example/llama-server:2.1.`);
};

/** What Kubernetes takes as a name: printable ASCII characters but "=". A value may be anything. */
const variable = (text: string, before: Texts = {}): Texts => {
  const [, name, value] = /^([!-<>-~]+)=([\s\S]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError(`${shown(text)} sets no variable; give NAME=VALUE.`);
  return { ...before, [name]: value };
};

const amounts = (text: string, before: Texts = {}): Texts => {
  const given = text.split(',').map((part): [string, string] => {
    const [, name, amount] = /^([a-z0-9][\w./-]*)=(\S+)$/.exec(part.trim()) ?? [];
    if (name === undefined || amount === undefined || !isAmount(amount))
      throw new InvalidArgumentError(
        `${shown(part)} is no amount of a resource; give such as nvidia.com/gpu=2 or memory=64Gi.`,
      );
    return [name, amount];
  });
  return { ...before, ...Object.fromEntries(given) };
};
