import { describe, expect, it } from 'vitest';
import { type Edit, edited, linesOf, OWN_FILE, refusalOf } from './files.ts';

const COUNT = 'give a whole number from 0 to 2147483647';
const STEP =
  'give a count from 1 to 2147483647 or a percentage such as 10%, or { main: …, grey: … } with one for each side';
const DURATION = 'give a duration such as 90s, 20m or 1h30m, up to 720h';
const NAMESPACE = 'give a namespace of at most 63 lower-case letters, digits and "-"';

describe('what does not fit together', () => {
  it.each<Edit>([
    [
      'the same Deployment on both sides',
      'deployment: llama-v1',
      'deployment: llama-v2',
      '11:17: spec.grey.deployment: "llama-v2" in namespace "serving" is the Deployment of main as well; give another',
    ],
    [
      'the same Deployment, its namespace written out',
      'deployment: llama-v1',
      'deployment: llama-v2\n    namespace: serving',
      '12:17: spec.grey.deployment: "llama-v2" in namespace "serving" is the Deployment of main as well; give another',
    ],
    [
      'minReady above what the targets have',
      'minReady: 28',
      'minReady: 31',
      '17:15: spec.limits.minReady: 31 is more than the targets have together; give at most 30',
    ],
    [
      'maxPods below what the targets have',
      'minReady: 28\n    maxPods: 33',
      'maxPods: 29',
      '17:14: spec.limits.maxPods: 29 is less than the targets have together; give at least 30',
    ],
  ])('%s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OWN_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });

  it('is told of minReady and maxPods, where the targets are not known', () => {
    const text = edited(edited(OWN_FILE, 'target: 30', 'target: many'), 'minReady: 28', 'minReady: 34');
    expect(linesOf(text)).toEqual([
      `up.yaml:12:13: spec.grey.target: "many" is not a whole number; ${COUNT}`,
      'up.yaml:17:15: spec.limits.minReady: 34 is more than maxPods; give at most 33',
    ]);
  });

  it('is not guessed at, where a namespace is wrong', () => {
    const text = edited(
      edited(OWN_FILE, 'deployment: llama-v1', 'deployment: llama-v2'),
      'namespace: serving',
      'namespace: A',
    );
    expect(linesOf(text)).toEqual([
      `up.yaml:5:14: metadata.namespace: "A" has "A" as character 1; ${NAMESPACE}; did you mean "a"?`,
    ]);
  });

  it('is not guessed at, where the namespace of a side is wrong', () => {
    const text = edited(OWN_FILE, 'deployment: llama-v1', 'deployment: llama-v2\n    namespace: A');
    expect(linesOf(text)).toEqual([
      `up.yaml:9:16: spec.main.namespace: "A" has "A" as character 1; ${NAMESPACE}; did you mean "a"?`,
    ]);
  });

  it('is another namespace than that of -n', () => {
    expect(linesOf(OWN_FILE, { namespace: 'prod', explicitNamespace: 'prod' })).toEqual([
      'up.yaml:5:14: metadata.namespace: "serving" is not "prod", the namespace given with -n; leave one of them out',
    ]);
  });
});

describe('a file with more than one problem', () => {
  it('is told of each, in the order of the file', () => {
    const text = [
      ['kind: DeploymentUpgrade\n', ''],
      ['deployment: llama-v1', 'deployment: llama-v2'],
      ['target: 0', 'target: zero'],
      ['mode: scaleInPriority', 'mode: slow'],
      ['step: 3', 'step: 0\n  step: 0'],
      ['maxPods: 33', 'maxPods: *x\n    minPods: 3'],
      ['20m', '20'],
    ].reduce((rest, [from = '', to = '']) => edited(rest, from, to), OWN_FILE);
    expect(linesOf(text)).toEqual([
      'up.yaml:1:1: kind: is missing; give DeploymentUpgrade',
      `up.yaml:8:13: spec.main.target: "zero" is not a whole number; ${COUNT}`,
      'up.yaml:10:17: spec.grey.deployment: "llama-v2" in namespace "serving" is the Deployment of main as well; give another',
      'up.yaml:12:9: spec.mode: "slow" is not known here; give scaleOutPriority, scaleInPriority or scaleSimultaneously',
      'up.yaml:14:3: spec.step: is given twice; give it once',
      `up.yaml:14:9: spec.step: 0 is too small; ${STEP}`,
      'up.yaml:18:14: spec.limits.maxPods: "*x" is an alias; write the value out',
      'up.yaml:19:5: spec.limits.minPods: is not known here; give minReady or maxPods; did you mean maxPods?',
      `up.yaml:20:21: spec.progressDeadline: 20 has no unit; ${DURATION}; did you mean 20s or 20m?`,
    ]);
  });

  it('has the problems as values, too', () => {
    const error = refusalOf(edited(OWN_FILE, 'target: 30', 'target: -1'));
    expect(error.name).toBe('SpecError');
    expect(error.file).toBe('up.yaml');
    expect(error.problems).toEqual([
      { line: 12, column: 13, field: 'spec.grey.target', message: `-1 is too small; ${COUNT}` },
    ]);
  });

  it('is told of a hundred, and the number of the rest', () => {
    const strangers = Array.from({ length: 150 }, (_, i) => `x${i}: 1\n`).join('');
    const error = refusalOf(OWN_FILE + strangers);
    expect(error.problems).toHaveLength(100);
    expect(error.message.split('\n').at(-1)).toBe('up.yaml: and 50 more problems');
  });

  it.each([
    [
      'apiVersion: dupgrade.dev/v1\nkind: List\nitems: []\n',
      '2:7: kind: "List" is not known here; give DeploymentUpgrade',
    ],
    [
      'apiVersion: v1\nkind: DeploymentUpgrade\nitems: []\n',
      '1:13: apiVersion: "v1" is not known here; give dupgrade.dev/v1 or upgrade.github.com/v1',
    ],
  ])('is told only of what it is, when half of it is something else', (text, line) => {
    expect(linesOf(text)).toEqual([`up.yaml:${line}`]);
  });

  it('is told only of what it is, when it is something else', () => {
    expect(linesOf('apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: A }\nspec: { replicas: 1 }\n')).toEqual([
      'up.yaml:1:13: apiVersion: "apps/v1" is not known here; give dupgrade.dev/v1 or upgrade.github.com/v1',
      'up.yaml:2:7: kind: "Deployment" is not known here; give DeploymentUpgrade',
    ]);
  });
});
