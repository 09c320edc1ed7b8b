/** The kubectl of the control plane's version, as a person uses it, on a sandbox. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sandboxOf, stoppedClock } from '../sandbox/given.ts';
import { type Cli, runCli } from '../support/process.ts';
import { plane } from './fixtures.ts';

type Kubectl = (line: string, input?: string) => Cli;

/** A kubectl for a sandbox; what it is to do is given as one would type it. */
const kubectlFor = ({ kubeconfig }: { readonly kubeconfig: string }): Kubectl => {
  const cache = mkdtempSync(join(tmpdir(), 'dupgrade-kubectl-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  return (line, input = '') =>
    runCli([`--cache-dir=${cache}`, ...line.split(' ')], {
      executable: plane.description.kubectl,
      env: { KUBECONFIG: kubeconfig },
      input,
    });
};

/** What it prints, where it succeeds. */
const printed = async (cli: Cli): Promise<string> => {
  const { code } = await cli.exit;
  expect(code, cli.stderr).toBe(0);
  return cli.stdout;
};

const MAP = (value: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { b: value } });

const UPGRADE = JSON.stringify({
  apiVersion: 'dupgrade.dev/v1',
  kind: 'DeploymentUpgrade',
  metadata: { name: 'llama-v2', namespace: 'serving' },
  spec: { main: { deployment: 'llama-v1', target: 0 }, grey: { deployment: 'llama-v2', target: 12 }, step: 2 },
});

const DEPLOYMENT = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'model-v1' },
  spec: {
    selector: { matchLabels: { app: 'model-v1' } },
    template: { metadata: { labels: { app: 'model-v1' } }, spec: { containers: [{ name: 'a', image: 'b' }] } },
  },
});

describe('kubectl on a sandbox', () => {
  it('gets the objects as tables, wide, in chunks, and as JSON', async () => {
    const kubectl = kubectlFor(await sandboxOf());
    const wide = await printed(kubectl('get deploy,rs,pods,nodes -o wide'));
    expect(wide).toMatch(/deployment\.apps\/model-v1 +6\/6 +6 +6 +40d +server +model-v1:1 +app=model-v1\n/);
    expect(wide).toMatch(/replicaset\.apps\/model-v1-\w+ +6 +6 +6 /);
    expect(wide.match(/pod\/model-v1-\S+ +1\/1 +Running +0 +40d +gpu-\d\n/g)).toHaveLength(6);
    expect(wide.match(/node\/gpu-\d +Ready +3 /g)).toHaveLength(3);
    expect((await printed(kubectl('get pods --chunk-size=2 -o name'))).trim().split('\n')).toHaveLength(6);
    const list: unknown = JSON.parse(await printed(kubectl('get deploy -o json')));
    expect(list).toMatchObject({
      items: [
        { kind: 'Deployment', apiVersion: 'apps/v1', spec: { replicas: 6 }, status: { readyReplicas: 6 } },
        { kind: 'Deployment', spec: { replicas: 0 } },
      ],
    });
  });

  it('scales, sees in a watch how that comes about, and waits for the rollout', async () => {
    const kubectl = kubectlFor(await sandboxOf());
    const watch = kubectl('get deploy model-v2 -w');
    await watch.line(/^model-v2 +0\/0 /);
    const pods = kubectl('get pods -w');
    await pods.line(/^model-v1-/);
    expect(await printed(kubectl('scale deploy/model-v2 --replicas=2'))).toContain('deployment.apps/model-v2 scaled');
    await watch.line(/^model-v2 +1\/2 /);
    await watch.line(/^model-v2 +2\/2 +2 +2 /);
    await pods.line(/^model-v2-\S+ +0\/1 +Running /);
    await pods.line(/^model-v2-\S+ +1\/1 +Running /);
    const status = await printed(kubectl('rollout status deploy/model-v2 --timeout=60s'));
    expect(status).toContain('deployment "model-v2" successfully rolled out');
    await printed(kubectl('wait --for=condition=Available deploy/model-v2 --timeout=60s'));
    expect((await kubectl('scale deploy/model-v2 --current-replicas=7 --replicas=1').exit).code).toBe(1);
    const patched = kubectl('patch deploy model-v2 --subresource=scale --type=merge -p {"spec":{"replicas":0}}');
    expect(await printed(patched)).toContain('scale.autoscaling/model-v2 patched');
    await watch.line(/^model-v2 +0\/0 /, { after: await watch.line(/^model-v2 +2\/2 /) });
    watch.kill();
    pods.kill();
  });

  it('stands beside dupgrade: shows what it does, and stops it by scaling in between', async () => {
    const sandbox = runCli(['sandbox', '--speed', '1x']);
    const { text } = await sandbox.line(/^export KUBECONFIG=/);
    const kubeconfig = text.slice('export KUBECONFIG='.length);
    const kubectl = kubectlFor({ kubeconfig });
    const watch = kubectl('get deploy llama-v2 -w');
    await watch.line(/^llama-v2 +0\/0 /);
    const driver = runCli(['start', '-'], { env: { KUBECONFIG: kubeconfig }, input: UPGRADE });
    await watch.line(/^llama-v2 +0\/2 /);
    await driver.line('grey 0 → 2');
    await printed(kubectl('scale deploy/llama-v2 --replicas=5'));
    await watch.line(/^llama-v2 +0\/5 /);
    expect((await driver.exit).code).toBe(8);
    expect(driver.stdout + driver.stderr).toContain('kubectl');
    expect(await printed(kubectl('describe deploy llama-v2'))).toMatch(/^ +Normal .* dupgrade .*0 to 2/m);
    watch.kill();
  });

  it('describes a Deployment and a pod, and says what one may do', async () => {
    const kubectl = kubectlFor(await sandboxOf());
    const deployment = await printed(kubectl('describe deployment model-v1'));
    expect(deployment).toMatch(/^Replicas: +6 desired \| 6 updated \| 6 total \| 6 available \| 0 unavailable$/m);
    expect(deployment).toMatch(/^ +Image: +model-v1:1$/m);
    const pod = await printed(kubectl('describe pod -l app=model-v1'));
    expect(pod).toMatch(/^Controlled By: +ReplicaSet\/model-v1-/m);
    expect(pod).toMatch(/^ +Ready +True *$/m);
    expect(await printed(kubectl('logs deploy/model-v1 --tail=1'))).toContain('startup complete');
    expect(await printed(kubectl('auth can-i update deployments --subresource=scale'))).toBe('yes\n');
    expect(await printed(kubectl('auth can-i --list'))).toMatch(/^\*\.\* /m);
  });

  it('deletes a pod and waits until it is gone; another takes its place', async () => {
    const kubectl = kubectlFor(await sandboxOf());
    const [first = ''] = (await printed(kubectl('get pods -o name'))).split('\n');
    expect(await printed(kubectl(`delete ${first}`))).toContain('deleted');
    expect((await kubectl(`get ${first}`).exit).code).toBe(1);
    await printed(kubectl('wait --for=jsonpath={.status.readyReplicas}=6 deploy/model-v1 --timeout=60s'));
  });

  it('applies, patches, labels and deletes a ConfigMap', async () => {
    const kubectl = kubectlFor(await sandboxOf());
    const apply = 'apply --validate=false -f -';
    expect(await printed(kubectl(apply, MAP('c')))).toBe('configmap/a created\n');
    expect(await printed(kubectl(apply, MAP('c')))).toBe('configmap/a unchanged\n');
    expect(await printed(kubectl(apply, MAP('d')))).toBe('configmap/a configured\n');
    expect(await printed(kubectl('patch cm a --type=merge -p {"data":{"e":"f"}}'))).toContain('patched');
    expect(await printed(kubectl('label cm a g=h'))).toContain('labeled');
    const map: unknown = JSON.parse(await printed(kubectl('get cm a -o json')));
    expect(map).toMatchObject({ metadata: { labels: { g: 'h' } }, data: { b: 'd', e: 'f' } });
    expect(await printed(kubectl('delete cm a'))).toContain('configmap "a" deleted');
  });

  it.each([
    ['apply --validate=false -f -', 'the sandbox does not PATCH deployments: Deployments are made and scaled in it'],
    ['patch deploy model-v1 -p {"spec":{"replicas":1}}', 'the sandbox does not PATCH deployments'],
    ['rollout restart deploy/model-v1', 'the sandbox does not PATCH deployments'],
    ['set image deploy/model-v1 server=b', 'the sandbox does not PATCH deployments'],
    ['create deployment c --image=d', 'the sandbox takes JSON and not application/vnd.kubernetes.protobuf'],
    ['create namespace c', 'the sandbox does not POST namespaces'],
    ['create configmap c --from-literal=d=e', 'the sandbox takes JSON and not application/vnd.kubernetes.protobuf'],
    ['delete pods --all --dry-run=server', 'the sandbox has no dry run; nothing was changed'],
    ['scale deploy/model-v1 --replicas=1 --dry-run=server', 'the sandbox has no dry run; nothing was changed'],
    ['get secrets', `the server doesn't have a resource type "secrets"`],
    ['delete pod nobody', 'pods "nobody" not found'],
  ])('is told why not: %s', async (line, sentence) => {
    const kubectl = kubectlFor(await sandboxOf({ clock: stoppedClock }));
    const before = await printed(kubectl('get deploy,rs,pods,cm,ns -o json'));
    const cli = kubectl(line, DEPLOYMENT);
    const { code } = await cli.exit;
    expect(code).toBe(1);
    expect(cli.stderr).toContain(sentence);
    expect(await printed(kubectl('get deploy,rs,pods,cm,ns -o json'))).toBe(before);
  });
});
