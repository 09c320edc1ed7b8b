/** `text` with what is not printable written as an escape (`\u001b`). Line breaks stay. */
export const printable = (text: string): string => {
  // Nearly all texts are ASCII, and classes of Unicode take their time at the start of a process.
  if (/^[\x20-\x7e\n]*$/.test(text)) return text;
  return text
    .replaceAll('\t', ' ')
    .replace(unprintable(), (character) => (character === '\n' ? character : escaped(character)));
};

/**
 * Characters that may move a cursor, hide text or turn its order around: C0 and C1 controls (ESC, CSI, DEL), format
 * characters (bidirectional overrides, zero-width ones, tags), lone surrogates, line and paragraph separators.
 */
const unprintable = (): RegExp => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `text` on one line, with what is not printable written as an escape. */
export const printableLine = (text: string): string => printable(text.replaceAll(/\s+/gu, ' ').trim());

/**
 * A value with every string in it printable and on one line. Names and messages come from a cluster, where others write:
 * every function here that makes text for people puts what it is given through this, before it measures or colours.
 */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a string for a string, and all else as it was
export const printableValue = <T>(value: T): T => mapStrings(value) as T;

const mapStrings = (value: unknown): unknown => {
  if (typeof value === 'string') return printableLine(value);
  if (Array.isArray(value)) return value.map(mapStrings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapStrings(inner)]));
};

/** A value as JSON in which every character is printable; nothing is lost. */
export const printableJson = (value: unknown, indent?: number): string =>
  printable(JSON.stringify(value, null, indent));

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
