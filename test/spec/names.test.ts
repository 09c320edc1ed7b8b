import { describe, expect, it } from 'vitest';
import { type Edit, edited, linesOf, OWN_FILE } from './files.ts';

const DEPLOYMENT = 'give a Deployment name of at most 253 lower-case letters, digits, "-" and "."';
const NAMESPACE = 'give a namespace of at most 63 lower-case letters, digits and "-"';

describe('a name', () => {
  it.each<Edit>([
    [
      'with a capital',
      'deployment: llama-v1',
      'deployment: Llama_v1',
      `8:17: spec.main.deployment: "Llama_v1" has "L" as character 1; ${DEPLOYMENT}; did you mean "llama-v1"?`,
    ],
    [
      'with an umlaut',
      'deployment: llama-v1',
      'deployment: lläma',
      `8:17: spec.main.deployment: "lläma" has "ä" as character 3; ${DEPLOYMENT}`,
    ],
    [
      'with an emoji before the fault',
      'deployment: llama-v1',
      'deployment: a🦙b',
      `8:17: spec.main.deployment: "a🦙b" has "🦙" as character 2; ${DEPLOYMENT}`,
    ],
    [
      'with an invisible character',
      'deployment: llama-v1',
      'deployment: llama\u200b',
      `8:17: spec.main.deployment: "llama\\u{200b}" has "\\u{200b}" as character 6; ${DEPLOYMENT}`,
    ],
    [
      'that begins with a hyphen',
      'deployment: llama-v1',
      'deployment: -llama',
      `8:17: spec.main.deployment: "-llama" has "-" as character 1, where a letter or digit must stand; ${DEPLOYMENT}`,
    ],
    [
      'that ends with a dot',
      'deployment: llama-v1',
      'deployment: llama.',
      `8:17: spec.main.deployment: "llama." has "." as character 6, where a letter or digit must stand; ${DEPLOYMENT}`,
    ],
    [
      'with two dots in a row',
      'deployment: llama-v1',
      'deployment: a..b',
      `8:17: spec.main.deployment: "a..b" has "." as character 2, where a letter or digit must stand; ${DEPLOYMENT}`,
    ],
    [
      'with a hyphen after a dot',
      'deployment: llama-v1',
      'deployment: a.-b',
      `8:17: spec.main.deployment: "a.-b" has "-" as character 3, where a letter or digit must stand; ${DEPLOYMENT}`,
    ],
    [
      'that is empty',
      'deployment: llama-v1',
      'deployment: ""',
      `8:17: spec.main.deployment: "" is empty; ${DEPLOYMENT}`,
    ],
    [
      'that is a number',
      'deployment: llama-v1',
      'deployment: 123',
      `8:17: spec.main.deployment: 123 is not text; ${DEPLOYMENT}; did you mean "123"?`,
    ],
    [
      'that is a word for yes',
      'deployment: llama-v1',
      'deployment: true',
      `8:17: spec.main.deployment: true is not text; ${DEPLOYMENT}; did you mean "true"?`,
    ],
    [
      'with a space before it',
      'deployment: llama-v1',
      'deployment: " llama"',
      `8:17: spec.main.deployment: " llama" has " " as character 1; ${DEPLOYMENT}; did you mean "llama"?`,
    ],
    [
      'that is a list',
      'deployment: llama-v1',
      'deployment: []',
      `8:17: spec.main.deployment: a list is not text; ${DEPLOYMENT}`,
    ],
    [
      'that is too long',
      'deployment: llama-v1',
      `deployment: ${'a'.repeat(254)}`,
      `8:17: spec.main.deployment: "${'a'.repeat(60)}…" has 254 characters; ${DEPLOYMENT}`,
    ],
    [
      'of an upgrade that is too long for its ConfigMap',
      'metadata:\n  name: llama-v2',
      `metadata:\n  name: ${'a'.repeat(245)}`,
      `4:9: metadata.name: "${'a'.repeat(60)}…" has 245 characters; give a name of at most 244 lower-case letters, digits, "-" and "."`,
    ],
    [
      'of a namespace with a dot',
      'namespace: serving',
      'namespace: a.b',
      `5:14: metadata.namespace: "a.b" has "." as character 2; ${NAMESPACE}`,
    ],
    [
      'of a namespace that ends with a hyphen',
      'namespace: serving',
      'namespace: a-',
      `5:14: metadata.namespace: "a-" has "-" as character 2, where a letter or digit must stand; ${NAMESPACE}`,
    ],
    [
      'of a namespace that is too long',
      'namespace: serving',
      `namespace: ${'a'.repeat(64)}`,
      `5:14: metadata.namespace: "${'a'.repeat(60)}…" has 64 characters; ${NAMESPACE}`,
    ],
    [
      'of a label that is a number',
      'metadata:',
      'metadata:\n  labels: { a/b: 1 }',
      '4:18: metadata.labels["a/b"]: 1 is not text; give text, in quotes where it looks like a number',
    ],
    [
      'of labels that are a list',
      'metadata:',
      'metadata:\n  labels: [a]',
      '4:11: metadata.labels: a list is not a mapping; give a mapping of names to texts',
    ],
  ])('%s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OWN_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });
});
