import { describe, expect, it } from 'vitest';
import { runCli } from '../support/process.ts';
import { freshNamespace, plane } from './fixtures.ts';
import type { PlaneUser } from './users.ts';
import type { DeploymentRequest, TestNamespace } from './workload.ts';

const MAIN = 'server-v1';
const GREY = 'server-v2';
const CLONE = ['init', '--main', MAIN, '--grey', GREY, '--clone', '--image', 'model-server:2'];

const run = async (namespace: TestNamespace, args: readonly string[], input = '', user: PlaneUser = 'cli') => {
  const env = { KUBECONFIG: plane.kubeconfig(user), LC_ALL: 'C' };
  const cli = runCli([...args, '-n', namespace.name], { env, input });
  const { code } = await cli.exit;
  return { code, stdout: cli.stdout, stderr: cli.stderr };
};

/** Main with ready pods, and a Service of the label that is told. */
const served = async (selector: object, main: Partial<DeploymentRequest> = {}): Promise<TestNamespace> => {
  const namespace = await freshNamespace();
  await namespace.createDeployment({ name: MAIN, replicas: 3, labels: { model: 'llama' }, ...main });
  await namespace.untilReady(MAIN, 3);
  await namespace.create('services', { metadata: { name: 'llama' }, spec: { selector, ports: [{ port: 80 }] } });
  return namespace;
};

const namesOf = async (namespace: TestNamespace): Promise<readonly string[]> =>
  (await namespace.list('deployments')).map(({ metadata }) => metadata.name).toSorted();

describe('dupgrade init on a real plane', () => {
  it('makes grey of main, which start then moves to; the Service selects the pods of both', async () => {
    const namespace = await served({ model: 'llama' }, { gpus: 1 });
    const marks = { 'meta.helm.sh/release-name': 'llama', 'argocd.argoproj.io/tracking-id': 'x', team: 'ml' };
    await namespace.patch('deployments', MAIN, { metadata: { annotations: marks } });
    const asked = [...CLONE, '--set-env', 'MODE=fast', '--set-resources', 'nvidia.com/gpu=2', '--apply'];
    const made = await run(namespace, asked);
    expect(made.code, made.stderr).toBe(0);
    const grey: { readonly metadata: object; readonly spec: object } = await namespace.get('deployments', GREY);
    expect(grey).toMatchObject({
      metadata: { labels: { app: GREY }, annotations: { team: 'ml' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: GREY } },
        template: {
          metadata: { labels: { app: GREY, model: 'llama' } },
          spec: {
            containers: [
              {
                image: 'model-server:2',
                env: [{ name: 'MODE', value: 'fast' }],
                resources: { limits: { 'nvidia.com/gpu': '2' }, requests: { 'nvidia.com/gpu': '2' } },
              },
            ],
          },
        },
      },
    });
    expect(JSON.stringify(grey)).not.toMatch(/helm|argocd/);

    const check = await run(namespace, ['check', '-', '-o', 'json'], made.stdout);
    const { findings } = JSON.parse(check.stdout) as { findings: readonly { name: string; level: string }[] };
    for (const name of ['deployments', 'selectors', 'services', 'owners', 'rights'])
      expect(findings.filter((each) => each.name === name && each.level === 'refusal')).toEqual([]);
    expect(findings).toContainEqual(
      expect.objectContaining({ name: 'services', fact: expect.objectContaining({ both: ['llama'] }) }),
    );

    const start = await run(namespace, ['start', '-'], made.stdout);
    expect(start.code, start.stdout + start.stderr).toBe(0);
    const pods = await namespace.untilReady(GREY, 3);
    expect(pods.map(({ metadata }) => metadata.labels?.['model'])).toEqual(['llama', 'llama', 'llama']);
    expect((await namespace.get('deployments', MAIN)).spec.replicas).toBe(0);
  });

  it('what it prints is what kubectl takes', async () => {
    const namespace = await served({ model: 'llama' });
    const printed = await run(namespace, CLONE);
    expect(printed.code, printed.stderr).toBe(0);
    expect(await namesOf(namespace)).toEqual([MAIN]);
    await plane.kubectl(['apply', '-f', '-'], { input: printed.stdout });
    expect(await namesOf(namespace)).toEqual([MAIN, GREY]);
    const spec = await run(namespace, ['init', '--main', MAIN, '--grey', GREY]);
    expect((await run(namespace, ['plan', '-'], spec.stdout)).code).toBe(0);
    expect(await run(namespace, [...CLONE, '--apply'])).toMatchObject({ code: 3, stdout: '' });
  });

  it('makes nothing where the Service selects by all that tells main’s pods, and says the way out', async () => {
    const namespace = await served({ app: MAIN });
    const refused = await run(namespace, [...CLONE, '--apply']);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('Service llama selects');
    expect(await namesOf(namespace)).toEqual([MAIN]);
  });

  it('asks for the right to make it before, and needs it for that alone', async () => {
    const namespace = await served({ model: 'llama' });
    const denied = await run(namespace, [...CLONE, '--apply'], '', 'limited');
    expect(denied.code).toBe(7);
    expect(denied.stderr).toContain(`this user may not create deployments in namespace ${namespace.name}`);

    await namespace.grant(plane.limited, [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
      { apiGroups: [''], resources: ['pods', 'services'], verbs: ['list'] },
    ]);
    const printed = await run(namespace, CLONE, '', 'limited');
    expect(printed.code, printed.stderr).toBe(0);
    expect((await run(namespace, [...CLONE, '--apply'], '', 'limited')).code).toBe(7);
    expect(await namesOf(namespace)).toEqual([MAIN]);

    await namespace.grant(plane.limited, [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['create'] }]);
    const made = await run(namespace, [...CLONE, '--apply'], '', 'limited');
    expect(made.code, made.stderr).toBe(0);
    expect(await namesOf(namespace)).toEqual([MAIN, GREY]);
  });
});
