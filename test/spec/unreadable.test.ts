import { describe, expect, it } from 'vitest';
import { edited, linesOf, OPERATOR_FILE, OWN_FILE } from './files.ts';

/** The most characters that a file may have. */
const MOST = 64 * 1024;

describe('a text that is no spec file', () => {
  it.each([
    ['nothing', '', '1:1: the file is empty; give apiVersion, kind, metadata and spec'],
    ['a byte order mark alone', '\ufeff', '1:1: the file is empty; give apiVersion, kind, metadata and spec'],
    ['comments', '# a\n# b\n', '1:1: the file is empty; give apiVersion, kind, metadata and spec'],
    ['empty documents', '---\n---\n', '1:1: the file is empty; give apiVersion, kind, metadata and spec'],
    ['null', 'null', '1:1: has no value; give a mapping with apiVersion, kind, metadata and spec'],
    ['an empty text', '""', '1:1: "" is not a mapping; give a mapping with apiVersion, kind, metadata and spec'],
    [
      'a bracket after the document',
      `${OWN_FILE}---\n]\n`,
      '22:1: not valid YAML: unexpected flow-seq-end token in YAML document: "]"',
    ],
    ['a list', '- a\n', '1:1: a list is not a mapping; give a mapping with apiVersion, kind, metadata and spec'],
    ['a word', 'x\n', '1:1: "x" is not a mapping; give a mapping with apiVersion, kind, metadata and spec'],
    ['an alias', '*x', '1:1: "*x" is an alias; write the value out'],
    ['a tagged mapping', '!!map { a: 1 }', '1:7: has the tag "!!map"; give the value without a tag'],
    ['two documents', `${OWN_FILE}---\na: 1\n`, '22:1: a second document begins here; give a file for each'],
    ['a NUL', 'a: 1\nb: \0', '2:4: "\\u{0000}" cannot stand in a YAML file; give plain text in UTF-8'],
    ['an escape', 'a: \u001b[31m', '1:4: "\\u{001b}" cannot stand in a YAML file; give plain text in UTF-8'],
    ['half a character', 'a: \ud83e', '1:4: "\\u{d83e}" cannot stand in a YAML file; give plain text in UTF-8'],
    ['an image', '\u0089PNG\r\n\u001a\n', '1:1: "\\u{0089}" cannot stand in a YAML file; give plain text in UTF-8'],
    [
      'an open bracket',
      'a: [1',
      '1:6: not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['an open quote', 'a: "1', '1:6: not valid YAML: missing closing "quote'],
    ['an escape that is none', 'a: "\\q"', '1:5: not valid YAML: invalid escape sequence \\q'],
    ['a reserved sign', 'a: @x', '1:4: not valid YAML: plain value cannot start with reserved character @'],
    [
      'a reserved sign after a byte order mark',
      '\ufeffa: @x',
      '1:4: not valid YAML: plain value cannot start with reserved character @',
    ],
    ['a tab before a key', 'a:\n\tb: 1', '2:1: not valid YAML: a tab as indentation; give spaces'],
    [
      'a wrong indentation',
      'a: 1\n b: 2',
      '1:4: not valid YAML: a ": " too many, or an indentation that does not fit; align the keys, or quote the value',
    ],
    [
      'a key over two lines',
      'a\nb: 2',
      '1:1: not valid YAML: a key over more than one line; align the keys, and put ": " after each',
    ],
    ['a tag nobody declared', 'a: !x!y 1', '1:4: not valid YAML: could not resolve tag: !x!y'],
    ['a hundred megabytes', 'x'.repeat(400 * MOST), `1:1: the file has ${400 * MOST} characters; give at most ${MOST}`],
    ['a character too many', 'x'.repeat(MOST + 1), `1:1: the file has ${MOST + 1} characters; give at most ${MOST}`],
    [
      'brackets in brackets',
      '['.repeat(15_000),
      expect.stringMatching(/^1:\d+: not valid YAML: nested too deeply; give a spec file$/),
    ],
    [
      'nothing but brackets',
      '['.repeat(MOST),
      expect.stringMatching(/^1:\d+: the file has more than 20000 words and signs up to here; give a spec file$/),
    ],
  ])('is refused: %s', (_, text, line) => {
    const lines = linesOf(text).map((each) => each.replace(/^up\.yaml:/, ''));
    expect(lines.slice(0, 1)).toEqual([line]);
    expect(lines.length).toBeLessThanOrEqual(2);
  });

  it('is refused where it nests deeper than any object of Kubernetes', () => {
    const deep = `${'{ a: '.repeat(60)}1${' }'.repeat(60)}`;
    const lines = linesOf(`${OPERATOR_FILE}status: ${deep}\n`);
    expect(lines).toEqual([
      expect.stringMatching(/^up\.yaml:15:\d+: status(?:\.a){50}: is nested too deeply; give a spec file$/),
    ]);
  });

  it.each([
    ['keys', Array.from({ length: MOST / 16 }, (_, i) => `key${i.toString(36).padStart(8, '0')}: 1`).join('\n')],
    ['pairs of brackets', '[]'.repeat(MOST / 2)],
    ['anchors', '&a '.repeat(MOST / 3)],
    ['quotes', '"'.repeat(MOST)],
    ['documents', '---\n'.repeat(MOST / 4)],
    ['aliases', `a: [&x 1,${'*x,'.repeat(MOST / 4)}]`],
  ])('is refused before the parser has sat over all its %s', (_, text) => {
    expect(linesOf(text)).toEqual([
      expect.stringMatching(/^up\.yaml:\d+:\d+: the file has more than 20000 words and signs up to here; /),
    ]);
  });

  it('is refused where its aliases would blow up', () => {
    const bomb = Array.from({ length: 30 }, (_, i) => `    b${i + 1}: &b${i + 1} [*b${i}, *b${i}]\n`).join('');
    const lines = linesOf(edited(OPERATOR_FILE, '  namespace: serving\n', `  annotations:\n    b0: &b0 x\n${bomb}`));
    expect(lines).toHaveLength(60);
    expect(lines.at(-1)).toBe('up.yaml:36:22: metadata.annotations.b30[1]: "*b29" is an alias; write the value out');
  });
});
