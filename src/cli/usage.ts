import { commandAsked } from './commands.ts';

/** What commander says of a wrong value, without what it says twice: of what, and why. */
export const usageErrorText = (text: string): string =>
  text
    .replace(/^error: option '(?:-\w, )?(--[\w-]+)[^']*' argument '[^]*?' is invalid\. /, 'error: $1: ')
    .replace(/^error: command-argument value '[^]*?' is invalid for argument '([^']+)'\. /, 'error: $1: ');

/** The command line as it was meant, where somebody put the options of a command before it. */
export const optionsBehind = (argv: readonly string[]): readonly string[] | undefined => {
  const [first = ''] = argv;
  if (!first.startsWith('-') || PROGRAM_OPTIONS.has(first)) return undefined;
  const at = argv.findIndex((word) => commandAsked([word]) !== 'none');
  return at === -1 ? undefined : [...argv.slice(at, at + 1), ...argv.slice(0, at), ...argv.slice(at + 1)];
};

const PROGRAM_OPTIONS: ReadonlySet<string> = new Set(['-h', '--help', '--version']);

/** A command line that asks help for what is no command, as one that gives it as a command: then it is told so. */
export const withoutVainHelp = (argv: readonly string[]): readonly string[] => {
  const [first, second] = argv;
  return first === 'help' && second !== undefined && commandAsked([second]) === 'none' ? argv.slice(1) : argv;
};
