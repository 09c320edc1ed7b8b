import { specErrorOf } from './finding.ts';
import type { SpecError } from './spec-error.ts';
import { LONGEST_BYTES } from './text.ts';

/** The text that UTF-8 bytes say. Throws a SpecError where they are something else, with the place of the first that is. */
export const decoded = (file: string, bytes: Uint8Array): string => {
  if (bytes.length > LONGEST_BYTES) {
    const message = `the file has more than ${LONGEST_BYTES} bytes; give a file of some lines of text`;
    throw specErrorOf(file, '', [{ offset: 0, field: '', message }]);
  }
  const wide = WIDE_MARKS.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte));
  if (wide !== undefined) throw notUtf8(file, '', `the file is in ${wide.name}`);
  try {
    return new TextDecoder('utf-8', STRICT).decode(bytes);
  } catch {
    const before = readableStart(bytes);
    const byte = bytes[new TextEncoder().encode(before).length] ?? 0;
    throw notUtf8(file, before, `the byte 0x${byte.toString(16).padStart(2, '0')} is not UTF-8`);
  }
};

const notUtf8 = (file: string, before: string, fault: string): SpecError =>
  specErrorOf(file, before, [
    { offset: before.length, field: '', message: `${fault}; save it as plain text in UTF-8` },
  ]);

/** The byte order marks with which editors begin what is not UTF-8; the longer ones first. */
const WIDE_MARKS = [
  { name: 'UTF-32', mark: [0xff, 0xfe, 0, 0] },
  { name: 'UTF-32', mark: [0, 0, 0xfe, 0xff] },
  { name: 'UTF-16', mark: [0xff, 0xfe] },
  { name: 'UTF-16', mark: [0xfe, 0xff] },
] as const;

/** The longest start of the bytes that is UTF-8, found by halving. */
const readableStart = (bytes: Uint8Array): string => {
  let text = '';
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    try {
      // `stream`: a character that the cut goes through is no fault, and is left out.
      text = new TextDecoder('utf-8', STRICT).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return text;
};

const STRICT = { fatal: true, ignoreBOM: true };
