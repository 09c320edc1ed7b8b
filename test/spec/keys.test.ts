import { describe, expect, it } from 'vitest';
import { type Edit, edited, linesOf, OWN_FILE } from './files.ts';

const COUNT = 'give a whole number from 0 to 2147483647';
const STEP =
  'give a count from 1 to 2147483647 or a percentage such as 10%, or { main: …, grey: … } with one for each side';
const SPEC_KEYS = 'give main, grey, mode, step, pacing, limits, progressDeadline or podReplacementPolicy';

describe('a key', () => {
  it.each<Edit>([
    ['unknown', '  mode:', '  colour: red\n  mode:', `13:3: spec.colour: is not known here; ${SPEC_KEYS}`],
    [
      'misspelt (and the right one is then not told as missing)',
      'target: 30',
      'tagret: 30',
      '12:5: spec.grey.tagret: is not known here; give deployment, namespace or target; did you mean target?',
    ],
    [
      'in other letters',
      'minReady: 28',
      'minready: 28',
      '17:5: spec.limits.minready: is not known here; give minReady or maxPods; did you mean minReady?',
    ],
    [
      'of an object in the cluster',
      'metadata:',
      'metadata:\n  uid: x',
      '4:3: metadata.uid: is not known here; give name, namespace, labels or annotations',
    ],
    [
      'beside the four of the file',
      'kind:',
      'status: {}\nkind:',
      '2:1: status: is not known here; give apiVersion, kind, metadata or spec',
    ],
    [
      'without a value between others',
      'main:\n    deployment: llama-v1\n    target: 0',
      'main: { deployment: llama-v1, namespace, target: 0 }',
      '7:33: spec.main.namespace: has no value; give a namespace of at most 63 lower-case letters, digits and "-"',
    ],
    ['missing', '    target: 30\n', '', `11:5: spec.grey.target: is missing; ${COUNT}`],
    [
      'missing with all its mapping',
      '  main:\n    deployment: llama-v1\n    target: 0\n',
      '',
      '7:3: spec.main: is missing; give a mapping with deployment and target',
    ],
    ['missing at the top', 'kind: DeploymentUpgrade\n', '', '1:1: kind: is missing; give DeploymentUpgrade'],
    ['given twice', '  step: 3\n', '  step: 3\n  step: 4\n', '15:3: spec.step: is given twice; give it once'],
    [
      'without a value',
      'mode: scaleInPriority',
      'mode:',
      '13:3: spec.mode: has no value; give scaleOutPriority, scaleInPriority or scaleSimultaneously',
    ],
    [
      'without a value of its mapping',
      'limits:\n    minReady: 28\n    maxPods: 33',
      'limits:',
      '16:3: spec.limits: has no value; give a mapping with minReady or maxPods',
    ],
    ['with a list', 'step: 3', 'step: [3]', `14:9: spec.step: a list is not a step; ${STEP}`],
    [
      'with a word for a mapping',
      'metadata:\n  name: llama-v2\n  namespace: serving',
      'metadata: llama-v2',
      '3:11: metadata: "llama-v2" is not a mapping; give a mapping with name',
    ],
    [
      'called __proto__',
      '  mode:',
      '  __proto__: 1\n  mode:',
      `13:3: spec["__proto__"]: is not known here; ${SPEC_KEYS}`,
    ],
    [
      'called constructor',
      '  mode:',
      '  constructor: 1\n  mode:',
      `13:3: spec.constructor: is not known here; ${SPEC_KEYS}`,
    ],
    [
      'that merges',
      '  mode:',
      '  <<: { step: 1 }\n  mode:',
      '13:3: spec["<<"]: merge keys are not read; write the fields out',
    ],
    ['that is a number', '  mode:', '  1: 1\n  mode:', `13:3: spec["1"]: is not known here; ${SPEC_KEYS}`],
    ['that is empty', '  mode:', '  "": 1\n  mode:', `13:3: spec[""]: is not known here; ${SPEC_KEYS}`],
    [
      'that is a list',
      '  mode:',
      '  ? [a]\n  : 1\n  mode:',
      '13:5: not valid YAML: a key that is not text; give a plain word',
    ],
    [
      'with a terminal escape',
      '  mode:',
      '  "\\e[31m": 1\n  mode:',
      `13:3: spec["\\u{001b}[31m"]: is not known here; ${SPEC_KEYS}`,
    ],
  ])('%s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OWN_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });

  it('misspelt beside the right one tells of both', () => {
    expect(linesOf(edited(OWN_FILE, 'target: 30', 'tagret: 30\n    target: -1'))).toEqual([
      'up.yaml:12:5: spec.grey.tagret: is not known here; give deployment, namespace or target; did you mean target?',
      'up.yaml:13:13: spec.grey.target: -1 is too small; give a whole number from 0 to 2147483647',
    ]);
  });
});

describe('a value with a YAML feature that is not read', () => {
  it.each<Edit>([
    [
      'an alias',
      'deployment: llama-v1\n    target: 0',
      'deployment: &v llama-v1\n    target: *v',
      '9:13: spec.main.target: "*v" is an alias; write the value out',
    ],
    [
      'an alias of a mapping',
      'grey:\n    deployment: llama-v2\n    target: 30',
      'grey: *side',
      '10:9: spec.grey: "*side" is an alias; write the value out',
    ],
    [
      'a tag of YAML',
      'target: 30',
      'target: !!int "30"',
      '12:19: spec.grey.target: has the tag "!!int"; give the value without a tag',
    ],
    [
      'a tag of JavaScript',
      'target: 30',
      'target: !!js/function "x"',
      '12:27: spec.grey.target: has the tag "!!js/function"; give the value without a tag',
    ],
    [
      'a tag of its own',
      'limits:',
      'limits: !mine',
      '17:5: spec.limits: has the tag "!mine"; give the value without a tag',
    ],
  ])('%s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OWN_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });
});
