/** So many texts are known. */
const MOST_KNOWN = 1000;

const known = new Map<string, number>();

/**
 * The ms since the epoch of a time as objects have it (RFC 3339); NaN where it is none. Of ten thousand pods many say the
 * same second.
 */
export const msOf = (text: string): number => {
  const ms = known.get(text);
  if (ms !== undefined) return ms;
  const parsed = Date.parse(text);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, parsed);
  return parsed;
};
