import { ZodDefault, ZodObject, ZodOptional, type ZodType, ZodUnion } from 'zod';
import type { Finding } from './finding.ts';
import type { Issues } from './format.ts';
import { nearest } from './nearest.ts';
import { fieldOf, type Path } from './path.ts';
import { placeAt, type Reading, UNREAD } from './reading.ts';
import { listed } from './refusal.ts';

type Issue = Issues[number];

/** What zod says is wrong, as sentences with places: one for each field, and one for each unknown key. */
export const findingsOf = (issues: Issues, schema: ZodType, reading: Reading): readonly Finding[] => {
  const told = issues.flatMap(unfolded).filter(({ input }) => input !== UNREAD);
  const strangers = told.flatMap((issue) => strangersOf(issue, schema, reading));
  // A key that is missing under a name that somebody misspelt is one problem, not two.
  const meant = new Set(strangers.map((stranger) => stranger.meant));
  const values = new Map<string, Finding>();
  for (const { code, path, input, message } of told) {
    const field = fieldOf(path);
    if (code === 'unrecognized_keys' || values.has(field) || (input === undefined && meant.has(field))) continue;
    values.set(field, { offset: placeAt(reading, path).offset, field, message });
  }
  return [...values.values(), ...strangers.map(({ finding }) => finding)];
};

/**
 * The issues of the branch of a union that the value was meant for: the one whose kind of value it is. A step that is a
 * mapping is told what is wrong inside of it, not that it is no number.
 */
const unfolded = (issue: Issue): readonly Issue[] => {
  if (issue.code !== 'invalid_union') return [issue];
  const branch = issue.errors.find((issues) =>
    issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  );
  if (branch === undefined) return [issue];
  return branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(unfolded);
};

type Stranger = { readonly finding: Finding; readonly meant: string | undefined };

const strangersOf = (issue: Issue, schema: ZodType, reading: Reading): readonly Stranger[] => {
  if (issue.code !== 'unrecognized_keys') return [];
  const known = keysAt(schema, issue.path);
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const name = nearest(key, known);
    const field = fieldOf(path);
    const message = `is not known here; give ${listed(known, 'or')}${name === undefined ? '' : `; did you mean ${name}?`}`;
    return {
      finding: { offset: placeAt(reading, path).keyOffset, field, message },
      meant: name === undefined ? undefined : fieldOf([...issue.path, name]),
    };
  });
};

/** The keys that a schema knows in the mapping at a path. */
const keysAt = (schema: unknown, path: Path): readonly string[] => {
  if (schema instanceof ZodOptional || schema instanceof ZodDefault) return keysAt(schema.unwrap(), path);
  if (schema instanceof ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  if (!(schema instanceof ZodObject)) return [];
  const [key, ...rest] = path;
  return key === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[String(key)], rest);
};
