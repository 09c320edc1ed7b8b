// On a plane of its own: what is installed in a cluster is there for everybody in it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport, Finding } from '../../src/upgrade/finding.ts';
import { clientOf, freshNamespace } from './fixtures.ts';
import { until, type KubeObject } from './follow.ts';
import { planeWithNodes } from './nodes.ts';
import type { OwnPlane } from './plane.ts';
import { mergePatch, type RestClient } from './rest.ts';
import { GREY, MAIN, Upgrade, type Wanted } from './upgrade.ts';

type Told = { readonly findings: readonly (Finding & { readonly message: string })[] } & CheckReport;

interface Definition extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WANTED: Wanted = { targets: [0, 2], step: 1 };

/** As KEDA and the autoscaler's project name theirs; of the schema only that there is one. */
const install = async (client: RestClient, group: string, version: string, kind: string): Promise<void> => {
  const plural = `${kind.toLowerCase()}s`;
  const name = `${plural}.${group}`;
  await client.create(DEFINITIONS, {
    metadata: {
      name,
      // Names under k8s.io are given away by Kubernetes.
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/63797' },
    },
    spec: {
      group,
      names: { plural, singular: kind.toLowerCase(), kind },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
  const isServed = (found: readonly Definition[]): boolean =>
    found.some(
      ({ metadata, status }) =>
        metadata.name === name &&
        status?.conditions?.some((each) => each.type === 'Established' && each.status === 'True'),
    );
  await until<Definition>(client, DEFINITIONS, {}, isServed, { what: `the definition of ${name}` });
};

const checked = async (upgrade: Upgrade, code: number): Promise<Told['findings']> => {
  const { findings } = await upgrade.report<Told>('check', WANTED, { codes: [code] });
  return findings.filter(({ name }) => name === 'autoscalers');
};

describe('where KEDA and the VerticalPodAutoscaler are installed', () => {
  let plane: OwnPlane;
  beforeAll(async () => {
    plane = await planeWithNodes();
    const client = plane.client();
    await install(client, 'keda.sh', 'v1alpha1', 'ScaledObject');
    await install(client, 'autoscaling.k8s.io', 'v1', 'VerticalPodAutoscaler');
    client.close();
  });
  afterAll(() => plane.stop());

  it('finds what scales one of the two, refuses or warns by what it would do, and says how to stop it', async () => {
    const namespace = await freshNamespace(plane);
    const client = clientOf('admin', plane);
    const upgrade = await Upgrade.in(namespace, { main: 2 }, plane);
    expect(await checked(upgrade, 0)).toMatchObject([{ level: 'ok' }]);

    const scaledObjects = `/apis/keda.sh/v1alpha1/namespaces/${namespace.name}/scaledobjects`;
    const verticals = `/apis/autoscaling.k8s.io/v1/namespaces/${namespace.name}/verticalpodautoscalers`;
    await client.create(scaledObjects, {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 'by-queue' },
      spec: { scaleTargetRef: { name: GREY } },
    });
    await client.create(verticals, {
      apiVersion: 'autoscaling.k8s.io/v1',
      kind: 'VerticalPodAutoscaler',
      metadata: { name: 'sizes' },
      spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: MAIN } },
    });
    const found = await checked(upgrade, 3);
    expect(found).toMatchObject([
      { level: 'refusal', fact: { side: 'grey', kind: 'ScaledObject', name: 'by-queue', idle: false } },
      { level: 'warning', fact: { side: 'main', kind: 'VerticalPodAutoscaler', name: 'sizes', idle: false } },
    ]);
    expect(found[0]?.message).toContain('autoscaling.keda.sh/paused');
    const refused = upgrade.start(WANTED);
    expect(await refused.exit, refused.stdout).toMatchObject({ code: 3 });
    expect(refused.stderr).toContain('ScaledObject by-queue');
    expect(await upgrade.counts()).toEqual([2, 0]);

    const paused = { metadata: { annotations: { 'autoscaling.keda.sh/paused': 'true' } } };
    await client.patch(`${scaledObjects}/by-queue`, paused, mergePatch);
    await client.patch(`${verticals}/sizes`, { spec: { updatePolicy: { updateMode: 'Off' } } }, mergePatch);
    expect(await checked(upgrade, 0)).toMatchObject([
      { level: 'note', fact: { kind: 'ScaledObject', idle: true } },
      { level: 'note', fact: { kind: 'VerticalPodAutoscaler', idle: true } },
    ]);
    const run = upgrade.start(WANTED);
    expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
  });
});
