import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/scenario/parse.ts';
import { type Edit, edited, FILE, linesOf } from './files.ts';

const parse = (text: string) => parseScenario({ file: 's.yaml', text });

describe('a scenario file', () => {
  it('gives a scenario', () => {
    const llama = { namespace: 'serving', name: 'llama-v1' };
    expect(parse(FILE)).toEqual({
      name: 'test',
      seed: 7,
      nodes: [{ name: 'gpu', count: 3, cpuMilli: 96_000, memoryBytes: 2 ** 40, gpus: 8, pods: 250 }],
      deployments: [
        {
          ...llama,
          replicas: 12,
          labels: { tier: 'gpu' },
          image: 'llama:1',
          requests: { cpuMilli: 500, memoryBytes: 64 * 2 ** 30, gpus: 1 },
          readyAfter: { kind: 'fixed', ms: 90_000 },
          termination: { kind: 'range', fromMs: 5000, toMs: 20_000 },
          gracePeriodSeconds: 60,
          failures: [],
        },
        {
          namespace: 'next',
          name: 'llama-v2',
          replicas: 0,
          image: 'llama-v2:1',
          requests: { cpuMilli: 1000, memoryBytes: 2 ** 30, gpus: 0 },
          readyAfter: { kind: 'log-normal', medianMs: 180_000, sigma: 0.4 },
          termination: { kind: 'samples', samplesMs: [1000, 2000] },
          gracePeriodSeconds: 30,
          failures: [
            { kind: 'turn-unready', pods: [2, 5], afterMs: 300_000 },
            { kind: 'crash-loop', share: 0.025 },
            { kind: 'never-ready' },
          ],
        },
      ],
      quotas: [{ namespace: 'next', pods: 20, cpuMilli: 2500, memoryBytes: 2 ** 30, gpus: 16 }],
      happenings: [
        { atMs: 600_000, action: { kind: 'scale', deployment: llama, replicas: 20, manager: 'keda' } },
        { atMs: 660_000, action: { kind: 'break-node', node: 'gpu-2' } },
      ],
    });
  });

  it('needs to say little', () => {
    const { namespace: _, ...defaults } = parse(`
apiVersion: dupgrade.dev/v1
kind: Scenario
metadata: { name: small }
spec:
  nodes: [{ name: node }]
  deployments: [{ name: main, replicas: 1 }]
`).deployments[0] ?? { namespace: '' };
    expect(defaults).toEqual({
      name: 'main',
      replicas: 1,
      image: 'main:1',
      requests: { cpuMilli: 1000, memoryBytes: 2 ** 30, gpus: 0 },
      readyAfter: { kind: 'fixed', ms: 30_000 },
      termination: { kind: 'fixed', ms: 5000 },
      gracePeriodSeconds: 30,
      failures: [],
    });
  });

  const deployment = { namespace: 'serving', name: 'llama-v1' };
  it.each([
    [
      'setImage: { deployment: llama-v1, image: "x:2" }',
      { kind: 'set-image', deployment, image: 'x:2', manager: 'kubectl' },
    ],
    ['scale: { deployment: llama-v1, replicas: 0 }', { kind: 'scale', deployment, replicas: 0, manager: 'kubectl' }],
    [
      'deletePods: { deployment: llama-v2, namespace: next, count: 2 }',
      { kind: 'delete-pods', deployment: { namespace: 'next', name: 'llama-v2' }, pods: 2 },
    ],
    ['deletePods: { deployment: llama-v1 }', { kind: 'delete-pods', deployment, pods: 1 }],
    ['deleteDeployment: { deployment: llama-v1 }', { kind: 'delete-deployment', deployment }],
    ['loseNode: gpu-0', { kind: 'lose-node', node: 'gpu-0' }],
    ['mendNode: gpu-0', { kind: 'mend-node', node: 'gpu-0' }],
    ['setQuota: { pods: 3 }', { kind: 'set-quota', quota: { namespace: 'serving', pods: 3 } }],
  ])('can have happen: %s', (line, action) => {
    expect(parse(edited('breakNode: gpu-2', line)).happenings[1]?.action).toEqual(action);
  });
});

const DURATION = 'a duration such as 90s, 20m or 1h30m, up to 720h';
const SPREAD = 'a duration such as 90s, or { from: 1m, to: 5m }, { median: 3m, sigma: 0.4 } or { samples: [90s, 2m] }';
const ACTIONS = 'scale, setImage, deletePods, deleteDeployment, breakNode, loseNode, mendNode or setQuota';
const COUNT = (least: number): string => `give a whole number from ${least} to 2147483647`;

describe('a value of a scenario', () => {
  it.each<Edit>([
    ['a seed', 'seed: 7', 'seed: -1', `7:9: spec.seed: -1 is too small; ${COUNT(0)}`],
    [
      'a count in quotes',
      'count: 3',
      'count: "3"',
      `10:14: spec.nodes[0].count: "3" is in quotes; ${COUNT(1)}; did you mean 3?`,
    ],
    ['no node at all', 'count: 3', 'count: 0', `10:14: spec.nodes[0].count: 0 is too small; ${COUNT(1)}`],
    [
      'cores',
      'cpu: 96',
      'cpu: lots',
      '11:12: spec.nodes[0].cpu: "lots" is not one; give a number of cores such as 8, 0.5 or 500m',
    ],
    [
      'memory',
      'memory: 1Ti',
      'memory: 1TB',
      '12:15: spec.nodes[0].memory: "1TB" is not one; give an amount of memory such as 64Gi or 512Mi',
    ],
    [
      'a duration without a unit',
      'ready: 90s',
      'ready: 90',
      `24:14: spec.deployments[0].ready: 90 has no unit; give ${DURATION}; did you mean 90s or 90m?`,
    ],
    [
      'a list for a time',
      'ready: 90s',
      'ready: [90s]',
      `24:14: spec.deployments[0].ready: a list is no duration; give ${SPREAD}`,
    ],
    [
      'a time of a spread',
      'from: 5s',
      'from: 5',
      `26:15: spec.deployments[0].termination.from: 5 has no unit; give ${DURATION}; did you mean 5s or 5m?`,
    ],
    [
      'a spread the wrong way round',
      'from: 5s',
      'from: 50s',
      '27:13: spec.deployments[0].termination.to: "20s" is less than from; give at least 50s',
    ],
    [
      'half a spread',
      '        sigma: 0.4\n',
      '',
      `33:9: spec.deployments[1].ready: median is no spread of times; give ${SPREAD}`,
    ],
    [
      'two spreads',
      'sigma: 0.4',
      'sigma: 0.4\n        from: 1s',
      `33:9: spec.deployments[1].ready: median, sigma and from is no spread of times; give ${SPREAD}`,
    ],
    [
      'an empty list of samples',
      '[1s, 2s]',
      '[]',
      '36:18: spec.deployments[1].termination.samples: a list is empty; give a list of durations',
    ],
    [
      'a sample',
      '[1s, 2s]',
      '[1s, 2]',
      `36:23: spec.deployments[1].termination.samples[1]: 2 has no unit; give ${DURATION}; did you mean 2s or 2m?`,
    ],
    [
      'sigma',
      'sigma: 0.4',
      'sigma: 7.5',
      '34:16: spec.deployments[1].ready.sigma: "7.5" is not one; give a number from 0 to 3 such as 0.4',
    ],
    [
      'a fault',
      'fault: crash-loop',
      'fault: crashloop',
      '41:18: spec.deployments[1].failures[1].fault: "crashloop" is not known here; give never-ready, crash-loop, image-pull or turn-unready; did you mean crash-loop?',
    ],
    [
      'a share',
      'share: 2.5%',
      'share: 0.025',
      '42:18: spec.deployments[1].failures[1].share: "0.025" is no percentage; give a percentage such as 10%',
    ],
    ['a pod by number', '[2, 5]', '[0]', `39:18: spec.deployments[1].failures[0].pods[0]: 0 is too small; ${COUNT(1)}`],
    [
      'a name',
      'name: llama-v1',
      'name: Llama_v1',
      '16:13: spec.deployments[0].name: "Llama_v1" has "L" as character 1; give a Deployment name of at most 253 lower-case letters, digits, "-" and "."; did you mean "llama-v1"?',
    ],
    ['no text', 'image: llama:1', 'image: ""', '20:14: spec.deployments[0].image: "" is empty; give a text'],
    [
      'a manager',
      'manager: keda',
      'manager: [keda]',
      '55:18: spec.happenings[0].scale.manager: a list is not text; give a text',
    ],
    [
      'nodes',
      '- name: gpu\n      count: 3\n      cpu: 96\n      memory: 1Ti\n      gpus: 8\n      pods: 250',
      'gpu',
      '9:5: spec.nodes: "gpu" is not a list; give a list of nodes',
    ],
  ])('that is wrong is refused: %s', (_, from, to, line) => {
    expect(linesOf(edited(from, to))).toEqual([`s.yaml:${line}`]);
  });
});

describe('which nodes take the pods of a Deployment', () => {
  it('is said by labels and a selector', () => {
    const labelled = edited('pods: 250', 'pods: 250\n      labels: { gpu: h100 }').replace(
      'image: llama:1',
      'image: llama:1\n      nodeSelector: { gpu: h100 }',
    );
    const { nodes, deployments } = parse(labelled);
    expect(nodes[0]?.labels).toEqual({ gpu: 'h100' });
    expect(deployments.map(({ nodeSelector }) => nodeSelector)).toEqual([{ gpu: 'h100' }, undefined]);
  });
});

describe('a key of a scenario', () => {
  const DEPLOYMENT_KEYS =
    'give name, namespace, replicas, labels, image, cpu, memory, gpus, nodeSelector, ready, termination, gracePeriod or failures';
  it.each<Edit>([
    [
      'unknown',
      '  seed: 7',
      '  speed: 7',
      '7:3: spec.speed: is not known here; give seed, nodes, deployments, quotas or happenings; did you mean seed?',
    ],
    [
      'misspelt, in a list',
      'count: 3',
      'cuont: 3',
      '10:7: spec.nodes[0].cuont: is not known here; give name, count, cpu, memory, gpus, pods or labels; did you mean count?',
    ],
    [
      'misspelt, where it is needed',
      'replicas: 12',
      'replica: 12',
      `17:7: spec.deployments[0].replica: is not known here; ${DEPLOYMENT_KEYS}; did you mean replicas?`,
    ],
    [
      'of a spread',
      'median: 3m',
      'mean: 3m',
      '33:9: spec.deployments[1].ready.mean: is not known here; give from, to, median, sigma or samples',
    ],
    [
      'of a happening',
      'breakNode: gpu-2',
      'brakeNode: gpu-2',
      `57:7: spec.happenings[1].brakeNode: is not known here; give at, ${ACTIONS}; did you mean breakNode?`,
    ],
    [
      'of what happens',
      'manager: keda',
      'by: keda',
      '55:9: spec.happenings[0].scale.by: is not known here; give deployment, namespace, replicas or manager',
    ],
    ['missing', '      replicas: 12\n', '', `16:7: spec.deployments[0].replicas: is missing; ${COUNT(0)}`],
    [
      'missing at a happening',
      '- at: 11m\n      breakNode',
      '- breakNode',
      `56:7: spec.happenings[1].at: is missing; give ${DURATION}`,
    ],
    ['given twice', 'gpus: 8', 'gpus: 8\n      gpus: 4', '14:7: spec.nodes[0].gpus: is given twice; give it once'],
    ['empty', 'ready: 90s', 'ready:', `24:7: spec.deployments[0].ready: has no value; give ${SPREAD}`],
    [
      'merged',
      'gpus: 8',
      '<<: { gpus: 8 }',
      '13:7: spec.nodes[0]["<<"]: merge keys are not read; write the fields out',
    ],
  ])('that is %s is refused', (_, from, to, line) => {
    expect(linesOf(edited(from, to))).toEqual([`s.yaml:${line}`]);
  });
});

describe('what fields of a scenario say together', () => {
  it.each<Edit>([
    [
      'two Deployments of a name',
      'name: llama-v2\n      namespace: next',
      'name: llama-v1',
      '29:13: spec.deployments[1].name: "llama-v1" is the name of another Deployment above; give another',
    ],
    [
      'two pools of a name',
      '    - name: gpu\n',
      '    - name: gpu\n    - name: gpu\n',
      '10:13: spec.nodes[1].name: "gpu" is the name of other nodes above; give another',
    ],
    [
      'two quotas of a namespace',
      '    - namespace: next\n',
      '    - namespace: next\n    - namespace: next\n',
      '46:18: spec.quotas[1].namespace: "next" is the namespace of another quota above; give another',
    ],
    [
      'pods and a share',
      'pods: [2, 5]',
      'pods: [2, 5]\n          share: 5%',
      '40:18: spec.deployments[1].failures[0].share: is given beside pods; give one of the two, or none for all pods',
    ],
    [
      'a pod that turns unready never',
      '          after: 5m\n',
      '',
      '38:11: spec.deployments[1].failures[0].after: is missing; give how long a pod is ready, such as 5m',
    ],
    [
      'a time that means nothing',
      'share: 2.5%',
      'share: 2.5%\n          after: 5m',
      '43:18: spec.deployments[1].failures[1].after: has no meaning with this fault; leave it out, or give turn-unready',
    ],
    [
      'nothing that happens',
      '\n      breakNode: gpu-2',
      '',
      `56:7: spec.happenings[1]: nothing happens here; give one of ${ACTIONS}`,
    ],
    [
      'two things at once',
      'breakNode: gpu-2',
      'breakNode: gpu-2\n      mendNode: gpu-2',
      '58:17: spec.happenings[1].mendNode: happens beside breakNode; give each a happening of its own',
    ],
    [
      'a Deployment that is not there',
      'deployment: llama-v1',
      'deployment: lama-v1',
      '53:21: spec.happenings[0].scale.deployment: "lama-v1" is no Deployment of namespace serving; give llama-v1; did you mean llama-v1?',
    ],
    [
      'a Deployment of another namespace',
      'deployment: llama-v1',
      'deployment: llama-v2',
      '53:21: spec.happenings[0].scale.deployment: "llama-v2" is no Deployment of namespace serving; give llama-v1; did you mean llama-v1?',
    ],
    [
      'a node that is not there',
      'breakNode: gpu-2',
      'breakNode: gpu-3',
      '57:18: spec.happenings[1].breakNode: "gpu-3" is no node; give gpu-0 or gpu-2; did you mean gpu-0?',
    ],
  ])('and should not, is refused: %s', (_, from, to, line) => {
    expect(linesOf(edited(from, to))).toEqual([`s.yaml:${line}`]);
  });
});

describe('a file that is no scenario', () => {
  it('is told all that is wrong, in the order of the file', () => {
    const text = edited('seed: 7', 'seed: x')
      .replace('replicas: 0', 'replica: 0')
      .replace('breakNode: gpu-2', 'breakNode: gpu-9');
    expect(linesOf(text).map((line) => line.split(': ').slice(0, 2).join(' '))).toEqual([
      's.yaml:7:9 spec.seed',
      's.yaml:31:7 spec.deployments[1].replica',
      's.yaml:57:18 spec.happenings[1].breakNode',
    ]);
  });

  it.each([
    [
      'a spec',
      FILE.replace('kind: Scenario', 'kind: DeploymentUpgrade'),
      '2:7: kind: "DeploymentUpgrade" is not known here; give Scenario',
    ],
    [
      'a misspelt one',
      FILE.replace('kind: Scenario', 'kind: Scenaro'),
      '2:7: kind: "Scenaro" is not known here; give Scenario; did you mean Scenario?',
    ],
    [
      'of another version',
      FILE.replace('dupgrade.dev/v1', 'apps/v1'),
      '1:13: apiVersion: "apps/v1" is not known here; give dupgrade.dev/v1',
    ],
    ['empty', '', '1:1: the file is empty; give apiVersion, kind, metadata and spec'],
    ['a list', '- a', '1:1: a list is not a mapping; give a mapping with apiVersion, kind, metadata and spec'],
    [
      'no YAML',
      'a: [',
      '1:5: not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ])('is refused: %s', (_, text, line) => {
    expect(linesOf(text)).toEqual([`s.yaml:${line}`]);
  });
});
