const LONGEST_SHOWN = 60;

/** A value of the file as a message shows it: safe for any terminal, and short. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return `"${escaped(shortened(value).replaceAll(/["\\]/g, '\\$&'))}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return 'no value';
  return Array.isArray(value) ? 'a list' : 'a mapping';
};

/** The text, cut where it is longer than `longest` characters. */
export const shortened = (text: string, longest = LONGEST_SHOWN): string => {
  // A character takes at most two UTF-16 units, so that a text of a megabyte need not be split to see that it is long.
  const characters = Array.from(text.slice(0, 2 * (longest + 1)));
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : text;
};

/**
 * The text without anything that a terminal would obey or hide: control and format characters (escape sequences, reversed
 * writing), unpaired surrogates, and every space that is not the plain one.
 */
export const escaped = (text: string): string =>
  text.replaceAll(/[[\p{C}\p{Z}]--[ ]]/gv, (character) => {
    const name = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    return name ?? `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`;
  });
