import { printableLine } from '../output/printable.ts';
import type { CommandRow, CommandTable, Flag, Place } from './command-table.ts';
import type { Connected, Session } from './session.ts';

/** A candidate for the word at the cursor, and what stands beside it. */
type Candidate = { readonly value: string; readonly note?: string };

/** What the scripts do besides offering the candidates, as cobra numbers it: no file names, or file names where there is no candidate. */
const NO_FILES = 4;
const FILES = 0;

/** Somebody waits with a finger on the key: what the cluster has not said by then is left out. */
const PATIENCE_MS = 1000;

/**
 * Writes the candidates for the last of the words, one a line with a note behind a tab, and a directive, in the form that the
 * scripts of completions/ read; kubectl reads it too. It says nothing of what goes wrong: that would land in the command line.
 */
export const answerCompletion = async (
  table: CommandTable,
  session: Session,
  words: readonly string[],
): Promise<number> => {
  const { candidates, directive } = await candidatesFor(table, session, words);
  const lines = candidates.map(({ value, note = '' }) => `${printableLine(value)}\t${printableLine(note)}\n`);
  session.out.write(`${lines.join('')}:${directive}\n`);
  return 0;
};

type Answer = { readonly candidates: readonly Candidate[]; readonly directive: number };

const candidatesFor = async (table: CommandTable, session: Session, words: readonly string[]): Promise<Answer> => {
  const [first = '', ...rest] = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  if (first === '' || (first === 'help' && rest.length === 0)) {
    return answer(word.startsWith('-') ? flagsOf(table) : commandsOf(table), word);
  }
  const command = table.commands.find(({ names }) => names.includes(first));
  if (command === undefined) return answer([], word);
  const { values, operands, open } = read(command, rest);
  const attached = /^(--[^=]+)=(.*)$/.exec(word);
  if (attached !== null && open === undefined) {
    const [, name = '', begun = ''] = attached;
    const { candidates, directive } = await valuesOf(find(command, name)?.value, session, values, begun);
    return { candidates: candidates.map(({ value, ...more }) => ({ value: `${name}=${value}`, ...more })), directive };
  }
  if (open !== undefined) return valuesOf(open, session, values, word);
  if (word.startsWith('-')) return answer(flagsOf(command), word);
  return valuesOf(operandAt(command, operands), session, values, word);
};

/** The last one may stand for as many words as there are. */
const operandAt = ({ operands }: CommandRow, at: number): Place | undefined => {
  const last = operands.at(-1);
  return operands[at] ?? (last?.repeated ? last : undefined);
};

const answer = (candidates: readonly Candidate[], word: string, directive = NO_FILES): Answer => ({
  candidates: candidates.filter(({ value }) => value.startsWith(word)),
  directive,
});

const commandsOf = ({ commands }: CommandTable): readonly Candidate[] =>
  commands.flatMap(({ names: [value], note }) => (value === undefined ? [] : [{ value, note }]));

const flagsOf = ({ flags }: Pick<CommandRow, 'flags'>): readonly Candidate[] =>
  flags.flatMap(({ names, note }) => names.map((value) => ({ value, note })));

const find = ({ flags }: CommandRow, name: string): Flag | undefined => flags.find(({ names }) => names.includes(name));

/** What the words before the cursor say: the values of options, how many operands, and an option that waits for its value. */
const read = (command: CommandRow, words: readonly string[]) => {
  const values = new Map<string, string>();
  let operands = 0;
  let open: Place | undefined;
  for (const word of words) {
    if (open !== undefined) {
      values.set(open.noun, word);
      open = undefined;
      continue;
    }
    const [name = '', attached] = word.startsWith('--') ? word.split('=') : [word];
    const place = word.startsWith('-') ? find(command, name)?.value : undefined;
    if (attached !== undefined && place !== undefined) values.set(place.noun, attached);
    else if (place !== undefined) open = place;
    else if (!word.startsWith('-')) operands += 1;
  }
  return { values, operands, open };
};

/** The candidates for a value. */
const valuesOf = async (
  place: Place | undefined,
  session: Session,
  values: ReadonlyMap<string, string>,
  word: string,
): Promise<Answer> => {
  if (place === undefined) return answer([], word);
  if (place.choices !== undefined)
    return answer(
      place.choices.map((value) => ({ value })),
      word,
    );
  const files = ['spec', 'scenario', 'kubeconfig', 'report', 'out', 'html', 'beside'];
  if (files.includes(place.noun)) return answer([], word, FILES);
  const source = SOURCES[place.noun];
  if (source === undefined) return answer([], word);
  const given = {
    kubeconfig: values.get('kubeconfig'),
    context: values.get('context'),
    namespace: values.get('namespace'),
  };
  return answer(await inTime(session, () => source(session, given)), word);
};

type Given = { readonly [name in 'kubeconfig' | 'context' | 'namespace']: string | undefined };

/** Where the values of options and arguments come from, by their name. */
const SOURCES: Readonly<Record<string, (session: Session, given: Given) => Promise<readonly Candidate[]>>> = {
  context: async (session, { kubeconfig }) =>
    (await session.contexts(kubeconfig === undefined ? {} : { kubeconfig })).map((value) => ({ value })),
  namespace: (session, given) =>
    ofCluster(session, given, async ({ namespaces }) => (await namespaces()).map((value) => ({ value }))),
  deployment: (session, given) =>
    ofCluster(session, given, async ({ cluster, namespace }) =>
      (await cluster.list('deployments', { namespace })).map(({ metadata, spec }) => ({
        value: metadata.name,
        note: `replicas: ${spec.replicas ?? 1}`,
      })),
    ),
  name: (session, given) =>
    ofCluster(session, given, async ({ cluster, namespace }) => {
      const { listRecords } = await import('../drive/records.ts');
      const { records } = await listRecords(cluster, namespace);
      return records.map(({ record: { spec, phase } }) => ({
        value: spec.name,
        note: phase === 'active' ? 'unfinished' : phase,
      }));
    }),
};

const ofCluster = async (
  session: Session,
  { kubeconfig, context, namespace }: Given,
  ask: (connected: Connected) => Promise<readonly Candidate[]>,
): Promise<readonly Candidate[]> => {
  const connected = await session.connect({
    output: 'text',
    color: false,
    verbose: 0,
    timeout: PATIENCE_MS,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
  });
  const stop = session.clock.after(PATIENCE_MS, () => void connected.close());
  try {
    return await ask(connected);
  } finally {
    stop();
    await connected.close();
  }
};

/** The candidates, or none where they are not had in time, or not at all. */
const inTime = (session: Session, ask: () => Promise<readonly Candidate[]>): Promise<readonly Candidate[]> =>
  new Promise((resolve) => {
    const stop = session.clock.after(PATIENCE_MS, () => resolve([]));
    void ask()
      .catch(() => [])
      .then((candidates) => {
        stop();
        resolve(candidates);
      });
  });
