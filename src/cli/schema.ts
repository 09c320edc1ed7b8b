import { Argument, type Command, InvalidArgumentError } from 'commander';
import { refuseChoice } from '../spec/choice.ts';
import type { Act } from './act.ts';
import type { Session } from './session.ts';

/** What there is a schema of, and where it is made. */
const SCHEMAS = {
  spec: async () => (await import('../spec/json-schema.ts')).specJsonSchema(),
  events: async () => (await import('../output/event-schema.ts')).eventJsonSchema(),
  scenario: async () => (await import('../scenario/json-schema.ts')).scenarioJsonSchema(),
} as const;

type Subject = keyof typeof SCHEMAS;

const isSubject = (text: string): text is Subject => Object.hasOwn(SCHEMAS, text);

const subjectOf = (text: string): Subject => {
  if (isSubject(text)) return text;
  throw new InvalidArgumentError(refuseChoice(text, Object.keys(SCHEMAS)));
};

export const addSchema = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Prints a JSON Schema: of the spec file in both of its formats, of the events that `-o json` writes, one a line, or of a scenario file. Editors check a file against it and complete it.',
    )
    .addArgument(new Argument('[what]', 'of what').choices(Object.keys(SCHEMAS)).argParser(subjectOf).default('spec'))
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${session.program} schema > upgrade.schema.json\n  $ ${session.program} schema events`,
    )
    .action(
      act(async (what: Subject) => {
        session.out.write(`${JSON.stringify(await SCHEMAS[what](), null, 2)}\n`);
        return 0;
      }),
    );
};
