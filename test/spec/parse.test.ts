import { describe, expect, it } from 'vitest';
import { parseSpec, type SpecDefaults } from '../../src/spec/parse.ts';
import { DEFAULTS, edited, OWN_FILE } from './files.ts';

const parse = (text: string, defaults: SpecDefaults = DEFAULTS) => parseSpec({ file: 'up.yaml', text }, defaults);

const SMALL_FILE = `
apiVersion: dupgrade.dev/v1
kind: DeploymentUpgrade
metadata: { name: a }
spec: { main: { deployment: m, target: 1 }, grey: { deployment: g, target: 2 } }
`;

const long = (length: number) => 'a'.repeat(length);

describe('a spec file', () => {
  it('gives every field', () => {
    expect(parse(OWN_FILE)).toEqual({
      name: 'llama-v2',
      deployments: {
        main: { namespace: 'serving', name: 'llama-v1' },
        grey: { namespace: 'serving', name: 'llama-v2' },
      },
      targets: { main: 0, grey: 30 },
      way: { mode: 'scaleInPriority', step: { main: 3, grey: 3 }, pacing: 'batch' },
      limits: { minReady: 28, maxPods: 33 },
      progressDeadlineMs: 1_200_000,
      podReplacementPolicy: 'TerminationStarted',
    });
  });

  it('needs no more than a name, two Deployments and two targets', () => {
    expect(parse(SMALL_FILE)).toEqual({
      name: 'a',
      deployments: { main: { namespace: 'default', name: 'm' }, grey: { namespace: 'default', name: 'g' } },
      targets: { main: 1, grey: 2 },
      way: { mode: 'scaleOutPriority', step: { main: 1, grey: 1 }, pacing: 'window' },
      limits: {},
      progressDeadlineMs: 600_000,
      podReplacementPolicy: 'TerminationComplete',
    });
  });

  it('may be JSON, indented with tabs', () => {
    const file = {
      apiVersion: 'dupgrade.dev/v1',
      kind: 'DeploymentUpgrade',
      metadata: { name: 'a' },
      spec: { main: { deployment: 'm', target: 1 }, grey: { deployment: 'g', target: 2 } },
    };
    expect(parse(JSON.stringify(file))).toEqual(parse(SMALL_FILE));
    expect(parse(JSON.stringify(file, null, '\t'))).toEqual(parse(SMALL_FILE));
  });

  it.each([
    ['begin with a byte order mark', `\ufeff${SMALL_FILE}`],
    ['have the line ends of Windows', SMALL_FILE.replaceAll('\n', '\r\n')],
    ['be one of several documents of which the others are empty', `# made by helm\n---\n---${SMALL_FILE}---\n# end\n`],
    ['have a directive', `%YAML 1.1\n---${SMALL_FILE}`],
    [
      'have labels and annotations',
      edited(SMALL_FILE, 'name: a', 'name: a, labels: { t: x }, annotations: { "1/2": y }'),
    ],
    ['have an empty mapping of limits', edited(SMALL_FILE, 'spec: {', 'spec: { limits: {},')],
    ['have anchors', edited(SMALL_FILE, 'deployment: m', 'deployment: &x m')],
  ])('may %s', (_, text) => {
    expect(parse(text)).toEqual(parse(SMALL_FILE));
  });

  it.each([
    ['3', { main: 3, grey: 3 }],
    ['10%', { main: '10%', grey: '10%' }],
    ['"12.5%"', { main: '12.5%', grey: '12.5%' }],
    ['100%', { main: '100%', grey: '100%' }],
    ['0.001%', { main: '0.001%', grey: '0.001%' }],
    ['{ main: 3, grey: 1 }', { main: 3, grey: 1 }],
    ['{ main: 20%, grey: 2147483647 }', { main: '20%', grey: 2147483647 }],
  ])('takes the step %s', (step, expected) => {
    expect(parse(edited(OWN_FILE, 'step: 3', `step: ${step}`)).way.step).toEqual(expected);
  });

  it.each([
    ['minReady: 28', { minReady: 28 }],
    ['maxPods: 33', { maxPods: 33 }],
    ['minReady: 0', { minReady: 0 }],
    ['minReady: 30, maxPods: 30', { minReady: 30, maxPods: 30 }],
  ])('takes the limits { %s }', (limits, expected) => {
    const text = edited(OWN_FILE, '    minReady: 28\n    maxPods: 33\n', '').replace(
      'limits:',
      `limits: { ${limits} }`,
    );
    expect(parse(text).limits).toStrictEqual(expected);
  });

  it('takes the longest names that Kubernetes takes', () => {
    const spec = parse(
      SMALL_FILE.replace('name: a', `name: ${long(244)}, namespace: ${long(63)}`).replace(
        'deployment: m',
        `deployment: ${long(251)}.0`,
      ),
    );
    expect(spec.name).toHaveLength(244);
    expect(spec.deployments.main).toEqual({ namespace: long(63), name: `${long(251)}.0` });
  });
});

const withNamespaces = (file: string | undefined, side: string | undefined) =>
  SMALL_FILE.replace('name: a', file === undefined ? 'name: a' : `name: a, namespace: ${file}`).replace(
    'deployment: g',
    side === undefined ? 'deployment: g' : `deployment: g, namespace: ${side}`,
  );

describe('the namespace of a side', () => {
  it.each([
    ['its own', 'meta', 'own', undefined, 'own'],
    ['its own, even against -n', undefined, 'own', 'flag', 'own'],
    ['that of the metadata', 'meta', undefined, undefined, 'meta'],
    ['that of the metadata, repeated with -n', 'meta', undefined, 'meta', 'meta'],
    ['that of -n', undefined, undefined, 'flag', 'flag'],
    ['that of the context', undefined, undefined, undefined, 'default'],
  ])('is %s', (_, file, side, flag, expected) => {
    const defaults = flag === undefined ? DEFAULTS : { ...DEFAULTS, explicitNamespace: flag };
    expect(parse(withNamespaces(file, side), defaults).deployments.grey.namespace).toBe(expected);
  });

  it('may be all that the two sides differ in', () => {
    const text = edited(withNamespaces(undefined, 'other'), 'deployment: m', 'deployment: g');
    expect(parse(text).deployments).toEqual({
      main: { namespace: 'default', name: 'g' },
      grey: { namespace: 'other', name: 'g' },
    });
  });
});
