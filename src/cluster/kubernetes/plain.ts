const LONGEST = 500;

/**
 * Text from elsewhere, fit for a message to a person: one line, of bounded length, without control characters (a terminal
 * obeys them) and without anything that looks like a credential.
 */
export const plain = (text: string): string => {
  const line = text
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 …')
    .replaceAll(/\beyJ[\w-]+(\.[\w-]*)*/g, '…')
    .replaceAll(/(:\/\/)[^\s/@]+@/g, '$1')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
};

/** A text as the end of a sentence: without a full stop of its own. */
export const clause = (text: string): string => plain(text).replace(/[.\s]+$/, '');
