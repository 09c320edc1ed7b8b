import { Document, isScalar, YAMLMap } from 'yaml';

/** A key with its value, and what stands above them. */
export type Entry = {
  readonly key: string;
  readonly value: string | number | readonly Entry[];
  /** Lines, without the `#`. */
  readonly above?: readonly string[];
};

/** A mapping as YAML, with comments; `head` are lines above all of it. A module of its own, as yaml-text.ts is. */
export const commentedYaml = (head: readonly string[], entries: readonly Entry[]): string => {
  const document = new Document();
  document.contents = mapOf(document, entries);
  return `${head.map((line) => `# ${line}\n`).join('')}${document.toString({ lineWidth: 0 })}`;
};

const mapOf = (document: Document, entries: readonly Entry[]): YAMLMap => {
  const map = new YAMLMap();
  for (const { key, value, above = [] } of entries) {
    const inner = typeof value === 'object' ? mapOf(document, value) : document.createNode(value);
    const pair = document.createPair(key, inner);
    if (isScalar(pair.key) && above.length > 0) pair.key.commentBefore = above.map((line) => ` ${line}`).join('\n');
    map.add(pair);
  }
  return map;
};
