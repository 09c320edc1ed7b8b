import {
  Composer,
  type Document,
  isScalar,
  Lexer,
  type CST,
  type ParsedNode,
  type ParseOptions,
  Parser,
  type ScalarTag,
  type SchemaOptions,
  type YAMLError,
} from 'yaml';
import { WHOLE_NUMBER } from './count.ts';
import type { Finding } from './finding.ts';
import { escaped, shortened } from './shown.ts';

/** What the one document of a text holds (JSON is YAML, too), or why it cannot be read. */
export type DocumentText = { readonly contents: ParsedNode } | { readonly unreadable: readonly Finding[] };

export const parseDocument = (text: string): DocumentText => {
  const documents: Document.Parsed[] = [];
  try {
    for (const document of new Composer(YAML_OPTIONS).compose(tokensOf(text), true, text.length)) {
      if (!isBlank(document)) documents.push(document);
    }
  } catch (error) {
    if (!(error instanceof TooManyTokens)) throw error;
    return refused(error.offset, error.message);
  }
  const syntax = syntaxFindings(documents.flatMap(({ errors }) => errors));
  if (syntax.length > 0) return { unreadable: syntax };

  const [first, second] = documents.flatMap(({ contents }) => contents ?? []);
  if (first === undefined) return refused(0, 'the file is empty; give apiVersion, kind, metadata and spec');
  if (second !== undefined) return refused(second.range[0], 'a second document begins here; give a file for each');
  return { contents: first };
};

const refused = (offset: number, message: string): DocumentText => ({ unreadable: [{ offset, field: '', message }] });

/**
 * Only what is written plainly is a number. 1e3, 0x10 and 3.0 stay text, so that whoever judges the value can say what was
 * written; so does a number that a float cannot hold.
 */
const wholeNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: WHOLE_NUMBER,
  resolve: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
};

const YAML_OPTIONS = {
  // Every plain word is text, but for the tags that follow. It holds after a %YAML 1.1 directive as well.
  schema: 'failsafe',
  customTags: ['null', 'bool', wholeNumber],
  resolveKnownTags: false,
  merge: false,
  stringKeys: true,
  // The parser would compare every key with every other: 47 s for the keys of 1 MiB. `readingOf` looks in a map.
  uniqueKeys: false,
  prettyErrors: false,
} satisfies ParseOptions & SchemaOptions;

/** A file that is not too long can still hold 65,536 brackets, and as many errors, over which the parser would sit for long. */
const MOST_TOKENS = 20_000;

class TooManyTokens extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super(`the file has more than ${MOST_TOKENS} words and signs up to here; give a spec file`);
    this.offset = offset;
  }
}

function* tokensOf(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    if (lexemes > MOST_TOKENS) throw new TooManyTokens(parser.offset);
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

/** What stands before the first `---`, or after the last, is often nothing at all. */
const isBlank = ({ contents, errors }: Document.Parsed): boolean =>
  errors.length === 0 &&
  (contents === null || (isScalar(contents) && contents.source === '' && contents.type === 'PLAIN'));

/** One for each place: what follows there is a consequence of the first. */
const syntaxFindings = (errors: readonly YAMLError[]): readonly Finding[] => {
  const findings = new Map<number, Finding>();
  for (const { code, message, pos } of errors) {
    const [offset] = pos;
    if (findings.has(offset)) continue;
    findings.set(offset, { offset, field: '', message: `not valid YAML: ${SYNTAX[code] ?? inOneLine(message)}` });
  }
  return [...findings.values()];
};

/** Where the words of the parser are those of somebody who writes parsers. */
const SYNTAX: Partial<Record<YAMLError['code'], string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a ": " too many, or an indentation that does not fit; align the keys, or quote the value',
  MULTILINE_IMPLICIT_KEY: 'a key over more than one line; align the keys, and put ": " after each',
  NON_STRING_KEY: 'a key that is not text; give a plain word',
  RESOURCE_EXHAUSTION: 'nested too deeply; give a spec file',
  TAB_AS_INDENT: 'a tab as indentation; give spaces',
};

const inOneLine = (message: string): string => {
  const line = escaped(shortened(message, 160));
  return line.slice(0, 1).toLowerCase() + line.slice(1);
};
