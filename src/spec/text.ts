import type { Finding } from './finding.ts';
import { shown } from './shown.ts';

/**
 * A spec file has some twenty lines. The ConfigMap that keeps it as it was given may have 1 MiB in all, with the journal:
 * a character takes up to three bytes there, so the longest file takes 192 KiB of it.
 */
const LONGEST_TEXT = 64 * 1024;

/** No text of so many characters has more bytes. */
export const LONGEST_BYTES = 3 * LONGEST_TEXT;

/** What YAML 1.2 does not let stand in a file (the complement of its c-printable). */
const NOT_PRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Editors of another world put this before the text. */
export const withoutByteOrderMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

/** Whether the text may be read as YAML at all: what is wrong with it is found before any parser sees it. */
export const judgeText = (text: string): Finding | undefined => {
  if (text.length > LONGEST_TEXT) {
    const message = `the file has ${text.length} characters; give at most ${LONGEST_TEXT}`;
    return { offset: 0, field: '', message };
  }
  const offset = text.search(NOT_PRINTABLE);
  if (offset < 0) return undefined;
  const character = shown(String.fromCodePoint(text.codePointAt(offset) ?? 0));
  return { offset, field: '', message: `${character} cannot stand in a YAML file; give plain text in UTF-8` };
};
