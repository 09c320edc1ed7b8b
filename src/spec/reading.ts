import { isAlias, isMap, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import type { Finding } from './finding.ts';
import { fieldOf, type Path } from './path.ts';
import { shown } from './shown.ts';

/** Where a value stands. An empty value stands where its key does. */
export type Place = { readonly offset: number; readonly keyOffset: number; readonly parts: ReadonlyMap<string, Place> };

/** What a document says, as plain values, and where it says it. */
export type Reading = {
  readonly value: unknown;
  readonly place: Place;
  /** What is wrong with the way it is written, whatever may stand in a spec file. */
  readonly findings: readonly Finding[];
};

/** Stands for a value that was refused while reading: there is a finding for it already. */
export const UNREAD = Symbol('unread');

export const readingOf = (contents: ParsedNode): Reading => {
  const findings: Finding[] = [];
  const { value, place } = readNode(contents, [], contents.range[0], findings);
  return { value, place, findings };
};

/** The place of the value at a path, or of the nearest mapping around it when nothing stands there. */
export const placeAt = (reading: Reading, path: Path): Place =>
  path.reduce<Place>((place, key) => place.parts.get(String(key)) ?? place, reading.place);

/** The value at a path, if there is one. */
export const valueAt = (reading: Reading, path: Path): unknown =>
  path.reduce<unknown>((within, key) => (isMapping(within) ? within[String(key)] : undefined), reading.value);

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Part = { readonly value: unknown; readonly place: Place };

/** Deeper than anything that kubectl prints, and far from the end of the stack. */
const DEEPEST = 50;

const readNode = (node: ParsedNode, path: Path, keyOffset: number, findings: Finding[]): Part => {
  const offset = node.range[0];
  const here: Place = { offset, keyOffset, parts: new Map() };
  const refuse = (message: string): Part => {
    findings.push({ offset, field: fieldOf(path), message });
    return { value: UNREAD, place: here };
  };
  // An alias could be followed, but a file of twenty lines has no need of it, and a bomb is made of nothing else.
  if (isAlias(node)) return refuse(`${shown(`*${node.source}`)} is an alias; write the value out`);
  if (node.tag !== undefined) return refuse(`has the tag ${shown(tagOf(node.tag))}; give the value without a tag`);
  if (path.length > DEEPEST) return refuse('is nested too deeply; give a spec file');
  if (isMap(node)) return readMap(node, path, here, findings);
  if (isSeq(node)) {
    return { value: node.items.map((item, i) => readNode(item, [...path, i], offset, findings).value), place: here };
  }
  const isEmpty = node.value === null && node.source === '';
  return { value: node.value, place: isEmpty ? { ...here, offset: keyOffset } : here };
};

const readMap = (map: YAMLMap.Parsed, path: Path, here: Place, findings: Finding[]): Part => {
  // Without a prototype, so that a key may be called __proto__ and be told as unknown.
  const value: Record<string, unknown> = Object.create(null);
  const parts = new Map<string, Place>();
  for (const pair of map.items) {
    // The parser was told to take text only for a key.
    const key = String('value' in pair.key ? pair.key.value : pair.key);
    const keyOffset = pair.key.range[0];
    const field = fieldOf([...path, key]);
    if (key === '<<') {
      findings.push({ offset: keyOffset, field, message: 'merge keys are not read; write the fields out' });
      continue;
    }
    if (parts.has(key)) findings.push({ offset: keyOffset, field, message: 'is given twice; give it once' });
    const part = pair.value === null ? emptyPart(keyOffset) : readNode(pair.value, [...path, key], keyOffset, findings);
    value[key] = part.value;
    parts.set(key, part.place);
  }
  return { value, place: { ...here, parts } };
};

const emptyPart = (keyOffset: number): Part => ({
  value: null,
  place: { offset: keyOffset, keyOffset, parts: new Map() },
});

const tagOf = (tag: string): string => tag.replace(/^tag:yaml\.org,2002:/, '!!');
