import { expect, it } from 'vitest';
import { runCli } from '../support/process.ts';
import { freshNamespace, plane } from './fixtures.ts';
import { GREY, MAIN, Upgrade } from './upgrade.ts';

it('status -w from another process tells what happens, and ends with the upgrade and its exit code', async () => {
  const upgrade = await Upgrade.of({ main: 3, greyBehaviour: { readySeconds: 2 } });
  const run = upgrade.start({ targets: [0, 3], step: 1 });
  await run.line(/grey 0 -> 1/);
  const watched = upgrade.run('status', '-w', '-o', 'json');
  const lines = upgrade.run('status', '-w');
  expect(await watched.exit, watched.stderr).toMatchObject({ code: 0 });
  expect(await lines.exit, lines.stderr).toMatchObject({ code: 0 });
  expect(await run.exit).toMatchObject({ code: 0 });
  const events = watched.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events[0]).toMatchObject({
    type: 'started',
    resumed: true,
    driver: expect.stringContaining(`pid ${run.pid}`),
  });
  expect(events.findLast(({ type }) => type === 'scaled')).toMatchObject({ side: 'main', to: 0 });
  expect(events.at(-1)).toMatchObject({ type: 'ended', outcome: 'reached', exitCode: 0 });
  expect(lines.stdout).toMatch(/main 1 -> 0[\s\S]*done \(exit code 0\)/);
});

it('both Deployments may be in namespaces of their own: the record is in main’s, a lease beside each', async () => {
  const home = await freshNamespace();
  const away = await freshNamespace();
  await home.createDeployment({ name: MAIN, replicas: 2 });
  await away.createDeployment({ name: GREY, replicas: 0 });
  await home.untilReady(MAIN, 2);
  const spec = {
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: 'across', namespace: home.name },
    spec: {
      main: { deployment: MAIN, target: 0 },
      grey: { deployment: GREY, namespace: away.name, target: 4 },
      step: { main: '50%', grey: 2 },
    },
  };
  const run = runCli(['start', '-'], {
    input: JSON.stringify(spec),
    env: { KUBECONFIG: plane.kubeconfig('cli'), LC_ALL: 'C' },
  });
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
  await away.untilReady(GREY, 4);
  expect((await home.get('deployments', MAIN)).spec.replicas).toBe(0);
  const names = async (namespace: typeof home, kind: 'configmaps' | 'leases') =>
    (await namespace.list(kind, { labelSelector: 'app.kubernetes.io/managed-by=dupgrade' })).map(
      ({ metadata }) => metadata.name,
    );
  expect(await names(home, 'configmaps')).toEqual(['dupgrade-across']);
  expect(await names(away, 'configmaps')).toEqual([]);
  expect(await names(home, 'leases')).toEqual([`dupgrade-${MAIN}`]);
  expect(await names(away, 'leases')).toEqual([`dupgrade-${GREY}`]);
  const events = await away.events('UpgradeScaled');
  expect(events.length).toBeGreaterThan(0);
});

it('counts that were scaled while no driver ran are where the next one goes on, and it says by whom', async () => {
  const upgrade = await Upgrade.of({ main: 4, behaviour: { readySeconds: 1 } });
  const wanted = { targets: [0, 4], step: 1 } as const;
  const run = upgrade.start(wanted);
  await run.line(/main 4 -> 3/);
  run.kill('SIGINT');
  expect(await run.exit).toMatchObject({ code: 130 });
  await plane.kubectl(['scale', 'deployment', GREY, '--replicas=3', '-n', upgrade.namespace.name]);
  const again = upgrade.start(wanted);
  expect(await again.exit, again.stdout + again.stderr).toMatchObject({ code: 0 });
  expect(again.stdout).toMatch(/warning: grey was scaled from \d to 3 by kubectl while no driver ran/);
  expect(await upgrade.counts()).toEqual([0, 4]);
});
