import * as fc from 'fast-check';

/** Fields whose text others write: names, messages, who it was. */
const FREE = new Set([
  'message',
  'example',
  'by',
  'holder',
  'driver',
  'manager',
  'name',
  'namespace',
  'deployment',
  'startedBy',
  'since',
  'rights',
  'what',
  'both',
  'main',
  'grey',
  'image',
  'owner',
  'quota',
  'log',
  'failures',
  'container',
  'node',
  'upgrade',
]);

/** A value with `text` put into every field that others write. */
export const poisoned = <T>(value: T, text: string): T => {
  const inner = (part: unknown, key: string): unknown => {
    if (typeof part === 'string') return FREE.has(key) ? `${part}${text}${part}` : part;
    if (Array.isArray(part)) return part.map((one) => inner(one, key));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, inner(one, name)]));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a string for a string, and all else as it was
  return inner(value, '') as T;
};

/** What somebody may put into a name or a message to move a cursor, hide text, or be taken for a page's own. */
export const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u001B[2J\u001B[31m',
    '\u009B31m',
    '\r\n2026-11-23T10:00:00Z done',
    '\u202E',
    '\u001B]0;title\u0007',
    '\u001B]8;;https://evil.example\u0007here\u001B]8;;\u0007',
    '<script>alert(1)</script>',
    `"><img src=x onerror='alert(1)'>`,
    'x'.repeat(5000),
  ),
);
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
