import { script } from '@bomb.sh/tab';
import type { Command } from 'commander';
import { actions } from '../src/cli/act.ts';
import { programOf } from '../src/cli/program.ts';
import type { Session } from '../src/cli/session.ts';
import { eventJsonSchema } from '../src/output/event-schema.ts';
import { scenarioJsonSchema } from '../src/scenario/json-schema.ts';
import { specJsonSchema } from '../src/spec/json-schema.ts';
import { commandTableOf } from './command-table.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** The files of this repository that are made from the program: their paths, and what must stand in them. */
export const generatedFiles = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ...SHELLS.map((shell) => [`completions/dupgrade.${shell}`, completionScript(shell)] as const),
    ['completions/commands.json', jsonText(commandTableOf(await loadedProgram()))],
    ['docs/schema/spec.json', jsonText(specJsonSchema())],
    ['docs/schema/events.json', jsonText(eventJsonSchema())],
    ['docs/schema/scenario.json', jsonText(scenarioJsonSchema())],
    ['docs/reference.md', await reference()],
  ]);

const jsonText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** The script as the library has it, which can only print it. */
const completionScript = (shell: (typeof SHELLS)[number]): string => {
  const { log } = console;
  const printed: string[] = [];
  console.log = (text: string) => void printed.push(text);
  try {
    script(shell, 'dupgrade', 'dupgrade');
  } finally {
    console.log = log;
  }
  // Two scripts of that library in one bash would both set the same constants.
  return `${printed
    .join('\n')
    .replaceAll(/\breadonly (?=ShellComp)/g, '')
    .trimEnd()}\n`;
};

const WIDTH = 110;

/** The help of every command, on one page. */
const reference = async (): Promise<string> => {
  let help = '';
  const program = await loadedProgram((text) => {
    help += text;
  });
  const sections = [program, ...program.commands.filter((command) => command.summary() !== '')].map((command) => {
    help = '';
    command.configureOutput({ getOutHelpWidth: () => WIDTH }).outputHelp();
    const title = command === program ? 'dupgrade' : `dupgrade ${command.name()}`;
    return `## ${title}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`;
  });
  return `# Commands\n\nWhat \`--help\` says. Made from the program by \`npm run generate\`.\n\n${sections.join('\n')}`;
};

/** The program with all its commands; `write` is called with what help it prints. */
const loadedProgram = (write: (text: string) => void = never): Promise<Command> => {
  const session = sessionOf(write);
  return programOf(session, '', actions(session).act);
};

const never = (): never => {
  throw new Error('help asks for nothing');
};

/** A session that only prints help. */
const sessionOf = (write: (text: string) => void): Session => {
  return {
    program: 'dupgrade',
    out: { write },
    err: { write },
    isErrTerminal: false,
    terminal: never,
    clock: { now: never, monotonic: never, after: never },
    ciSystem: 'none',
    summarize: never,
    actor: '',
    holder: '',
    interruption: never,
    keys: never,
    readBytes: never,
    specFilesIn: never,
    writeText: never,
    connect: never,
    contexts: never,
    completionScript: never,
    openThreads: never,
    openSandbox: never,
    inputLines: never,
  };
};
