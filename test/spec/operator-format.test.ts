import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../src/spec/parse.ts';
import { DEFAULTS, edited, linesOf, OPERATOR_FILE } from './files.ts';

const parse = (text: string) => parseSpec({ file: 'up.yaml', text }, DEFAULTS);

describe("the original operator's file", () => {
  it('gives the same upgrade, a step complete before the next begins', () => {
    expect(parse(OPERATOR_FILE)).toEqual({
      name: 'llama-v2',
      deployments: {
        main: { namespace: 'serving', name: 'llama-v1' },
        grey: { namespace: 'serving-next', name: 'llama-v2' },
      },
      targets: { main: 1, grey: 30 },
      way: { mode: 'scaleSimultaneously', step: { main: 3, grey: 3 }, pacing: 'batch' },
      limits: {},
      progressDeadlineMs: 600_000,
      podReplacementPolicy: 'TerminationComplete',
    });
  });

  it('may leave out mode, step and namespaces', () => {
    const text = ['  mode: scaleSimultaneously\n', '  step: 3\n', '  originDeployNamespace: serving\n'].reduce(
      (rest, line) => edited(rest, line, ''),
      OPERATOR_FILE,
    );
    expect(parse(text).way).toEqual({ mode: 'scaleOutPriority', step: { main: 1, grey: 1 }, pacing: 'batch' });
    expect(parse(text).deployments.main.namespace).toBe('serving');
    expect(parse(edited(text, '  namespace: serving\n', '')).deployments.main.namespace).toBe('default');
  });

  it('may come from kubectl get', () => {
    const metadata = `metadata:
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"upgrade.github.com/v1"}
  creationTimestamp: null
  finalizers: []
  generation: 1
  labels:
    app.kubernetes.io/managed-by: kustomize
  managedFields:
  - apiVersion: upgrade.github.com/v1
    fieldsType: FieldsV1
    fieldsV1:
      f:spec:
        .: {}
        f:mode: {}
    time: "2026-11-23T02:00:00Z"
  resourceVersion: "12345"
  uid: 6fd4f5b2-3c5e-4b1e-9a54-0f8e1c9f7f10
`;
    const status = 'status:\n  state: running\n  config: { originStepReplica: 27 }\n';
    expect(parse(edited(OPERATOR_FILE, 'metadata:\n', metadata) + status)).toEqual(parse(OPERATOR_FILE));
  });

  it.each([
    [
      'a field of the other format',
      'step: 3',
      'step: 3\n  pacing: window',
      '9:3: spec.pacing: is not known here; give mode, step, originStageTarget, nextGenStageTarget, originDeployName, originDeployNamespace, nextDeployName or nextDeployNamespace',
    ],
    [
      'a percentage',
      'step: 3',
      'step: 10%',
      '8:9: spec.step: "10%" is not a whole number; give a whole number from 1 to 2147483647',
    ],
    [
      'a misspelt field of its metadata',
      '  namespace: serving\n',
      '  namesapce: serving\n',
      '5:3: metadata.namesapce: is not known here; give name, namespace, annotations, creationTimestamp, deletionGracePeriodSeconds, deletionTimestamp, finalizers, generateName, generation, labels, managedFields, ownerReferences, resourceVersion, selfLink or uid; did you mean namespace?',
    ],
    [
      'the same Deployment twice',
      'nextDeployName: llama-v2\n  nextDeployNamespace: serving-next',
      'nextDeployName: llama-v1\n  nextDeployNamespace: serving',
      '13:19: spec.nextDeployName: "llama-v1" in namespace "serving" is the Deployment of main as well; give another',
    ],
    [
      'a later apiVersion',
      'apiVersion: upgrade.github.com/v1',
      'apiVersion: upgrade.github.com/v2',
      '1:13: apiVersion: "upgrade.github.com/v2" is not known here; give dupgrade.dev/v1 or upgrade.github.com/v1; did you mean upgrade.github.com/v1?',
    ],
    [
      'no apiVersion',
      'apiVersion: upgrade.github.com/v1\n',
      '',
      '1:1: apiVersion: is missing; give dupgrade.dev/v1 or upgrade.github.com/v1',
    ],
  ])('with %s is refused', (_, from, to, line) => {
    expect(linesOf(edited(OPERATOR_FILE, from, to))).toEqual([`up.yaml:${line}`]);
  });
});

describe('the apiVersion', () => {
  const operatorSpec = OPERATOR_FILE.slice(OPERATOR_FILE.indexOf('spec:'));

  it("makes a file one of dupgrade's own, whatever stands in it", () => {
    const text = `apiVersion: dupgrade.dev/v1\nkind: DeploymentUpgrade\nmetadata: { name: a }\n${operatorSpec}`;
    expect(linesOf(text).map((line) => line.split(': ')[1])).toContain('spec.originDeployName');
    expect(linesOf(text).map((line) => line.split(': ')[1])).toContain('spec.grey');
  });

  it("makes a file the operator's, whatever stands in it", () => {
    const text = `apiVersion: upgrade.github.com/v1\nkind: DeploymentUpgrade\nmetadata: { name: a }\nspec: { main: {} }\n`;
    expect(linesOf(text).map((line) => line.split(': ')[1])).toEqual([
      'spec.originStageTarget',
      'spec.nextGenStageTarget',
      'spec.originDeployName',
      'spec.nextDeployName',
      'spec.main',
    ]);
  });

  it.each(['originDeployName', 'nextDeployName'])('is guessed from %s, where it is missing', (key) => {
    const text = `kind: DeploymentUpgrade\nmetadata: { name: a }\nspec: { ${key}: a }\n`;
    const fields = linesOf(text).map((line) => line.split(': ')[1]);
    expect(fields).toContain('apiVersion');
    expect(fields).toContain('spec.originStageTarget');
    expect(fields).not.toContain(`spec.${key}`);
  });

  it("is guessed to be dupgrade's own, where it is missing and nothing else tells", () => {
    const fields = linesOf('kind: DeploymentUpgrade\nmetadata: { name: a }\nspec: {}\n').map(
      (line) => line.split(': ')[1],
    );
    expect(fields).toEqual(['apiVersion', 'spec.main', 'spec.grey']);
  });
});
